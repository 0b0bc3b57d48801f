"""What a list shows, as values: no database is needed to hold or to draw them."""

from array import array
from dataclasses import dataclass
from typing import Any

from models.instant import HOUR

HEADS_UP = 2 * HOUR
"""So long before it is due a promise is pointed out."""


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


@dataclass(frozen=True, slots=True)
class Pressure:
    """How many wait in each lane, how many are late, and since when the longest waits."""

    lanes: dict[int, int]
    late: int
    oldest: int | None

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
