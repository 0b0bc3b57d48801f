"""The instant at which the leaders' mail leaves: one a day, also where the clock is put."""

from datetime import date, time
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from models.instant import DAY, HOUR, day_bounds, from_rfc3339, to_rfc3339
from models.mailing import Mailing, days_between

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def mailing(at: str) -> Mailing:
    return Mailing((), STOCKHOLM, time.fromisoformat(at))


@pytest.mark.parametrize(
    ("at", "day", "leaves"),
    [
        ("07:30", "2026-11-20", "2026-11-21T06:30:00Z"),
        ("07:30", "2026-03-28", "2026-03-29T05:30:00Z"),
        ("07:30", "2026-10-24", "2026-10-25T06:30:00Z"),
        ("02:30", "2026-03-27", "2026-03-28T01:30:00Z"),
        ("02:30", "2026-03-28", "2026-03-29T01:30:00Z"),  # that hour is skipped: 03:30 it is
        ("02:30", "2026-03-29", "2026-03-30T00:30:00Z"),
        ("02:30", "2026-10-24", "2026-10-25T00:30:00Z"),  # that hour comes twice: the first time
        ("02:30", "2026-10-25", "2026-10-26T01:30:00Z"),
        ("00:00", "2026-12-31", "2026-12-31T23:00:00Z"),
    ],
)
def test_it_leaves_on_the_day_after_by_the_local_clock(at: str, day: str, leaves: str) -> None:
    assert to_rfc3339(mailing(at).leaves_at(date.fromisoformat(day))) == leaves


@pytest.mark.parametrize("at", ["00:00", "02:00", "02:30", "03:00", "07:30", "23:59"])
def test_every_day_of_a_year_has_its_instant_in_order_and_on_the_next_date(at: str) -> None:
    one = mailing(at)
    days = days_between(date(2026, 1, 1), date(2026, 12, 31))
    instants = [one.leaves_at(day) for day in days]
    assert all(23 * HOUR <= after - before <= 25 * HOUR for before, after in pairwise(instants))
    for day, instant in zip(days, instants, strict=True):
        first, last = day_bounds(date.fromordinal(day.toordinal() + 1), STOCKHOLM)
        assert first <= instant < last
        assert one.newest(instant) == day
        assert one.newest(instant - 1) == date.fromordinal(day.toordinal() - 1)


def test_yesterday_is_the_local_one() -> None:
    late = from_rfc3339("2026-11-20T23:30:00Z")
    assert mailing("07:30").yesterday(late) == date(2026, 11, 20)
    assert mailing("07:30").yesterday(late - DAY) == date(2026, 11, 19)


def test_days_between_are_both_and_all_that_lie_between() -> None:
    last = date(2026, 3, 1)
    assert days_between(date(2026, 2, 27), last) == [date(2026, 2, 27), date(2026, 2, 28), last]
    assert days_between(last, last) == [last]
    assert days_between(date(2026, 3, 2), last) == []
