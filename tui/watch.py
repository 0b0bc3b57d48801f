"""The watch: a thread that waits for changes and reads the picture for the screen."""

import threading
from collections.abc import Callable
from time import perf_counter

from tui.seat import Seat
from tui.snapshot import Snapshot

_REST = 1.0
"""Times as long as a look took is rested after it, so that a storm of changes costs a third of a
core at most; a second at most."""
_LEAST_REST = 0.1


class Watch:
    """Looks once at the start, then after every change; `tell` is called from its thread."""

    def __init__(self, seat: Seat, tell: Callable[[Snapshot | Exception], object]) -> None:
        self.lane: int | None = None
        self._seat, self._tell = seat, tell
        self._changes = seat.changes()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._thread.start()

    def look_again(self) -> None:
        """Something was done here: do not wait to notice."""
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
                self._tell(self._seat.picture(self.lane))
            except Exception as error:  # a fault of ours is the screen's to raise
                self._tell(error)
            took = perf_counter() - began
            self._changes.rest(min(1.0, max(_LEAST_REST, _REST * took)))
