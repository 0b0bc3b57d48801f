"""Putting off and handing over: out of the desk's queue, and in every count all the same."""

from dataclasses import replace
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from models.errors import Refused
from models.instant import DAY, MINUTE
from models.records import audit, conversation, desk, ledger, queue, work
from models.records.store import Store
from models.records.views import latest_return
from tests.models.records.test_work import do, judge, kinds, next_for, order, row, some
from tests.world import START, answer, broken, mention, own, post, take


def snooze(store: Store, number: int, until: int, at: int = START) -> None:
    do(store, lambda s: work.snooze(s, number, until, UTC, "Anna", at))


def ask(store: Store, number: int, until: int, at: int = START) -> None:
    do(store, lambda s: work.hand_over(s, number, "lager", "Var är den?", until, UTC, "Anna", at))


def test_the_desk_leaves_it_out_until_then_and_all_else_has_it(store: Store) -> None:
    first, second = some(store, 2)
    until = START + 10 * MINUTE
    snooze(store, first, until)
    assert order(store, START) == order(store, until - 1) == [second]
    assert order(store, until) == order(store) == [first, second]
    with store.read() as session:
        assert list(queue.order(session, 1, at=START)) == [second]
        assert list(queue.order(session, limit=1, at=START)) == [second]
        assert [one.id for one in queue.top(session, 9)] == [first, second]
        assert [one.id for one in queue.everything(session)] == [first, second]
        now, then = queue.pressure(session, until - 1), queue.pressure(session, until)
        assert ledger.rows(session, [first], START)[first].state == "open"
        assert audit.counts(session)["open"] == 2
    assert (now.waiting, now.snoozed, now.late, now.oldest) == (2, 1, 0, START)
    assert then.snoozed == 0
    assert broken(store) == []


def test_it_can_never_make_us_late(store: Store) -> None:
    (only,) = some(store, 1)
    due = row(store, only).due_at
    latest = due - 30 * MINUTE
    zone = ZoneInfo("Europe/Helsinki")
    with pytest.raises(Refused, match="2026-11-16 11:30"):
        do(store, lambda s: work.snooze(s, only, latest + 1, zone, "Anna", START))
    with pytest.raises(Refused, match="11:30"):
        do(store, lambda s: work.hand_over(s, only, "IT", "?", latest + 1, zone, "Anna", START))
    with pytest.raises(Refused, match="within half an hour"):
        snooze(store, only, due - MINUTE, at=latest)
    for past in (START, START - 1):
        with pytest.raises(Refused, match="has passed"):
            snooze(store, only, past)
    snooze(store, only, latest)
    assert row(store, only).snoozed_until == latest == latest_return(due, START)


def test_what_is_late_already_can_be_put_off_by_a_day(store: Store) -> None:
    (only,) = some(store, 1)
    late = row(store, only).due_at
    with pytest.raises(Refused, match="at the latest"):
        snooze(store, only, late + DAY + 1, at=late)
    snooze(store, only, late + DAY, at=late)
    assert order(store, late + DAY - 1) == []


@pytest.mark.parametrize("was", ["early", "late"])
def test_a_new_judgement_brings_it_back_in_time(store: Store, was: str) -> None:
    """What was a complaint is a question now, or an alarm: the answer is owed at another time."""
    (only,) = some(store, 1)
    due = row(store, only).due_at
    at = START if was == "early" else due
    snooze(store, only, latest_return(due, at), at=at)
    judge(store, *((0.9, "safety") if was == "early" else (0.0,)))
    now = row(store, only)
    assert now.due_at != due
    assert now.snoozed_until <= max(at, latest_return(now.due_at, at))
    assert broken(store) == []


