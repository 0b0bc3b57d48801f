"""Putting off: a mention leaves the desk's queue for a while, and can never be late for it.

It still waits: every count, the ledger, the audit and `gensvar queue` have it as before. Its
customer's next word, an edit or any move of the mention ends it.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import tzinfo

from sqlmodel import Session, col, select

from models.errors import Refused
from models.instant import to_datetime
from models.records import queue
from models.records.events import record
from models.records.kinds import NoteKind
from models.records.tables import Identity, Mention
from models.records.views import Undo, latest_return
from models.records.work import notes
from models.records.work.claims import leased
from models.records.work.marks import checked_name, open_mention, put
from models.words import _


def snooze(
    session: Session, mention_id: int, until: int, zone: tzinfo, staff: str, at: int
) -> Undo:
    """Put it off; Refused beyond what `latest_return` allows, told in the local time of `zone`."""
    mention = open_mention(session, mention_id)
    _refuse_too_long(mention, until, zone, at)
    return put(session, mention, "snoozed", staff, at, {"snoozed_until": until}, until=until)


def hand_over(
    session: Session,
    mention_id: int,
    team: str,
    question: str,
    until: int,
    zone: tzinfo,
    staff: str,
    at: int,
) -> Undo:
    """Ask a team about it, and put it off meanwhile; the same limits."""
    mention = open_mention(session, mention_id)
    _refuse_too_long(mention, until, zone, at)
    values = {"handed_to": checked_name(team), "snoozed_until": until}
    asked = notes.write(session, mention, NoteKind.QUESTION, question, staff, at)
    done = put(session, mention, "handed over", staff, at, values, to=values["handed_to"])
    return replace(done, note_id=asked.note_id)


def answer_back(session: Session, mention_id: int, text: str, staff: str, at: int) -> Undo:
    """The team's answer: it is in the queue again, claimed for whoever asked."""
    mention = open_mention(session, mention_id)
    if mention.handed_to is None:
        raise Refused(_("Nobody was asked about mention {id}.").format(id=mention_id))
    asker = notes.asked_by(session, mention_id) or staff
    values = {"handed_to": None, "snoozed_until": 0, **leased(mention, asker, at)}
    answered = notes.write(session, mention, NoteKind.ANSWER, text, staff, at)
    done = put(session, mention, "answered back", staff, at, values, to=asker)
    return replace(done, note_id=answered.note_id)


def put_off_in(
    session: Session, conversation_ids: Collection[int]
) -> Sequence[tuple[Mention, int]]:
    """What was ever put off and waits in these conversations, with the person who wrote it."""
    statement = (
        select(Mention, Identity.person_id)
        .join(Identity, col(Identity.id) == col(Mention.identity_id))
        .where(queue.is_open(), queue.snoozed(), col(Mention.conversation_id).in_(conversation_ids))
        .order_by(col(Mention.id))
    )
    return session.exec(statement.execution_options(populate_existing=True)).all()


def end(session: Session, mention: Mention, at: int, actor: str) -> None:
    """Something has happened: it is in the desk's queue again."""
    mention.snoozed_until = 0
    mention.version += 1
    assert mention.id is not None
    record(session, at, actor, "mention", mention.id, "woken")
    session.add(mention)


def _refuse_too_long(mention: Mention, until: int, zone: tzinfo, at: int) -> None:
    latest = latest_return(mention.due_at, at)
    if latest <= at:
        raise Refused(
            _("Mention {id} cannot wait: its answer is owed within half an hour.").format(
                id=mention.id
            )
        )
    if until <= at:
        raise Refused(_("That moment has passed."))
    if until > latest:
        raise Refused(
            _("Mention {id} can be put off until {moment} at the latest.").format(
                id=mention.id, moment=f"{to_datetime(latest, zone):%Y-%m-%d %H:%M}"
            )
        )
