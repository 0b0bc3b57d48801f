"""Which replies a person is shown, and for how long."""

from collections.abc import Callable

from sqlmodel import Session

from models.instant import DAY, HOUR, MINUTE
from models.post import Post
from models.records import desk, outbox
from models.records.outbox import Pending
from models.records.store import Store
from tests.world import LEASE, START, UNDO, answer, claim, looked, mention, own, post, receipt, take


def act(store: Store, deed: Callable[[Session], object]) -> None:
    with store.write() as session:
        deed(session)


def pending(store: Store, at: int = START) -> list[Pending]:
    with store.read() as session:
        return outbox.pending(session, at)


def states(store: Store, at: int = START) -> list[str]:
    return [reply.state for reply in pending(store, at)]


def answered(store: Store, text: str = "Pakken er på vei.") -> tuple[Post, int]:
    """A customer's post with a queued reply of Anna's."""
    first = post("siv", "Hvor er pakken?")
    take(store, first)
    return first, answer(store, first, text)


def refused(store: Store) -> tuple[Post, int]:
    first, reply_id = answered(store)
    taken = claim(store, START + UNDO)
    assert taken is not None
    act(store, lambda s: outbox.failed(s, taken, "duplicate", START + MINUTE))
    return first, reply_id


def test_a_reply_is_told_with_its_words_and_when_it_leaves(store: Store) -> None:
    words = "Hei 👩‍👩‍👧!\n[b]{0} %s '; --"
    first, reply_id = answered(store, words)
    mention_id = mention(store, first).id or 0
    assert pending(store) == [
        Pending(reply_id, mention_id, "sandbox", "queued", words, "Anna", START + UNDO, 0, None)
    ]


def test_a_reply_is_told_until_it_is_proven(store: Store) -> None:
    _first, reply_id = answered(store)
    taken = claim(store, START + UNDO)
    assert taken is not None
    assert states(store) == ["sending"]
    at = START + UNDO + LEASE + 1
    act(store, lambda s: outbox.rescue(s, at, 0))
    (doubt,) = pending(store, START + 90 * DAY)  # however long ago
    assert (doubt.state, doubt.attempts, doubt.id) == ("unknown", 1, reply_id)
    assert doubt.error == "the sender stopped in the middle"
    act(store, lambda s: outbox.sent(s, taken, receipt("r1", at)))
    assert pending(store, at) == []


def test_all_are_told_the_oldest_first(store: Store) -> None:
    ids = [answered(store)[1] for _reply in range(3)]
    claim(store, START + UNDO)
    assert [reply.id for reply in pending(store)] == ids


def test_a_refused_one_is_told_as_long_as_its_mention_waits(store: Store) -> None:
    first, reply_id = refused(store)
    (told,) = pending(store, START + 90 * DAY)
    assert (told.id, told.state, told.error) == (reply_id, "failed", "duplicate")
    mention_id = mention(store, first).id or 0
    act(store, lambda s: desk.dismiss(s, mention_id, "ringt", "Anna", START + HOUR))
    assert states(store, START + DAY - 1) == ["failed"]
    assert states(store, START + DAY) == []


def test_once_answered_otherwise_a_refused_one_is_told_for_a_day(store: Store) -> None:
    first, _reply_id = refused(store)
    take(store, own("Hei!", to=first.external_id, at=START + HOUR), at=START + HOUR)
    assert states(store, START + DAY - 1) == ["failed"]
    assert states(store, START + DAY) == []


def test_what_the_network_took_back_is_told_for_a_day(store: Store) -> None:
    first, _reply_id = answered(store)
    take(store, own("Ringte deg!", to=first.external_id, at=START + 1), at=START + 1)
    second, _reply_id = answered(store)
    act(store, lambda s: looked(s, {second.external_id: None}, START + 1))
    told = [(reply.state, reply.error) for reply in pending(store, START + DAY - 1)]
    assert told == [
        ("cancelled", "already answered on the network"),
        ("cancelled", "the post was deleted"),
    ]
    assert pending(store, START + DAY) == []


def test_what_staff_took_back_themselves_is_not_told(store: Store) -> None:
    """Its words are their draft again; also where the network had asked us to wait, or in doubt."""
    _first, undone = answered(store)
    act(store, lambda s: desk.undo(s, undone, "Anna", START + 1))
    _second, held = answered(store)
    taken = claim(store, START + UNDO)
    assert taken is not None
    act(store, lambda s: outbox.hold(s, taken, "asked to wait", START + MINUTE, START + HOUR))
    assert [reply.error for reply in pending(store)] == ["asked to wait"]
    act(store, lambda s: desk.undo(s, held, "Anna", START + MINUTE))
    _third, doubtful = answered(store)
    claim(store, START + HOUR)
    act(store, lambda s: outbox.rescue(s, START + 2 * HOUR, 0))
    act(store, lambda s: desk.give_up(s, doubtful, "Anna", START + 2 * HOUR))
    assert pending(store, START + 2 * HOUR) == []