def test_the_same_customers_next_word_ends_it_and_nobody_elses(store: Store) -> None:
    first, aside = post("britta"), post("britta", at=START + 1)
    take(store, first, aside)
    number, other = (mention(store, one).id or 0 for one in (first, aside))
    for one in (number, other):
        snooze(store, one, START + 20 * MINUTE)
    take(store, post("ola", to=first.external_id, at=START + MINUTE), at=START + MINUTE)
    take(store, own("Hej", to=None, at=START + MINUTE), at=START + MINUTE)
    elsewhere = post("britta", "Något annat", at=START + MINUTE)  # and in one page with it
    take(store, elsewhere, post("ola", to=first.external_id), at=START + MINUTE)
    assert row(store, number).snoozed_until > START
    more = post("britta", "Hallå?", to=first.external_id, at=START + 2 * MINUTE)
    take(store, more, at=START + 2 * MINUTE)
    assert (row(store, number).snoozed_until, kinds(store, number)[-1]) == (0, "woken")
    assert row(store, other).snoozed_until > START  # in another conversation
    take(store, more, at=START + 3 * MINUTE)  # read again, nothing new
    assert broken(store) == []


def test_an_edit_by_the_customer_ends_it(store: Store) -> None:
    first = post("britta")
    take(store, first)
    number = mention(store, first).id or 0
    snooze(store, number, START + 20 * MINUTE)
    edited = replace(first, text="Det är bråttom nu!", edited_at=START + MINUTE)
    take(store, edited, at=START + MINUTE)
    assert row(store, number).snoozed_until == 0


def test_a_reply_that_is_taken_back_leaves_it_in_sight(store: Store) -> None:
    first = post("britta")
    take(store, first)
    number = mention(store, first).id or 0
    snooze(store, number, START + 20 * MINUTE)
    reply_id = answer(store, first)
    do(store, lambda session: desk.undo(session, reply_id, "Anna", START))
    assert order(store, START) == [number]


def test_reopened_it_is_in_sight(store: Store) -> None:
    (only,) = some(store, 1)
    snooze(store, only, START + 20 * MINUTE)
    do(store, lambda s: desk.dismiss(s, only, "spam", "Anna", START))
    do(store, lambda s: desk.reopen(s, only, "Anna", START))
    assert order(store, START) == [only]


# Handing over ------------------------------------------------------------


def test_a_team_is_asked_and_its_answer_brings_it_back_to_who_asked(store: Store) -> None:
    first = post("britta")
    take(store, first)
    number = mention(store, first).id or 0
    until = START + 20 * MINUTE
    ask(store, number, until)
    assert (row(store, number).handed_to, order(store, START)) == ("lager", [])
    at = START + 10 * MINUTE
    do(store, lambda s: work.answer_back(s, number, "Hylla 4", "Leif", at))
    now = row(store, number)
    assert (now.handed_to, now.snoozed_until, now.assigned_to) == (None, 0, "Anna")
    assert now.claimed_until == at + (now.due_at - at) // 2
    assert next_for(store, "Leif", at) is None
    with store.read() as session:
        thread = conversation.read(session, number)
    told = [(one.kind, one.staff, one.text) for one in thread.notes]
    assert told == [("question", "Anna", "Var är den?"), ("answer", "Leif", "Hylla 4")]
    assert all("Hylla" not in (said.text or "") for said in thread.said)
    assert kinds(store, number) == ["received", "handed over", "answered back"]
    with pytest.raises(Refused, match="Nobody was asked"):
        do(store, lambda s: work.answer_back(s, number, "Igen", "Leif", at))
    assert broken(store) == []


@pytest.mark.parametrize(("team", "question"), [("", "Var?"), ("lager", " \n"), ("x" * 61, "Var?")])
def test_a_team_has_a_name_and_a_question(store: Store, team: str, question: str) -> None:
    (only,) = some(store, 1)

    def act(session: Session) -> None:
        work.hand_over(session, only, team, question, START + 1, UTC, "Anna", START)

    with pytest.raises(Refused):
        do(store, act)
    assert row(store, only).handed_to is None


def test_a_silent_team_makes_nobody_late(store: Store) -> None:
    (only,) = some(store, 1)
    until = START + 20 * MINUTE
    ask(store, only, until)
    assert next_for(store, "Bo", until - 1) is None
    assert order(store, until) == [only]
    assert next_for(store, "Bo", until) == only
    assert row(store, only).due_at - until >= 30 * MINUTE
