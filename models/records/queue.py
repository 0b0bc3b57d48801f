"""What waits, in order: an index scan over the open mentions, whatever the size of the history.

Urgent first, then by due time, then id; what needs no reply stands last. Lanes are filters.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, literal_column
from sqlmodel import Session, col, select

from models.records.tables import Identity, Mention

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Waiting:
    """One waiting mention with who wrote it; `why` are terms in minutes."""

    id: int
    channel: str
    external_id: str
    conversation_id: int
    lane: int
    due_at: int
    posted_at: int
    complaint: float | None
    judged: bool
    language: str | None
    author: dict[str, str | None]
    text: str
    url: str | None
    flags: list[str]
    perhaps_answered: bool
    allowance_minutes: int
    why: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Pressure:
    """The queue in three numbers: how many wait, how many are late, and the oldest's instant."""

    waiting: int
    late: int
    oldest: int | None


def top(session: Session, limit: int, lane: int | None = None) -> list[Waiting]:
    """The first `limit` of the queue, or of one lane."""
    statement = in_order(select(Mention, Identity), lane).join(
        Identity, col(Identity.id) == col(Mention.identity_id)
    )
    return [_waiting(mention, who) for mention, who in session.exec(statement.limit(limit))]


def everything(session: Session, lane: int | None = None) -> Iterator[Waiting]:
    """All who wait, in order, a few hundred rows in memory at a time."""
    ids = order(session, lane)
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        found = rows(session, chunk)
        session.expunge_all()
        yield from (found[mention_id] for mention_id in chunk)


def order(session: Session, lane: int | None = None) -> "array[int]":
    """The ids of all who wait, in order: 8 bytes each, so that a screen can hold a million."""
    return array("q", session.connection().execute(in_order(select(Mention.id), lane)).scalars())


def rows(session: Session, ids: Sequence[int]) -> dict[int, Waiting]:
    """The mentions with these ids."""
    statement = (
        select(Mention, Identity)
        .join(Identity, col(Identity.id) == col(Mention.identity_id))
        .where(col(Mention.id).in_(ids))
    )
    return {mention.id or 0: _waiting(mention, who) for mention, who in session.exec(statement)}


def pressure(session: Session, at: int) -> Pressure:
    """How much waits at `at`."""
    statement = select(
        func.count(),
        func.count().filter(col(Mention.due_at) < at),
        func.min(Mention.posted_at),
    ).where(_open())
    waiting, late, oldest = session.connection().execute(statement).one()
    return Pressure(waiting, late, oldest)


def in_order(statement: Any, lane: int | None) -> Any:
    """The statement restricted to who waits, in the queue's order."""
    ordered: Select[Any] = statement.where(_open())
    if lane is not None:
        ordered = ordered.where(col(Mention.lane) == lane)
        return ordered.order_by(col(Mention.due_at), col(Mention.id))
    return ordered.order_by(col(Mention.rank), col(Mention.due_at), col(Mention.id))


def _open() -> Any:
    """A literal, not a parameter: only then does every plan know the partial index applies."""
    return col(Mention.state) == literal_column("'open'")


def _waiting(mention: Mention, who: Identity) -> Waiting:
    return Waiting(
        id=mention.id or 0,
        channel=mention.channel,
        external_id=mention.external_id,
        conversation_id=mention.conversation_id,
        lane=mention.lane,
        due_at=mention.due_at,
        posted_at=mention.posted_at,
        complaint=mention.complaint,
        judged=mention.judged_at is not None,
        language=mention.language or mention.lang,
        author={"external_id": who.external_id, "handle": who.handle, "name": who.name},
        text=mention.text or "",
        url=mention.url,
        flags=mention.flags,
        perhaps_answered=mention.perhaps_answered,
        allowance_minutes=mention.allowance_minutes,
        why=mention.why,
    )
