"""Claims, tags and pins: whose a mention is, and that nobody ever gets a colleague's."""

from collections.abc import Callable, Sequence
from functools import partial
from threading import Barrier, Thread
from typing import TypeVar

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from models.errors import NotFound, Refused
from models.instant import HOUR, MINUTE
from models.records import desk, drafts, judging, queue, work
from models.records.judging import Bench
from models.records.store import Store
from models.records.tables import Event, Mention
from models.sentiment.judgement import Judgement
from models.settings import Allowances
from tests.world import START, answer, broken, calendar, claim, mention, own, post, take

T = TypeVar("T")


def do(store: Store, deed: Callable[[Session], T]) -> T:
    with store.write() as session:
        return deed(session)


def some(store: Store, number: int = 3) -> list[int]:
    """So many that wait, in the order of the queue."""
    posts = [post(f"k{place}", at=START + place * MINUTE) for place in range(number)]
    take(store, *posts, at=START + number * MINUTE)
    return order(store)


def order(store: Store, at: int | None = None) -> list[int]:
    with store.read() as session:
        return list(queue.order(session, at=at))


def row(store: Store, mention_id: int) -> Mention:
    with store.read() as session:
        return session.get_one(Mention, mention_id)


def next_for(store: Store, staff: str, at: int = START) -> int | None:
    return do(store, lambda session: work.take_next(session, staff, at))


def kinds(store: Store, mention_id: int) -> list[str]:
    """What the log says was done to it."""
    with store.read() as session:
        found = select(Event.kind).where(Event.entity == "mention", Event.entity_id == mention_id)
        return list(session.exec(found.order_by(col(Event.id))))


def judge(store: Store, complaint: float, *cues: str) -> None:
    bench = Bench(lambda _name: calendar(), Allowances(), ())
    verdict = Judgement("sv", 0.1, 0.8, 0.1, complaint, 0.1, cues)
    with store.write() as session:
        items = judging.unjudged(session, 100)
        judging.store(session, [(item, verdict) for item in items], "test", START, bench)


# The next one ------------------------------------------------------------


def test_each_gets_the_most_urgent_that_is_free(store: Store) -> None:
    first, second, third = some(store)
    assert next_for(store, "Anna") == first
    assert next_for(store, "Bo") == second
    assert next_for(store, "Anna") == first  # hers still
    assert next_for(store, "Cai") == third
    assert next_for(store, "Dag") is None
    assert row(store, second).assigned_to == "Bo"
    assert kinds(store, second) == ["received", "claimed"]
    assert broken(store) == []


def test_an_unanswered_claim_is_free_again_after_half_of_its_time(store: Store) -> None:
    (only,) = some(store, 1)
    next_for(store, "Anna")
    half = START + (row(store, only).due_at - START) // 2
    assert half - START > 15 * MINUTE
    assert next_for(store, "Bo", half - 1) is None
    assert next_for(store, "Bo", half) == only
    assert row(store, only).assigned_to == "Bo"


def test_a_late_one_is_claimed_for_a_quarter_of_an_hour(store: Store) -> None:
    (only,) = some(store, 1)
    late = row(store, only).due_at + HOUR
    next_for(store, "Anna", late)
    assert row(store, only).claimed_until == late + 15 * MINUTE


def test_what_is_put_off_or_handed_over_is_nobodys_next_until_its_time_is_up(store: Store) -> None:
    first, second, third = some(store)
    zone, until = calendar().zone, START + MINUTE
    do(store, lambda s: work.snooze(s, first, until, zone, "Anna", START))
    do(store, lambda s: work.hand_over(s, second, "lager", "Var?", until, zone, "Anna", START))
    assert next_for(store, "Anna") == third
    assert next_for(store, "Bo", until) == first
    assert next_for(store, "Cai", until) == second


def test_what_a_colleague_writes_to_is_nobody_elses_next(store: Store) -> None:
    first, second, _third = some(store)
    do(store, lambda session: drafts.take_up(session, first, "Bo", START))
    assert next_for(store, "Anna") == second
    assert next_for(store, "Bo") == first
    assert next_for(store, "Cai", START + drafts.FRESH - 1) != first


def test_an_old_draft_keeps_nobody_away(store: Store) -> None:
    first, _second, _third = some(store)
    do(store, lambda session: drafts.take_up(session, first, "Bo", START))
    assert next_for(store, "Anna", START + drafts.FRESH) == first


