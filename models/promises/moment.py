"""A point of time as it is worded, which no clock has touched yet."""

from dataclasses import dataclass

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Moment:
    """A point of time as worded, in words `first` to `last` (exclusive)."""

    first: int
    last: int
    day: str | None = None
    """today, tomorrow, monday ..."""
    is_next_week: bool = False
    part: str | None = None
    """noon, morning, afternoon or evening"""
    clock: tuple[int, int] | None = None
    span: tuple[str, int] | None = None
    """Unit and how many of them."""
    date: tuple[int, int | None] | None = None
    """Day, and month where one is named."""
    is_past: bool = False
    is_exact: bool = False
    """The hour was said with am, pm or in 24 hours."""
    is_range: bool = False
    """From an hour to this one."""
