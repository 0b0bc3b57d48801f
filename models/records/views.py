"""What a list shows and what staff have put on a mention, as values: no database is needed."""

from array import array
from dataclasses import dataclass
from typing import Any

from models.instant import DAY, HOUR, MINUTE

HEADS_UP = 2 * HOUR
"""So long before it is due a promise is pointed out."""
BACK_BEFORE_DUE = 30 * MINUTE
"""What is put off comes back so long before its answer is owed."""


def latest_return(due_at: int, at: int) -> int:
    """Until when a mention may be put off at `at`; not after `at` where it may not be at all.

    It can never make us late: what is late already may be put off by a day.
    """
    return due_at - BACK_BEFORE_DUE if due_at > at else at + DAY


@dataclass(frozen=True, slots=True)
class Line:
    """One mention as a list shows it; `state` may have moved on since the list was ordered."""

    id: int
    state: str
    lane: int
    judged: bool
    due_at: int
    channel: str
    language: str | None
    name: str | None
    handle: str | None
    beginning: str
    media: list[dict[str, Any]]
    perhaps_answered: bool
    assigned_to: str | None
    """Who has claimed it; None once the lease is over."""
    is_pinned: bool
    tags: list[str]
    handed_to: str | None


@dataclass(frozen=True, slots=True)
class Marks:
    """What staff have put on a mention; lasting names are those of its columns."""

    assigned_to: str | None
    claimed_until: int
    snoozed_until: int
    is_pinned: bool
    tags: tuple[str, ...]
    handed_to: str | None


@dataclass(frozen=True, slots=True)
class Undo:
    """How to take an act back: what was on the mention before and after, and the note it wrote."""

    mention_id: int
    before: Marks
    after: Marks
    note_id: int | None = None
    taken_from: str | None = None
    """The colleague whose claim it was, where one was taken over."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What a member of staff wrote about a mention: a note, a question to a team, its answer."""

    id: int
    mention_id: int
    staff: str
    at: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Which of many were closed, and of the others why not."""

    undos: tuple[Undo, ...]
    left: dict[int, str]

    @property
    def ids(self) -> tuple[int, ...]:
        """Those that were closed."""
        return tuple(one.mention_id for one in self.undos)


@dataclass(frozen=True, slots=True)
class Pressure:
    """How many wait in each lane, how many are late, and since when the longest waits.

    `snoozed` of them are put off; they wait all the same and are counted in the lanes.
    """

    lanes: dict[int, int]
    late: int
    oldest: int | None
    snoozed: int

    @property
    def waiting(self) -> int:
        """All who wait."""
        return sum(self.lanes.values())


@dataclass(frozen=True, slots=True)
class Glance:
    """The top of the queue: enough for a first screen. `newest` is the highest id there is."""

    order: "array[int]"
    lines: dict[int, Line]
    newest: int