def test_what_is_closed_or_being_answered_is_nobodys_next(store: Store) -> None:
    asked, spam = post("a"), post("b")
    take(store, asked, spam)
    answer(store, asked)
    do(store, lambda s: desk.dismiss(s, mention(store, spam).id or 0, "spam", "Anna", START))
    assert next_for(store, "Anna") is None


def test_many_who_ask_at_once_never_get_the_same(store: Store) -> None:
    ids, staff = some(store, 12), [f"s{number}" for number in range(6)]
    got, start = list[int | None](), Barrier(len(staff))

    def ask(name: str) -> None:
        start.wait()
        for _time in range(2):
            taken = next_for(store, name)
            got.append(taken)
            do(
                store,
                partial(desk.dismiss, mention_id=taken or 0, reason="spam", staff=name, at=START),
            )

    threads = [Thread(target=ask, args=(name,)) for name in staff]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one or 0 for one in got) == sorted(ids)
    assert broken(store) == []


def test_on_postgres_what_another_holds_is_passed_over_and_nobody_waits(
    postgres_store: Store,
) -> None:
    store = postgres_store
    first, second, _third = some(store)
    with store.write() as session:
        assert work.take_next(session, "Anna", START) == first
        assert next_for(store, "Bo") == second
    with store.write() as session:
        desk.dismiss(session, first, "spam", "Anna", START)
        session.flush()
        assert next_for(store, "Anna", START + 10 * HOUR) == second
    assert broken(store) == []


def test_thousands_that_others_have_claimed_are_passed_over_in_one_scan(store: Store) -> None:
    first = some(store, 1)[0]
    with store.write() as session:
        session.connection().execute(text(MANY))
        session.connection().execute(
            text(f"update mention set assigned_to = 'Bo', claimed_until = {START + HOUR}")
        )
        session.connection().execute(
            text("update mention set assigned_to = null, claimed_until = 0 where due_at = 4999")
        )
    found = next_for(store, "Anna")
    assert found is not None
    assert row(store, found).due_at == 4999
    assert next_for(store, "Bo") != first  # hers are 'Bo's own, and come before


MANY = """
insert into mention (channel, external_id, conversation_id, identity_id, source_id, text, media,
  flags, addressed, posted_at, received_at, look_at, cues, lane, rank, allowance_minutes,
  why, due_at, state, reopened_at, perhaps_answered, version)
select channel, 'n' || n.number, conversation_id, identity_id, source_id, text, media, flags,
  addressed, posted_at, received_at, 0, cues, 1, 1, 240, why, n.number, 'open', 0,
  perhaps_answered, 0
from mention, (with recursive numbers(number) as (select 1 union all
  select number + 1 from numbers where number < 5000) select number from numbers) as n
"""


# Claims ------------------------------------------------------------


def test_a_colleagues_claim_can_be_taken_over_and_is_told(store: Store) -> None:
    (only,) = some(store, 1)
    assert do(store, lambda s: work.claim(s, only, "Anna", START)).taken_from is None
    taken = do(store, lambda s: work.claim(s, only, "Bo", START + MINUTE))
    assert (taken.taken_from, taken.before.assigned_to) == ("Anna", "Anna")
    assert row(store, only).assigned_to == "Bo"
    again = do(store, lambda s: work.claim(s, only, "Bo", START + MINUTE))
    assert again.taken_from is None
    over = do(store, lambda s: work.claim(s, only, "Cai", START + 24 * HOUR))
    assert over.taken_from is None  # the lease was over: nothing was taken from anybody


def test_a_colleague_can_be_given_it_and_let_it_go(store: Store) -> None:
    (only,) = some(store, 1)
    do(store, lambda s: work.assign(s, only, "  Åsa\n Berg ", "Anna", START))
    assert row(store, only).assigned_to == "Åsa Berg"
    do(store, lambda s: work.let_go(s, only, "Åsa Berg", START))
    assert (row(store, only).assigned_to, row(store, only).claimed_until) == (None, 0)
    assert kinds(store, only) == ["received", "assigned", "let go"]


@pytest.mark.parametrize("to", ["", " \n", "x" * 61])
def test_it_is_given_to_somebody(store: Store, to: str) -> None:
    (only,) = some(store, 1)
    with pytest.raises(Refused):
        do(store, lambda s: work.assign(s, only, to, "Anna", START))


