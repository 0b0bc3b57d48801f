"""The figures of a window, each one query with its rows (values in models.figures)."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from models.business import Calendar
from models.figures import Change, Figures, Ids
from models.instant import DAY, day_bounds, to_datetime
from models.records.figures import changes, owed, voices, waits, wholeness
from models.records.kinds import MentionState
from models.records.tables import Mention, Tally
from models.records.tally import SPENT
from models.records.topics import Window, counts, rising
from models.records.weak import weaknesses
from models.topics import Topics

__all__ = ("figures",)


def figures(
    session: Session,
    days: Sequence[date],
    calendar: Calendar,
    at: int,
    stale: int,
    topics: Topics,
) -> Figures:
    """Of a local day, or of several in a row that are told in one; of today, as far as it went.

    `at` is now; a source not read for `stale` microseconds is missing.
    """
    since, _next = day_bounds(days[0], calendar.zone)
    _first, end = day_bounds(days[-1], calendar.zone)
    until = min(end, at)
    _last, midnight = day_bounds(to_datetime(until, calendar.zone).date(), calendar.zone)
    found = waits.waits(session, since, until)
    in_time, late = waits.in_time(found, until)
    holding, concluding = owed.replies(session, since, until)
    before = changes.earlier(days, calendar.zone)
    lasting = [wait.minutes(until) for wait in found if wait.end is None]
    return Figures(
        days=tuple(days),
        since=since,
        until=until,
        needed=waits.needed(found),
        in_time=in_time,
        late=late,
        never=waits.never(found, until),
        longest=max(lasting, default=None),
        wall=waits.wall(found, until),
        staffed=waits.staffed(found, until, calendar),
        closed=_closed(session, since, until),
        holding=holding,
        concluding=concluding,
        promises=owed.promises(session, since, until, midnight),
        topics=_topics(session, (since, until), before, topics),
        rising=_rising(session, (since, until), before),
        followers=voices.followers(session, since, until),
        turned=voices.turned(session, until),
        weak=tuple(one for one in weaknesses(session, since, until) if one.name != "silence"),
        spent=_spent(session, since, until),
        quotes=voices.quotes(session, since, until),
        insights=voices.insights(session, since, until),
        weeks=changes.weeks(session, until),
        missing=wholeness.missing(session, since, until, min(until, at - stale)),
    )


def _topics(
    session: Session, window: Window, before: Sequence[Window], topics: Topics
) -> tuple[Change, ...]:
    """Complaints by what they are about, beside the same weekday of the weeks before."""
    counted = [
        {name: tuple(ids) for name, ids in counts(session, *one, complaints=True).items()}
        for one in (window, *before)
    ]
    breaking = frozenset(topic.name for topic in topics.all if topic.broken_word)
    return changes.topics(counted[0], counted[1:], breaking)


def _rising(
    session: Session, window: Window, before: Sequence[Window]
) -> tuple[tuple[str, Ids], ...]:
    return tuple((one.word, one.mentions) for one in rising(session, window, before))


def _closed(session: Session, since: int, until: int) -> Ids:
    where = (
        Mention.state == MentionState.DISMISSED,
        col(Mention.settled_at) >= since,
        col(Mention.settled_at) < until,
    )
    return tuple(
        number or 0
        for number in session.exec(select(Mention.id).where(*where).order_by(col(Mention.id)))
    )


def _spent(session: Session, since: int, until: int) -> int:
    """Days are UTC here, as networks bill them: those that begin in the window."""
    days = (Tally.day >= -(-since // DAY), Tally.day <= (until - 1) // DAY)
    amounts = session.exec(select(Tally.amount).where(Tally.what == SPENT, *days))
    return sum(amounts)
