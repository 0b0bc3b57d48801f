"""How the leaders' mail leaves: leased, fenced, exactly once as far as a server lets it.

A claim is a lease: the mail stays `queued`. It is `sending` from the moment the server waits for
the text, so that only then a death leaves a doubt. What is in doubt is `unknown` with a time to
send it once more; without one, the second time was in vain as well.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from models.errors import LeaseLost
from models.instant import DAY, HOUR
from models.records.events import SENDER, record
from models.records.kinds import DigestState
from models.records.tables import Digest, Event

MONTH = 30
"""Days: so far back are missed ones caught up, and so long are bodies kept."""
_TRIED_FOR = DAY
_STOPS_FOR = HOUR


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail in one sender's hands; `gen` is the fence, `attempts` counts this one too."""

    day: str
    reader: str
    gen: int
    attempts: int
    mail: str


def claim(
    session: Session, readers: Collection[str], owner: str, at: int, lease: int
) -> Claim | None:
    """Take the next mail that is due, to one of these readers; commit before connecting."""
    due = (
        select(Digest)
        .where(col(Digest.state).in_((DigestState.QUEUED, DigestState.UNKNOWN)))
        .where(col(Digest.send_after) <= at, col(Digest.recipient).in_(sorted(readers)))
        .where(or_(col(Digest.lease_until).is_(None), col(Digest.lease_until) < at))
        .where(col(Digest.body).is_not(None))
        .order_by(col(Digest.send_after), col(Digest.day), col(Digest.recipient))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = session.exec(due).first()
    if row is None:
        return None
    row.gen += 1
    row.attempts += 1
    row.lease_owner, row.lease_until = owner, at + lease
    session.add(row)
    return Claim(row.day, row.recipient, row.gen, row.attempts, row.body or "")


def hand_in(session: Session, claim: Claim, at: int, until: int) -> None:
    """The text leaves now; commit first. LeaseLost unless the mail is ours `until` then.

    Of a mail in doubt, this is the one time it is sent again.
    """
    row = _locked(session, claim)
    if not _is_ours(row, claim) or (row.lease_until or 0) <= until:
        raise LeaseLost(claim.day)
    if row.state == DigestState.UNKNOWN:
        row.send_after = None
        note(session, at, SENDER, row.day, row.message_id, kind="sent again")
    else:
        _move(session, row, DigestState.SENDING, at)
    session.add(row)


def sent(session: Session, claim: Claim, answer: str, at: int) -> None:
    """The server took it. Also a fenced-off sender may say so: late proof is still proof."""
    row = _locked(session, claim)
    if row.state in (DigestState.SENDING, DigestState.UNKNOWN):
        row.sent_at, row.answer, row.error = at, answer, None
        row.send_after = None
        _let_go(row)
        _move(session, row, DigestState.SENT, at)
    _go_on(session, at)


def hold(session: Session, claim: Claim, reason: str, at: int, until: int) -> None:
    """Nothing was taken: try again at `until`."""
    row = _locked(session, claim)
    if not _is_ours(row, claim):
        return
    row.error, row.send_after = reason, until
    _let_go(row)
    if row.state == DigestState.SENDING:
        _move(session, row, DigestState.QUEUED, at)
    session.add(row)


def stop(session: Session, claim: Claim, reason: str, at: int) -> None:
    """Nothing was taken, and no other mail will be until a person acts: try again in an hour."""
    hold(session, claim, reason, at, at + _STOPS_FOR)
    record(session, at, SENDER, "mail", 0, "stopped")


def stopped_since(session: Session) -> int | None:
    """When the server last wanted a person to act, if nothing has left since."""
    last: Any = select(Event).where(Event.entity == "mail", Event.entity_id == 0)
    event = session.exec(last.order_by(col(Event.id).desc()).limit(1)).first()
    return event.at if event is not None and event.kind == "stopped" else None


def _go_on(session: Session, at: int) -> None:
    if stopped_since(session) is not None:
        record(session, at, SENDER, "mail", 0, "goes on")


def is_stopped(session: Session, at: int) -> bool:
    """Whether the server wanted a person to act, less than an hour ago."""
    last = stopped_since(session)
    return last is not None and last <= at < last + _STOPS_FOR


def failed(session: Session, claim: Claim, reason: str, at: int) -> None:
    """A definite no, to this mail or this reader; what was in doubt stays so."""
    row = _locked(session, claim)
    if _is_ours(row, claim):
        _give_up(session, row, reason, at)
    _go_on(session, at)


def doubt(session: Session, claim: Claim, reason: str, at: int, again_at: int) -> None:
    """The server may have it: send it once more at `again_at`, unless this was that time."""
    row = _locked(session, claim)
    if not _is_ours(row, claim):
        return
    row.error = reason
    _let_go(row)
    if row.state == DigestState.SENDING:
        row.send_after = again_at
        _move(session, row, DigestState.UNKNOWN, at)
    session.add(row)


def rescue(session: Session, at: int) -> None:
    """Mails whose sender died while the server was taking them are in doubt."""
    lost = select(Digest).where(Digest.state == DigestState.SENDING, col(Digest.lease_until) < at)
    for row in session.exec(lost.with_for_update(skip_locked=True)).all():
        row.error, row.send_after = "the sender stopped in the middle", at
        _let_go(row)
        _move(session, row, DigestState.UNKNOWN, at)


def tidy(session: Session, at: int) -> None:
    """Give up on what nobody took for a day, and take out bodies after thirty."""
    old = select(Digest).where(
        col(Digest.state).in_((DigestState.QUEUED, DigestState.UNKNOWN)),
        col(Digest.send_after).is_not(None),
        col(Digest.made_at) <= at - _TRIED_FOR,
        or_(col(Digest.lease_until).is_(None), col(Digest.lease_until) < at),
    )
    for row in session.exec(old.with_for_update(skip_locked=True)).all():
        _give_up(session, row, row.error or "nobody tried", at)
    past = (col(Digest.body).is_not(None), col(Digest.made_at) <= at - MONTH * DAY)
    session.connection().execute(update(Digest).where(*past).values(body=None))


def _give_up(session: Session, row: Digest, reason: str, at: int) -> None:
    row.error, row.send_after = reason, None
    _let_go(row)
    if row.state != DigestState.UNKNOWN:
        _move(session, row, DigestState.FAILED, at)
    session.add(row)


def _let_go(row: Digest) -> None:
    row.lease_owner = row.lease_until = None


def _is_ours(row: Digest, claim: Claim) -> bool:
    return row.gen == claim.gen and row.lease_owner is not None


def _locked(session: Session, claim: Claim) -> Digest:
    own = (Digest.day == claim.day, Digest.recipient == claim.reader)
    statement = select(Digest).where(*own).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one()


def _move(session: Session, row: Digest, state: DigestState, at: int) -> None:
    note(session, at, SENDER, row.day, row.message_id, (row.state, state))
    row.state = state
    session.add(row)


def note(
    session: Session,
    at: int,
    actor: str,
    day: str,
    message_id: str,
    states: tuple[str | None, str | None] = (None, None),
    kind: str | None = None,
) -> None:
    """Into the log, under the day's number; the Message-ID tells readers apart and names none."""
    number = date.fromisoformat(day).toordinal()
    told = kind or str(states[1])
    record(session, at, actor, "digest", number, told, states, message_id=message_id)