ACTS: dict[str, Callable[[Session, int], object]] = {
    "claim": lambda s, n: work.claim(s, n, "Anna", START),
    "assign": lambda s, n: work.assign(s, n, "Bo", "Anna", START),
    "let go": lambda s, n: work.let_go(s, n, "Anna", START),
    "pin": lambda s, n: work.pin(s, n, "Anna", START),
    "unpin": lambda s, n: work.unpin(s, n, "Anna", START),
    "snooze": lambda s, n: work.snooze(s, n, START + 1, calendar().zone, "Anna", START),
    "hand over": lambda s, n: work.hand_over(
        s, n, "lager", "Var?", START + 1, calendar().zone, "Anna", START
    ),
    "answer back": lambda s, n: work.answer_back(s, n, "Här", "Anna", START),
}


@pytest.mark.parametrize("act", ACTS)
def test_only_what_waits_is_sorted(store: Store, act: str) -> None:
    asked = post("a")
    take(store, asked)
    answer(store, asked)
    with pytest.raises(Refused, match="being answered by Anna"):
        do(store, lambda session: ACTS[act](session, mention(store, asked).id or 0))
    with pytest.raises(NotFound, match="no mention 999"):
        do(store, lambda session: ACTS[act](session, 999))


def test_nobody_elses_claim_keeps_anybody_from_answering(store: Store) -> None:
    asked = post("a")
    take(store, asked)
    do(store, lambda s: work.claim(s, mention(store, asked).id or 0, "Bo", START))
    answer(store, asked)
    assert mention(store, asked).state == "replying"
    assert claim(store, START + HOUR) is not None


# Pins and tags ------------------------------------------------------------


def test_a_pinned_one_comes_before_urgent_ones_and_stays_there_when_judged(store: Store) -> None:
    urgent = post("a")
    take(store, urgent)
    judge(store, 0.9, "safety")
    aside = post("b", at=START + HOUR)
    take(store, aside)
    number = mention(store, aside).id or 0
    do(store, lambda s: work.pin(s, number, "Anna", START))
    assert order(store)[0] == number
    judge(store, 0.1)
    assert order(store)[0] == number
    assert broken(store) == []
    do(store, lambda s: work.unpin(s, number, "Anna", START))
    assert order(store)[0] == mention(store, urgent).id
    assert broken(store) == []


def test_what_is_pinned_twice_is_logged_once(store: Store) -> None:
    (only,) = some(store, 1)
    for _time in range(2):
        do(store, lambda s: work.pin(s, only, "Anna", START))
    assert kinds(store, only) == ["received", "pinned"]


def test_a_chosen_import_of_a_pinned_one_leaves_it_pinned(store: Store) -> None:
    """Seen first by a search, pinned, and then imported by somebody."""
    from models.records import intake, sources
    from tests.world import policy

    found = post("a", addressed=False)
    take(store, found)
    judge(store, 0.1)
    number = mention(store, found).id or 0
    do(store, lambda s: work.pin(s, number, "Anna", START))
    with store.write() as session:
        source = sources.ensure(session, "file", "sandbox", sources.IMPORT)
        intake.take_in(session, source, [found], START, policy())
    assert (row(store, number).lane, row(store, number).rank) == (3, -1)
    assert broken(store) == []


@pytest.mark.parametrize("end", ["dismiss", "by hand", "native", "gone"])
def test_what_is_closed_is_nobodys_and_nothing_of_it_comes_back(store: Store, end: str) -> None:
    asked = post("a")
    take(store, asked)
    number, zone = mention(store, asked).id or 0, calendar().zone

    def sort(session: Session) -> None:
        work.claim(session, number, "Anna", START)
        work.pin(session, number, "Anna", START)
        work.tag(session, [number], ["fraktbolaget"], [], "Anna", START)
        work.hand_over(session, number, "lager", "Var?", START + MINUTE, zone, "Anna", START)

    do(store, sort)
    if end == "dismiss":
        do(store, lambda s: desk.dismiss(s, number, "spam", "Anna", START))
    elif end == "by hand":
        do(store, lambda s: desk.answered_by_hand(s, number, "https://a.se/1", "Anna", START))
    elif end == "native":
        take(store, own("Hej", to=asked.external_id, at=START + MINUTE))
    else:
        from tests.world import looked

        do(store, lambda s: looked(s, {asked.external_id: None}, START))
    closed = row(store, number)
    left = (closed.assigned_to, closed.claimed_until, closed.snoozed_until, closed.handed_to)
    assert (left, closed.is_pinned, closed.rank >= 0) == ((None, 0, 0, None), False, True)
    assert closed.tags == ["fraktbolaget"]
    assert broken(store) == []


