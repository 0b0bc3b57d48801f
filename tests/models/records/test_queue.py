"""The order of the queue, and that every hot statement finds its index."""

from typing import Any

import pytest
from sqlalchemy import func, literal_column, text
from sqlmodel import Session, col, select

from models.instant import DAY, HOUR, MINUTE
from models.post import Author, Media
from models.records import desk, judging, outbox, queue
from models.records.judging import Bench
from models.records.store import Store
from models.records.tables import Mention, Reply
from models.records.work import claims
from models.sentiment.judgement import Judgement
from models.settings import Allowances
from tests.world import START, calendar, mention, post, take


def judged(store: Store, complaint: float, cues: tuple[str, ...] = ()) -> None:
    """Judge all that waits to be judged alike."""
    bench = Bench(lambda _name: calendar(), Allowances(), ())
    verdict = Judgement("sv", 0.1, 0.8, 0.1, complaint, 0.1, cues)
    with store.write() as session:
        items = judging.unjudged(session, 100)
        judging.store(session, [(item, verdict) for item in items], "test", START, bench)


def dismiss(store: Store, mention_id: int) -> None:
    with store.write() as session:
        desk.dismiss(session, mention_id, "skräp", "Anna", START)


def whole(store: Store) -> list[int]:
    with store.read() as session:
        return list(queue.order(session))


def test_urgent_first_then_due_then_id_and_no_reply_last(store: Store) -> None:
    late, early = post("a", at=START + MINUTE), post("b", at=START)
    take(store, late, early, at=START + HOUR)
    judged(store, 0.9)
    aside = post("c", at=START - HOUR, addressed=False)
    take(store, aside)
    judged(store, 0.1)
    urgent = post("d", at=START + HOUR)
    take(store, urgent)
    judged(store, 0.9, ("safety",))
    twin, other = post("e", at=START), post("f", at=START)
    take(store, twin, other, at=START + HOUR)
    judged(store, 0.9)
    expected = [mention(store, m).id for m in (urgent, early, twin, other, late, aside)]
    with store.read() as session:
        assert list(queue.order(session)) == expected
        assert [waiting.id for waiting in queue.top(session, 3)] == expected[:3]
        assert [waiting.id for waiting in queue.everything(session)] == expected
        assert list(queue.order(session, lane=4)) == expected[-1:]
        assert list(queue.order(session, lane=0)) == expected[:1]


def test_the_reasons_sum_to_the_allowance_and_the_due_time(store: Store) -> None:
    first = post("a")
    take(store, first)
    judged(store, 0.9, ("churn",))
    with store.read() as session:
        (waiting,) = queue.top(session, 5)
    assert sum(term["minutes"] for term in waiting.why) == waiting.allowance_minutes == 45
    assert waiting.due_at == START + 45 * MINUTE


def test_pressure_counts_who_waits_and_who_is_late(store: Store) -> None:
    take(store, post("a", at=START), post("b", at=START + HOUR), at=START + HOUR)
    with store.read() as session:
        now = queue.pressure(session, START + 90 * MINUTE)
    assert (now.waiting, now.late, now.oldest) == (2, 1, START)


def test_an_empty_queue_presses_nobody(store: Store) -> None:
    with store.read() as session:
        now = queue.pressure(session, START)
        assert (now.waiting, now.lanes, now.late, now.oldest) == (0, {}, 0, None)
        assert list(queue.order(session)) == list(queue.order(session, limit=9)) == []
        assert queue.lines(session, [], START) == queue.lines(session, [7], START) == {}
        assert queue.newest(session) == 0


def test_pressure_counts_lanes_and_only_those_who_wait(store: Store) -> None:
    urgent, aside = post("aino", at=START), post("bo", addressed=False)
    take(store, urgent)
    judged(store, 0.9, ("safety",))
    take(store, aside, post("cai", at=START - HOUR), post("dag", at=START - DAY))
    judged(store, 0.1)
    oldest = mention(store, urgent)
    dismiss(store, whole(store)[1])
    with store.read() as session:
        last = queue.pressure(session, START)
        at_due = queue.pressure(session, oldest.due_at)
        past_due = queue.pressure(session, oldest.due_at + 1)
    assert last.lanes == {0: 1, 3: 1, 4: 1}
    assert (last.waiting, last.oldest) == (3, START - HOUR)
    assert past_due.late == at_due.late + 1


def test_the_newest_is_the_highest_id_whatever_became_of_it(store: Store) -> None:
    first, second = post("aino"), post("bo")
    take(store, first, second)
    second_id = mention(store, second).id or 0
    dismiss(store, second_id)
    with store.read() as session:
        assert queue.newest(session) == second_id
    assert whole(store) == [mention(store, first).id]


def test_a_line_tells_what_a_list_shows(store: Store) -> None:
    words = "\x1b[2J\u202e[bold]{0}\n'; --👩‍👩‍👧" + "ø" * 900
    photo = (Media("photo", "Ett hjul", None),)
    who = Author("a", "aino\x1b[0m", "Aino '; --")
    full = post("a", words, lang="fi", media=photo, author=who)
    bare = post("b", "", author=Author("b", "b"))
    take(store, full, bare)
    ids = [mention(store, one).id or 0 for one in (full, bare)]
    dismiss(store, ids[1])
    with store.read() as session:
        lines = queue.lines(session, [ids[1], ids[0], 999], START)
    line, other = lines[ids[0]], lines[ids[1]]
    assert set(lines) == set(ids)
    assert (line.name, line.handle, line.channel) == ("Aino '; --", "aino\x1b[0m", "sandbox")
    assert line.beginning == words[: len(line.beginning)]
    assert 100 < len(line.beginning) < 500
    assert line.media == [{"kind": "photo", "alt": "Ett hjul", "url": None}]
    assert (line.language, line.judged, line.state) == ("fi", False, "open")
    assert (other.name, other.beginning, other.language) == (None, "", None)
    assert (other.state, other.media) == ("dismissed", [])
    judged(store, 0.9)
    with store.read() as session:
        after = queue.lines(session, ids, START)[ids[0]]
    assert (after.judged, after.language, after.lane) == (True, "sv", 1)
    assert after.due_at == mention(store, full).due_at


