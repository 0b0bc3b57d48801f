"""From a worded moment to the instant by which something is owed, in the calendar's zone.

Staffed days end when the calendar closes. Hours and minutes are those of the clock on the wall,
nights and days off included: within 24 hours is the same hour tomorrow, also where clocks change.
"""

from datetime import date, datetime, time, timedelta

from models.business import Calendar
from models.instant import DAY, from_datetime, to_datetime
from models.promises.moment import WEEKDAYS, Moment

_PARTS = {"noon": time(12), "morning": time(12), "evening": time(21)}
_FRIDAY = 4
_WORKING = 400  # days looked at for working days
_MOST = 100_000  # hours or minutes


def due(moment: Moment, at: int, calendar: Calendar) -> int | None:
    """The instant, None for what is past or makes no sense."""
    if moment.is_past:
        return None
    if moment.span:
        return _after(*moment.span, at, calendar)
    today = to_datetime(at, calendar.zone).date()
    day = _day(moment, today, calendar)
    if moment.clock:
        return _at_clock(moment, day, at, calendar)
    if moment.part in _PARTS:
        chosen = day or today
        wall = _instant(chosen, _PARTS[moment.part], calendar)
        if day is None and wall <= at and moment.part != "evening":
            wall = _instant(today + timedelta(days=1), _PARTS[moment.part], calendar)
        return wall
    if day is None:
        return calendar.closes_from(today) if moment.part == "afternoon" else None
    return calendar.closes_from(day)


def is_too_long(due_at: int, at: int, calendar: Calendar) -> bool:
    """Whether that is on a later day than the next working one."""
    today = to_datetime(at, calendar.zone).date()
    next_end = to_datetime(calendar.closes_from(today + timedelta(days=1)) - 1, calendar.zone)
    return to_datetime(due_at - 1, calendar.zone).date() > next_end.date()


def _after(unit: str, count: int, at: int, calendar: Calendar) -> int:
    if unit in ("minutes", "hours"):
        wall = to_datetime(at, calendar.zone) + timedelta(**{unit: min(count, _MOST)})
        return from_datetime(wall)
    today = to_datetime(at, calendar.zone).date()
    if unit == "working_days":
        return _working_days(today, count, calendar)
    days = 7 * count if unit == "weeks" else count
    return calendar.closes_from(today + timedelta(days=min(days, 3650)))


def _working_days(today: date, count: int, calendar: Calendar) -> int:
    end, left = at_last(today, calendar), count
    for later in range(1, _WORKING):
        closes = calendar.closes(today + timedelta(days=later))
        if closes is not None:
            end, left = closes, left - 1
        if left <= 0:
            break
    return end


def at_last(today: date, calendar: Calendar) -> int:
    """The end of the next staffed day, where no working day is found."""
    return calendar.closes_from(today)


def _day(moment: Moment, today: date, calendar: Calendar) -> date | None:
    if moment.date:
        return _date(*moment.date, today)
    if moment.day in WEEKDAYS:
        ahead = (WEEKDAYS.index(moment.day) - today.weekday()) % 7 or 7
        if moment.is_next_week:
            ahead = 7 - today.weekday() + WEEKDAYS.index(moment.day)
        return today + timedelta(days=ahead)
    if moment.day == "this_week":
        return _friday(today, calendar)
    if moment.day in ("next_week", "next_week_day"):
        return today + timedelta(days=7 - today.weekday() + _FRIDAY)
    steps = {"today": 0, "tomorrow": 1, "overmorrow": 2}
    return today + timedelta(days=steps[moment.day]) if moment.day in steps else None


def _friday(today: date, calendar: Calendar) -> date:
    """This week's last staffed day from now on; on a weekend next week's Friday."""
    ahead = (_FRIDAY - today.weekday()) % 7
    friday = today + timedelta(days=ahead)
    while friday > today and calendar.closes(friday) is None:
        friday -= timedelta(days=1)
    return friday


def _date(day: int, month: int | None, today: date) -> date | None:
    """The next day of that name."""
    for later in range(24 if month is None else 3):
        months = today.month - 1 + later
        year = today.year + (later if month else months // 12)
        try:
            found = date(year, month or months % 12 + 1, day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None


def _at_clock(moment: Moment, day: date | None, at: int, calendar: Calendar) -> int:
    hour, minute = moment.clock or (0, 0)
    if moment.part in ("evening", "afternoon") and hour < 12:
        hour += 12
    elif moment.part in ("morning", "noon") and hour > 12 and not moment.is_exact:
        hour -= 12  # guessed to be in the afternoon: six in the morning is said
    wall = time(hour % 24, minute)
    if day is not None:
        return _instant(day + timedelta(days=hour // 24), wall, calendar)
    today = to_datetime(at, calendar.zone).date()
    for later in range(3):
        instant = _instant(today + timedelta(days=later), wall, calendar)
        if instant > at:
            return instant
    return at + DAY


def _instant(day: date, wall: time, calendar: Calendar) -> int:
    return from_datetime(datetime.combine(day, wall, tzinfo=calendar.zone))