def tags(store: Store, ids: Sequence[int]) -> list[list[str]]:
    return [row(store, number).tags for number in ids]


def test_tags_come_and_go_on_many_at_once(store: Store) -> None:
    ids = some(store, 2)
    do(store, lambda s: work.tag(s, ids, ["#Fraktbolaget", "höst-26"], [], "Anna", START))
    assert tags(store, ids) == [["fraktbolaget", "höst-26"]] * 2
    do(store, lambda s: work.tag(s, [*ids[:1] * 2], ["rea"], ["FRAKTBOLAGET"], "Anna", START))
    assert tags(store, ids) == [["höst-26", "rea"], ["fraktbolaget", "höst-26"]]
    assert kinds(store, ids[0]) == ["received", "tagged", "tagged"]


@pytest.mark.parametrize("written", ["", "#", "två ord", "x" * 31, "a\x1b[2J", "\0", "a\u202eb"])
def test_a_tag_is_a_word(store: Store, written: str) -> None:
    ids = some(store, 1)
    with pytest.raises(Refused):
        do(store, lambda s: work.tag(s, ids, [written], [], "Anna", START))


def test_too_many_tags_are_refused_and_none_is_kept(store: Store) -> None:
    ids = some(store, 2)
    do(store, lambda s: work.tag(s, ids[1:], [f"t{n}" for n in range(10)], [], "Anna", START))
    with pytest.raises(Refused, match="11 tags"):
        do(store, lambda s: work.tag(s, ids, ["en"], [], "Anna", START))
    assert tags(store, ids)[0] == []


# Many, and taking back ------------------------------------------------------------


def test_many_are_closed_each_by_itself_and_the_others_named(store: Store) -> None:
    asked = post("x", at=START - HOUR)
    take(store, asked)
    ids = some(store)
    answer(store, asked)
    closed = do(store, lambda s: work.dismiss_all(s, [*ids, 999, ids[1]], "kampanj", "Anna", START))
    waiting = [number for number in ids if number != mention(store, asked).id]
    assert closed.ids == tuple(waiting)
    assert set(closed.left) == {999, *set(ids) - set(waiting)}
    assert all(row(store, number).dismissed_reason == "kampanj" for number in waiting)
    with pytest.raises(Refused):
        do(store, lambda s: work.dismiss_all(s, waiting, " ", "Anna", START))
    assert broken(store) == []


def test_what_was_closed_is_opened_again_as_it_was(store: Store) -> None:
    first, second, *_others = ids = some(store)
    do(store, lambda s: work.claim(s, first, "Anna", START))
    do(store, lambda s: work.pin(s, second, "Anna", START))
    before = [(row(store, one).assigned_to, row(store, one).is_pinned) for one in ids]
    closed = do(store, lambda s: work.dismiss_all(s, ids, "kampanj", "Anna", START))
    assert [row(store, one).assigned_to for one in ids] == [None] * len(ids)
    for undo in closed.undos:
        do(store, lambda s, one=undo: work.reopen_closed(s, one, "Anna", START))  # type: ignore[misc]
    assert [(row(store, one).assigned_to, row(store, one).is_pinned) for one in ids] == before
    assert {row(store, one).state for one in ids} == {"open"}
    with pytest.raises(Refused):
        do(store, lambda s: work.reopen_closed(s, closed.undos[0], "Anna", START))
    assert broken(store) == []


@pytest.mark.parametrize("way", ["closed", "by hand"])
def test_what_a_colleague_has_settled_since_is_not_opened_again(store: Store, way: str) -> None:
    asked = post("x", at=START - HOUR)
    take(store, asked)
    only = mention(store, asked).id or 0
    (undo,) = do(store, lambda s: work.dismiss_all(s, [only], "spam", "Anna", START)).undos
    if way == "by hand":
        do(store, lambda s: desk.reopen(s, only, "Anna", START))
        do(store, lambda s: desk.answered_by_hand(s, only, "https://example.org/1", "Anna", START))
    do(store, lambda s: desk.reopen(s, only, "Bo", START))
    answer(store, asked)
    with pytest.raises(Refused):
        do(store, lambda s: work.reopen_closed(s, undo, "Anna", START))
    with pytest.raises(Refused):
        do(store, lambda s: work.reopen_by_hand(s, only, "Anna", START))
    assert row(store, only).state != "open"


