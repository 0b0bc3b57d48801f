"""The business clock: staffed time over split days, holidays, zones and clock changes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from models.instant import DAY, MINUTE, from_datetime, to_datetime

COUNTRIES = ("SE", "NO", "DK", "FI", "GB")
COUNTRY_OF = {
    "Europe/Stockholm": "SE",
    "Europe/Oslo": "NO",
    "Europe/Copenhagen": "DK",
    "Europe/Helsinki": "FI",
    "Europe/London": "GB",
}
_LONGEST_CLOSURE = 60  # days without one staffed period; beyond that the hours are a mistake

Period = tuple[time, time]
Week = tuple[tuple[Period, ...], ...]
"""Seven days, Monday first, each with its staffed periods in order; 24:00 is `time.max`."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody is there to answer: a zone, a week of periods and a country's holidays."""

    zone: ZoneInfo
    week: Week
    country: str | None = None
    closed: frozenset[str] = frozenset()
    """Further days off: `2026-06-05`, or `12-24` for every year."""

    def after(self, start: int, minutes: int) -> int:
        """The instant at which `minutes` of staffed time have passed since `start`."""
        left = minutes * MINUTE
        for begin, end in self.periods(start):
            if left <= end - begin:
                return begin + left
            left -= end - begin
        raise AssertionError("periods never end")

    def between(self, start: int, end: int) -> int:
        """Minutes of staffed time from `start` to `end`, rounded down; 0 if none."""
        total = 0
        if start < end:
            for begin, stop in self.periods(start):
                if begin >= end:
                    break
                total += min(stop, end) - begin
        return total // MINUTE

    def moved(self, zone: ZoneInfo) -> "Calendar":
        """The same hours in another zone, with the holidays kept there where that is known."""
        if zone == self.zone:
            return self
        return replace(self, zone=zone, country=COUNTRY_OF.get(zone.key, self.country))

    def closes(self, day: date) -> int | None:
        """The instant at which the last staffed period of a day ends; None on a day off."""
        return max((end for _begin, end in self._of_day(day)), default=None)

    def closes_from(self, day: date) -> int:
        """The same of this day or the next staffed one."""
        for later in range(_LONGEST_CLOSURE):
            end = self.closes(day + timedelta(days=later))
            if end is not None:
                return end
        return self._at(day, time.max)

    def periods(self, start: int) -> Iterator[tuple[int, int]]:
        """Staffed periods from `start` on, as instants in order that never overlap.

        Hours may overlap as written, and around the hour that spring skips.
        """
        day, closed, reached = to_datetime(start, self.zone).date(), 0, start
        while closed <= _LONGEST_CLOSURE:
            closed += 1
            for begin, end in self._of_day(day):
                if end > reached:
                    yield max(begin, reached), end
                    closed, reached = 0, end
            day += timedelta(days=1)
        yield reached, reached + 36500 * DAY  # no longer staffed: wall clock, so due stays finite

    def _of_day(self, day: date) -> list[tuple[int, int]]:
        if self._is_closed(day):
            return []
        periods = self.week[day.weekday()]
        return [(self._at(day, opens), self._at(day, closes)) for opens, closes in periods]

    def _is_closed(self, day: date) -> bool:
        if self.closed and not self.closed.isdisjoint((day.isoformat(), f"{day:%m-%d}")):
            return True
        return self.country is not None and day in _holidays(self.country, day.year)

    def _at(self, day: date, moment: time) -> int:
        if moment == time.max:
            day, moment = day + timedelta(days=1), time.min
        return from_datetime(datetime.combine(day, moment, tzinfo=self.zone))


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> frozenset[date]:
    """Public holidays; in Sweden also the eves on which the country closes all the same."""
    import holidays  # 50 ms, which a command that asks for no calendar does not pay

    kinds = ("public", "de_facto") if country == "SE" else ("public",)
    part = "ENG" if country == "GB" else None
    return frozenset(holidays.country_holidays(country, subdiv=part, years=year, categories=kinds))
