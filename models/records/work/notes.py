"""Notes: what staff write to each other beside a conversation; none ever becomes a reply."""

from sqlmodel import Session, col, select

from models.errors import NotFound, Refused
from models.outside import storable, visible
from models.records import threads
from models.records.events import record
from models.records.kinds import NoteKind
from models.records.tables import Mention, Note
from models.records.views import Noted, Undo
from models.records.work.marks import marks_of
from models.words import _

LONGEST = 2_000
_MOST = 200
"""Notes read with a conversation, the newest."""


def note(session: Session, mention_id: int, text: str, staff: str, at: int) -> Undo:
    """Keep a note beside a mention, whatever its state; `note_id` says which it is."""
    mention = threads.locked_mention(session, mention_id)
    return write(session, mention, NoteKind.NOTE, text, staff, at)


def unnote(session: Session, note_id: int, staff: str, at: int) -> Noted:
    """Take one's own note away; what it said is handed back. Questions and answers stay."""
    row = session.get(Note, note_id)
    if row is None:
        raise NotFound(_("There is no note {id}.").format(id=note_id))
    if row.kind != NoteKind.NOTE:
        raise Refused(_("A question and its answer stay with the mention."))
    return remove(session, row, staff, at)


def of_conversation(session: Session, conversation_id: int) -> tuple[Noted, ...]:
    """The notes beside a conversation, oldest first."""
    latest = select(Note).where(Note.conversation_id == conversation_id)
    rows = session.exec(latest.order_by(col(Note.id).desc()).limit(_MOST)).all()
    return tuple(_value(row) for row in reversed(rows))


def asked_by(session: Session, mention_id: int) -> str | None:
    """Who put the last question about it to a team."""
    questions = select(Note.staff).where(
        Note.mention_id == mention_id, Note.kind == NoteKind.QUESTION
    )
    return session.exec(questions.order_by(col(Note.id).desc())).first()


def write(
    session: Session, mention: Mention, kind: NoteKind, text: str, staff: str, at: int
) -> Undo:
    """Add a note of any kind to a locked mention; Refused where it says nothing or too much."""
    kept = checked(text)
    assert mention.id is not None
    row = Note(
        conversation_id=mention.conversation_id,
        mention_id=mention.id,
        staff=staff,
        at=at,
        kind=kind,
        text=kept,
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    record(session, at, staff, "note", row.id, "noted", mention=mention.id, what=str(kind))
    marks = marks_of(mention)
    return Undo(mention.id, marks, marks, row.id)


def remove(session: Session, row: Note, staff: str, at: int) -> Noted:
    """Delete a note; Refused for somebody else's."""
    if row.staff != staff:
        raise Refused(_("This note is {staff}'s.").format(staff=row.staff))
    told = _value(row)
    record(session, at, staff, "note", told.id, "removed", mention=row.mention_id)
    session.delete(row)
    return told


def checked(text: str) -> str:
    """The text as it is kept."""
    kept = storable(text)[0].strip()
    if not visible(kept).strip(" ◊␀"):
        raise Refused(_("The note is empty."))
    if len(kept) > LONGEST:
        raise Refused(
            _("A note has at most {limit} letters; this one has {length}.").format(
                limit=LONGEST, length=len(kept)
            )
        )
    return kept


def _value(row: Note) -> Noted:
    return Noted(row.id or 0, row.mention_id, row.staff, row.at, row.kind, row.text)
