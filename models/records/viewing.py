"""Who looks at what just now: each window of a desk says so again and again, one row a window.

It keeps two from answering the same; nothing is logged, since who looked is nobody's figure.
"""

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from models.instant import MINUTE, SECOND
from models.records import threads
from models.records.people import insert_new
from models.records.tables import Viewing

FRESH = 45 * SECOND
"""How long after it was last said."""
_KEPT = 10 * MINUTE


def look(session: Session, desk: str, mention_id: int | None, staff: str, at: int) -> None:
    """This window shows this mention, or none; rows of those long gone are swept out.

    NotFound if there is no such mention.
    """
    if mention_id is None:
        leave(session, desk)
    else:
        threads.mention(session, mention_id)
        values = {"staff": staff, "mention_id": mention_id, "seen_at": at}
        insert_new(session, Viewing, desk=desk, **values)
        mine = update(Viewing).where(col(Viewing.desk) == desk)
        session.connection().execute(mine.values(**values))
    _sweep(session, at)


def leave(session: Session, desk: str) -> None:
    """The window shows no mention any more."""
    session.connection().execute(delete(Viewing).where(col(Viewing.desk) == desk))


def viewers(session: Session, ids: Sequence[int], at: int) -> dict[int, tuple[str, ...]]:
    """Who looks at these mentions, each once."""
    lately = col(Viewing.seen_at).between(at - FRESH, at + FRESH)  # clocks can step back
    statement = (
        select(col(Viewing.mention_id), col(Viewing.staff))
        .where(col(Viewing.mention_id).in_(ids), lately)
        .order_by(col(Viewing.staff))
        .distinct()
    )
    found = dict[int, tuple[str, ...]]()
    for mention_id, staff in session.connection().execute(statement):
        found[mention_id] = (*found.get(mention_id, ()), staff)
    return found


def is_elsewhere(session: Session, desk: str, mention_id: int, staff: str, at: int) -> bool:
    """Whether another window of the same person shows this mention."""
    mine = select(col(Viewing.desk)).where(
        col(Viewing.mention_id) == mention_id,
        col(Viewing.staff) == staff,
        col(Viewing.desk) != desk,
        col(Viewing.seen_at).between(at - FRESH, at + FRESH),
    )
    return session.connection().execute(mine.limit(1)).first() is not None


def _sweep(session: Session, at: int) -> None:
    """Last, and passing over what another window is writing: two who sweep cannot deadlock."""
    old = select(col(Viewing.desk)).where(col(Viewing.seen_at) < at - _KEPT)
    rows = old.with_for_update(skip_locked=True)
    session.connection().execute(delete(Viewing).where(col(Viewing.desk).in_(rows)))
