"""Moments as they are typed in a hurry, in five languages."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from models.asked_time import asked_time
from models.instant import from_rfc3339, to_datetime
from models.settings import OpeningHours

NOON = from_rfc3339("2026-11-18T11:00:00Z")  # a Wednesday, twelve in Stockholm
CALENDAR = OpeningHours().calendar()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2h", "18 14:00"),
        ("2 t", "18 14:00"),
        ("45 min", "18 12:45"),
        ("45m", "18 12:45"),
        ("1d", "19 12:00"),
        ("2 pv", "20 12:00"),
        ("15", "18 15:00"),
        ("15.30", "18 15:30"),
        ("kl 15:30", "18 15:30"),
        ("klo 15.30", "18 15:30"),
        ("9", "19 09:00"),
        ("12:00", "19 12:00"),
        ("fri 12", "20 12:00"),
        ("fre 12", "20 12:00"),
        ("Fredag kl 12.15", "20 12:15"),
        ("perjantaina 12", "20 12:00"),
        ("perjantai 12", "20 12:00"),
        ("pe 12", "20 12:00"),
        ("lør", "21 08:00"),
        ("onsdag", "25 08:00"),
        ("imorgon", "19 08:00"),
        ("i morgen kl 10", "19 10:00"),
        ("huomenna", "19 08:00"),
        ("tomorrow 9", "19 09:00"),
        ("i övermorgon", "20 08:00"),
        ("2026-11-24 15:00", "24 15:00"),
        ("24.11.2026 15.00", "24 15:00"),
        ("24.11.2026", "24 08:00"),
        ("", None),
        ("soon", None),
        ("25", None),
        ("24:00", None),
        ("9999h", None),
        ("fri 99", None),
        ("2026-13-40", None),
        ("- 9", None),
    ],
)
def test_it_is_what_was_meant(written: str, meant: str | None) -> None:
    found = asked_time(written, NOON, CALENDAR)
    told = None if found is None else f"{to_datetime(found, CALENDAR.zone):%d %H:%M}"
    assert told == meant


def test_a_day_is_counted_by_the_wall_where_the_clock_changes() -> None:
    at = int(
        datetime(2026, 10, 24, 10, tzinfo=UTC).timestamp() * 1e6
    )  # the night before winter time
    found = asked_time("1d", at, CALENDAR)
    assert found is not None
    assert f"{to_datetime(found, ZoneInfo('Europe/Stockholm')):%d %H:%M}" == "25 12:00"
