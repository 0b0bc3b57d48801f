"""Who needed an answer, who got one, and how long it took: waits that end in a window or last.

A wait is one person's in one conversation, from the first unanswered word to what ended it
(models.records.spells has the same definition over all time). What was answered after the window
still waited at its end: a figure of a past day never improves by what happened later.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, and_, select
from sqlmodel import Session, col

from models.business import Calendar
from models.figures import Ids, Needed, Waits
from models.instant import DAY, MINUTE
from models.records.kinds import LIVE, MentionState
from models.records.tables import Identity, Mention, Reply

NO_REPLY_NEEDED = 4
_NEVER = 3 * DAY
REPLY, NATIVE, BY_HAND, WAITING = "reply", "native", "by hand", "waiting"


@dataclass(slots=True)
class Wait:
    """One wait; `end` is None where it lasts at the end of the window."""

    first: int
    """The mention it began with."""
    start: int
    due_at: int
    end: int | None
    how: str
    mentions: list[int] = field(default_factory=list)

    def minutes(self, until: int) -> int:
        """On the wall clock; a lasting one at its age."""
        return max(0, (until if self.end is None else self.end) - self.start) // MINUTE


@dataclass(frozen=True, slots=True)
class Row:
    """What must be known of a mention to say how long somebody waited."""

    id: int
    person_id: int
    conversation_id: int
    posted_at: int
    due_at: int
    settled_at: int | None
    reply_id: int | None
    own_post_id: int | None
    answered_link: str | None


def waits(session: Session, since: int, until: int) -> list[Wait]:
    """The waits of a window, in the order they began."""
    found = dict[tuple[object, ...], Wait]()
    for row in _rows(session, since, until):
        end, how, key = _ending(row, until)
        wait = found.get(key)
        if wait is None:
            found[key] = wait = Wait(row.id, row.posted_at, row.due_at, end, how)
        if (row.posted_at, row.id) < (wait.start, wait.first):
            wait.first, wait.start = row.id, row.posted_at
        wait.due_at = min(wait.due_at, row.due_at)
        wait.end = end if wait.end is None or end is None else max(wait.end, end)
        wait.mentions.append(row.id)
    return sorted(found.values(), key=lambda wait: (wait.start, wait.first))


def _ending(row: Row, until: int) -> tuple[int | None, str, tuple[object, ...]]:
    """When and how the wait of this mention ended, and which wait it is part of."""
    person = row.person_id, row.conversation_id
    if row.settled_at is None or row.settled_at >= until:
        return None, WAITING, (*person, WAITING)
    if row.own_post_id is not None:
        return row.settled_at, NATIVE, (*person, NATIVE, row.own_post_id)
    if row.answered_link is not None:
        return row.settled_at, BY_HAND, (*person, BY_HAND, row.answered_link)
    return row.settled_at, REPLY, (*person, REPLY, row.reply_id)


def _rows(session: Session, since: int, until: int) -> Iterator[Row]:
    """Mentions answered in the window, and those that waited at its end; each by an index."""
    answered = and_(
        col(Mention.state) == MentionState.ANSWERED,
        col(Mention.settled_at) >= since,
        col(Mention.settled_at) < until,
    )
    wanted = col(Mention.lane) != NO_REPLY_NEEDED
    begun = and_(col(Mention.posted_at) < until, wanted)
    still = and_(begun, col(Mention.state) == MentionState.OPEN)
    live = select(col(Reply.id)).where(col(Reply.state).in_(LIVE))
    replying = and_(
        begun, col(Mention.reply_id).in_(live), col(Mention.state) == MentionState.REPLYING
    )
    later = and_(begun, col(Mention.settled_at) >= until)
    for where in (answered, still, replying, later):
        for row in session.connection().execute(_columns().where(where)):
            yield Row(*row)


def _columns() -> Select[*tuple[Any, ...]]:
    return select(
        col(Mention.id),
        col(Identity.person_id),
        col(Mention.conversation_id),
        col(Mention.posted_at),
        col(Mention.due_at),
        col(Mention.settled_at),
        col(Mention.reply_id),
        col(Mention.own_post_id),
        col(Mention.answered_link),
    ).join(Identity, col(Identity.id) == col(Mention.identity_id))


def needed(found: Iterable[Wait]) -> Needed:
    """The waits by how they ended."""
    by_how: dict[str, list[int]] = {REPLY: [], NATIVE: [], BY_HAND: [], WAITING: []}
    for wait in found:
        by_how[wait.how].append(wait.first)
    return Needed(*(tuple(ids) for ids in by_how.values()))


def in_time(found: Iterable[Wait], until: int) -> tuple[Ids, Ids]:
    """Who was answered by the due moment, and who was not or still waits past it."""
    good, late = list[int](), list[int]()
    for wait in found:
        if wait.end is not None and wait.end <= wait.due_at:
            good.append(wait.first)
        elif wait.end is not None or wait.due_at < until:
            late.append(wait.first)
    return tuple(good), tuple(late)


def never(found: Iterable[Wait], until: int) -> Ids:
    """Who has waited for more than three days."""
    return tuple(w.first for w in found if w.end is None and w.start < until - _NEVER)


def wall(found: Iterable[Wait], until: int) -> Waits:
    """The customer's clock: Friday 18:05 to Monday 08:52 is 62 hours and 47 minutes."""
    return _spread(wait.minutes(until) for wait in found)


def staffed(found: list[Wait], until: int, calendar: Calendar) -> Waits:
    """The same in staffed time."""
    clock = _Staffed(calendar, min((wait.start for wait in found), default=until), until)
    return _spread(clock.between(w.start, until if w.end is None else w.end) for w in found)


def _spread(minutes: Iterable[int]) -> Waits:
    """Median and ninth decile by the nearest rank: both are waits that somebody had."""
    ordered = sorted(minutes)
    if not ordered:
        return Waits(None, None)
    return Waits(*(ordered[max(0, -(-len(ordered) * share // 100) - 1)] for share in (50, 90)))


class _Staffed:
    """Staffed minutes between two instants, counted once for all waits of a window."""

    def __init__(self, calendar: Calendar, since: int, until: int) -> None:
        self._begins, self._sums, self._ends = array("q"), array("q"), array("q")
        total = 0
        for begin, end in calendar.periods(since):
            if begin >= until:
                break
            self._begins.append(begin)
            self._ends.append(end)
            self._sums.append(total)
            total += end - begin

    def between(self, start: int, end: int) -> int:
        """Minutes, rounded down."""
        return max(0, self._before(end) - self._before(start)) // MINUTE

    def _before(self, at: int) -> int:
        place = bisect_right(self._begins, at) - 1
        if place < 0:
            return 0
        return self._sums[place] + min(at, self._ends[place]) - self._begins[place]
