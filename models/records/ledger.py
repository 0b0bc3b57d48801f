"""The ledger: every mention of a day with its state and the proof of it."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from models.instant import MINUTE
from models.records.kinds import MentionState
from models.records.tables import Identity, Mention, OwnPost, Reply

REPLY, NATIVE, BY_HAND = "reply", "native", "by hand"


@dataclass(frozen=True, slots=True)
class Entry:
    """One mention: how it was answered and what shows it; `waited` runs on the wall clock."""

    id: int
    channel: str
    external_id: str
    state: str
    how: str | None
    proof: str | None
    waited_minutes: int
    lane: int
    author: str
    posted_at: int
    due_at: int
    settled_at: int | None
    reason: str | None
    perhaps_answered: bool
    text: str | None


def entries(session: Session, at: int, day: tuple[int, int] | None) -> Iterator[Entry]:
    """The mentions posted, received or settled within `day`; all of them for None."""
    statement = _with_proof().order_by(col(Mention.posted_at), col(Mention.id))
    if day is not None:
        statement = statement.where(_within(day))
    for mention, author, reply, post in session.exec(statement.execution_options(yield_per=500)):
        yield _entry(mention, author, reply, post, at)


def order(session: Session, day: tuple[int, int]) -> "array[int]":
    """The ids of the mentions posted, received or settled within `day`, oldest post first."""
    statement = select(Mention.id).where(_within(day))
    ordered = statement.order_by(col(Mention.posted_at), col(Mention.id))
    return array("q", session.connection().execute(ordered).scalars())


def rows(session: Session, ids: Sequence[int], at: int) -> dict[int, Entry]:
    """The entries of the mentions with these ids."""
    statement = _with_proof().where(col(Mention.id).in_(ids))
    return {
        mention.id: _entry(mention, author, reply, post, at)
        for mention, author, reply, post in session.exec(statement)
    }


def _with_proof() -> Any:
    return (
        select(Mention, Identity, Reply, OwnPost)
        .join(Identity, col(Identity.id) == col(Mention.identity_id))
        .outerjoin(Reply, col(Reply.id) == col(Mention.reply_id))
        .outerjoin(OwnPost, col(OwnPost.id) == col(Mention.own_post_id))
    )


def _within(day: tuple[int, int]) -> Any:
    times = (col(Mention.posted_at), col(Mention.received_at), col(Mention.settled_at))
    return or_(*(and_(moment >= day[0], moment < day[1]) for moment in times))


def _entry(
    mention: Mention, author: Identity, reply: Reply | None, post: OwnPost | None, at: int
) -> Entry:
    how, proof = _proof(mention, reply, post)
    waited = (mention.settled_at or at) - min(mention.posted_at, mention.received_at)
    return Entry(
        id=mention.id or 0,
        channel=mention.channel,
        external_id=mention.external_id,
        state=mention.state,
        how=how,
        proof=proof,
        waited_minutes=max(0, waited) // MINUTE,
        lane=mention.lane,
        author=author.name or author.handle or "?",
        posted_at=mention.posted_at,
        due_at=mention.due_at,
        settled_at=mention.settled_at,
        reason=mention.dismissed_reason,
        perhaps_answered=mention.perhaps_answered and mention.state == MentionState.OPEN,
        text=mention.text,
    )


def _proof(
    mention: Mention, reply: Reply | None, post: OwnPost | None
) -> tuple[str | None, str | None]:
    if mention.state != MentionState.ANSWERED:
        return None, None
    if post is not None:
        return NATIVE, post.url or post.external_id
    if mention.answered_link is not None:
        return BY_HAND, mention.answered_link
    assert reply is not None
    return REPLY, reply.url or reply.external_id
