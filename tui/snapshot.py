"""One picture of the database, which the screens only swap for the next."""

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.records.views import Pressure

if TYPE_CHECKING:
    from models.records.outbox import Pending
    from models.records.presence import Listening
    from models.records.silence import Silence


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that the screens show of the whole database, read at `at` for one lane, or all."""

    at: int
    lane: int | None
    order: "array[int]"
    newest: int
    """The highest id there is: what comes later is an arrival."""
    pressure: Pressure | None = None
    """None in the first picture, which counts nothing."""
    listeners: "list[Listening] | tuple[()]" = ()
    pending: "list[Pending] | tuple[()]" = ()
    owed: tuple[int, int] = (0, 0)
    """Promises due within two hours, and broken ones."""
    silences: "tuple[Silence, ...]" = ()
    """Networks of which we do not hear all, the worst first."""
    skew: int = 0
    """How far the database's clock is ahead of ours, in microseconds."""
