"""A conversation as it is read: everybody's words once, in order, and nothing of other threads."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlmodel import Session

from models.errors import NotFound
from models.instant import HOUR, MINUTE, SECOND
from models.post import Author, Media, Post
from models.records import conversation, desk, outbox, sources
from models.records.conversation import Said, Thread
from models.records.intake import take_in
from models.records.kinds import Voice
from models.records.store import Store
from tests.world import (
    LEASE,
    START,
    UNDO,
    answer,
    claim,
    looked,
    mention,
    own,
    policy,
    post,
    receipt,
    take,
)

HOSTILE = "\x1b[2J\x1b]52;c;cm0=\x07 \u202egnirts 👩‍👩‍👧 [b]{0}[/] <b>%s</b> '; drop table x; --"


def read(store: Store, written: Post) -> Thread:
    with store.read() as session:
        return conversation.read(session, mention(store, written).id or 0)


def told(thread: Thread) -> list[tuple[str, str | None]]:
    return [(one.who, one.text) for one in thread.said]


def act(store: Store, deed: Callable[[Session], object]) -> None:
    with store.write() as session:
        deed(session)


def reply_of(store: Store, written: Post) -> Said:
    """The one reply of ours in the thread."""
    (found,) = (one for one in read(store, written).said if one.who == Voice.OURS)
    return found


def send(store: Store, written: Post, external_id: str, *, after: int, text: str) -> None:
    """Answer through Gensvar, published so long after the post."""
    at = written.posted_at + after
    answer(store, written, text, at=at - UNDO)
    taken = claim(store, at)
    assert taken is not None
    act(store, lambda s: outbox.sent(s, taken, receipt(external_id, at)))


def test_everybodys_words_stand_in_the_order_they_were_said(store: Store) -> None:
    """And not as they came in, the latest first."""
    root = own("Nu öppnar vi i Umeå!", to=None, at=START - HOUR)
    first = post("vilma", "Gäller presentkortet där?", to=root.external_id)
    second = post("otso", "Samma fråga här.", to=root.external_id, at=START + 9 * MINUTE)
    third = post("vilma", "Hallå?", to=root.external_id, at=START + 30 * MINUTE)
    native = own("Ja, överallt!", to=second.external_id, at=START + 10 * MINUTE)
    for one in (root, third, native, second, first):
        take(store, one, at=START + HOUR)
    send(store, third, "r1", after=5 * MINUTE, text="Ja, i alla butiker. /Anna")
    for one in (first, second, third):
        assert told(read(store, one)) == [
            (Voice.NATIVE, "Nu öppnar vi i Umeå!"),
            (Voice.THEIRS, "Gäller presentkortet där?"),
            (Voice.THEIRS, "Samma fråga här."),
            (Voice.NATIVE, "Ja, överallt!"),
            (Voice.THEIRS, "Hallå?"),
            (Voice.OURS, "Ja, i alla butiker. /Anna"),
        ]
    thread = read(store, third)
    assert (thread.mention.external_id, thread.author.handle) == (third.external_id, "vilma")
    assert not thread.cut


def test_in_the_same_instant_the_question_stands_before_the_answer(store: Store) -> None:
    first = post("vilma", "Öppet i dag?")
    twin = post("otso", "Och i morgon?", to=first.external_id)
    take(store, own("Båda!", to=first.external_id), first, twin)
    assert [who for who, _text in told(read(store, first))] == ["theirs", "theirs", "native"]


def test_what_is_known_of_a_post_is_told(store: Store) -> None:
    url = "https://example.org/p/1"
    media = (Media("photo", "Ett trasigt hjul", "https://example.org/p/1.jpg"),)
    first = post("vilma", "Så här kom den.", url=url, media=media, lang="sv", flags=("odd",))
    take(store, first, own("Usch!", to=first.external_id, at=START + SECOND, url=f"{url}#svar"))
    theirs, native = read(store, first).said
    assert (theirs.name, theirs.handle, theirs.at) == ("Vilma", "vilma", START)
    assert (theirs.url, theirs.language, theirs.state) == (url, "sv", "answered")
    assert [dict(one) for one in theirs.media] == [
        {"kind": "photo", "alt": "Ett trasigt hjul", "url": "https://example.org/p/1.jpg"}
    ]
    assert "odd" in theirs.flags
    assert (native.name, native.handle, native.url) == ("Tallkotte", "tallkotte", f"{url}#svar")
    assert (native.state, native.staff, native.at) == ("sent", None, START + SECOND)


@pytest.mark.parametrize("echo_first", [True, False])
def test_the_receipt_of_a_reply_is_not_shown_beside_it(store: Store, echo_first: bool) -> None:
    first = post("vilma")
    take(store, first)
    answer(store, first, "Den kommer i dag.")
    taken = claim(store, START + UNDO)
    assert taken is not None
    echo = own("Den kommer i dag. t.co/x", to=first.external_id, at=START + MINUTE)
    if echo_first:
        take(store, echo, at=START + MINUTE)
    act(store, lambda s: outbox.sent(s, taken, receipt(echo.external_id, START + MINUTE)))
    take(store, echo, at=START + 2 * MINUTE)
    assert told(read(store, first))[1:] == [(Voice.OURS, "Den kommer i dag.")]
    ours = reply_of(store, first)
    assert (ours.staff, ours.external_id, ours.at) == ("Anna", echo.external_id, START + MINUTE)


def test_a_deleted_post_keeps_its_place_without_its_words(store: Store) -> None:
    first = post("vilma", "Ring mig på 070 …", media=(Media("photo"),))
    second = post("otso", "Hoppas det löser sig", to=first.external_id, at=START + MINUTE)
    take(store, first, second)
    act(store, lambda s: looked(s, {first.external_id: None}, START + HOUR))
    gone, left = read(store, second).said
    assert (gone.text, gone.media, gone.gone_at, gone.state) == (None, [], START + HOUR, "gone")
    assert (left.text, left.gone_at) == ("Hoppas det löser sig", None)
    assert read(store, first).mention.external_id == first.external_id


def test_an_edited_post_shows_its_new_words_and_when(store: Store) -> None:
    first = post("vilma", "Tack!")
    take(store, first)
    changed = replace(first, text="Tack för ingenting!", edited_at=START + MINUTE)
    act(store, lambda s: looked(s, {first.external_id: changed}, START + HOUR))
    (said,) = read(store, first).said
    assert (said.text, said.edited_at, said.at) == ("Tack för ingenting!", START + MINUTE, START)


def test_a_reply_is_shown_wherever_it_stands(store: Store) -> None:
    first = post("vilma")
    take(store, first)
    reply_id = answer(store, first, "Vi letar.")
    queued = reply_of(store, first)
    assert (queued.id, queued.state, queued.send_after) == (reply_id, "queued", START + UNDO)
    assert (queued.text, queued.staff, queued.at) == ("Vi letar.", "Anna", START)
    claim(store, START + UNDO)
    assert reply_of(store, first).state == "sending"
    act(store, lambda s: outbox.rescue(s, START + UNDO + LEASE + 1, 0))
    doubt = reply_of(store, first)
    assert (doubt.state, doubt.error) == ("unknown", "the sender stopped in the middle")
    act(store, lambda s: desk.it_is_there(s, reply_id, "https://a.se/1", "Anna", START + HOUR))
    sent = reply_of(store, first)
    assert (sent.state, sent.url, sent.at) == ("sent", "https://a.se/1", START + HOUR)


def test_a_refused_reply_is_shown_with_the_reason_beside_the_next(store: Store) -> None:
    first = post("vilma")
    take(store, first)
    answer(store, first, "För långt svar")
    taken = claim(store, START + UNDO)
    assert taken is not None
    act(store, lambda s: outbox.failed(s, taken, "för långt", START + MINUTE))
    refused = reply_of(store, first)
    assert (refused.state, refused.error) == ("failed", "för långt")
    answer(store, first, "Kort svar", at=START + HOUR)
    assert [one.state for one in read(store, first).said] == ["replying", "failed", "queued"]


def test_a_reply_taken_back_was_never_said(store: Store) -> None:
    first = post("vilma")
    take(store, first)
    reply_id = answer(store, first)
    act(store, lambda s: desk.undo(s, reply_id, "Anna", START + 1))
    assert [who for who, _text in told(read(store, first))] == [Voice.THEIRS]


def test_other_conversations_of_the_same_people_are_not_among_it(store: Store) -> None:
    first, other = post("vilma", "Ett"), post("vilma", "Två")
    take(store, first, other, own("Svar två", to=other.external_id, at=START + MINUTE))
    more = post("otso", "Tre")
    take(store, more)
    send(store, more, "r9", after=MINUTE, text="Svar tre")
    assert told(read(store, first)) == [(Voice.THEIRS, "Ett")]
    assert told(read(store, more)) == [(Voice.THEIRS, "Tre"), (Voice.OURS, "Svar tre")]


def test_hostile_words_names_and_replies_are_values_as_they_came(store: Store) -> None:
    first = post("vilma", HOSTILE)
    named = Author("v", "v\x1b[31m", HOSTILE)
    second = post("x", HOSTILE, to=first.external_id, at=START + 1, author=named)
    take(store, first, second, own(HOSTILE, to=first.external_id, at=START + 2))
    answer(store, second, "Hei [b] {0} %s '; --", at=START + 3)
    said = read(store, first).said
    assert [one.text for one in said] == [HOSTILE] * 3 + ["Hei [b] {0} %s '; --"]
    assert (said[1].name, said[1].handle) == (HOSTILE, "v\x1b[31m")


def test_what_is_not_there_is_said_so(store: Store) -> None:
    with store.read() as session:
        with pytest.raises(NotFound, match="no mention 999"):
            conversation.read(session, 999)
        with pytest.raises(NotFound, match="no mention 999"):
            conversation.account(session, 999)


def test_the_account_that_would_answer_is_the_threads_last(store: Store) -> None:
    first = post("vilma")
    take(store, first)
    elsewhere = post("otso", channel="x")
    with store.write() as session:
        source = sources.ensure(session, "file", "x", "mentions")
        take_in(session, source, [elsewhere], START, policy())
    with store.read() as session:
        ours = conversation.account(session, mention(store, first).id or 0)
        assert ours is not None
        assert (ours.channel, ours.handle) == ("sandbox", "tallkotte")
        assert conversation.account(session, mention(store, elsewhere).id or 0) is None
