"""Silence: the networks of which we do not hear all, the worst first; nothing where all is well."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.instant import DAY
from models.records import tally
from models.records.kinds import Cause
from models.records.sources import IMPORT
from models.records.tables import Source, Tally

_RANK = {cause: rank for rank, cause in enumerate(Cause)}


@dataclass(frozen=True, slots=True)
class Silence:
    """One network, or where its other feeds are well, these `feeds` of it."""

    channel: str
    feeds: tuple[str, ...]
    cause: Cause
    since: int
    """When it was heard last, or failed first."""
    error: str = ""


def silences(session: Session, at: int, stale: int) -> tuple[Silence, ...]:
    """One a network, the worst; a source is stale after `stale` microseconds.

    It is read with each picture of the desk: two look-ups among a few dozen sources.
    """
    read = (Source.feed != IMPORT, col(Source.is_off).is_(False))
    rows = session.exec(select(Source).where(*read).order_by(col(Source.name))).all()
    networks = {row.channel: [one for one in rows if one.channel == row.channel] for row in rows}
    capped = _capped(session, networks, at)
    found = [_worst(rows, rows[0].channel in capped, at - stale) for rows in networks.values()]
    return tuple(
        sorted((one for one in found if one), key=lambda one: (_RANK[one.cause], one.since))
    )


def _capped(session: Session, channels: Iterable[str], at: int) -> set[str]:
    """As `tally.stopped`, by the names of its rows: the tally of years is not gone through."""
    names = [f"{channel}:{tally.CAP}" for channel in channels]
    marked = (col(Tally.name).in_(names), Tally.day == at // DAY, Tally.what == tally.STOPPED)
    found = session.exec(select(Tally.name).where(*marked))
    return {name.partition(":")[0] for name in found}


def _worst(rows: Sequence[Source], is_capped: bool, heard_since: int) -> Silence | None:
    """A day's cap stops the dear feeds first: the others may still be read."""
    causes = [_cause(row, is_capped, heard_since) for row in rows]
    found = [cause for cause in causes if cause is not None]
    if not found:
        return Silence(rows[0].channel, (), Cause.CAPPED, 0) if is_capped else None
    cause = min(found, key=lambda one: _RANK[one])
    hit = [row for row, one in zip(rows, causes, strict=True) if one == cause]
    first = min(hit, key=lambda row: _since(row, cause))
    feeds = tuple(row.feed for row in hit) if len(hit) < len(rows) else ()
    return Silence(first.channel, feeds, cause, _since(first, cause), first.last_error or "")


def _cause(row: Source, is_capped: bool, heard_since: int) -> Cause | None:
    """One that was never read and never failed is just beginning."""
    if f"gensvar connect {row.channel}" in (row.last_error or ""):  # so in every language
        return Cause.SIGNED_OUT
    is_failing = row.failing_since is not None
    is_stale = row.last_ok_at is not None and row.last_ok_at < heard_since
    if is_capped and is_failing:
        return Cause.CAPPED
    if is_stale:
        return Cause.STALE
    return Cause.FAILING if is_failing else None


def _since(row: Source, cause: Cause) -> int:
    return (row.last_ok_at if cause == Cause.STALE else row.failing_since) or 0