def test_colleagues_are_known_by_their_replies(store: Store) -> None:
    asked = post("x", at=START - HOUR)
    take(store, asked)
    answer(store, asked)
    with store.read() as session:
        assert work.colleagues(session, "Cilla") == ["Anna"]
        assert work.colleagues(session, "Anna") == []


UNDONE = ("claim", "assign", "pin", "snooze", "hand over", "answer back", "tag", "note", "let go")


@pytest.mark.parametrize("act", UNDONE)
def test_every_act_is_taken_back_to_what_was(store: Store, act: str) -> None:
    (only,) = some(store, 1)
    zone = calendar().zone
    if act in ("answer back", "let go"):
        do(store, lambda s: work.claim(s, only, "Bo", START))
    if act == "answer back":
        do(store, lambda s: work.hand_over(s, only, "IT", "?", START + 1, zone, "Bo", START))
    more: dict[str, Callable[[Session], object]] = {
        "tag": lambda s: work.tag(s, [only], ["rea"], [], "Anna", START)[0],
        "note": lambda s: work.note(s, only, "Ring", "Anna", START),
    }
    before = row(store, only).model_dump(exclude={"version"})
    notes = noted(store)
    undo = do(store, lambda s: more[act](s) if act in more else ACTS[act](s, only))
    assert (row(store, only).model_dump(exclude={"version"}), noted(store)) != (before, notes)
    do(store, lambda s: work.restore(s, undo, "Anna", START + 1))  # type: ignore[arg-type]
    assert row(store, only).model_dump(exclude={"version"}) == before
    assert noted(store) == notes
    assert broken(store) == []


def noted(store: Store) -> list[str]:
    with store.read() as session:
        return list(session.connection().execute(text("select text from note")).scalars())


def test_what_somebody_changed_meanwhile_is_not_taken_back(store: Store) -> None:
    (only,) = some(store, 1)
    mine = do(store, lambda s: work.claim(s, only, "Anna", START))
    do(store, lambda s: work.claim(s, only, "Bo", START))
    with pytest.raises(Refused, match="changed"):
        do(store, lambda s: work.restore(s, mine, "Anna", START))
    assert row(store, only).assigned_to == "Bo"


def test_what_others_changed_beside_it_stays(store: Store) -> None:
    (only,) = some(store, 1)
    pinned = do(store, lambda s: work.pin(s, only, "Anna", START))
    do(store, lambda s: work.tag(s, [only], ["rea"], [], "Bo", START))
    do(store, lambda s: work.restore(s, pinned, "Anna", START))
    assert (row(store, only).is_pinned, row(store, only).tags) == (False, ["rea"])


def test_nothing_is_put_back_on_what_is_closed(store: Store) -> None:
    (only,) = some(store, 1)
    do(store, lambda s: work.pin(s, only, "Anna", START))
    undo = do(store, lambda s: work.unpin(s, only, "Anna", START))
    do(store, lambda s: desk.dismiss(s, only, "spam", "Anna", START))
    with pytest.raises(Refused, match="dismissed already"):
        do(store, lambda s: work.restore(s, undo, "Anna", START))
    assert broken(store) == []


def test_a_snooze_that_is_put_back_comes_back_in_time(store: Store) -> None:
    """Judged as urgent meanwhile, its answer is owed sooner than when it was put off."""
    (only,) = some(store, 1)
    until = START + 20 * MINUTE
    do(store, lambda s: work.snooze(s, only, until, calendar().zone, "Anna", START))
    undo = do(store, lambda s: work.claim(s, only, "Anna", START))
    again = do(store, lambda s: work.snooze(s, only, START + 1, calendar().zone, "Anna", START))
    judge(store, 0.9, "safety")
    with store.write() as session:
        session.get_one(Mention, only).snoozed_until = START + 1
    do(store, lambda s: work.restore(s, again, "Anna", START))
    now = row(store, only)
    assert now.snoozed_until <= max(START, now.due_at - 30 * MINUTE) < until
    do(store, lambda s: work.restore(s, undo, "Anna", START))
