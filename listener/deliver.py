"""Delivering: from the outbox to the network, once; claimed and committed before the call.

Each pass first turns abandoned sends into doubts, then looks for the doubtful, then sends what
is due. The process may die between any two lines: what it leaves is a doubt, never a second post.
"""

import logging
from dataclasses import dataclass

from listener.channels.channel import Channel
from listener.spending import charge
from listener.worker import Worker
from models.errors import ChannelError, RateLimited, Rejected, Unavailable
from models.instant import SECOND
from models.records import outbox
from models.records.outbox import Claim

log = logging.getLogger("gensvar.listener")

_HOLD = 60 * SECOND
_LONGEST_HOLD = 15 * 60 * SECOND


@dataclass(slots=True)
class Delivered:
    """What one pass did."""

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    held: int = 0
    found: int = 0


def deliver(worker: Worker) -> Delivered:
    """One pass over the outbox."""
    done, at = Delivered(), worker.store.now()
    _rescue(worker, done)
    _look(worker, done)
    while claim := _claim(worker, at):  # what is held in this pass waits for the next one
        _send(worker, claim, done)
    return done


def _rescue(worker: Worker, done: Delivered) -> None:
    waits = [channel.look_waits[0] for channel in worker.channels.values()]
    with worker.store.write() as session:
        wait = int(max(waits) * SECOND)
        done.unknown += outbox.rescue(session, worker.store.now(), wait)


def _look(worker: Worker, done: Delivered) -> None:
    """Look for every doubtful reply; what could not be looked at stays as it is."""
    at = worker.store.now()
    with worker.store.read() as session:
        doubtful = outbox.to_look_for(session, worker.can_send(), at)
    for claim in doubtful:
        channel = worker.channels[claim.channel]
        try:
            receipt = channel.look_up(claim.outgoing)
        except Exception as error:  # a look that fails proves nothing, and holds up nobody else
            log.warning("looking for reply %d: %r", claim.reply_id, error)
            continue
        finally:
            charge(worker, channel)
        with worker.store.write() as session:
            if receipt is not None:
                outbox.sent(session, claim, receipt)
                done.found += 1
            else:
                again = _next_look(channel, claim, worker.store.now())
                resend = _may_resend(channel, claim, worker.store.now())
                outbox.absent(session, claim, worker.store.now(), again, resend)


def _may_resend(channel: Channel, claim: Claim, at: int) -> bool:
    """Not for ever: what a network recognises a second attempt by, it forgets."""
    outgoing, seconds = claim.outgoing, channel.resend_seconds
    is_late = seconds is not None and at > outgoing.created_at + int(seconds * SECOND)
    return outgoing.attempt <= channel.resends and not is_late


def _next_look(channel: Channel, claim: Claim, at: int) -> int | None:
    """When to look again after one more fruitless look; None after the last."""
    looks = claim.looks + 1
    if looks >= len(channel.look_waits):
        return None
    return at + int(channel.look_waits[looks] * SECOND)


def _claim(worker: Worker, due_at: int) -> Claim | None:
    """The next reply due at `due_at`, leased for longer than any call may take."""
    calls = (2 * channel.call_seconds for channel in worker.channels.values())
    lease = int(max(worker.settings.outbox.lease_seconds, *calls) * SECOND)
    with worker.store.write() as session:
        lease += worker.store.now() - due_at
        return outbox.claim(session, worker.can_send(), worker.name, due_at, lease)


def _send(worker: Worker, claim: Claim, done: Delivered) -> None:
    channel = worker.channels[claim.channel]
    with worker.store.read() as session:
        until = worker.store.now() + int(channel.call_seconds * SECOND)
        if not outbox.is_still_ours(session, claim, until):
            return
    try:
        receipt = channel.reply(claim.outgoing)
    except Rejected as error:
        done.failed += 1
        with worker.store.write() as session:
            outbox.failed(session, claim, str(error), worker.store.now())
    except Unavailable as error:
        done.held += 1
        _hold(worker, claim, error)
    except Exception as error:
        # Uncertain, and everything nobody thought of: the reply may be public already.
        done.unknown += 1
        _doubt(worker, claim, channel, error)
        if not isinstance(error, ChannelError):
            raise
    else:
        done.sent += 1
        with worker.store.write() as session:
            outbox.sent(session, claim, receipt)
    charge(worker, channel)


def _hold(worker: Worker, claim: Claim, error: Unavailable) -> None:
    at = worker.store.now()
    asked = int(error.retry_after * SECOND) if isinstance(error, RateLimited) else _HOLD
    asked = max(asked, SECOND)
    with worker.store.write() as session:
        outbox.hold(session, claim, str(error), at, at + min(asked, _LONGEST_HOLD))


def _doubt(worker: Worker, claim: Claim, channel: Channel, error: Exception) -> None:
    at = worker.store.now()
    look_at = at + int(channel.look_waits[0] * SECOND)
    with worker.store.write() as session:
        outbox.uncertain(session, claim, str(error) or type(error).__name__, at, look_at)
