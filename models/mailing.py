"""Who reads the leaders' mail, and the instant it leaves: one a day, however the clock is set."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.instant import from_datetime, to_datetime

_DAY = timedelta(days=1)
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


def is_address(text: str) -> bool:
    """Plain ASCII, as every server takes it: a domain with other letters has such a form too."""
    return _ADDRESS.fullmatch(text) is not None


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

    def first_in(self, language: str) -> str:
        """The address of the first reader of that language; empty where there is none."""
        spoken = (reader.mail for reader in self.readers if reader.language == language)
        return next(spoken, "")

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
