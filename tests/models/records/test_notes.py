"""Notes are read beside a conversation, and by staff alone."""

import pytest
from sqlmodel import select

from models.errors import NotFound, Refused
from models.instant import MINUTE
from models.outside import storable
from models.records import conversation, desk, work
from models.records.store import Store
from models.records.tables import Event
from models.records.views import Noted
from tests.models.records.test_work import do, some
from tests.world import START, mention, post, take

HOSTILE = "\x1b[2J\u202e 👩‍👩‍👧 [bold]{0} %s '; drop table note; --"


def notes(store: Store, number: int) -> tuple[Noted, ...]:
    with store.read() as session:
        return conversation.read(session, number).notes


def write(store: Store, number: int, text: str, staff: str = "Anna", at: int = START) -> int:
    return do(store, lambda s: work.note(s, number, text, staff, at)).note_id or 0


def test_they_stand_beside_the_whole_conversation_oldest_first(store: Store) -> None:
    first = post("britta")
    later = post("ola", to=first.external_id, at=START + MINUTE)
    take(store, first, later, post("kim"))
    ids = [mention(store, one).id or 0 for one in (first, later)]
    write(store, ids[0], "  Ring lagret \n")
    write(store, ids[1], HOSTILE, "Bo", START + 1)
    for number in ids:
        told = [
            (one.mention_id, one.staff, one.at, one.kind, one.text) for one in notes(store, number)
        ]
        assert told == [
            (ids[0], "Anna", START, "note", "Ring lagret"),
            (ids[1], "Bo", START + 1, "note", HOSTILE),
        ]


def test_one_beside_a_closed_mention_is_kept_and_another_conversation_has_none(
    store: Store,
) -> None:
    first, second = some(store, 2)
    do(store, lambda s: desk.dismiss(s, first, "spam", "Anna", START))
    write(store, first, "Samma avsändare som i går")
    assert len(notes(store, first)) == 1
    assert notes(store, second) == ()


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b", "x" * 2001])
def test_it_says_something_and_not_too_much(store: Store, text: str) -> None:
    (only,) = some(store, 1)
    with pytest.raises(Refused):
        write(store, only, text)
    assert notes(store, only) == ()


def test_what_no_database_holds_is_replaced(store: Store) -> None:
    (only,) = some(store, 1)
    write(store, only, "a\0b\ud800c" + "x" * 1995)
    assert notes(store, only)[0].text == storable("a\0b\ud800c" + "x" * 1995)[0]


def test_ones_own_is_taken_away_and_handed_back(store: Store) -> None:
    (only,) = some(store, 1)
    number = write(store, only, "Ring lagret")
    with pytest.raises(Refused, match="Anna's"):
        do(store, lambda s: work.unnote(s, number, "Bo", START))
    gone = do(store, lambda s: work.unnote(s, number, "Anna", START))
    assert (gone.text, notes(store, only)) == ("Ring lagret", ())
    with pytest.raises(NotFound, match=f"no note {number}"):
        do(store, lambda s: work.unnote(s, number, "Anna", START))


def test_a_question_stays_with_its_mention(store: Store) -> None:
    from datetime import UTC

    (only,) = some(store, 1)
    asked = do(store, lambda s: work.hand_over(s, only, "IT", "?", START + 1, UTC, "Anna", START))
    with pytest.raises(Refused, match="stay"):
        do(store, lambda s: work.unnote(s, asked.note_id or 0, "Anna", START))


def test_the_log_has_no_word_of_it(store: Store) -> None:
    (only,) = some(store, 1)
    number = write(store, only, "Ring lagret")
    do(store, lambda s: work.unnote(s, number, "Anna", START))
    with store.read() as session:
        rows = session.exec(select(Event).where(Event.entity == "note")).all()
    assert [row.kind for row in rows] == ["noted", "removed"]
    assert "lagret" not in str([row.model_dump() for row in rows])


def test_without_a_mention_there_is_no_note(store: Store) -> None:
    with pytest.raises(NotFound):
        write(store, 999, "Ring")
