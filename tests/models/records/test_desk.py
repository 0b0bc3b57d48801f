"""What staff do, and who loses a race."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from models.errors import NotFound, Refused
from models.instant import MINUTE
from models.records import desk, outbox
from models.records.desk import Answer
from models.records.store import Store
from tests.world import (
    SANDBOX,
    START,
    UNDO,
    answer,
    broken,
    claim,
    mention,
    own,
    post,
    receipt,
    reply_row,
    take,
)


def act(store: Store, deed: Callable[[Session], object]) -> None:
    with store.write() as session:
        deed(session)


def waiting(store: Store) -> int:
    first = post("britta")
    take(store, first)
    mention_id = mention(store, first).id
    assert mention_id is not None
    return mention_id


def test_a_reply_takes_every_waiting_word_of_its_person_along(store: Store) -> None:
    first = post("britta")
    more = post("britta", "Hallå?", to=first.external_id, at=START + MINUTE)
    other = post("ola", to=first.external_id, at=START + MINUTE)
    take(store, first, more, other)
    reply_id = answer(store, more, at=START + 2 * MINUTE)
    assert [mention(store, m).reply_id for m in (first, more, other)] == [reply_id, reply_id, None]
    taken = claim(store, START + 3 * MINUTE)
    assert taken is not None
    act(store, lambda s: outbox.sent(s, taken, receipt("r1", START + 3 * MINUTE)))
    states = [mention(store, m).state for m in (first, more, other)]
    assert states == ["answered", "answered", "open"]
    assert mention(store, other).perhaps_answered
    assert broken(store) == []


def test_a_word_that_came_while_we_wrote_still_waits(store: Store) -> None:
    first = post("britta")
    take(store, first)
    answer(store, first)
    later = post("britta", "Och kvittot?", to=first.external_id, at=START + MINUTE)
    take(store, later, at=START + MINUTE)
    taken = claim(store, START + 2 * MINUTE)
    assert taken is not None
    act(store, lambda s: outbox.sent(s, taken, receipt("r1", START + 2 * MINUTE)))
    assert mention(store, first).state == "answered"
    assert mention(store, later).state == "open"


def test_the_second_to_answer_is_told_who_was_first(store: Store) -> None:
    first = post("britta")
    take(store, first)
    answer(store, first)
    with pytest.raises(Refused, match="being answered by Anna"):
        answer(store, first)
    assert broken(store) == []


def test_a_double_enter_is_one_reply(store: Store) -> None:
    mention_id, once = waiting(store), Answer.by("Anna", "Jag beklagar.")
    ids = set()
    for _press in range(3):
        with store.write() as session:
            ids.add(desk.reply(session, mention_id, once, START, UNDO, SANDBOX).id)
    assert len(ids) == 1


@pytest.mark.parametrize("text", ["", "  \n", "x" * 501])
def test_an_empty_or_too_long_reply_is_refused(store: Store, text: str) -> None:
    mention_id = waiting(store)
    with pytest.raises(Refused), store.write() as session:
        desk.reply(session, mention_id, Answer.by("Anna", text), START, UNDO, SANDBOX)
    assert broken(store) == []


def test_where_nothing_can_be_sent_the_way_by_hand_is_named(store: Store) -> None:
    mention_id = waiting(store)
    with pytest.raises(Refused, match="gensvar answered"), store.write() as session:
        desk.reply(session, mention_id, Answer.by("Anna", "Hej"), START, UNDO, frozenset())


def test_undo_gives_the_mention_back(store: Store) -> None:
    first = post("britta")
    take(store, first)
    reply_id = answer(store, first)
    act(store, lambda s: desk.undo(s, reply_id, "Anna", START + 1))
    assert reply_row(store, reply_id).state == "cancelled"
    assert mention(store, first).state == "open"
    assert claim(store, START + MINUTE) is None
    assert broken(store) == []


def test_undo_comes_too_late_once_it_is_on_its_way(store: Store) -> None:
    first = post("britta")
    take(store, first)
    reply_id = answer(store, first)
    claim(store, START + MINUTE)
    with pytest.raises(Refused, match="Too late"):
        act(store, lambda s: desk.undo(s, reply_id, "Anna", START + MINUTE))


def test_closing_without_reply_needs_a_reason(store: Store) -> None:
    mention_id = waiting(store)
    with pytest.raises(Refused):
        act(store, lambda s: desk.dismiss(s, mention_id, " ", "Anna", START))
    act(store, lambda s: desk.dismiss(s, mention_id, "spam", "Anna", START))
    with pytest.raises(Refused, match="dismissed already"):
        act(store, lambda s: desk.dismiss(s, mention_id, "spam", "Bo", START))
    assert broken(store) == []


@pytest.mark.parametrize("link", ["", "x.com/1", "javascript:alert(1)", "https://", "ftp://x.se/1"])
def test_by_hand_needs_a_real_address(store: Store, link: str) -> None:
    mention_id = waiting(store)
    with pytest.raises(Refused):
        act(store, lambda s: desk.answered_by_hand(s, mention_id, link, "Anna", START))


def test_by_hand_is_answered_and_counted_apart(store: Store) -> None:
    first = post("britta")
    take(store, first)
    mention_id = mention(store, first).id or 0
    act(store, lambda s: desk.answered_by_hand(s, mention_id, "https://x.com/a/1", "Anna", START))
    row = mention(store, first)
    assert (row.state, row.answered_link, row.answered_by) == (
        "answered",
        "https://x.com/a/1",
        "Anna",
    )
    assert broken(store) == []


def test_reopened_is_in_the_queue_and_can_be_answered_again(store: Store) -> None:
    first = post("britta")
    take(store, first, own("Hej", to=first.external_id, at=START + MINUTE))
    mention_id = mention(store, first).id or 0
    act(store, lambda s: desk.reopen(s, mention_id, "Anna", START + 2 * MINUTE))
    assert broken(store) == []
    reply_id = answer(store, first, at=START + 3 * MINUTE)
    act(store, lambda s: desk.undo(s, reply_id, "Anna", START + 3 * MINUTE))
    assert mention(store, first).state == "open"
    with pytest.raises(Refused, match="only a closed one"):
        act(store, lambda s: desk.reopen(s, mention_id, "Anna", START + 2 * MINUTE))
    assert broken(store) == []


def test_what_is_not_there_is_said_so(store: Store) -> None:
    with pytest.raises(NotFound):
        act(store, lambda s: desk.dismiss(s, 999, "spam", "Anna", START))
    with pytest.raises(NotFound):
        act(store, lambda s: desk.undo(s, 999, "Anna", START))
