"""Promises: what a sent reply owes, to whom, by when and who sees to it.

OPEN until it is KEPT in time, WITHDRAWN, or BROKEN when its moment passes. A broken one is owed
until somebody notes what came of it, and lifts what that customer writes meanwhile.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from models.errors import NotFound, Refused
from models.outside import storable
from models.records import threads
from models.records.events import LISTENER, SENDER, record
from models.records.kinds import MentionState, PromiseState
from models.records.tables import Conversation, Identity, Mention, Promise, Reply
from models.records.views import HEADS_UP
from models.words import _

_WITH_WORDS = ("reply", "check", "conclude")
"""Promises that a later answer to that person keeps: to get back, to find out, to conclude."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One promise as a list shows it; `mention_id` is what was answered with it."""

    id: int
    action: str
    text: str
    owner: str
    due_at: int | None
    state: str
    customer: str
    channel: str
    mention_id: int | None
    note: str | None


def make(session: Session, reply: Reply, at: int) -> None:
    """The reply is sent: what it promises is owed from now on, and it keeps what it can keep."""
    mention = session.get_one(Mention, reply.mention_id)
    person = threads.person_of(session, mention)
    if not reply.is_holding:
        _keep_by_words(session, reply, mention.conversation_id, person, at)
    for promised in reply.promises:
        row = Promise(
            conversation_id=mention.conversation_id,
            person_id=person,
            reply_id=reply.id,
            action=promised["action"],
            text=promised["text"],
            owner=promised.get("owner") or reply.staff,
            due_at=promised["due_at"],
            made_at=reply.created_at,
        )
        session.add(row)
        session.flush()
        assert row.id is not None
        record(session, at, SENDER, "promise", row.id, "made", (None, PromiseState.OPEN))


def _keep_by_words(
    session: Session, reply: Reply, conversation_id: int, person: int, at: int
) -> None:
    where = (
        Promise.conversation_id == conversation_id,
        Promise.person_id == person,
        col(Promise.action).in_(_WITH_WORDS),
        col(Promise.done_at).is_(None),
        Promise.made_at < reply.created_at,
    )
    for row in session.exec(select(Promise).where(*where)):
        _do(session, row, _("reply {id}").format(id=reply.id), SENDER, at)


def keep(session: Session, promise_id: int, note: str, staff: str, at: int) -> None:
    """It is done, and this came of it; one that was broken stays so, but is owed no longer."""
    row = _locked(session, promise_id)
    if row.done_at is not None:
        raise Refused(_("Promise {id} is closed already.").format(id=promise_id))
    _do(session, row, note, staff, at)


def withdraw(session: Session, promise_id: int, note: str, staff: str, at: int) -> None:
    """It no longer holds, and the customer knows; Refused without a reason."""
    row = _locked(session, promise_id)
    if not note.strip():
        raise Refused(_("Taking a promise back needs a reason."))
    if row.state != PromiseState.OPEN:
        raise Refused(_("Promise {id} is {state}.").format(id=promise_id, state=row.state))
    row.state, row.closed_at, row.done_at = PromiseState.WITHDRAWN, at, at
    row.note = storable(note)[0]
    record(session, at, staff, "promise", promise_id, "withdrawn", ("open", row.state))
    session.add(row)


def _do(session: Session, row: Promise, note: str, staff: str, at: int) -> None:
    before, row.done_at, row.note = row.state, at, storable(note)[0]
    if row.state == PromiseState.OPEN:
        in_time = row.due_at is None or at <= row.due_at
        row.state = PromiseState.KEPT if in_time else PromiseState.BROKEN
        row.closed_at = at if in_time else row.due_at
    assert row.id is not None
    record(session, at, staff, "promise", row.id, "done", (before, row.state))
    session.add(row)


def hand_over(session: Session, promise_id: int, to: str, staff: str, at: int) -> None:
    """Somebody else sees to it from now on."""
    row = _locked(session, promise_id)
    if not to.strip():
        raise Refused(_("To whom?"))
    if row.done_at is not None:
        raise Refused(_("Promise {id} is closed already.").format(id=promise_id))
    record(session, at, staff, "promise", promise_id, "handed over", before=row.owner, to=to)
    row.owner = storable(to)[0]
    session.add(row)


