"""What waits, in order: an index scan over the open mentions, whatever the size of the history.

Urgent first, then by due time, then id; what needs no reply stands last. Lanes are filters.
"""

import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy
from sqlalchemy import Select, func, literal_column
from sqlmodel import Session, col, select

from models.records.tables import Identity, Mention
from models.records.views import Line, Pressure

_CHUNK = 500
_BEGINNING = 300
"""Characters of a post that a list reads."""


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
    assigned_to: str | None
    claimed_until: int
    snoozed_until: int
    tags: list[str]
    handed_to: str | None
    allowance_minutes: int
    why: list[dict[str, Any]]


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


def order(
    session: Session, lane: int | None = None, limit: int | None = None, at: int | None = None
) -> "array[int]":
    """The ids of all who wait, in order: 8 bytes each, so that a screen can hold a million.

    With `at`, without those who are put off until later than that. They come as one text: a row
    each would cost five times as much, and hold up every other thread meanwhile. Both databases
    keep a subquery's order where its rows are strung together.
    """
    statement = select(Mention.id)
    if at is not None:
        statement = statement.where(col(Mention.snoozed_until) <= at)
    ordered = in_order(statement, lane).limit(limit).subquery()
    strung = select(func.aggregate_strings(sqlalchemy.cast(ordered.c.id, sqlalchemy.String), ","))
    ids = session.connection().execute(strung).scalar_one()
    return array("q", json.loads(f"[{ids or ''}]"))


def rows(session: Session, ids: Sequence[int]) -> dict[int, Waiting]:
    """The mentions with these ids."""
    statement = (
        select(Mention, Identity)
        .join(Identity, col(Identity.id) == col(Mention.identity_id))
        .where(col(Mention.id).in_(ids))
    )
    return {mention.id or 0: _waiting(mention, who) for mention, who in session.exec(statement)}


def lines(session: Session, ids: Sequence[int], at: int) -> dict[int, Line]:
    """What a list shows at `at` of the mentions with these ids, whatever their state."""
    columns: tuple[Any, ...] = (
        Mention.id,
        Mention.state,
        Mention.lane,
        col(Mention.judged_at).is_not(None),
        Mention.due_at,
        Mention.channel,
        func.coalesce(Mention.language, Mention.lang),
        Identity.name,
        Identity.handle,
        func.coalesce(func.substr(Mention.text, 1, _BEGINNING), ""),
        Mention.media,
        Mention.perhaps_answered,
        sqlalchemy.case((col(Mention.claimed_until) > at, Mention.assigned_to)),
        Mention.is_pinned,
        Mention.tags,
        Mention.handed_to,
    )
    statement = sqlalchemy.select(*columns).join(
        Identity, col(Identity.id) == col(Mention.identity_id)
    )
    found = session.connection().execute(statement.where(col(Mention.id).in_(ids)))
    return {row[0]: Line(*row) for row in found}


def pressure(session: Session, at: int) -> Pressure:
    """How much waits at `at`; four statements, since each has its own index."""
    connection = session.connection()
    by_lane = select(col(Mention.lane), func.count()).where(is_open()).group_by(col(Mention.lane))
    late = select(func.count()).where(is_open(), col(Mention.due_at) < at)
    oldest = select(func.min(Mention.posted_at)).where(is_open())
    put_off = select(func.count()).where(is_open(), snoozed(), col(Mention.snoozed_until) > at)
    return Pressure(
        {row[0]: row[1] for row in connection.execute(by_lane)},
        connection.execute(late).scalar_one(),
        connection.execute(oldest).scalar_one(),
        connection.execute(put_off).scalar_one(),
    )


def newest(session: Session) -> int:
    """The highest id there is: what comes later is an arrival."""
    return session.connection().execute(select(func.max(Mention.id))).scalar_one() or 0


def in_order(statement: Any, lane: int | None) -> Any:
    """The statement restricted to who waits, in the queue's order."""
    ordered: Select[Any] = statement.where(is_open())
    if lane is not None:
        ordered = ordered.where(col(Mention.lane) == lane)
        return ordered.order_by(col(Mention.due_at), col(Mention.id))
    return ordered.order_by(col(Mention.rank), col(Mention.due_at), col(Mention.id))


def snoozed() -> Any:
    """Ever put off since it came in: a literal too, for an index that holds only those few."""
    return col(Mention.snoozed_until) > literal_column("0")


def is_open() -> Any:
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
        assigned_to=mention.assigned_to,
        claimed_until=mention.claimed_until,
        snoozed_until=mention.snoozed_until,
        tags=mention.tags,
        handed_to=mention.handed_to,
        allowance_minutes=mention.allowance_minutes,
        why=mention.why,
    )
