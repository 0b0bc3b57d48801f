"""What a network's calls cost, counted as they are made; most networks have no meter."""

from collections import Counter
from collections.abc import Iterable, Mapping
from threading import Lock

from models.instant import DAY, now

MICROS = 1_000_000
"""In a dollar."""


class Meter:
    """Counts what each feed costs at these `prices` (dollars each), until it is read off.

    The listener and the sender share it, each from a thread of its own.
    """

    def __init__(self, prices: Mapping[str, float], daily_cap: float) -> None:
        self.daily_cap = round(daily_cap * MICROS)
        """Millionths of a dollar, after which nothing is read until midnight UTC."""
        self._prices = {kind: round(price * MICROS) for kind, price in prices.items()}
        self._lock, self._run_up = Lock(), Counter[str]()
        self._day, self._seen = 0, set[str]()

    def add(self, feed: str, kind: str, units: int = 1) -> None:
        """So many units were billed."""
        with self._lock:
            self._run_up[feed] += units * self._prices[kind]

    def add_each(self, feed: str, kind: str, ids: Iterable[str]) -> None:
        """These were shown; each is billed once a day (UTC), however often it is asked for."""
        with self._lock:
            day = now() // DAY
            if day != self._day:
                self._day, self._seen = day, set()
            fresh = set(ids) - self._seen
            self._seen |= fresh
            self._run_up[feed] += len(fresh) * self._prices[kind]

    def put_back(self, costs: Mapping[str, int]) -> None:
        """What was read off could not be put down."""
        with self._lock:
            self._run_up.update(costs)

    def read_off(self) -> dict[str, int]:
        """Feed -> millionths of a dollar since the last time."""
        with self._lock:
            found, self._run_up = +self._run_up, Counter()
            return dict(found)