def hand_over_all(session: Session, away: dict[str, str], at: int) -> int:
    """Nothing is owed by somebody who is away: name -> who takes over; how many were handed."""
    owed = select(Promise).where(col(Promise.owner).in_(away), col(Promise.done_at).is_(None))
    rows = session.exec(owed.with_for_update()).all()
    for row in rows:
        assert row.id is not None
        hand_over(session, row.id, away[row.owner], LISTENER, at)
    return len(rows)


def break_overdue(session: Session, at: int) -> int:
    """Those whose moment has passed are broken; what these customers wrote is ranked anew."""
    where = (col(Promise.state) == PromiseState.OPEN, col(Promise.due_at) < at)
    overdue = session.exec(select(Promise).where(*where).with_for_update(skip_locked=True)).all()
    for row in overdue:
        row.state, row.closed_at = PromiseState.BROKEN, row.due_at
        assert row.id is not None
        record(session, at, LISTENER, "promise", row.id, "broken", ("open", row.state))
        session.add(row)
    session.flush()
    _judge_anew(session, {row.person_id for row in overdue})
    return len(overdue)


def _judge_anew(session: Session, people: Collection[int]) -> None:
    theirs = select(Identity.id).where(col(Identity.person_id).in_(people))
    waiting = (col(Mention.state) == MentionState.OPEN, col(Mention.identity_id).in_(theirs))
    session.connection().execute(update(Mention).where(*waiting).values(judged_at=None))


def is_broken_to(session: Session, identity_id: int) -> bool:
    """Whether this customer was promised what we have not done in time, nor since."""
    broken = (
        select(Promise.id)
        .join(Identity, col(Identity.person_id) == col(Promise.person_id))
        .where(
            Identity.id == identity_id,
            Promise.state == PromiseState.BROKEN,
            col(Promise.done_at).is_(None),
        )
    )
    return session.exec(broken.limit(1)).first() is not None


def owed(session: Session, *, person_id: int | None = None) -> list[Owed]:
    """What we owe, to one person or to all: broken ones and what is due soonest first."""
    statement = (
        select(Promise, Conversation.channel, Reply.mention_id)
        .join(Conversation, col(Conversation.id) == col(Promise.conversation_id))
        .join(Reply, col(Reply.id) == col(Promise.reply_id), isouter=True)
        .where(col(Promise.done_at).is_(None))
    )
    if person_id is not None:
        statement = statement.where(Promise.person_id == person_id)
    last = func.coalesce(Promise.due_at, 2**62)
    found = session.exec(statement.order_by(last, col(Promise.id))).all()
    names = _names(session, {row.person_id for row, _channel, _mention in found})
    return [
        Owed(
            row.id or 0,
            row.action,
            row.text,
            row.owner,
            row.due_at,
            row.state,
            names.get(row.person_id, "?"),
            channel,
            mention_id,
            row.note,
        )
        for row, channel, mention_id in found
    ]


def pressing(session: Session, at: int) -> tuple[int, int]:
    """How many are due within two hours, and how many are broken and still owed."""
    owed_still = select(func.count()).where(col(Promise.done_at).is_(None))
    soon = owed_still.where(col(Promise.due_at) >= at, col(Promise.due_at) < at + HEADS_UP)
    broken = owed_still.where(col(Promise.due_at) < at)
    return session.exec(soon).one(), session.exec(broken).one()


def overdue_texts(session: Session, conversation_id: int, person_id: int, at: int) -> Sequence[str]:
    """How we worded what we owe this person here and have not done in time."""
    where = (
        Promise.conversation_id == conversation_id,
        Promise.person_id == person_id,
        col(Promise.done_at).is_(None),
        col(Promise.due_at) < at,
    )
    return session.exec(select(Promise.text).where(*where).order_by(col(Promise.id))).all()


def _names(session: Session, people: Collection[int]) -> dict[int, str]:
    found = select(Identity).where(col(Identity.person_id).in_(people))
    return {one.person_id: one.name or one.handle or "?" for one in session.exec(found)}


def _locked(session: Session, promise_id: int) -> Promise:
    statement = select(Promise).where(Promise.id == promise_id).with_for_update()
    row = session.exec(statement.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound(_("There is no promise {id}.").format(id=promise_id))
    return row
