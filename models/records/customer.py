"""Whom we answer: what a person wrote to us lately, and what we still owe them."""

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.instant import DAY
from models.records import threads
from models.records.tables import Identity, Mention, Person, Promise

LATELY = 30 * DAY


@dataclass(frozen=True, slots=True)
class Customer:
    """One person, over all their identities, as they stand when a mention of theirs is answered."""

    language: str | None
    preferred_name: str | None
    contacts: int
    """Conversations they have had with us in the last thirty days, this one included."""
    before_at: int | None
    """When they last wrote in another conversation."""
    owed: int
    """Promises that are not done."""
    broken: int
    """Those of them whose moment has passed."""


def read(session: Session, mention_id: int, at: int) -> Customer:
    """Whoever wrote this mention; NotFound if there is none."""
    mention = threads.mention(session, mention_id)
    person = session.get_one(Person, threads.person_of(session, mention))
    contacts, before_at = _contacts(session, mention, person.id or 0, at)
    due = select(col(Promise.due_at)).where(
        Promise.person_id == person.id, col(Promise.done_at).is_(None)
    )
    moments = session.exec(due).all()
    return Customer(
        mention.language or mention.lang,
        person.preferred_name,
        contacts,
        before_at,
        len(moments),
        sum(moment is not None and moment < at for moment in moments),
    )


def _contacts(session: Session, mention: Mention, person: int, at: int) -> tuple[int, int | None]:
    theirs = (
        select(Mention.conversation_id, func.max(Mention.posted_at))
        .join(Identity, col(Identity.id) == col(Mention.identity_id))
        .where(Identity.person_id == person, Mention.posted_at > at - LATELY)
        .group_by(col(Mention.conversation_id))
    )
    last = {row[0]: row[1] for row in session.connection().execute(theirs)}
    others = [when for thread, when in last.items() if thread != mention.conversation_id]
    return len(others) + 1, max(others, default=None)
