"""Money: what calls cost goes into the day's tally, and at the day's cap reading stops, loudly.

Replies are never stopped by it: whoever waits for an answer goes first.
"""

from collections.abc import Iterator

from listener.channels.channel import Channel, Page
from listener.worker import Worker
from models.errors import CapSpent
from models.records import tally
from models.words import _


def charge(worker: Worker, channel: Channel) -> None:
    """Put down what the channel's calls have cost since the last time."""
    costs = channel.meter.read_off() if channel.meter else {}
    if not costs:
        return
    at = worker.store.now()
    with worker.store.write() as session:
        for feed, amount in costs.items():
            tally.add(session, f"{channel.name}:{feed}", tally.SPENT, amount, at)


def check(worker: Worker, channel: Channel) -> None:
    """Raise CapSpent where the day's cap is reached; the desk is told by an alarm."""
    if channel.meter is None:
        return
    at = worker.store.now()
    with worker.store.read() as session:
        spent = tally.of_day(session, channel.name, tally.SPENT, at)
    if spent < channel.meter.daily_cap:
        return
    with worker.store.write() as session:
        tally.mark(session, f"{channel.name}:cap", tally.STOPPED, at)
    raise CapSpent(_("the day's cap is spent; reading goes on after midnight UTC"))


def metered(worker: Worker, channel: Channel, pages: Iterator[Page]) -> Iterator[Page]:
    """The pages, as long as there is money; what was billed is put down even where it failed."""
    check(worker, channel)
    try:
        for page in pages:
            yield page
            if page.checkpoint is None:
                charge(worker, channel)
                check(worker, channel)
    finally:
        charge(worker, channel)
