"""What has changed against the same weekday, and how the weeks have gone."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta, tzinfo
from statistics import median

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from models.chance import at_least
from models.figures import Change, Ids, Week
from models.instant import DAY, day_bounds
from models.records.figures.waits import NO_REPLY_NEEDED
from models.records.kinds import MentionState
from models.records.tables import Mention

_FEWEST, _TIMES, _CHANCE = 3, 2.0, 0.01
_WEEKS_BACK = 4
_WEEKS = 13


def compared(name: str, ids: Ids, before: Sequence[int], breaks_word: bool = False) -> Change:
    """A count beside those of earlier windows of the same kind."""
    usual = float(median(before)) if before else 0.0
    mean = max(sum(before) / len(before) if before else 0.0, 0.5)
    count = len(ids)
    is_risen = count >= _FEWEST and count >= _TIMES * usual and at_least(count, mean) < _CHANCE
    return Change(name, ids, usual, is_risen, breaks_word)


def earlier(days: Sequence[date], zone: tzinfo) -> list[tuple[int, int]]:
    """The same weekdays of the four weeks before, as windows."""
    windows = list[tuple[int, int]]()
    for weeks in range(1, _WEEKS_BACK + 1):
        back = timedelta(weeks=weeks)
        since, _next = day_bounds(days[0] - back, zone)
        _first, until = day_bounds(days[-1] - back, zone)
        windows.append((since, until))
    return windows


def topics(
    now: Mapping[str, Ids], before: Sequence[Mapping[str, Ids]], breaking: frozenset[str]
) -> tuple[Change, ...]:
    """Every topic of the window, the most frequent first."""
    found = [
        compared(name, ids, [len(one.get(name, ())) for one in before], name in breaking)
        for name, ids in now.items()
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.ids), one.name)))


def weeks(session: Session, until: int) -> tuple[Week, ...]:
    """Thirteen weeks up to the end of the window: posts that wanted an answer, and those in time.

    What is not yet due counts as neither.
    """
    since = until - _WEEKS * 7 * DAY
    week = (col(Mention.posted_at) - since) // (7 * DAY)
    answered = col(Mention.state) == MentionState.ANSWERED
    is_good = answered & (col(Mention.settled_at) <= col(Mention.due_at))
    is_open = col(Mention.state).in_((MentionState.OPEN, MentionState.REPLYING))
    is_due = answered | (is_open & (col(Mention.due_at) < until))
    statement = (
        select(week, func.sum(case((is_good, 1), else_=0)), func.sum(case((is_due, 1), else_=0)))
        .where(
            col(Mention.posted_at) >= since,
            col(Mention.posted_at) < until,
            col(Mention.lane) != NO_REPLY_NEEDED,
        )
        .group_by(week)
    )
    found = {
        int(number): (int(good), int(due))
        for number, good, due in session.connection().execute(statement)
    }
    return tuple(
        Week(since + number * 7 * DAY, *found.get(number, (0, 0))) for number in range(_WEEKS)
    )
