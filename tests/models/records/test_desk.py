"""What staff do, and who loses a race."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlmodel import Session, select

from models.answer import Answer
from models.errors import NotFound, Refused
from models.instant import HOUR, MINUTE
from models.records import desk, drafts, outbox
from models.records.store import Store
from models.records.tables import Draft
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


def write(store: Store, mention_id: int, words: str, staff: str = "Anna") -> str:
    """Begin a draft and type into it; its key."""
    with store.write() as session:
        key = drafts.take_up(session, mention_id, staff, START).key
        drafts.save(session, mention_id, words, staff, START)
        return key


def typed(store: Store) -> dict[tuple[int, str], str]:
    """The words of all drafts by mention and writer."""
    with store.read() as session:
        return {(row.mention_id, row.staff): row.body for row in session.exec(select(Draft))}


def send(store: Store, mention_id: int, answer: Answer, at: int = START) -> int:
    with store.write() as session:
        return desk.reply(session, mention_id, answer, at, UNDO, SANDBOX).id or 0


def test_a_reply_takes_its_draft_along_and_leaves_the_others(store: Store) -> None:
    mention_id, aside = waiting(store), waiting(store)
    key = write(store, mention_id, "Kuittisi on matkalla.")
    write(store, mention_id, "Jeg ser på det", staff="Bo")
    write(store, aside, "Senare")
    once = Answer("Kuittisi on matkalla.", "Anna", key)
    assert send(store, mention_id, once) == send(store, mention_id, once, START + MINUTE)
    assert typed(store) == {(mention_id, "Bo"): "Jeg ser på det", (aside, "Anna"): "Senare"}


def test_a_key_stands_for_its_words_and_for_a_reply_that_is_on_its_way(store: Store) -> None:
    """Never is somebody told that a reply leaves which does not."""
    mention_id = waiting(store)
    once = Answer.by("Anna", "Hej Britta!")
    reply_id = send(store, mention_id, once)
    with pytest.raises(Refused, match="other words"):
        send(store, mention_id, replace(once, body="Hej Bertil!"))
    act(store, lambda s: desk.undo(s, reply_id, "Anna", START + 1))
    with pytest.raises(Refused):
        send(store, mention_id, once)
    assert typed(store) == {(mention_id, "Anna"): "Hej Britta!"}
    assert broken(store) == []


def test_a_refused_reply_leaves_its_draft(store: Store) -> None:
    mention_id, words = waiting(store), "x" * 501
    key = write(store, mention_id, words)
    with pytest.raises(Refused):
        send(store, mention_id, Answer(words, "Anna", key))
    send(store, mention_id, Answer.by("Bo", "Jag svarar"))
    with pytest.raises(Refused, match="being answered by Bo"):
        send(store, mention_id, Answer("Jag med", "Anna", key))
    assert typed(store) == {(mention_id, "Anna"): words}


def test_undo_gives_the_words_back_to_who_wrote_them(store: Store) -> None:
    mention_id = waiting(store)
    key = write(store, mention_id, "Hei Britta!")
    reply_id = send(store, mention_id, Answer("Hei Britta!", "Anna", key))
    act(store, lambda s: desk.undo(s, reply_id, "Bo", START + 1))
    assert typed(store) == {(mention_id, "Anna"): "Hei Britta!"}
    with store.write() as session:
        writing = drafts.take_up(session, mention_id, "Bo", START + 1)
        assert writing.others == ()  # nobody is at it
        again = drafts.take_up(session, mention_id, "Anna", START + 1)
    second = send(store, mention_id, Answer(again.body, "Anna", again.key), START + MINUTE)
    assert second != reply_id
    assert reply_row(store, second).state == "queued"
    assert broken(store) == []


def test_undo_never_overwrites_what_was_typed_since(store: Store) -> None:
    mention_id = waiting(store)
    reply_id = send(store, mention_id, Answer("Gammalt", "Anna", write(store, mention_id, "…")))
    write(store, mention_id, "Nytt och bättre")
    act(store, lambda s: desk.undo(s, reply_id, "Anna", START + 1))
    assert typed(store) == {(mention_id, "Anna"): "Nytt och bättre"}
    assert reply_row(store, reply_id).body == "Gammalt"


def test_giving_up_a_doubt_gives_its_words_back(store: Store) -> None:
    mention_id = waiting(store)
    reply_id = send(store, mention_id, Answer.by("Anna", "Vi ringer i dag."))
    claim(store, START + UNDO)
    act(store, lambda s: outbox.rescue(s, START + HOUR, 0))
    act(store, lambda s: desk.give_up(s, reply_id, "Bo", START + HOUR))
    assert typed(store) == {(mention_id, "Anna"): "Vi ringer i dag."}
    assert broken(store) == []


@pytest.mark.parametrize("way", ["dismiss", "by hand"])
def test_who_answers_by_hand_drops_their_own_draft_only(store: Store, way: str) -> None:
    mention_id, aside = waiting(store), waiting(store)
    for staff in ("Anna", "Bo"):
        write(store, mention_id, f"Hej från {staff}", staff)
    write(store, aside, "Annat")
    with pytest.raises(Refused):
        act(store, lambda s: close(s, way, mention_id, ""))
    assert len(typed(store)) == 3
    act(store, lambda s: close(s, way, mention_id, "https://example.org/1"))
    left = {(mention_id, "Bo"): "Hej från Bo", (aside, "Anna"): "Annat"}
    if way == "dismiss":  # it may be opened again
        left[mention_id, "Anna"] = "Hej från Anna"
    assert typed(store) == left


def close(session: Session, way: str, mention_id: int, because: str) -> None:
    if way == "dismiss":
        desk.dismiss(session, mention_id, because, "Anna", START)
    else:
        desk.answered_by_hand(session, mention_id, because, "Anna", START)


def test_what_is_not_there_is_said_so(store: Store) -> None:
    with pytest.raises(NotFound):
        act(store, lambda s: desk.dismiss(s, 999, "spam", "Anna", START))
    with pytest.raises(NotFound):
        act(store, lambda s: desk.undo(s, 999, "Anna", START))


def test_a_reply_with_too_many_bytes_is_refused_where_bytes_are_counted(store: Store) -> None:
    asked = post("britta", channel="bluesky")
    take(store, asked)
    mention_id = mention(store, asked).id or 0
    heavy = Answer.by("Anna", "👨‍👩‍👧‍👦" * 121)
    with pytest.raises(Refused, match="3025 bytes; Bluesky takes 3000"), store.write() as session:
        desk.reply(session, mention_id, heavy, START, UNDO, frozenset({"bluesky"}))
