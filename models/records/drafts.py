"""Drafts: what staff have typed and not sent, kept so that no crash takes it.

A draft touched within the last minutes also says that somebody is writing there.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import Session, col, select

from models.instant import MINUTE
from models.outside import storable
from models.records import threads
from models.records.people import insert_new
from models.records.tables import Draft

FRESH = 10 * MINUTE
"""How long after the last touch a draft still tells others to keep away."""


@dataclass(frozen=True, slots=True)
class Writing:
    """A draft in its writer's hands; `key` goes with the reply, and others write there too."""

    mention_id: int
    body: str
    key: str
    others: tuple[str, ...]
    is_elsewhere: bool = False
    """Another window of the writer's own shows it: the last to write there is kept."""


def take_up(session: Session, mention_id: int, staff: str, at: int) -> Writing:
    """The writer's draft for this mention, begun if there is none; touched now.

    NotFound if there is no such mention.
    """
    threads.mention(session, mention_id)
    insert_new(
        session,
        Draft,
        mention_id=mention_id,
        staff=staff,
        body="",
        key=uuid.uuid4().hex,
        touched_at=at,
    )
    session.connection().execute(
        update(Draft).where(*_mine(mention_id, staff)).values(touched_at=at)
    )
    mine = session.exec(select(Draft).where(*_mine(mention_id, staff))).one()
    there = writers(session, [mention_id], at).get(mention_id, [])
    return Writing(mention_id, mine.body, mine.key, tuple(name for name in there if name != staff))


def save(session: Session, mention_id: int, body: str, staff: str, at: int) -> bool:
    """Keep what is typed so far; False if there is no draft any more, sent or put away."""
    values = {"body": storable(body)[0], "touched_at": at}
    mine = update(Draft).where(*_mine(mention_id, staff)).values(**values)
    return session.connection().execute(mine).rowcount == 1


def put_away(session: Session, mention_id: int, body: str, staff: str, at: int) -> None:
    """The writer leaves: words are kept and nobody is told to keep away; an empty draft goes."""
    if body.strip():
        save(session, mention_id, body, staff, at - FRESH)
    else:
        discard(session, mention_id, staff)


def give_back(session: Session, mention_id: int, body: str, staff: str, at: int) -> None:
    """A reply that will not be sent becomes its writer's draft again, unless there is a newer."""
    insert_new(
        session,
        Draft,
        mention_id=mention_id,
        staff=staff,
        body=body,
        key=uuid.uuid4().hex,
        touched_at=at - FRESH,
    )
    empty = (*_mine(mention_id, staff), col(Draft.body) == "")
    session.connection().execute(update(Draft).where(*empty).values(body=body))


def discard(session: Session, mention_id: int, staff: str) -> None:
    """The draft is not wanted any more."""
    session.connection().execute(delete(Draft).where(*_mine(mention_id, staff)))


def sent(session: Session, key: str) -> None:
    """The draft with this key has become a reply."""
    session.connection().execute(delete(Draft).where(col(Draft.key) == key))


def writers(session: Session, ids: Sequence[int], at: int) -> dict[int, list[str]]:
    """Who is writing to these mentions right now."""
    found: dict[int, list[str]] = {}
    statement = select(Draft.mention_id, Draft.staff).where(
        col(Draft.mention_id).in_(ids), col(Draft.touched_at) > at - FRESH
    )
    for mention_id, staff in session.exec(statement.order_by(col(Draft.staff))):
        found.setdefault(mention_id, []).append(staff)
    return found


def begun(session: Session, ids: Sequence[int], staff: str) -> set[int]:
    """Which of these mentions hold words that this member of staff has begun."""
    statement = select(Draft.mention_id).where(
        col(Draft.mention_id).in_(ids), Draft.staff == staff, col(Draft.body) != ""
    )
    return set(session.exec(statement))


def _mine(mention_id: int, staff: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(Draft.mention_id) == mention_id, col(Draft.staff) == staff
