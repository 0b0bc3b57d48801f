"""The leaders' daily mail as rows: which days are due to whom, each written down once.

What was written down leaves by `models.records.digest_outbox`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from models.instant import HOUR
from models.mailing import Mailing, days_between
from models.records.digest_outbox import MONTH, note
from models.records.events import LISTENER
from models.records.kinds import DigestState
from models.records.people import insert_new
from models.records.tables import Digest

_ONE = timedelta(days=1)
_UNTOLD = (DigestState.QUEUED, DigestState.FAILED)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it will be sent; `days` are those it tells about, the last one is its own."""

    days: tuple[date, ...]
    reader: str
    message_id: str
    subject: str
    mail: str


def due_days(
    session: Session, mailing: Mailing, reader: str, at: int, *, lock: bool = False
) -> list[date]:
    """The days that the reader's next mail tells about, oldest first; none if none is due.

    They are all whose hour has passed since the last one written down, and those before that did
    not leave. A new reader begins with yesterday; nobody is told more than the last thirty days.
    """
    rows = _last_month(session, reader, mailing.newest(at), lock)
    missing = missing_days(session, mailing, reader, at)
    if not missing:
        return []
    untold = {date.fromisoformat(day) for row in rows if _is_untold(row, at) for day in row.days}
    return sorted({*untold, *missing})[-MONTH:]


def _last_month(session: Session, reader: str, newest: date, lock: bool) -> Sequence[Digest]:
    first = (newest - (MONTH - 1) * _ONE).isoformat()
    rows = select(Digest).where(Digest.recipient == reader, col(Digest.day) >= first)
    rows = rows.order_by(col(Digest.day)).execution_options(populate_existing=True)
    return session.exec(rows.with_for_update() if lock else rows).all()


def missing_days(session: Session, mailing: Mailing, reader: str, at: int) -> list[date]:
    """The days whose hour has passed and of which nothing is written down for this reader."""
    last = select(Digest.day).where(Digest.recipient == reader)
    found = session.exec(last.order_by(col(Digest.day).desc()).limit(1)).first()
    first = date.fromisoformat(found) + _ONE if found else mailing.yesterday(at)
    return days_between(first, mailing.newest(at))


def _is_untold(row: Digest, at: int) -> bool:
    return row.state in _UNTOLD and (row.lease_until or 0) < at


def write_down(session: Session, mailing: Mailing, letter: Letter, at: int) -> bool:
    """Put a mail into the outbox, and mark the days it catches up; False, and nothing written,
    where another listener was quicker."""
    days = due_days(session, mailing, letter.reader, at, lock=True)
    if tuple(days) != letter.days:
        return False
    own = letter.days[-1].isoformat()
    written = insert_new(
        session,
        Digest,
        day=own,
        recipient=letter.reader,
        state=DigestState.QUEUED,
        made_at=at,
        message_id=letter.message_id,
        subject=letter.subject,
        body=letter.mail,
        days=[day.isoformat() for day in days],
        send_after=at,
    )
    if written is None:
        return False
    note(session, at, LISTENER, own, letter.message_id, (None, DigestState.QUEUED))
    superseded = [_merge(session, letter, day.isoformat(), at) for day in days[:-1]]
    _give_up_older(session, letter, [number for number in superseded if number], at)
    return True


def _merge(session: Session, letter: Letter, day: str, at: int) -> str | None:
    """A missed day is told in this mail, under whose Message-ID it is found; that of the mail
    that was to tell it, if there was one."""
    key = {"day": day, "recipient": letter.reader}
    state, number = DigestState.MERGED, letter.message_id
    if insert_new(session, Digest, **key, state=state, made_at=at, message_id=number, days=[]):
        note(session, at, LISTENER, day, number, (None, state))
        return None
    row = session.get_one(Digest, key)
    if row.state != state:
        note(session, at, LISTENER, day, number, (row.state, state))
    before, row.message_id = row.message_id, number
    row.state, row.body, row.send_after, row.days = state, None, None, []
    session.add(row)
    return before


def _give_up_older(session: Session, letter: Letter, superseded: list[str], at: int) -> None:
    """What a mail that never left had caught up, and this one no longer does."""
    older = select(Digest).where(
        Digest.recipient == letter.reader,
        col(Digest.day) < letter.days[0].isoformat(),
        col(Digest.message_id).in_(superseded),
    )
    for row in session.exec(older).all():
        note(session, at, LISTENER, row.day, row.message_id, (row.state, DigestState.FAILED))
        row.state, row.error, row.days = DigestState.FAILED, "older than thirty days", [row.day]
        session.add(row)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What has become of the mails about a day, in numbers of readers."""

    readers: int
    sent: int
    refused: int
    """The server said no, or nobody took it for a day."""
    doubtful: int
    """The server may have it."""
    leaves_at: int
    """When they should leave."""
    sent_at: int | None
    """When the last one left."""
    refusal: str | None
    """Why, in the server's words."""
    trouble: str | None
    """Why one that waits has not left yet, where it was tried."""

    @property
    def waiting(self) -> int:
        """Those whose mail is still to leave."""
        return self.readers - self.sent - self.refused - self.doubtful


def delivery(session: Session, mailing: Mailing, day: date) -> Delivery:
    """Of the mails about a day, or of those that caught it up."""
    readers = mailing.addresses()
    about = (Digest.day == day.isoformat(), col(Digest.recipient).in_(sorted(readers)))
    rows = session.exec(select(Digest).where(*about).order_by(col(Digest.recipient)))
    found = [_told_by(session, row) for row in rows.all()]
    sent = [row.sent_at or 0 for row in found if row.state == DigestState.SENT]
    refused = [row.error for row in found if row.state == DigestState.FAILED]
    return Delivery(
        len(readers),
        len(sent),
        len(refused),
        sum(row.state == DigestState.UNKNOWN for row in found),
        mailing.leaves_at(day),
        max(sent, default=None),
        next(filter(None, refused), None),
        next((row.error for row in found if row.state == DigestState.QUEUED and row.error), None),
    )


@dataclass(frozen=True, slots=True)
class Late:
    """The mail about `day` left late, at `sent_at`, or did not leave as far as is known: None."""

    day: date
    sent_at: int | None


def late(session: Session, mailing: Mailing, reader: str, day: date) -> Late | None:
    """What the mail that begins with `day` must say of the one before: more than an hour late, or
    missing. None if it was in time, and for a new reader, who has had none."""
    before = day - _ONE
    earlier = (Digest.recipient == reader, col(Digest.day) < before.isoformat())
    is_new = session.exec(select(Digest.day).where(*earlier).limit(1)).first() is None
    row = session.get(Digest, (before.isoformat(), reader))
    if row is None:
        return None if is_new else Late(before, None)
    told = _told_by(session, row)
    owed_at = row.made_at if is_new else mailing.leaves_at(before)
    if told.state == DigestState.SENT and told.sent_at is not None:
        return Late(before, told.sent_at) if told.sent_at > owed_at + HOUR else None
    return Late(before, None)


def _told_by(session: Session, row: Digest) -> Digest:
    """The mail that tells of a day: its own, or the one that caught it up."""
    if row.state != DigestState.MERGED:
        return row
    same = (Digest.recipient == row.recipient, Digest.message_id == row.message_id)
    return session.exec(select(Digest).where(*same, Digest.state != DigestState.MERGED)).one()
