"""Weak replies: seven ways to let a customer down, each a query with the rows behind it.

They are never counted by person. What the reply check said stands with each reply; silence needs
no check.
"""

from sqlmodel import Session, col, select

from models.figures import Weak
from models.instant import DAY
from models.records.kinds import MentionState, ReplyState
from models.records.tables import Mention, Reply

_SILENT_FOR = 3 * DAY
_NAMED = (
    ("elsewhere", frozenset({"RC09"})),
    ("offer", frozenset({"RC11"})),
    ("data", frozenset({"RC10"})),
    ("promise", frozenset({"RC06"})),
    ("copied", frozenset({"RC04"})),
    ("apology", frozenset({"RC01", "RC02", "RC03"})),
)
"""What each is called, and the rules that tell it."""


def weaknesses(session: Session, since: int, until: int) -> tuple[Weak, ...]:
    """All seven among the replies sent from `since` to `until`, and who waits at `until`."""
    statement = select(Reply.id, Reply.remarks).where(
        Reply.state == ReplyState.SENT, col(Reply.sent_at) >= since, col(Reply.sent_at) < until
    )
    sent = [(number or 0, set(rules)) for number, rules in session.exec(statement)]
    found = [
        Weak(name, tuple(number for number, rules in sent if rules & looked_for))
        for name, looked_for in _NAMED
    ]
    waiting = select(Mention.id).where(
        Mention.state == MentionState.OPEN,
        col(Mention.lane) != 4,
        Mention.posted_at < until - _SILENT_FOR,
    )
    silent = tuple(number or 0 for number in session.exec(waiting.order_by(col(Mention.id))))
    return (*found, Weak("silence", silent))
