"""Who is listening on this database: each listener shows up every few seconds."""

from dataclasses import dataclass

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from models.instant import DAY, SECOND
from models.records.people import insert_new
from models.records.tables import Presence

SHOWS_UP_EVERY = 5.0
"""Seconds."""
_PATIENCE = 20 * SECOND


@dataclass(frozen=True, slots=True)
class Listening:
    """One listener: `host:pid:…`, and when it was last seen."""

    name: str
    seen_at: int


def show_up(session: Session, name: str, at: int) -> None:
    """The listener is alive; rows of those long gone are swept out."""
    insert_new(session, Presence, name=name, since=at, seen_at=at)
    connection = session.connection()
    connection.execute(update(Presence).where(col(Presence.name) == name).values(seen_at=at))
    connection.execute(delete(Presence).where(col(Presence.seen_at) < at - DAY))


def leave(session: Session, name: str) -> None:
    """The listener stops in good order."""
    session.connection().execute(delete(Presence).where(col(Presence.name) == name))


def listeners(session: Session, at: int) -> list[Listening]:
    """Who has shown up lately, the longest at work first."""
    lately = col(Presence.seen_at).between(at - _PATIENCE, at + _PATIENCE)  # clocks can step back
    statement = select(Presence).where(lately)
    rows = session.exec(statement.order_by(col(Presence.since), col(Presence.name)))
    return [Listening(row.name, row.seen_at) for row in rows]
