"""Who reads the leaders' mail, and the instant it leaves: one a day, however the clock is set."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.instant import from_datetime, to_datetime

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who reads the mail, and in which language."""

    mail: str
    language: str


@dataclass(frozen=True, slots=True)
class Mailing:
    """The readers, and the time of day at which the mail about the day before leaves."""

    readers: tuple[Recipient, ...]
    zone: ZoneInfo
    at: time

    def addresses(self) -> frozenset[str]:
        """Those of the readers."""
        return frozenset(reader.mail for reader in self.readers)

    def leaves_at(self, day: date) -> int:
        """The instant at which the mail about `day` leaves, on the day after.

        An hour that comes twice counts the first time; in the one that spring skips, the clock
        has moved on: 02:30 is then 03:30.
        """
        return from_datetime(datetime.combine(day + _DAY, self.at, tzinfo=self.zone))

    def yesterday(self, at: int) -> date:
        """The day before the local one."""
        return to_datetime(at, self.zone).date() - _DAY

    def newest(self, at: int) -> date:
        """The last day whose mail should have left by `at`."""
        day = self.yesterday(at)
        return day if self.leaves_at(day) <= at else day - _DAY


def days_between(first: date, last: date) -> list[date]:
    """Both included; none where `first` is later."""
    return [first + number * _DAY for number in range((last - first).days + 1)]
