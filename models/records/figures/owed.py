"""Our own promises in a window, and the full answers that replies which only held the line owe."""

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from models.answer import CONCLUDE
from models.figures import Ids, Promises
from models.records.kinds import PromiseState, ReplyState
from models.records.tables import Promise, Reply

_SPOKEN = Promise.action != CONCLUDE


def promises(session: Session, since: int, until: int, midnight: int) -> Promises:
    """Made, kept and broken within the window; at its end due before `midnight`, and overdue."""
    made = col(Promise.made_at)
    closed = col(Promise.closed_at)
    within = (closed >= since, closed < until)
    undone = (col(Promise.done_at).is_(None) | (col(Promise.done_at) >= until),)
    due = col(Promise.due_at)
    return Promises(
        made=_ids(session, _SPOKEN, made >= since, made < until),
        kept=_ids(session, _SPOKEN, Promise.state == PromiseState.KEPT, *within),
        broken=_ids(session, _SPOKEN, Promise.state == PromiseState.BROKEN, *within),
        due=_ids(session, _SPOKEN, *undone, made < until, due >= until, due < midnight),
        overdue=_ids(session, _SPOKEN, *undone, due < until),
        unconcluded=_ids(session, Promise.action == CONCLUDE, *undone, due < until),
    )


def replies(session: Session, since: int, until: int) -> tuple[Ids, Ids]:
    """Replies sent in the window: those that only hold the line, and those that conclude."""
    statement = (
        select(Reply.id, Reply.is_holding)
        .where(
            Reply.state == ReplyState.SENT, col(Reply.sent_at) >= since, col(Reply.sent_at) < until
        )
        .order_by(col(Reply.id))
    )
    found = session.exec(statement).all()
    holding = tuple(number or 0 for number, is_holding in found if is_holding)
    return holding, tuple(number or 0 for number, is_holding in found if not is_holding)


def _ids(session: Session, *where: ColumnElement[bool] | bool) -> Ids:
    statement = select(Promise.id).where(*where).order_by(col(Promise.id))
    return tuple(number or 0 for number in session.exec(statement))
