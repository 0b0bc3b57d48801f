"""The business clock: split days, holidays, zones, and the two nights the clocks change."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.business import COUNTRIES, Calendar, Period, Week
from models.instant import DAY, HOUR, MINUTE, from_datetime, from_rfc3339, to_datetime
from models.settings import OpeningHours

STOCKHOLM = ZoneInfo("Europe/Stockholm")
OFFICE: tuple[Period, ...] = ((time(8), time(17)),)
LUNCH: tuple[Period, ...] = ((time(8), time(12)), (time(13), time(17)))
ALL_DAY: tuple[Period, ...] = ((time.min, time.max),)


def week(days: tuple[Period, ...], weekend: tuple[Period, ...] = ()) -> Week:
    return (days,) * 5 + (weekend,) * 2


def at(text: str, zone: ZoneInfo = STOCKHOLM) -> int:
    return from_datetime(datetime.fromisoformat(text).replace(tzinfo=zone))


def shown(instant: int, zone: ZoneInfo = STOCKHOLM) -> str:
    return to_datetime(instant, zone).strftime("%Y-%m-%d %H:%M")


office = Calendar(STOCKHOLM, week(OFFICE))
lunch = Calendar(STOCKHOLM, week(LUNCH))
always = Calendar(STOCKHOLM, week(ALL_DAY, ALL_DAY))
nights = Calendar(STOCKHOLM, week((), ((time.min, time(6)),)))


def test_half_an_hour_before_the_weekend_and_an_hour_owed_is_half_past_eight_on_monday() -> None:
    friday = at("2026-11-20 16:30")
    assert shown(office.after(friday, 60)) == "2026-11-23 08:30"
    assert office.between(friday, at("2026-11-23 08:30")) == 60


def test_within_the_day_staffed_time_is_the_time_on_the_wall() -> None:
    assert shown(office.after(at("2026-11-18 09:10"), 75)) == "2026-11-18 10:25"
    assert office.between(at("2026-11-18 09:10"), at("2026-11-18 10:25")) == 75


def test_an_allowance_may_end_at_the_very_moment_we_close() -> None:
    assert shown(office.after(at("2026-11-18 16:00"), 60)) == "2026-11-18 17:00"
    assert shown(office.after(at("2026-11-18 16:00"), 61)) == "2026-11-19 08:01"


def test_lunch_is_nobodys_time() -> None:
    assert shown(lunch.after(at("2026-11-18 11:30"), 60)) == "2026-11-18 13:30"
    assert shown(lunch.after(at("2026-11-18 12:15"), 10)) == "2026-11-18 13:10"
    assert lunch.between(at("2026-11-18 11:30"), at("2026-11-18 13:30")) == 60
    assert lunch.between(at("2026-11-18 12:05"), at("2026-11-18 12:55")) == 0


def test_several_periods_a_day_count_each() -> None:
    split = ((time(7), time(9)), (time(11), time(12)), (time(20), time.max))
    calendar = Calendar(STOCKHOLM, week(split))
    assert calendar.between(at("2026-11-18 00:00"), at("2026-11-19 00:00")) == 7 * 60
    assert shown(calendar.after(at("2026-11-18 08:00"), 150)) == "2026-11-18 20:30"


def test_a_post_in_the_night_starts_its_clock_in_the_morning() -> None:
    assert shown(office.after(at("2026-11-18 03:00"), 30)) == "2026-11-18 08:30"
    assert shown(office.after(at("2026-11-18 23:00"), 30)) == "2026-11-19 08:30"
    assert shown(office.after(at("2026-11-18 23:00"), 0)) == "2026-11-19 08:00"


def test_a_weekend_has_no_minutes() -> None:
    assert office.between(at("2026-11-21 00:00"), at("2026-11-23 00:00")) == 0
    assert shown(office.after(at("2026-11-21 12:00"), 1)) == "2026-11-23 08:01"


def test_a_staffed_saturday_counts() -> None:
    calendar = Calendar(STOCKHOLM, (*week(OFFICE)[:5], ((time(10), time(14)),), ()))
    assert shown(calendar.after(at("2026-11-20 16:30"), 60)) == "2026-11-21 10:30"


def test_many_days_of_allowance_go_through_many_days() -> None:
    assert shown(office.after(at("2026-11-16 08:00"), 9 * 60 * 10)) == "2026-11-27 17:00"


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("SE", "2026-01-06"),
        ("SE", "2026-06-19"),  # Midsummer Eve: no red day, and yet the country is shut
        ("SE", "2026-12-24"),
        ("SE", "2026-12-31"),
        ("NO", "2027-05-17"),
        ("NO", "2026-04-02"),
        ("DK", "2026-05-14"),
        ("DK", "2026-05-25"),
        ("FI", "2027-12-06"),
        ("FI", "2026-06-19"),
        ("GB", "2026-08-31"),
        ("GB", "2026-12-28"),
    ],
)
def test_a_public_holiday_is_closed_in_its_own_country(country: str, day: str) -> None:
    calendar = Calendar(STOCKHOLM, week(OFFICE), country)
    midnight = at(f"{day} 00:00")
    assert date.fromisoformat(day).weekday() < 5
    assert office.between(midnight, midnight + DAY) == 9 * 60
    assert calendar.between(midnight, midnight + DAY) == 0


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("NO", "2026-06-19"),
        ("DK", "2026-05-01"),
        ("GB", "2026-01-06"),
        ("SE", "2026-05-25"),
        ("GB", "2026-11-30"),  # St Andrew's Day is Scotland's
    ],
)
def test_another_countrys_holiday_is_a_working_day(country: str, day: str) -> None:
    calendar = Calendar(STOCKHOLM, week(OFFICE), country)
    midnight = at(f"{day} 00:00")
    assert calendar.between(midnight, midnight + DAY) == 9 * 60


@pytest.mark.parametrize("country", COUNTRIES)
def test_christmas_day_is_closed_in_every_country(country: str) -> None:
    calendar = Calendar(STOCKHOLM, week(OFFICE), country)
    assert shown(calendar.after(at("2026-12-25 09:00"), 5)) in (
        "2026-12-28 08:05",
        "2026-12-29 08:05",
    )


def test_extra_days_off_hold_once_or_every_year() -> None:
    calendar = Calendar(STOCKHOLM, week(OFFICE), None, frozenset({"2026-06-05", "12-24"}))
    for day, minutes in (
        ("2026-06-05", 0),
        ("2028-06-05", 540),
        ("2026-12-24", 0),
        ("2027-12-24", 0),
        ("2026-12-23", 540),
    ):
        midnight = at(f"{day} 00:00")
        assert calendar.between(midnight, midnight + DAY) == minutes


def test_each_calendar_has_its_own_zone() -> None:
    helsinki = Calendar(ZoneInfo("Europe/Helsinki"), week(OFFICE))
    assert helsinki.after(at("2026-11-18 00:00"), 0) == at("2026-11-18 07:00")
    assert office.after(at("2026-11-18 00:00"), 0) == at("2026-11-18 08:00")


def test_the_spring_night_is_an_hour_short() -> None:
    saturday, sunday = at("2026-03-28 00:00"), at("2026-03-29 00:00")
    assert always.between(saturday, sunday) == 24 * 60
    assert always.between(sunday, at("2026-03-30 00:00")) == 23 * 60
    assert nights.between(sunday, at("2026-03-30 00:00")) == 5 * 60
    assert shown(nights.after(at("2026-03-29 01:30"), 60)) == "2026-03-29 03:30"


def test_the_autumn_night_is_an_hour_long() -> None:
    sunday = at("2026-10-25 00:00")
    assert always.between(sunday, at("2026-10-26 00:00")) == 25 * 60
    assert nights.between(sunday, at("2026-10-26 00:00")) == 7 * 60
    assert nights.after(at("2026-10-25 01:30"), 60) == at("2026-10-25 01:30") + HOUR
    assert shown(nights.after(at("2026-10-25 01:30"), 120)) == "2026-10-25 02:30"
    assert shown(nights.after(at("2026-10-25 01:30"), 150)) == "2026-10-25 03:00"


def test_office_hours_do_not_move_when_the_clocks_do() -> None:
    for friday, monday in (("2026-03-27", "2026-03-30"), ("2026-10-23", "2026-10-26")):
        assert shown(office.after(at(f"{friday} 16:30"), 60)) == f"{monday} 08:30"


def test_hours_inside_the_hour_that_spring_skips_count_no_minute_twice() -> None:
    periods = ((time(2), time(2, 45)), (time(2, 45), time(3)), (time(3), time(4)))
    calendar = Calendar(STOCKHOLM, week((), periods))
    sunday = at("2026-03-29 00:00")
    assert calendar.between(sunday, at("2026-03-30 00:00")) == 60
    assert shown(calendar.after(sunday, 60)) == "2026-03-29 04:00"


def test_hours_until_24_end_at_midnight() -> None:
    evenings = Calendar(STOCKHOLM, week(((time(20), time.max),)))
    assert evenings.between(at("2026-11-18 00:00"), at("2026-11-19 00:00")) == 4 * 60
    assert shown(evenings.after(at("2026-11-18 23:30"), 30)) == "2026-11-19 00:00"
    assert shown(evenings.after(at("2026-11-18 23:30"), 45)) == "2026-11-19 20:15"


def test_round_the_clock_has_no_seam_at_midnight() -> None:
    assert shown(always.after(at("2026-11-18 23:30"), 60)) == "2026-11-19 00:30"
    assert always.between(at("2026-11-18 23:59"), at("2026-11-19 00:01")) == 2


def test_hours_written_over_each_other_count_once() -> None:
    doubled = ((time(8), time(12)), (time(9), time(10)), (time(11), time(17)))
    calendar = Calendar(STOCKHOLM, week(doubled))
    assert calendar.between(at("2026-11-18 00:00"), at("2026-11-19 00:00")) == 9 * 60
    assert shown(calendar.after(at("2026-11-18 08:00"), 240)) == "2026-11-18 12:00"


def test_nothing_lies_between_a_moment_and_an_earlier_one() -> None:
    noon = at("2026-11-18 12:00")
    assert office.between(noon, noon) == 0
    assert office.between(noon, noon - HOUR) == 0


def test_a_part_of_a_minute_is_no_minute() -> None:
    noon = at("2026-11-18 12:00")
    assert office.between(noon, noon + MINUTE - 1) == 0
    assert office.between(noon, noon + 2 * MINUTE - 1) == 1


def test_a_calendar_nobody_staffs_runs_on_the_wall_clock() -> None:
    never = Calendar(STOCKHOLM, week(()))
    noon = at("2026-11-18 12:00")
    assert never.after(noon, 90) == noon + 90 * MINUTE
    assert never.between(noon, noon + 90 * MINUTE) == 90


def test_a_desk_that_closes_for_good_owes_the_rest_after_its_last_hour() -> None:
    days = [date(2026, 11, 19) + timedelta(days=ahead) for ahead in range(100)]
    closing = Calendar(STOCKHOLM, week(OFFICE), None, frozenset(map(str, days)))
    assert shown(closing.after(at("2026-11-18 16:30"), 60)) == "2026-11-18 17:30"


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any week of quarter-hour periods, overlapping ones too, any country, some days off."""
    ticks = st.integers(0, 96)
    days = []
    for _day in range(7):
        pairs = draw(st.lists(st.tuples(ticks, ticks), max_size=3))
        days.append(tuple(sorted((_time(min(p)), _time(max(p))) for p in pairs if p[0] != p[1])))
    zone = draw(st.sampled_from(["Europe/Stockholm", "Europe/London", "UTC", "America/St_Johns"]))
    closed = draw(st.sets(st.sampled_from(["12-24", "06-05", "2026-03-29", "2026-10-25"])))
    country = draw(st.none() | st.sampled_from(COUNTRIES))
    return Calendar(ZoneInfo(zone), tuple(days), country, frozenset(closed))


