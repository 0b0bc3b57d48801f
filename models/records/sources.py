"""Sources: who listens to which feed, up to where, and what could not be heard.

A worker holds a source by lease; `gen` grows with each change of hands and fences off the last
holder, so that rows, counts and checkpoint of a page move together or not at all.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from models.errors import LeaseLost, NotFound
from models.post import Gap
from models.records.events import LISTENER, record
from models.records.people import insert_new
from models.records.tables import Account, Source
from models.words import _

IMPORT = "import"
"""The feed of files; it has no checkpoint and never grows stale."""


@dataclass(frozen=True, slots=True)
class Held:
    """A source in one worker's hands."""

    source_id: int
    name: str
    channel: str
    feed: str
    checkpoint: str | None
    swept_at: int
    heard_until: int
    owner: str
    gen: int


def ensure(
    session: Session, name: str, channel: str, feed: str, account_id: int | None = None
) -> Source:
    """The source of that name, made if it is new."""
    insert_new(
        session,
        Source,
        name=name,
        channel=channel,
        feed=feed,
        account_id=account_id,
        gen=0,
        lease_until=0,
        next_at=0,
        swept_at=0,
        heard_until=0,
        is_off=False,
    )
    source = session.exec(select(Source).where(Source.name == name)).one()
    if source.account_id is None and account_id is not None:
        source.account_id = account_id
        session.add(source)
    if source.is_off:
        source.is_off = False
        session.add(source)
    return source


def switch_off(session: Session, asked_for: Collection[str], cut_off: Collection[str]) -> None:
    """The config asks for these sources, and for those of the networks we are `cut_off` from, and
    for no others; a file's source is nobody's to switch."""
    others = (
        col(Source.name).not_in(asked_for),
        col(Source.channel).not_in(cut_off),
        col(Source.feed) != IMPORT,
        col(Source.is_off).is_(False),
    )
    session.connection().execute(
        update(Source).where(*others).values(is_off=True, failing_since=None, last_error=None)
    )


def channels(session: Session) -> set[str]:
    """The networks this database has ever listened to; `file` where something was imported."""
    return set(session.exec(select(Source.channel)))


def calendar_name(session: Session, source: Source) -> str:
    """Whose staffed time its mentions run on: the account's calendar, or the default one."""
    account = session.get(Account, source.account_id) if source.account_id else None
    return account.calendar if account else "default"


def acquire(session: Session, name: str, owner: str, at: int, lease: int) -> Held | None:
    """Take a source that is due and in nobody else's hands; None otherwise."""
    free = (col(Source.lease_until) < at) | (col(Source.lease_owner) == owner)
    taken = session.connection().execute(
        update(Source)
        .where(col(Source.name) == name, col(Source.next_at) <= at, free)
        .values(lease_owner=owner, lease_until=at + lease, gen=Source.gen + 1)
        .returning(col(Source.id))
    )
    if taken.scalar_one_or_none() is None:
        return None
    source = session.exec(select(Source).where(Source.name == name)).one()
    assert source.id is not None
    return Held(
        source.id,
        name,
        source.channel,
        source.feed,
        source.checkpoint,
        source.swept_at,
        source.heard_until,
        owner,
        source.gen,
    )


def holder(session: Session, name: str, at: int) -> str | None:
    """Who holds a source at `at`."""
    source = session.exec(select(Source).where(Source.name == name)).first()
    held = source is not None and source.lease_until >= at
    return source.lease_owner if source is not None and held else None


def advance(session: Session, held: Held, at: int, lease: int, checkpoint: str | None) -> Source:
    """Move the checkpoint within the page's transaction and renew the lease.

    LeaseLost, and with it the rollback of the page, if somebody else holds the source now.
    """
    values: dict[str, object] = {"lease_until": at + lease}
    if checkpoint is not None:
        values["checkpoint"] = checkpoint
    moved = session.connection().execute(
        update(Source).where(*_still(held)).values(**values).returning(col(Source.id))
    )
    if moved.scalar_one_or_none() is None:
        raise LeaseLost(held.name)
    return session.get_one(Source, held.source_id, populate_existing=True)


def finish(
    session: Session,
    held: Held,
    at: int,
    next_at: int,
    error: str | None = None,
    *,
    swept: bool = False,
    heard_until: int = 0,
) -> None:
    """Let go of a source: when to come back, and how it went; `swept`: with a day's overlap."""
    values: dict[str, object] = {"lease_owner": None, "lease_until": 0, "next_at": next_at}
    values["heard_until"] = max(held.heard_until, heard_until)
    if swept:
        values["swept_at"] = at
    if error is None:
        values |= {"last_ok_at": at, "failing_since": None, "last_error": None}
    else:
        source = session.get_one(Source, held.source_id, populate_existing=True)
        values |= {"failing_since": source.failing_since or at, "last_error": error}
    session.connection().execute(update(Source).where(*_still(held)).values(**values))


def report_gap(session: Session, held: Held, gap: Gap, at: int) -> None:
    """Note a hole; it stays an alarm, and grows, until a person acknowledges it."""
    source = session.get_one(Source, held.source_id, populate_existing=True)
    source.gap_from = min(gap.since, source.gap_from or gap.since)
    source.gap_to = max(gap.until, source.gap_to or gap.until)
    source.gap_reason = gap.reason
    session.add(source)
    record(session, at, LISTENER, "source", held.source_id, "gap", reason=gap.reason)


def acknowledge_gap(session: Session, name: str, staff: str, at: int) -> None:
    """A person has looked after the hole; NotFound if there is none."""
    source = session.exec(select(Source).where(Source.name == name)).first()
    if source is None or source.gap_from is None or source.id is None:
        raise NotFound(_("There is no open gap in {name}.").format(name=name))
    record(
        session,
        at,
        staff,
        "source",
        source.id,
        "gap acknowledged",
        since=source.gap_from,
        until=source.gap_to,
    )
    source.gap_from = source.gap_to = source.gap_reason = None
    session.add(source)


def _still(held: Held) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Source.id) == held.source_id,
        col(Source.gen) == held.gen,
        col(Source.lease_owner) == held.owner,
    )
