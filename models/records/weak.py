"""Weak replies: seven ways to let a customer down, each a query with the rows behind it.

They are never counted by person. What the reply check said stands with each reply; silence needs
no check.
"""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.instant import DAY
from models.records.kinds import MentionState, ReplyState
from models.records.tables import Mention, Reply
from models.words import _

_SILENT_FOR = 3 * DAY


@dataclass(frozen=True, slots=True)
class Weakness:
    """One of the seven; `ids` are replies, of "no answer at all" mentions."""

    name: str
    ids: tuple[int, ...]


def weaknesses(session: Session, since: int, until: int) -> tuple[Weakness, ...]:
    """All seven among the replies sent from `since` to `until`, and who waits at `until`."""
    statement = select(Reply.id, Reply.remarks).where(
        Reply.state == ReplyState.SENT, col(Reply.sent_at) >= since, col(Reply.sent_at) < until
    )
    sent = [(number or 0, set(rules)) for number, rules in session.exec(statement)]
    found = [
        Weakness(name, tuple(number for number, rules in sent if rules & looked_for))
        for name, looked_for in _named()
    ]
    waiting = select(Mention.id).where(
        Mention.state == MentionState.OPEN,
        col(Mention.lane) != 4,
        Mention.posted_at < until - _SILENT_FOR,
    )
    silent = tuple(number or 0 for number in session.exec(waiting.order_by(col(Mention.id))))
    return (*found, Weakness(_("no answer at all for three days"), silent))


def _named() -> tuple[tuple[str, frozenset[str]], ...]:
    return (
        (_("sent elsewhere instead of answered"), frozenset({"RC09"})),
        (_("an offer instead of help"), frozenset({"RC11"})),
        (_("asked in public for personal data"), frozenset({"RC10"})),
        (_("a promise without a time, or too far off"), frozenset({"RC06"})),
        (_("copied and pasted"), frozenset({"RC04"})),
        (_("no apology, or thanks instead of one"), frozenset({"RC01", "RC02", "RC03"})),
    )
