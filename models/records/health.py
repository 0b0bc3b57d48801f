"""The state of the works: what each source hears, what a day has cost, which model judges."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.instant import DAY
from models.mailing import Mailing
from models.records import digests, tally
from models.records.digests import Delivery
from models.records.sources import IMPORT
from models.records.tables import Mention, Source, Tally


@dataclass(frozen=True, slots=True)
class Hearing:
    """One feed of a network, as it was last read."""

    channel: str
    feed: str
    read_at: int | None
    failing_since: int | None
    error: str | None
    has_gap: bool


@dataclass(frozen=True, slots=True)
class Health:
    """Sources in order; dollars (millionths) and posts passed over today (UTC), by network."""

    sources: Sequence[Hearing]
    spent: dict[str, int]
    passed_over: dict[str, int]
    stopped: Sequence[str]
    """The networks where the day's cap is spent."""
    judge: str | None
    """Who judged last."""
    unjudged: int
    digest: Delivery | None
    """Of the leaders' mail about yesterday; None where nobody is to get it."""


def health(session: Session, at: int, mailing: Mailing | None) -> Health:
    """All of it, in one read; `mailing` says who reads the leaders' mail."""
    asked_for = (Source.feed != IMPORT, col(Source.is_off).is_(False))
    rows = session.exec(select(Source).where(*asked_for).order_by(col(Source.name)))
    newest = select(Mention.judged_by).where(col(Mention.judged_by).is_not(None))
    waiting = select(func.count()).where(col(Mention.judged_at).is_(None))
    return Health(
        [_hearing(row) for row in rows],
        _sums(session, tally.SPENT, at),
        _sums(session, tally.PASSED_OVER, at),
        tally.stopped(session, at),
        session.exec(newest.order_by(col(Mention.id).desc()).limit(1)).first(),
        session.exec(waiting).one(),
        digests.delivery(session, mailing, mailing.yesterday(at)) if mailing else None,
    )


def _hearing(row: Source) -> Hearing:
    gap = row.gap_from is not None
    return Hearing(row.channel, row.feed, row.last_ok_at, row.failing_since, row.last_error, gap)


def _sums(session: Session, what: str, at: int) -> dict[str, int]:
    """The day's sums by network."""
    found = dict[str, int]()
    for row in session.exec(select(Tally).where(Tally.day == at // DAY, Tally.what == what)):
        channel = row.name.partition(":")[0]
        found[channel] = found.get(channel, 0) + row.amount
    return found
