"""Whether every source was heard over the whole window, and what is missing where not."""

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.figures import Missing
from models.instant import DAY
from models.records.sources import IMPORT
from models.records.tables import Mention, Source, Tally
from models.records.tally import STOPPED


def missing(session: Session, since: int, until: int, heard: int) -> tuple[Missing, ...]:
    """Sources not read since `heard`, holes in the window, caps spent, posts not judged."""
    found = list[Missing]()
    read = (Source.feed != IMPORT, col(Source.is_off).is_(False))
    for source in session.exec(select(Source).where(*read).order_by(Source.name)):
        if (source.last_ok_at or 0) < heard:
            found.append(Missing("silent", source.name, source.last_ok_at))
        hole = source.gap_from, source.gap_to
        if hole[0] is not None and hole[1] is not None and hole[0] < until and hole[1] >= since:
            found.append(Missing("gap", source.name, *hole))
    capped = select(Tally.name).where(
        Tally.what == STOPPED, Tally.day >= since // DAY, Tally.day <= (until - 1) // DAY
    )
    for name in sorted({name.partition(":")[0] for name in session.exec(capped)}):
        found.append(Missing("capped", name))
    if number := _unjudged(session, since, until):
        found.append(Missing("unjudged", "", number=number))
    return tuple(found)


def _unjudged(session: Session, since: int, until: int) -> int:
    where = (
        col(Mention.judged_at).is_(None),
        col(Mention.posted_at) >= since,
        col(Mention.posted_at) < until,
        col(Mention.text).is_not(None),
    )
    return session.exec(select(func.count()).where(*where)).one()
