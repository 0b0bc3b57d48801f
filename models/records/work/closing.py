"""Closing many at once, each by itself: there is no reply to many."""

from collections.abc import Sequence

from sqlmodel import Session

from models.errors import NotFound, Refused
from models.records import desk
from models.records.views import Closed
from models.records.work.marks import lock_all
from models.words import _


def dismiss_all(session: Session, ids: Sequence[int], reason: str, staff: str, at: int) -> Closed:
    """Close these without reply; what cannot be closed is left, with why. `desk.reopen` undoes."""
    if not reason.strip():
        raise Refused(_("Closing without reply needs a reason."))
    lock_all(session, ids)
    closed, left = list[int](), dict[int, str]()
    for mention_id in dict.fromkeys(ids):
        try:
            desk.dismiss(session, mention_id, reason, staff, at)
            closed.append(mention_id)
        except (Refused, NotFound) as error:
            left[mention_id] = str(error)
    return Closed(tuple(closed), left)
