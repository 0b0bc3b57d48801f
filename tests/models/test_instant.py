"""Moments as integers: in and out of text, zones and days that are not 24 hours long."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.instant import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    day_bounds,
    from_datetime,
    from_rfc3339,
    now,
    to_datetime,
    to_rfc3339,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FIRST, LAST = 0, from_rfc3339("9998-12-31T23:59:59Z")


def test_the_count_starts_in_1970_and_goes_by_microseconds() -> None:
    assert from_rfc3339("1970-01-01T00:00:00Z") == 0
    assert from_rfc3339("1970-01-01T00:00:00.000001Z") == 1
    assert (SECOND, MINUTE, HOUR, DAY) == (10**6, 6 * 10**7, 36 * 10**8, 864 * 10**8)


def test_one_moment_in_many_spellings_is_one_instant() -> None:
    noon = from_rfc3339("2026-11-21T12:00:00Z")
    for text in (
        "2026-11-21T13:00:00+01:00",
        "2026-11-21t12:00:00z",
        " 2026-11-21T12:00:00.000Z\n",
        "2026-11-21 07:00:00-05:00",
        "2026-11-22T02:00:00+14:00",
        "2026-11-21T12:00:00.000000999Z",
    ):
        assert from_rfc3339(text) == noon


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21T12:00:00",
        "2026-11-21",
        "",
        "yesterday",
        "2026-02-29T12:00:00Z",
        "2026-11-21T25:00:00Z",
        "2026-11-21T12:00:00+99:00",
        "99999-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "1969-12-31T23:59:59Z",
        "0001-01-01T00:00:00+14:00",
        "\ud800\0\x1b[31m",
        "１２",
    ],
)
def test_a_time_without_zone_or_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_rfc3339(text)


def test_a_moment_comes_back_from_text_to_the_second() -> None:
    assert to_rfc3339(from_rfc3339("2026-03-29T03:00:00.999999+02:00")) == "2026-03-29T01:00:00Z"
    assert to_rfc3339(LAST) == "9998-12-31T23:59:59Z"


def test_a_year_before_a_thousand_keeps_its_four_digits() -> None:
    assert to_rfc3339(from_datetime(datetime(999, 1, 2, tzinfo=UTC))) == "0999-01-02T00:00:00Z"


@given(st.integers(FIRST, LAST))
def test_instants_survive_text_and_zones(instant: int) -> None:
    second = instant - instant % SECOND
    assert from_rfc3339(to_rfc3339(instant)) == second
    assert from_datetime(to_datetime(instant)) == instant
    assert from_datetime(to_datetime(instant, STOCKHOLM)) == instant


def test_a_moment_shows_in_its_zone() -> None:
    shown = to_datetime(from_rfc3339("2026-07-01T12:00:00Z"), STOCKHOLM)
    assert (shown.hour, shown.tzinfo) == (14, STOCKHOLM)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 28), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)],
)
def test_a_local_day_is_as_long_as_the_clocks_make_it(day: date, hours: int) -> None:
    first, following = day_bounds(day, STOCKHOLM)
    assert following - first == hours * HOUR
    assert to_datetime(first, STOCKHOLM).isoformat().startswith(f"{day}T00:00:00")


def test_the_last_day_of_a_year_ends_where_the_next_begins() -> None:
    first, following = day_bounds(date(2026, 12, 31), STOCKHOLM)
    assert to_rfc3339(first) == "2026-12-30T23:00:00Z"
    assert to_rfc3339(following) == "2026-12-31T23:00:00Z"


def test_this_machines_clock_is_in_microseconds() -> None:
    before = from_datetime(datetime.now(UTC))
    assert before <= now() <= from_datetime(datetime.now(UTC))
