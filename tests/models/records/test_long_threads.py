"""A long conversation is read around its mention, and says where it was cut."""

import pytest

from models.instant import HOUR, MINUTE
from models.post import Post
from models.records import conversation, outbox
from models.records.conversation import Thread
from models.records.kinds import Voice
from models.records.store import Store
from tests.world import UNDO, answer, claim, mention, own, post, receipt, take

ROOT_AT, START = 1_800_000_000_000_000, 1_800_000_000_000_000 + HOUR
MOST = 420
"""Parts of a conversation that a screen is handed at most."""


def thread_of(store: Store, length: int) -> list[Post]:
    """A post of ours, so many customers below it, one a minute, and our last word."""
    root = own("Vi flyttar lagret i helgen.", to=None, at=ROOT_AT)
    posts = [
        post(f"kund{number}", f"Fråga {number}", to=root.external_id, at=START + number * MINUTE)
        for number in range(length)
    ]
    last = own("Tack för alla frågor!", to=root.external_id, at=START + length * MINUTE)
    take(store, root, *posts, last, at=START + length * MINUTE)
    return posts


def read(store: Store, written: Post) -> Thread:
    with store.read() as session:
        return conversation.read(session, mention(store, written).id or 0)


def numbers(thread: Thread) -> list[int]:
    """Which customers' posts are shown."""
    theirs = [one.text or "" for one in thread.said if one.who == Voice.THEIRS]
    return [int(text.removeprefix("Fråga ")) for text in theirs]


def ours(thread: Thread) -> list[str | None]:
    return [one.text for one in thread.said if one.who != Voice.THEIRS]


def test_three_hundred_posts_are_cut_around_the_mention(store: Store) -> None:
    posts = thread_of(store, 300)
    for place in (0, 3, 150, 296, 299):
        thread = read(store, posts[place])
        shown = numbers(thread)
        assert thread.cut
        assert len(thread.said) <= MOST
        assert shown == list(range(shown[0], shown[-1] + 1))
        assert shown[0] <= max(0, place - 50)
        assert shown[-1] >= min(299, place + 50)
        assert ("Vi flyttar lagret i helgen." in ours(thread)) == (shown[0] == 0)
        assert ("Tack för alla frågor!" in ours(thread)) == (shown[-1] == 299)


@pytest.mark.parametrize(("length", "place"), [(99, 50), (100, 99), (101, 0), (130, 60)])
def test_where_nothing_is_left_out_nothing_is_said_to_be(
    store: Store, length: int, place: int
) -> None:
    posts = thread_of(store, length)
    thread = read(store, posts[place])
    assert numbers(thread) == list(range(length))
    assert ours(thread) == ["Vi flyttar lagret i helgen.", "Tack för alla frågor!"]
    assert not thread.cut


def test_posts_of_one_instant_are_cut_without_doubles(store: Store) -> None:
    root = own("Nu är det rea!", to=None, at=START)
    posts = [post(f"k{n}", f"Fråga {n}", to=root.external_id, at=START + 1) for n in range(300)]
    take(store, root, *posts, at=START + 1)
    shown = numbers(read(store, posts[150]))
    assert len(shown) == len(set(shown))
    assert shown == list(range(shown[0], shown[-1] + 1))
    assert 150 in shown


def test_replies_to_a_long_thread_stand_by_their_questions_and_never_twice(store: Store) -> None:
    """Every customer has had a reply of ours, whose echo has come back."""
    posts = thread_of(store, 110)
    at = START + 110 * MINUTE
    echoes = [
        own(f"Svar {number}", to=written.external_id, at=written.posted_at + 1)
        for number, written in enumerate(posts)
    ]
    for written, echo in zip(posts, echoes, strict=True):
        answer(store, written, echo.text, at=at)
        taken = claim(store, at + UNDO)
        assert taken is not None
        with store.write() as session:
            outbox.sent(session, taken, receipt(echo.external_id, echo.posted_at))
    take(store, *echoes, at=at + UNDO)
    for place in (0, 55, 109):
        thread = read(store, posts[place])
        shown = numbers(thread)
        replies = [one.text for one in thread.said if one.who == Voice.OURS]
        assert replies == [f"Svar {number}" for number in shown]
        native = [one.text for one in thread.said if one.who == Voice.NATIVE]
        assert not any(text and text.startswith("Svar") for text in native)
        assert len(thread.said) <= MOST
