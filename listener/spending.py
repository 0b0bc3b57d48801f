"""Money: what calls cost goes into the day's tally, and at the day's cap reading stops, loudly.

Replies are never stopped by it: whoever waits for an answer goes first. Then come those who name
us: what is dearer, and less surely about us, stops earlier.
"""

from collections.abc import Iterator

from listener.channels.channel import Channel, Page
from listener.worker import Worker
from models.errors import CapSpent
from models.records import tally
from models.words import _

_DEAR = ("search", "followers")
_SHARE_OF_DEAR = 0.8


def charge(worker: Worker, channel: Channel) -> None:
    """Put down what the channel's calls have cost since the last time."""
    if channel.meter is None:
        return
    bill, at = channel.meter.read_off(), worker.store.now()
    if not bill.calls and not bill.shown:
        return
    try:
        with worker.store.write() as session:
            fresh = tally.first_today(session, channel.name, bill.shown, at)
            for feed, amount in sorted(bill.costs(fresh).items()):
                tally.add(session, f"{channel.name}:{feed}", tally.SPENT, amount, at)
    except BaseException:
        channel.meter.put_back(bill)
        raise


def check(worker: Worker, channel: Channel, feed: str) -> None:
    """Raise CapSpent where the day's cap is reached; the desk is told by an alarm."""
    if channel.meter is None:
        return
    at, name = worker.store.now(), f"{channel.name}:{tally.CAP}"
    cap = channel.meter.daily_cap * (_SHARE_OF_DEAR if feed in _DEAR else 1)
    with worker.store.read() as session:
        spent = tally.read_today(session, channel.name, at)
        is_marked = channel.name in tally.stopped(session, at)
    if spent >= cap:
        with worker.store.write() as session:
            tally.mark(session, name, tally.STOPPED, at)
        raise CapSpent(_("the day's cap is spent; reading goes on after midnight UTC"))
    if is_marked and spent < channel.meter.daily_cap * _SHARE_OF_DEAR:  # it was raised meanwhile
        with worker.store.write() as session:
            tally.unmark(session, name, tally.STOPPED, at)


def is_scarce(worker: Worker, channel: Channel) -> bool:
    """Whether what is left of the day's cap is kept for those who name us and those who wait."""
    if channel.meter is None:
        return False
    with worker.store.read() as session:
        spent = tally.read_today(session, channel.name, worker.store.now())
    return spent >= channel.meter.daily_cap * _SHARE_OF_DEAR


def metered(
    worker: Worker, channel: Channel, feed: str, checkpoint: str | None, overlap: int
) -> Iterator[Page]:
    """The feed's pages, as long as there is money; what was billed is put down even where it
    failed."""
    check(worker, channel, feed)
    try:
        for page in channel.fetch(feed, checkpoint, overlap):
            yield page
            if page.checkpoint is None:
                charge(worker, channel)
                check(worker, channel, feed)
    finally:
        charge(worker, channel)
