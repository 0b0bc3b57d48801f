"""The leaders' daily mail: written down once a day and reader, then sent as an outbox sends.

Each pass first gives up on senders that died, then writes down what is due, then sends it. The
process may die between any two lines: a mail that the server may have is sent once more, under
the same Message-ID. A second copy does no harm, a missing page does: for replies it is the other
way about.
"""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from listener import smtp
from listener.digest.mail import Render, compose, message_id
from listener.digest.sending import hand_in
from listener.smtp import connected
from listener.worker import Worker
from models.errors import (
    ChannelError,
    LeaseLost,
    Rejected,
    SignedOut,
    StoreError,
    Unavailable,
    Uncertain,
)
from models.instant import HOUR, MINUTE, SECOND
from models.mailing import Mailing, Recipient
from models.records import digest_outbox as outbox
from models.records import digests
from models.records.digest_outbox import Claim
from models.records.digests import Letter
from models.words import _

if TYPE_CHECKING:
    from sqlmodel import Session

log = logging.getLogger("gensvar.listener")

_WAITS = (1 * MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR)
"""Between attempts; after the last, it again and again."""
_JITTER = 0.1


@dataclass(slots=True)
class Mailed:
    """What one pass did."""

    written: int = 0
    sent: int = 0
    held: int = 0
    failed: int = 0
    unknown: int = 0


def look_after_digests(worker: Worker, render: Render) -> Mailed:
    """One pass; `render` draws the page."""
    done, mailing = Mailed(), worker.settings.mailing()
    with worker.store.write() as session:
        outbox.rescue(session, worker.store.now())
    if mailing:
        for reader in mailing.readers:
            done.written += _write_down(worker, mailing, reader, render)
    with worker.store.write() as session:
        outbox.tidy(session, worker.store.now())
    while mailing and (claim := _claim(worker, mailing)) and _send(worker, claim, done):
        pass
    return done


def _write_down(worker: Worker, mailing: Mailing, reader: Recipient, render: Render) -> bool:
    """Put the mail that is due into the outbox; whether it was us who did.

    Drawn outside the transaction that writes: figures take longer than others should wait.
    """
    try:
        with worker.store.read() as session:
            at = worker.store.now()
            days = digests.due_days(session, mailing, reader.mail, at)
            if not days:
                return False
            page = render(session, days, reader)
        number = message_id(days[-1], reader.mail, worker.settings.smtp)
        mail = compose(page, reader, worker.settings.smtp, number, at)
        body = mail.as_bytes().decode("ascii")
        letter = Letter(tuple(days), reader.mail, number, str(mail["Subject"]), body)
        with worker.store.write() as session:
            return digests.write_down(session, mailing, letter, at)
    except StoreError:
        raise
    except Exception:  # one page that cannot be drawn keeps no other reader waiting
        log.exception(_("the digest for %s cannot be written"), reader.mail)
        return False


def _claim(worker: Worker, mailing: Mailing) -> Claim | None:
    """The next mail, leased for longer than its connection can last."""
    at = worker.store.now()
    lease = int(3 * smtp.SECONDS * SECOND)
    with worker.store.write() as session:
        if outbox.is_stopped(session, at):
            return None
        return outbox.claim(session, mailing.addresses(), worker.name, at, lease)


def _send(worker: Worker, claim: Claim, done: Mailed) -> bool:
    """Try to send one; whether there is any use in trying the next."""
    settings, error, answer, is_there = worker.settings.smtp, None, "", False
    try:
        with connected(settings) as server:
            is_there = True
            mail = claim.mail.encode("ascii")
            said = hand_in(server, settings.address(), claim.reader, mail, _commit(worker, claim))
            answer = f"{settings.host}: {said}"
    except LeaseLost:
        return True
    except ChannelError as no:
        error = no
    with worker.store.write() as session:
        _note(session, claim, error, answer, worker.store.now())
    _count(done, error)
    return is_there and not isinstance(error, SignedOut)


def _commit(worker: Worker, claim: Claim) -> Callable[[], None]:
    """Note, before the text leaves, that the server may have it from now on."""

    def commit() -> None:
        with worker.store.write() as session:
            at = worker.store.now()
            outbox.hand_in(session, claim, at, at + int(smtp.SECONDS * SECOND))

    return commit


def _note(
    session: "Session", claim: Claim, error: ChannelError | None, answer: str, at: int
) -> None:
    """Write down how it went."""
    if error is None:
        outbox.sent(session, claim, answer, at)
    elif isinstance(error, SignedOut):
        outbox.stop(session, claim, str(error), at)
    elif isinstance(error, Unavailable):
        wait = _WAITS[min(claim.attempts, len(_WAITS)) - 1]
        outbox.hold(session, claim, str(error), at, at + _jittered(wait))
    elif isinstance(error, Rejected):
        outbox.failed(session, claim, str(error), at)
    else:
        outbox.doubt(session, claim, str(error), at, at + _jittered(_WAITS[0]))


def _jittered(wait: int) -> int:
    """Somewhat longer, so that listeners that failed together do not come back together."""
    return int(wait * random.uniform(1.0, 1.0 + _JITTER))  # noqa: S311  no secret


def _count(done: Mailed, error: ChannelError | None) -> None:
    done.sent += error is None
    done.held += isinstance(error, Unavailable)
    done.failed += isinstance(error, Rejected)
    done.unknown += isinstance(error, Uncertain)
