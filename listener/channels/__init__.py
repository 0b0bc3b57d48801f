"""The networks, one file each; a network's library is imported only when it is used."""

from listener.channels.channel import Channel
from listener.channels.meter import Meter
from listener.channels.sandbox import SandboxChannel
from models import secrets
from models.post import Author
from models.settings import AccountEntry, Settings


def open_channels(settings: Settings) -> dict[str, Channel]:
    """The channels this installation can use, by name; the sandbox always.

    A network without all its keys, or without the approval it asks for, is left out: `gensvar
    doctor` says so.
    """
    channels: dict[str, Channel] = {}
    channels["sandbox"] = SandboxChannel(settings.sandbox_file(), settings.brand)
    openers = {"x": _x, "reddit": _reddit, "mastodon": _mastodon, "bluesky": _bluesky}
    for entry in settings.account:
        is_allowed = settings.is_allowed(entry.channel)
        if is_allowed and entry.channel in openers and not secrets.missing(entry.channel):
            channels[entry.channel] = openers[entry.channel](settings, entry)
    return channels


def _x(settings: Settings, entry: AccountEntry) -> Channel:
    from listener.channels.x import XChannel

    x = settings.x
    meter = Meter(x.prices.model_dump(), x.daily_cap)
    words = settings.listen.words
    return XChannel(_author(entry), secrets.keys("x"), meter, words, x.followers, x.api)


def _reddit(settings: Settings, entry: AccountEntry) -> Channel:
    from listener.channels.reddit import RedditChannel

    keys = {**secrets.keys("reddit"), "username": entry.handle}
    ours = settings.reddit
    return RedditChannel(
        _author(entry), keys, settings.listen.words, ours.subreddits, base=ours.api
    )


def _mastodon(settings: Settings, entry: AccountEntry) -> Channel:
    from listener.channels.mastodon import MastodonChannel

    token, ours = secrets.keys("mastodon")["access_token"], settings.mastodon
    words, room = settings.listen.words, ours.max_characters
    return MastodonChannel(_author(entry), token, ours.server, words, ours.followers, room)


def _bluesky(settings: Settings, entry: AccountEntry) -> Channel:
    from listener.channels.bluesky import BlueskyChannel

    ours, words = settings.bluesky, settings.listen.words
    return BlueskyChannel(
        _author(entry), secrets.keys("bluesky"), words, ours.followers, ours.service
    )


def _author(entry: AccountEntry) -> Author:
    return Author(entry.external_id or entry.handle, entry.handle, entry.name)
