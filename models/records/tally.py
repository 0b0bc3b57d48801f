"""What each day cost, and how many posts were passed over: sums, without a word of any post.

Days are UTC, as networks bill them.
"""

from collections.abc import Iterable

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from models.instant import DAY
from models.records.people import insert_new
from models.records.tables import Billed, Tally

SPENT = "spent"
"""Millionths of a dollar, by our own count; the network's bill is the truth."""
PASSED_OVER = "passed over"
"""Posts that did not concern us, never stored."""
CAP = "cap"
"""What stands for the feed in the name of a network's stop: `x:cap`."""
STOPPED = "stopped"
"""1 where reading stopped because the day's cap was spent."""


def add(session: Session, name: str, what: str, amount: int, at: int) -> None:
    """Add to the day's sum of a source, or of a network's replies."""
    key = {"name": name, "day": at // DAY, "what": what}
    insert_new(session, Tally, **key, amount=0)
    session.connection().execute(
        update(Tally).filter_by(**key).values(amount=Tally.amount + amount)
    )


def first_today(session: Session, channel: str, external_ids: Iterable[str], at: int) -> list[str]:
    """Of these, what no listener was shown before on this day; from now on it was."""
    today = at // DAY
    old = delete(Billed).where(col(Billed.channel) == channel, col(Billed.day) < today)
    session.connection().execute(old)
    return [
        external_id
        for external_id in sorted(external_ids)  # two listeners in one order never block each other
        if insert_new(session, Billed, channel=channel, day=today, external_id=external_id)
    ]


def mark(session: Session, name: str, what: str, at: int) -> None:
    """Note for this day that it happened, however often."""
    insert_new(session, Tally, name=name, day=at // DAY, what=what, amount=1)


def unmark(session: Session, name: str, what: str, at: int) -> None:
    """It no longer holds."""
    session.connection().execute(delete(Tally).filter_by(name=name, day=at // DAY, what=what))


def of_day(session: Session, channel: str, what: str, at: int) -> int:
    """The day's sum of all names of a network."""
    total = select(func.coalesce(func.sum(Tally.amount), 0)).where(
        Tally.day == at // DAY, Tally.what == what, col(Tally.name).startswith(f"{channel}:")
    )
    return int(session.exec(total).one())


def read_today(session: Session, channel: str, at: int) -> int:
    """What the day's reading cost; replies are no part of it."""
    total = select(func.coalesce(func.sum(Tally.amount), 0)).where(
        Tally.day == at // DAY,
        Tally.what == SPENT,
        col(Tally.name).startswith(f"{channel}:"),
        Tally.name != f"{channel}:replies",
    )
    return int(session.exec(total).one())


def stopped(session: Session, at: int) -> list[str]:
    """The networks where reading stopped today."""
    where = (Tally.day == at // DAY, Tally.what == STOPPED)
    return sorted(name.partition(":")[0] for name in session.exec(select(Tally.name).where(*where)))
