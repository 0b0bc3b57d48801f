"""A server's own data against the records: nothing lost, nothing doubled, nothing made up."""

from collections import Counter
from dataclasses import dataclass
from typing import Self

from sqlmodel import select

from models.records.kinds import MentionState, ReplyState
from models.records.store import Store
from models.records.tables import Mention, OwnPost, Reply
from tests.torture.crowd import Done, mark
from tests.torture.sides import Shown, Side


@dataclass(frozen=True, slots=True)
class Records:
    """What the database has of one network."""

    mentions: list[Mention]
    replies: list[Reply]
    own: list[OwnPost]

    @classmethod
    def read(cls, store: Store, channel: str) -> Self:
        with store.read() as session:
            mentions = session.exec(select(Mention).where(Mention.channel == channel)).all()
            replies = session.exec(select(Reply).where(Reply.channel == channel)).all()
            own = session.exec(select(OwnPost).where(OwnPost.channel == channel)).all()
        return cls([*mentions], [*replies], [*own])

    def sent(self) -> dict[int | None, Reply]:
        return {reply.id: reply for reply in self.replies if reply.state == ReplyState.SENT}

    def answered(self) -> list[Mention]:
        return [one for one in self.mentions if one.state == MentionState.ANSWERED]


def compared(side: Side, done: Done, store: Store) -> str:
    """All checks of one network; a line that sums it up."""
    records, posts = Records.read(store, side.channel), side.posts()
    ours = {post.id: post for post in posts if post.own}
    theirs = {post.id: post for post in posts if not post.own and "tallkotte" in post.text}
    assert theirs.keys() == done.authors.keys() - done.deleted
    _check_heard(records, theirs, done.deleted)
    _check_ours(records, ours, done)
    _check_replies(records, ours, done)
    _check_answered(records, done)
    return _line(side.channel, records, done)


def _check_heard(records: Records, theirs: dict[str, Shown], deleted: set[str]) -> None:
    """Each post that names us is one mention with its newest words; what is gone has none."""
    heard = Counter(mention.external_id for mention in records.mentions)
    assert set(heard.values()) <= {1}
    assert theirs.keys() <= heard.keys()
    for mention in records.mentions:
        if mention.external_id in theirs:
            assert mention.gone_at is None
            assert mark(mention.text or "") == mark(theirs[mention.external_id].text)
        else:
            assert mention.external_id in deleted
            assert (mention.gone_at is not None, mention.text) == (True, None)


def _check_ours(records: Records, ours: dict[str, Shown], done: Done) -> None:
    """Each post of ours is known once, as the receipt of one reply or as a native answer."""
    assert sorted(post.external_id for post in records.own) == sorted(ours)
    sent = [reply.external_id or "" for reply in records.sent().values()]
    assert sorted([*sent, *done.natives]) == sorted(ours)


def _check_replies(records: Records, ours: dict[str, Shown], done: Done) -> None:
    """What was sent is public once; what was not is not public, and has its reason."""
    public = Counter(mark(post.text) for post in ours.values())
    native = {one.external_id for one in records.mentions if one.own_post_id is not None}
    overtaken = done.deleted | native | {*done.natives.values()}
    for reply in records.replies:
        is_sent = reply.state == ReplyState.SENT
        assert public[mark(reply.body)] == is_sent, reply.body
        assert is_sent or reply.in_reply_to in overtaken, reply.error
        if is_sent and reply.in_reply_to not in done.deleted:
            assert ours[reply.external_id or ""].to == reply.in_reply_to


def _check_answered(records: Records, done: Done) -> None:
    """Who was answered has it on the network; who has it on the network was answered."""
    sent = records.sent()
    phone = {post.id for post in records.own if post.external_id in done.natives}
    settled = {one.external_id for one in records.answered()} | done.deleted
    assert {reply.in_reply_to for reply in sent.values()} | {*done.natives.values()} <= settled
    assert all(one.reply_id in sent or one.own_post_id in phone for one in records.answered())
    ends = {MentionState.OPEN, MentionState.ANSWERED, MentionState.GONE}
    assert {one.state for one in records.mentions} <= ends


def _line(channel: str, records: Records, done: Done) -> str:
    states = Counter(mention.state for mention in records.mentions)
    attempts = sum(reply.attempts for reply in records.replies)
    return (
        f"{channel:9} posts {len(done.authors)} (edited {len(done.edited)}, deleted"
        f" {len(done.deleted)}), mentions {len(records.mentions)} (open {states['open']}, answered"
        f" {states['answered']}, gone {states['gone']}), replies {len(records.replies)} (sent"
        f" {len(records.sent())}), attempts {attempts}, native {len(done.natives)}"
    )
