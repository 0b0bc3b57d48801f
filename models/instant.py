"""Moments as integers: microseconds since 1970 in UTC, so that no database can bend them."""

import time
from datetime import UTC, date, datetime, timedelta, tzinfo

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> int:
    """This machine's clock."""
    return time.time_ns() // 1000


def from_datetime(moment: datetime) -> int:
    """An aware datetime as an instant."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def to_datetime(instant: int, zone: tzinfo = UTC) -> datetime:
    """An instant as an aware datetime in `zone`."""
    return (_EPOCH + timedelta(microseconds=instant)).astimezone(zone)


def from_rfc3339(text: str) -> int:
    """`2026-11-21T14:05:00+01:00` as an instant; ValueError if it names no zone or no such time."""
    moment = datetime.fromisoformat(text.strip().replace("z", "Z"))
    if moment.tzinfo is None:
        raise ValueError("a time needs a zone, such as Z or +01:00")
    if not 1970 <= moment.year < 9999:  # beyond, other zones and sums have no name for it
        raise ValueError("the year must be between 1970 and 9998")
    return from_datetime(moment)


def to_rfc3339(instant: int) -> str:
    """To the second, in UTC, with Z: the form every command prints."""
    return to_datetime(instant).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def day_bounds(day: date, zone: tzinfo) -> tuple[int, int]:
    """First instants of a local day and of the next one, 23 to 25 hours apart."""
    first = datetime(day.year, day.month, day.day, tzinfo=zone)
    following = day + timedelta(days=1)
    last = datetime(following.year, following.month, following.day, tzinfo=zone)
    return from_datetime(first), from_datetime(last)
