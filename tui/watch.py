"""The watch: a thread that waits for changes and reads the whole picture, so the screen need not.

Each look is one immutable snapshot; the screen only swaps it.
"""

import threading
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

from models import instant
from models.records import outbox, presence, queue
from models.records.changes import Changes
from models.records.outbox import Pending
from models.records.presence import Listening
from models.records.queue import Pressure
from tui.seat import Seat

_REST = 2.0
"""Times as long as a look took is rested after it, so that a storm of changes costs a third of a
core at most; a second at most."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that the screens show of the whole database, read at `at` for one lane, or all."""

    at: int
    lane: int | None
    order: "array[int]"
    pressure: Pressure
    newest: int
    listeners: list[Listening] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)
    skew: int = 0
    """How far the database's clock is ahead of ours, in microseconds."""
    complete: bool = True
    """False for the first page alone, which is read before the screen opens."""


def first_page(seat: Seat, rows: int) -> Snapshot:
    """Enough to paint a screen: the top of the queue, without counting anything."""
    at = seat.now()
    with seat.store.read() as session:
        newest = queue.newest(session)
        order = queue.order(session, limit=rows)
    return Snapshot(at, None, order, Pressure({}, 0, None), newest, complete=False)


def look(seat: Seat, lane: int | None) -> Snapshot:
    """Everything, in one consistent read."""
    ours, at = instant.now(), seat.now()
    skew = 0 if seat.store.is_sqlite else at - ours
    with seat.store.read() as session:
        return Snapshot(
            at,
            lane,
            queue.order(session, lane),
            queue.pressure(session, at),
            queue.newest(session),
            presence.listeners(session, at),
            outbox.pending(session, at),
            skew,
        )


class Watch:
    """Looks once at the start, then after every change; `tell` is called from its thread."""

    def __init__(self, seat: Seat, tell: Callable[[Snapshot | Exception], object]) -> None:
        self.lane: int | None = None
        self._seat, self._tell = seat, tell
        self._changes = Changes(seat.store)
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def poke(self) -> None:
        """Look again now."""
        self._changes.poke()

    def stop(self) -> None:
        """End, and wait for the look under way."""
        self._changes.stop()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        self._changes.poke()
        while self._changes.wait():
            began = perf_counter()
            try:
                self._tell(look(self._seat, self.lane))
            except Exception as error:  # a fault of ours is the screen's to raise
                self._tell(error)
            self._changes.rest(min(1.0, _REST * (perf_counter() - began)))