MANY = """
insert into mention (channel, external_id, conversation_id, identity_id, source_id, text, media,
  flags, addressed, posted_at, received_at, look_at, cues, lane, rank, allowance_minutes,
  why, due_at, state, settled_at, gone_at, reopened_at, perhaps_answered, version)
select channel, 'n' || n.number, conversation_id, identity_id, source_id, text, media, flags,
  addressed, posted_at, received_at, 0, cues, (n.number * 37) % 4, (n.number * 31) % 3, 240,
  why, (n.number * 7919) % 1000, case when n.number % 5 = 0 then 'gone' else 'open' end,
  case when n.number % 5 = 0 then 1 end, 1, 0, perhaps_answered, 0
from mention, (with recursive numbers(number) as (select 1 union all
  select number + 1 from numbers where number < 30000) select number from numbers) as n
"""


def test_tens_of_thousands_keep_their_order_however_the_database_works(store: Store) -> None:
    """Postgres is pressed to work in parallel, which it does by itself on larger tables."""
    take(store, post("aino"))
    with store.write() as session:
        session.connection().execute(text(MANY))
    with store.write() as session:
        connection = session.connection()
        if not store.is_sqlite:
            connection.execute(text("analyze mention"))
            for setting in ("parallel_setup_cost", "parallel_tuple_cost"):
                connection.execute(text(f"set local {setting} = 0"))
            connection.execute(text("set local min_parallel_table_scan_size = 0"))
            for scan in ("index", "indexonly", "bitmap"):
                connection.execute(text(f"set local enable_{scan}scan = off"))
        everybody = "select id from mention where state = 'open' {} order by {} due_at, id"
        for lane, where, first in ((None, "", "rank,"), (2, "and lane = 2", "")):
            ids = list(connection.execute(text(everybody.format(where, first))).scalars())
            assert len(ids) > 5000
            assert list(queue.order(session, lane)) == ids
            for limit in (0, 1, 50):
                assert list(queue.order(session, lane, limit)) == ids[:limit]


def plan(session: Session, statement: Any) -> str:
    """The database's plan for a statement, with enough rows pretended for an index to pay."""
    dialect = session.get_bind().dialect
    is_sqlite = dialect.name == "sqlite"
    compiled = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    if not is_sqlite:
        session.connection().execute(text("set local enable_seqscan = off"))
        session.connection().execute(text("set local enable_sort = off"))
    explain = "explain query plan " if is_sqlite else "explain "
    rows = session.connection().execute(text(explain + str(compiled).replace(":", r"\:")))
    return "\n".join(str(tuple(row)) for row in rows)


OPEN = Mention.state == literal_column("'open'")
HOT = {
    "the top of the queue": (
        queue.in_order(select(Mention.id), None).limit(50),
        "ix_mention_queue",
    ),
    "the top of the desk": (
        queue.in_order(select(Mention.id).where(col(Mention.snoozed_until) <= START), None),
        "ix_mention_queue",
    ),
    "the next to take": (claims.following("Anna", START), "ix_mention_queue"),
    "the longest wait": (select(func.min(Mention.posted_at)).where(OPEN), "ix_mention_oldest"),
    "the top of a lane": (queue.in_order(select(Mention.id), 1).limit(50), "ix_mention_lane"),
    "a post by its id": (
        select(Mention.id).where(Mention.channel == "x", Mention.external_id == "1"),
        ("ux_mention", "sqlite_autoindex_mention_1"),
    ),
    "the claim": (outbox.due(frozenset({"x"}), START), "ix_reply_due"),
    "the outbox on the screen": (outbox.to_see(START), "ix_reply_pending"),
    "abandoned sends": (
        select(Reply.id).where(outbox.is_in("sending"), col(Reply.lease_until) < START),
        "ix_reply_lease",
    ),
    "who is not judged": (
        select(Mention.id).where(col(Mention.judged_at).is_(None)).order_by(col(Mention.id)),
        "ix_mention_unjudged",
    ),
}


@pytest.mark.parametrize("name", HOT)
def test_every_hot_statement_uses_its_index(store: Store, name: str) -> None:
    statement, index = HOT[name]
    with store.write() as session:
        found = plan(session, statement)
    assert any(known in found for known in ([index] if isinstance(index, str) else index)), found
    assert "TEMP B-TREE" not in found, found
    assert "Sort" not in found, found


@pytest.mark.parametrize("lane", [None, 1])
def test_the_desks_order_is_read_from_the_index_alone(store: Store, lane: int | None) -> None:
    """A million rows are not looked into to learn who is put off."""
    statement = queue.in_order(select(Mention.id).where(col(Mention.snoozed_until) <= START), lane)
    with store.write() as session:
        found = plan(session, statement.limit(50))
    assert "COVERING INDEX" in found or "Index Only Scan" in found, found


def test_who_is_put_off_is_counted_by_the_few_there_are(store: Store) -> None:
    """On a filled database: on an empty one Postgres finds every index equally good."""
    take(store, post("aino"))
    statement = select(func.count()).where(
        OPEN, queue.snoozed(), col(Mention.snoozed_until) > START
    )
    with store.write() as session:
        session.connection().execute(text(MANY))
        session.connection().execute(text("analyze mention"))
        assert "ix_mention_snoozed" in plan(session, statement)
