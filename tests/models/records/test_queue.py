"""The order of the queue, and that every hot statement finds its index."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from models.instant import HOUR, MINUTE
from models.records import judging, outbox, queue
from models.records.judging import Bench
from models.records.store import Store
from models.records.tables import Mention, Reply
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


HOT = {
    "the top of the queue": (
        queue.in_order(select(Mention.id), None).limit(50),
        "ix_mention_queue",
    ),
    "the top of a lane": (queue.in_order(select(Mention.id), 1).limit(50), "ix_mention_lane"),
    "a post by its id": (
        select(Mention.id).where(Mention.channel == "x", Mention.external_id == "1"),
        ("ux_mention", "sqlite_autoindex_mention_1"),
    ),
    "the claim": (outbox.due(frozenset({"x"}), START), "ix_reply_due"),
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
