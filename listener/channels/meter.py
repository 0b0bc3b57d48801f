"""What a network's calls cost, counted as they are made; most networks have no meter."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock

MICROS = 1_000_000
"""In a dollar."""


@dataclass(frozen=True, slots=True)
class Bill:
    """What calls have cost, in millionths of a dollar."""

    calls: Mapping[str, int]
    """Feed -> what is billed at each call."""
    shown: Mapping[str, tuple[str, int]]
    """Id -> (feed, price) of what is billed once a day (UTC), however often it is shown."""

    def costs(self, fresh: Iterable[str]) -> dict[str, int]:
        """Feed -> cost, where `fresh` are the ids that were not billed yet today."""
        found = Counter(self.calls)
        for external_id in fresh:
            feed, price = self.shown[external_id]
            found[feed] += price
        return dict(+found)


class Meter:
    """Counts what each feed costs at these `prices` (dollars each), until it is read off.

    The listener and the sender share it, each from a thread of its own.
    """

    def __init__(self, prices: Mapping[str, float], daily_cap: float) -> None:
        self.daily_cap = round(daily_cap * MICROS)
        """Millionths of a dollar, after which nothing is read until midnight UTC."""
        self._prices = {kind: round(price * MICROS) for kind, price in prices.items()}
        self._lock, self._calls = Lock(), Counter[str]()
        self._shown = dict[str, tuple[str, int]]()

    def add(self, feed: str, kind: str) -> None:
        """A call was billed."""
        with self._lock:
            self._calls[feed] += self._prices[kind]

    def add_each(self, feed: str, kind: str, ids: Iterable[str]) -> None:
        """These were shown."""
        with self._lock:
            for external_id in ids:
                self._shown.setdefault(external_id, (feed, self._prices[kind]))

    def put_back(self, bill: Bill) -> None:
        """What was read off could not be put down."""
        with self._lock:
            self._calls.update(bill.calls)
            self._shown = {**self._shown, **bill.shown}

    def read_off(self) -> Bill:
        """What has come together since the last time."""
        with self._lock:
            bill = Bill(+self._calls, self._shown)
            self._calls, self._shown = Counter(), {}
            return bill
