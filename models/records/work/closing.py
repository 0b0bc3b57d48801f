"""Closing some at once, each by itself, and taking that back: there is no reply to many."""

from collections.abc import Sequence

from sqlmodel import Session

from models.errors import NotFound, Refused
from models.records import desk, threads
from models.records.kinds import MentionState
from models.records.views import Closed, Undo
from models.records.work.marks import lock_all, marks_of
from models.records.work.undoing import changed_meanwhile, restore
from models.words import _


def dismiss_all(session: Session, ids: Sequence[int], reason: str, staff: str, at: int) -> Closed:
    """Close these without reply; what cannot be closed is left, with why."""
    if not reason.strip():
        raise Refused(_("Closing without reply needs a reason."))
    lock_all(session, ids)
    closed, left = list[Undo](), dict[int, str]()
    for mention_id in dict.fromkeys(ids):
        try:
            mention = threads.locked_mention(session, mention_id)
            before = marks_of(mention)
            desk.dismiss(session, mention_id, reason, staff, at)
            closed.append(Undo(mention_id, before, marks_of(mention)))
        except (Refused, NotFound) as error:
            left[mention_id] = str(error)
    return Closed(tuple(closed), left)


def reopen_by_hand(session: Session, mention_id: int, staff: str, at: int) -> None:
    """It was not answered by hand after all; Refused where it was answered otherwise since."""
    mention = threads.locked_mention(session, mention_id)
    if not mention.answered_link or mention.answered_by != staff:
        raise changed_meanwhile(mention_id)
    desk.reopen(session, mention_id, staff, at)


def reopen_closed(session: Session, undo: Undo, staff: str, at: int) -> None:
    """Open it again as it was before it was closed; Refused where somebody settled it since."""
    mention = threads.locked_mention(session, undo.mention_id)
    if mention.state != MentionState.DISMISSED or mention.dismissed_by != staff:
        raise changed_meanwhile(undo.mention_id)
    desk.reopen(session, undo.mention_id, staff, at)
    restore(session, undo, staff, at)
