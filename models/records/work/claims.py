"""Claims: who sees to a mention. A lease, so that what nobody answers is free again by itself."""

from dataclasses import replace
from typing import Any

from sqlalchemy import and_, exists, func, or_
from sqlmodel import Session, col, select

from models.instant import MINUTE
from models.records import drafts, queue, threads
from models.records.tables import Conversation, Draft, Mention, Reply
from models.records.views import Undo
from models.records.work.marks import checked_name, open_mention, put

_SHORTEST = 15 * MINUTE
_LATELY = 500
"""Replies that are looked through for names."""
_OFFERED = 9


def take_next(session: Session, staff: str, at: int) -> int | None:
    """Claim the most urgent mention that is free for this member of staff; None if there is none.

    Free is what nobody else has claimed or is writing to and what is not put off. What was handed
    over is put off too, and free again once that time is up: a team's silence makes nobody wait.

    Postgres skips conversations others hold, so two never get the same; what was chosen may have
    changed until it was held, so it is asked once more.
    """
    while (found := session.exec(following(staff, at)).first()) is not None:
        mention = threads.locked_mention(session, found)
        if session.exec(_free(staff, at).where(Mention.id == mention.id)).first() is not None:
            put(session, mention, "claimed", staff, at, leased(mention, staff, at))
            return mention.id
    return None


def claim(session: Session, mention_id: int, staff: str, at: int) -> Undo:
    """I see to it, also where a colleague had claimed it: `taken_from` says who."""
    return _give(session, mention_id, staff, "claimed", staff, at)


def assign(session: Session, mention_id: int, to: str, staff: str, at: int) -> Undo:
    """A colleague is to see to it; the same lease."""
    return _give(session, mention_id, checked_name(to), "assigned", staff, at)


def let_go(session: Session, mention_id: int, staff: str, at: int) -> Undo:
    """Nobody in particular sees to it."""
    mention = open_mention(session, mention_id)
    values = {"assigned_to": None, "claimed_until": 0}
    return put(session, mention, "let go", staff, at, values, before=mention.assigned_to)


def colleagues(session: Session, staff: str) -> list[str]:
    """Who else has answered lately, the most eager first."""
    lately = select(Reply.staff).order_by(col(Reply.id).desc()).limit(_LATELY).subquery()
    name = lately.c.staff
    counted = select(name).where(name != staff).group_by(name)
    ordered = counted.order_by(func.count().desc(), name).limit(_OFFERED)
    return [row[0] for row in session.connection().execute(ordered)]


def leased(mention: Mention, to: str, at: int) -> dict[str, Any]:
    """The columns of a claim: it lasts half of the time that is left, a quarter of an hour at
    least, so that an unanswered one is free again while there is time."""
    until = at + max(_SHORTEST, (mention.due_at - at) // 2)
    return {"assigned_to": to, "claimed_until": until}


def following(staff: str, at: int) -> Any:
    """The statement for the first that is free, which locks its conversation on Postgres."""
    ordered = queue.in_order(_free(staff, at), None).limit(1)
    return ordered.with_for_update(of=Conversation, skip_locked=True)


def _free(staff: str, at: int) -> Any:
    others = col(Mention.assigned_to).is_not(None) & (col(Mention.assigned_to) != staff)
    writes = exists().where(
        and_(
            col(Draft.mention_id) == col(Mention.id),
            col(Draft.staff) != staff,
            col(Draft.touched_at) > at - drafts.FRESH,
        )
    )
    return (
        select(Mention.id)
        .join(Conversation, col(Conversation.id) == col(Mention.conversation_id))
        .where(queue.is_open(), col(Mention.snoozed_until) <= at)
        .where(or_(~others, col(Mention.claimed_until) <= at), ~writes)
    )


def _give(session: Session, mention_id: int, to: str, kind: str, staff: str, at: int) -> Undo:
    mention = open_mention(session, mention_id)
    is_leased = mention.claimed_until > at and mention.assigned_to not in (None, to)
    had = mention.assigned_to if is_leased else None
    done = put(session, mention, kind, staff, at, leased(mention, to, at), before=had, to=to)
    return replace(done, taken_from=had)
