"""A moment as somebody in a hurry writes it: `2h`, `15.30`, `fri 12`, `imorgon`, `24.11. 15:00`.

Days by the names of all our languages, so that whoever reads the screen in one may think in
another; a day without an hour is the beginning of its staffed time.
"""

import re
from datetime import date, datetime, time, timedelta
from functools import cache

from babel.dates import get_day_names

from models.business import Calendar
from models.instant import from_datetime, to_datetime

_SPAN = re.compile(r"(\d{1,3}) *(m|min|h|t|tim|d|pv)\.?")
_CLOCK = re.compile(r"(\d{1,2})(?:[.:](\d\d))?")
_AT = re.compile(r"(^| )(kl\.?|klo|at) ")
_DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")
_MINUTES = {"m": 1, "min": 1, "h": 60, "t": 60, "tim": 60, "d": 24 * 60, "pv": 24 * 60}
_NEAR = {
    0: "today idag i_dag tänään i_kväll i_kveld i_aften",
    1: "tomorrow imorgon i_morgon i_morgen imorgen huomenna",
    2: "overmorrow övermorgon i_övermorgon i_overmorgen overmorgen ylihuomenna",
}
_FURTHEST = timedelta(days=366)
_OPENS = time(8)
"""Where nobody is there on that day."""


def asked_time(written: str, at: int, calendar: Calendar) -> int | None:
    """The instant meant at `at`, in the calendar's zone; None where it cannot be told.

    An hour that has passed is tomorrow's.
    """
    text = _AT.sub(r"\1", " ".join(written.casefold().split()))
    if found := _SPAN.fullmatch(text):
        later = timedelta(minutes=int(found[1]) * _MINUTES[found[2]])
        return from_datetime(to_datetime(at, calendar.zone) + later)
    today = to_datetime(at, calendar.zone).date()
    named, _space, rest = text.rpartition(" ")
    if (clock := _clock(rest)) and not named.strip():
        passed = _on(today, clock, calendar) <= at
        return _on(today + timedelta(days=passed), clock, calendar)
    if clock and (day := _day(named.strip(), today)):
        return _on(day, clock, calendar)
    day = _day(text, today)
    return None if day is None else _opening(day, calendar)


def _clock(text: str) -> time | None:
    found = _CLOCK.fullmatch(text)
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    return time(int(found[1]), int(found[2] or 0))


def _day(text: str, today: date) -> date | None:
    for steps, names in _NEAR.items():
        if text.replace(" ", "_") in names.split():
            return today + timedelta(days=steps)
    if (weekday := _weekdays().get(text.rstrip("."))) is not None:
        return today + timedelta(days=(weekday - today.weekday()) % 7 or 7)
    for form in _DATES:
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
        return day if today <= day <= today + _FURTHEST else None
    return None


@cache
def _weekdays() -> dict[str, int]:
    """Monday is 0."""
    return {
        name.casefold().rstrip("."): number
        for language in ("sv", "nb", "da", "fi", "en")
        for width in ("wide", "abbreviated", "short")
        for context in ("format", "stand-alone")
        for number, name in get_day_names(width, context, language).items()
    }


def _on(day: date, clock: time, calendar: Calendar) -> int:
    return from_datetime(datetime.combine(day, clock, tzinfo=calendar.zone))


def _opening(day: date, calendar: Calendar) -> int:
    first = next(calendar.periods(_on(day, time.min, calendar)), None)
    if first is not None and to_datetime(first[0], calendar.zone).date() == day:
        return first[0]
    return _on(day, _OPENS, calendar)
