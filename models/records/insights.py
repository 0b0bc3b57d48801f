"""Insights: what those who answer have learnt, in a sentence for the leaders' page."""

from sqlmodel import Session

from models.errors import Refused
from models.outside import storable
from models.records import threads
from models.records.events import record
from models.records.tables import Insight
from models.words import _

LONGEST = 240


def note(
    session: Session, mention_id: int, sentence: str, is_named: bool, staff: str, at: int
) -> int:
    """Keep it, with its author's name on the page only where they want that; its id.

    NotFound without such a mention; Refused where it is empty or too long for the page.
    """
    mention = threads.mention(session, mention_id)
    told = " ".join(storable(sentence)[0].split())
    if not told:
        raise Refused(_("An insight needs a sentence."))
    if len(told) > LONGEST:
        raise Refused(
            _("An insight is one sentence: at most {limit} letters, this has {length}.").format(
                limit=LONGEST, length=len(told)
            )
        )
    row = Insight(mention_id=mention.id or 0, text=told, staff=staff, is_named=is_named, at=at)
    session.add(row)
    session.flush()
    assert row.id is not None
    record(session, at, staff, "insight", row.id, "noted", mention=mention.id)
    return row.id
