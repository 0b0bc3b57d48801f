"""Taking an act of the desk back, unless somebody has changed the same thing meanwhile."""

from dataclasses import fields

from sqlmodel import Session

from models.errors import Refused
from models.records import desk, threads
from models.records.tables import Note
from models.records.views import Marks, Undo, latest_return
from models.records.work import notes
from models.records.work.marks import marks_of, put
from models.words import _


def changed_meanwhile(mention_id: int) -> Refused:
    """Why an act is not taken back."""
    told = _("Somebody has changed mention {id} meanwhile; it was left as it is.")
    return Refused(told.format(id=mention_id))


def restore(session: Session, undo: Undo, staff: str, at: int) -> None:
    """Put back what the act changed, and take its note away; the rest of the mention is left.

    Refused where one of these columns is no longer as the act left it. What was put off comes
    back in time even so.
    """
    mention = threads.locked_mention(session, undo.mention_id)
    names = [one.name for one in fields(Marks)]
    changed = [name for name in names if getattr(undo.before, name) != getattr(undo.after, name)]
    if set(changed) - {"tags"}:
        desk.refuse_unless_open(session, mention)
    now = marks_of(mention)
    if any(getattr(now, name) != getattr(undo.after, name) for name in changed):
        raise changed_meanwhile(undo.mention_id)
    values = {name: getattr(undo.before, name) for name in changed}
    if "tags" in values:
        values["tags"] = list(undo.before.tags)
    if "snoozed_until" in values:
        latest = max(0, latest_return(mention.due_at, at))
        values["snoozed_until"] = min(undo.before.snoozed_until, latest)
    put(session, mention, "undone", staff, at, values, columns=changed)
    if undo.note_id is not None and (row := session.get(Note, undo.note_id)):
        notes.remove(session, row, staff, at)