def _time(quarters: int) -> time:
    return time.max if quarters == 96 else time(quarters // 4, quarters % 4 * 15)


instants = st.one_of(
    st.integers(at("2026-03-27 00:00"), at("2026-03-31 00:00")),
    st.integers(at("2026-10-23 00:00"), at("2026-10-27 00:00")),
    st.integers(at("2026-12-20 00:00"), at("2027-01-08 00:00")),
)
allowances = st.integers(0, 3_000)


@settings(deadline=None)
@given(calendars(), instants, allowances)
def test_the_time_between_a_start_and_its_due_moment_is_the_allowance(
    calendar: Calendar, start: int, minutes: int
) -> None:
    due = calendar.after(start, minutes)
    assert due >= start + minutes * MINUTE
    assert calendar.between(start, due) == minutes


@settings(deadline=None)
@given(calendars(), instants, instants, allowances, allowances)
def test_later_posts_and_longer_allowances_are_never_due_earlier(
    calendar: Calendar, one: int, other: int, some: int, more: int
) -> None:
    early, late = sorted((one, other))
    short, long = sorted((some, more))
    assert calendar.after(early, short) <= calendar.after(late, short)
    assert calendar.after(early, short) <= calendar.after(early, long)


def test_a_day_closes_when_its_last_period_ends_or_the_next_staffed_day_does() -> None:
    stockholm = OpeningHours(friday=["08:00-11:00", "12:00-15:30"]).calendar()
    friday, midsummer = date(2026, 11, 27), date(2027, 6, 25)
    assert stockholm.closes(friday) == from_rfc3339("2026-11-27T15:30:00+01:00")
    assert stockholm.closes(date(2026, 11, 28)) is None
    assert stockholm.closes_from(date(2026, 11, 28)) == from_rfc3339("2026-11-30T18:00:00+01:00")
    assert stockholm.closes_from(midsummer) == from_rfc3339("2027-06-28T18:00:00+02:00")


def test_a_calendar_moves_to_another_zone_with_its_holidays() -> None:
    oslo = OpeningHours().calendar().moved(ZoneInfo("Europe/Oslo"))
    assert oslo.closes(date(2027, 5, 17)) is None
    assert oslo.closes(date(2027, 6, 25)) is not None
    assert oslo.moved(ZoneInfo("Europe/Oslo")) is oslo
