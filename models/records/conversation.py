"""A thread as a person reads it: customers' words, ours from anywhere, and what is on its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from models.errors import Refused
from models.records import desk, threads
from models.records.kinds import LIVE, ReplyState, Voice
from models.records.tables import Account, Identity, Mention, OwnPost, Reply
from models.records.views import Noted
from models.records.work import notes

_AROUND = 100
"""Posts read on either side of the mention: a thread can have a hundred thousand."""


@dataclass(frozen=True, slots=True)
class Said:
    """One post or reply of the thread.

    `state` is the mention's or the reply's; `text` is None for a deleted post.
    """

    who: Voice
    id: int
    external_id: str | None
    name: str | None
    handle: str | None
    text: str | None
    at: int
    state: str
    language: str | None = None
    edited_at: int | None = None
    gone_at: int | None = None
    media: Sequence[dict[str, Any]] = ()
    flags: Sequence[str] = ()
    url: str | None = None
    staff: str | None = None
    error: str | None = None
    send_after: int | None = None
    perhaps_answered: bool = False
    is_holding: bool = False
    """Ours, and it only holds the line."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation around one mention; `cut` says that posts at its ends are left out."""

    mention: Mention
    author: Identity
    said: list[Said]
    cut: bool
    notes: tuple[Noted, ...]
    """What staff wrote to each other beside it, oldest first; no customer ever reads it."""


def read(session: Session, mention_id: int) -> Thread:
    """The conversation this mention stands in, in order; NotFound if there is none."""
    mention = threads.mention(session, mention_id)
    before, since = _side(session, mention, later=False)
    after, until = _side(session, mention, later=True)
    theirs = [*reversed(before), *after]
    native = _native(session, mention.conversation_id, since, until)
    said = [*theirs, *native[:_AROUND], *_replies(session, [one.id for one in theirs])]
    said.sort(key=lambda one: (one.at, one.who != Voice.THEIRS, one.id))
    author = session.get_one(Identity, mention.identity_id)
    cut = since is not None or until is not None or len(native) > _AROUND
    return Thread(
        mention, author, said, cut, notes.of_conversation(session, mention.conversation_id)
    )


def _side(session: Session, mention: Mention, *, later: bool) -> tuple[list[Said], int | None]:
    """Customers' posts from the mention back, or after it, the nearest first.

    With the instant of the last of them if there are more beyond.
    """
    when = (col(Mention.posted_at), col(Mention.id))
    here, at = tuple_(*when), (mention.posted_at, mention.id)
    statement = (
        select(Mention, Identity)
        .join(Identity, col(Identity.id) == col(Mention.identity_id))
        .where(Mention.conversation_id == mention.conversation_id)
        .where(here > at if later else here <= at)
        .order_by(*(when if later else [one.desc() for one in when]))
        .limit(_AROUND + 1)
    )
    posts = [_their(post, author) for post, author in session.exec(statement)]
    shown = posts[:_AROUND]
    return shown, shown[-1].at if len(posts) > _AROUND else None


def _their(mention: Mention, author: Identity) -> Said:
    return Said(
        Voice.THEIRS,
        mention.id or 0,
        mention.external_id,
        author.name,
        author.handle,
        mention.text,
        mention.posted_at,
        mention.state,
        mention.language or mention.lang,
        mention.edited_at,
        mention.gone_at,
        mention.media,
        mention.flags,
        mention.url,
        perhaps_answered=mention.perhaps_answered,
    )


def _native(
    session: Session, conversation_id: int, since: int | None, until: int | None
) -> list[Said]:
    """Posts of ours written on the network itself, the latest first; one more than are shown.

    A reply's receipt is none of them: the reply says more.
    """
    statement = (
        select(OwnPost, Account)
        .join(Account, col(Account.id) == col(OwnPost.account_id))
        .where(OwnPost.conversation_id == conversation_id, col(OwnPost.reply_id).is_(None))
        .order_by(col(OwnPost.posted_at).desc())
        .limit(_AROUND + 1)
    )
    if since is not None:
        statement = statement.where(OwnPost.posted_at >= since)
    if until is not None:
        statement = statement.where(OwnPost.posted_at <= until)
    return [
        Said(
            Voice.NATIVE,
            post.id or 0,
            post.external_id,
            account.name,
            account.handle,
            post.text,
            post.posted_at,
            ReplyState.SENT,
            url=post.url,
        )
        for post, account in session.exec(statement)
    ]


def _replies(session: Session, mention_ids: Sequence[int]) -> list[Said]:
    """Our replies to these mentions, sent or not, but for those taken back."""
    statement = (
        select(Reply, Account)
        .join(Account, col(Account.id) == col(Reply.account_id))
        .where(
            col(Reply.mention_id).in_(mention_ids),
            col(Reply.state).in_((*LIVE, ReplyState.SENT, ReplyState.FAILED)),
        )
    )
    return [_reply(reply, account) for reply, account in session.exec(statement)]


def _reply(reply: Reply, account: Account) -> Said:
    return Said(
        Voice.OURS,
        reply.id or 0,
        reply.external_id,
        account.name,
        account.handle,
        reply.body,
        reply.sent_at or reply.created_at,
        reply.state,
        url=reply.url,
        staff=reply.staff,
        error=reply.error,
        send_after=reply.send_after,
        is_holding=reply.is_holding,
    )


def account(session: Session, mention_id: int) -> Account | None:
    """Ours that would answer this mention; None where we have none on that network."""
    mention = threads.mention(session, mention_id)
    try:
        return session.get(Account, desk.sender_account(session, mention))
    except Refused:
        return None
