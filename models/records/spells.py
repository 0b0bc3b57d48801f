"""Waiting spells: from a customer's first unanswered word to our human answer to that person.

Every response time is one query, defined here, whose rows can be listed. It counts spells, not
posts: five posts answered by one reply are one wait. Mentions that were closed without reply or
deleted make none.
"""

from dataclasses import dataclass

from sqlalchemy import Case, String, case, cast, func, select
from sqlmodel import Session, col

from models.records.kinds import MentionState
from models.records.tables import Identity, Mention

_WAITING = (MentionState.OPEN, MentionState.REPLYING)


@dataclass(frozen=True, slots=True)
class Spell:
    """One wait of one person in one conversation; `end` is None while it lasts."""

    person_id: int
    conversation_id: int
    start: int
    end: int | None
    mentions: int

    def length(self, at: int) -> int:
        """Microseconds; a lasting spell counts at its age, so silence cannot improve a figure."""
        return (at if self.end is None else self.end) - self.start


def spells(session: Session, since: int, until: int) -> list[Spell]:
    """The spells that lasted within [since, until), the longest waiting first."""
    start = func.min(col(Mention.posted_at))
    end = func.max(col(Mention.settled_at))
    statement = (
        select(col(Identity.person_id), col(Mention.conversation_id), start, end, func.count())
        .join(Identity, col(Identity.id) == col(Mention.identity_id))
        .where(col(Mention.state).in_((*_WAITING, MentionState.ANSWERED)))
        .group_by(col(Identity.person_id), col(Mention.conversation_id), _answer())
        .having(start < until, func.coalesce(end, until) >= since)
        .order_by(start)
    )
    return [Spell(*row) for row in session.connection().execute(statement)]


def _answer() -> Case[str]:
    """What ended the wait, as one comparable value; the same one for all it ended."""
    return case(
        (col(Mention.state).in_(_WAITING), "waiting"),
        (col(Mention.own_post_id).is_not(None), "post " + cast(col(Mention.own_post_id), String)),
        (col(Mention.answered_link).is_not(None), col(Mention.answered_link)),
        else_="reply " + cast(col(Mention.reply_id), String),
    )
