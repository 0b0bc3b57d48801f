"""The networks, examined with one cheap call each: whose keys, what they may, and the clock."""

from collections.abc import Iterator

from listener.channels import open_channels
from listener.channels.channel import Channel
from models.errors import Unavailable
from models.finding import FAILS, LOOK, WORKS, Finding
from models.networks import FEEDS, why_not
from models.post import Author
from models.settings import Settings
from models.words import _

_WRONG_CLOCK = 60.0
"""Seconds; X refuses what was signed five minutes off."""


def probe(settings: Settings) -> list[Finding]:
    """Every network whose keys are there; what needs no asking is examined elsewhere."""
    found = list[Finding]()
    for name, channel in open_channels(settings).items():
        if name != "sandbox":
            found += _examined(channel)
    return found


def _examined(channel: Channel) -> Iterator[Finding]:
    """A wrong clock comes first: keys are refused for it."""
    try:
        found: Author | Unavailable = channel.whoami()
    except Unavailable as error:
        found = error
    ahead = channel.clock_ahead()
    if ahead is not None and abs(ahead) > _WRONG_CLOCK:
        says = _("this machine's clock differs from the network's by {seconds:.0f} seconds")
        yield Finding(FAILS, channel.name, says.format(seconds=ahead))
    if isinstance(found, Unavailable):
        yield Finding(FAILS, channel.name, str(found))
        return
    yield from _signed_in(channel, found)
    yield from _feeds(channel)
    if advice := channel.advice():
        yield Finding(LOOK, channel.name, advice)


def _signed_in(channel: Channel, found: Author) -> Iterator[Finding]:
    name, ours = channel.name, channel.account
    if found.handle.lower() != ours.handle.lower():
        says = _("the keys are those of {theirs}, the config names {ours}")
        told = says.format(theirs=found.handle, ours=ours.handle)
        yield Finding(FAILS, name, told)
    elif found.external_id != ours.external_id:
        says = _('the account needs the line external_id = "{id}" in config.toml')
        yield Finding(FAILS, name, says.format(id=found.external_id))
    elif channel.is_read_only():
        says = _("the keys may only read: give the app read and write, then make new keys")
        yield Finding(FAILS, name, says)
    else:
        yield Finding(WORKS, name, _("signed in as {handle}").format(handle=found.handle))


def _feeds(channel: Channel) -> Iterator[Finding]:
    """What is read there, and why the rest is not."""
    heard = ", ".join(channel.feeds)
    yield Finding(WORKS, channel.name, _("reads {feeds}").format(feeds=heard))
    for feed in FEEDS:
        if feed not in channel.feeds:
            reason = why_not(channel.name, feed)
            says = _("{feed}: n/a; {reason}").format(feed=feed, reason=reason)
            yield Finding(WORKS, channel.name, says)
