"""A thread as a person reads it: customers' words, ours from anywhere, and what is on its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from models.errors import NotFound, Refused
from models.records import desk
from models.records.kinds import LIVE, ReplyState, Voice
from models.records.tables import Account, Identity, Mention, OwnPost, Reply
from models.words import _

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


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation around one mention; `cut` says that posts at its ends are left out."""

    mention: Mention
    author: Identity
    said: list[Said]
    cut: bool


def read(session: Session, mention_id: int) -> Thread:
    """The conversation this mention stands in, in order; NotFound if there is none."""
    mention = session.get(Mention, mention_id)
    if mention is None:
        raise NotFound(_("There is no mention {id}.").format(id=mention_id))
    theirs, cut = _theirs(session, mention)
    span = (theirs[0].at, theirs[-1].at) if cut else None
    said = [*theirs, *_ours(session, mention.conversation_id, span)]
    said.sort(key=lambda one: (one.at, one.who != Voice.THEIRS, one.id))
    author = session.get_one(Identity, mention.identity_id)
    return Thread(mention, author, said, cut)


def _theirs(session: Session, mention: Mention) -> tuple[list[Said], bool]:
    """Customers' posts around the mention, oldest first, and whether that is not all of them."""
    when = (col(Mention.posted_at), col(Mention.id))
    here = tuple_(*when)
    at = (mention.posted_at, mention.id)
    statement = (
        select(Mention, Identity)
        .join(Identity, col(Identity.id) == col(Mention.identity_id))
        .where(Mention.conversation_id == mention.conversation_id)
        .limit(_AROUND)
    )
    posts = list(session.exec(statement.order_by(*when)))
    cut = len(posts) == _AROUND
    if cut:
        latest_first = (one.desc() for one in when)
        before = session.exec(statement.where(here <= at).order_by(*latest_first)).all()
        after = session.exec(statement.where(here > at).order_by(*when)).all()
        posts = [*reversed(before), *after]
    return [_their(post, author) for post, author in posts], cut


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


def _ours(session: Session, conversation_id: int, span: tuple[int, int] | None) -> list[Said]:
    """Posts of ours seen there, within `span`, and replies that have no such post (yet)."""
    statement = (
        select(OwnPost, Account)
        .join(Account, col(Account.id) == col(OwnPost.account_id))
        .where(OwnPost.conversation_id == conversation_id)
        .order_by(col(OwnPost.posted_at).desc())
        .limit(_AROUND)
    )
    if span is not None:
        statement = statement.where(col(OwnPost.posted_at).between(*span))
    replies = {reply.id: (reply, account) for reply, account in _replies(session, conversation_id)}
    said = []
    for post, account in session.exec(statement):
        if post.reply_id in replies:  # its receipt: the reply says more
            continue
        said.append(
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
        )
    return said + [_reply(reply, account) for reply, account in replies.values()]


def _replies(session: Session, conversation_id: int) -> list[tuple[Reply, Account]]:
    statement = (
        select(Reply, Account)
        .join(Account, col(Account.id) == col(Reply.account_id))
        .join(Mention, col(Mention.id) == col(Reply.mention_id))
        .where(
            Mention.conversation_id == conversation_id,
            col(Reply.state).in_((*LIVE, ReplyState.SENT, ReplyState.FAILED)),
        )
        .order_by(col(Reply.id).desc())
        .limit(_AROUND)
    )
    return list(session.exec(statement))


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
    )


def account(session: Session, mention_id: int) -> Account | None:
    """Ours that would answer this mention; None where we have none on that network."""
    try:
        mention = session.get_one(Mention, mention_id)
        return session.get(Account, desk.sender_account(session, mention))
    except Refused:
        return None
