"""The ledger by pages: the same entries in the same order as all of them at once."""

from datetime import date

import pytest

from models.instant import DAY, HOUR, MINUTE, day_bounds
from models.records import desk, ledger, outbox
from models.records.ledger import Entry
from models.records.store import Store
from tests.world import START, answer, calendar, claim, mention, own, post, receipt, take

MONDAY = day_bounds(date(2026, 11, 16), calendar().zone)
LATER = START + 2 * HOUR


def ids(store: Store, day: tuple[int, int] = MONDAY) -> list[int]:
    with store.read() as session:
        return list(ledger.order(session, day))


def rows(store: Store, wanted: list[int], at: int = LATER) -> dict[int, Entry]:
    with store.read() as session:
        return ledger.rows(session, wanted, at)


def a_day_of_every_end(store: Store) -> None:
    native, ours, hand, spam, waits = (post(who) for who in ("aino", "bo", "cai", "dag", "eva"))
    also = post("finn", "Samma här", to=native.external_id, at=START - MINUTE)
    take(store, native, ours, hand, spam, waits, also, at=START)
    take(store, own("Hei!", to=native.external_id, at=START + 5 * MINUTE), at=START + HOUR)
    answer(store, ours)
    taken = claim(store, START + MINUTE)
    assert taken is not None
    with store.write() as session:
        outbox.sent(session, taken, receipt("r1", START + 10 * MINUTE))
        link = "https://example.org/1"
        desk.answered_by_hand(session, mention(store, hand).id or 0, link, "Bo", START + HOUR)
        desk.dismiss(session, mention(store, spam).id or 0, "skräp", "Bo", START + HOUR)


def test_pages_of_the_ledger_are_the_ledger(store: Store) -> None:
    a_day_of_every_end(store)
    with store.read() as session:
        whole = list(ledger.entries(session, LATER, MONDAY))
    order = ids(store)
    assert order == [entry.id for entry in whole]
    assert [rows(store, order)[one] for one in order] == whole
    by_page = [rows(store, [one])[one] for one in order]
    assert by_page == whole
    assert {entry.how for entry in whole} == {"native", "reply", "by hand", None}
    assert [entry.id for entry in whole if entry.perhaps_answered] == [order[0]]


def test_the_oldest_post_stands_first_whenever_it_came_in(store: Store) -> None:
    late, early, twin = post("aino"), post("bo", at=START - HOUR), post("cai")
    take(store, late)
    take(store, early, twin, at=START + HOUR)
    assert ids(store) == [mention(store, one).id for one in (early, late, twin)]


def test_a_day_begins_with_its_first_instant_and_ends_before_the_next(store: Store) -> None:
    first, last, after = (post(who, at=at) for who, at in zip("abc", edges(), strict=True))
    for one in (first, last, after):
        take(store, one, at=one.posted_at)
    assert ids(store) == [mention(store, one).id for one in (first, last)]
    tuesday = day_bounds(date(2026, 11, 17), calendar().zone)
    assert ids(store, tuesday) == [mention(store, after).id]


def edges() -> list[int]:
    return [MONDAY[0], MONDAY[1] - 1, MONDAY[1]]


def test_an_old_post_that_was_settled_today_is_in_todays_ledger(store: Store) -> None:
    old = post("aino", at=START - 9 * DAY)
    take(store, old, at=START - 9 * DAY)
    assert ids(store) == []
    with store.write() as session:
        desk.dismiss(session, mention(store, old).id or 0, "skräp", "Anna", START)
    assert ids(store) == [mention(store, old).id]


@pytest.mark.parametrize("wanted", [[], [999], [999, -1, 0]])
def test_what_is_not_there_has_no_row(store: Store, wanted: list[int]) -> None:
    a_day_of_every_end(store)
    assert rows(store, wanted) == {}


def test_an_empty_day_is_empty(store: Store) -> None:
    assert ids(store) == []
    take(store, post("aino"))
    assert ids(store, (0, 1)) == []
