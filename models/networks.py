"""What each network allows, as data: how long a post may be, how it is counted and linked to."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from models.words import _

_URL = re.compile(r"https?://[^\s]{1,2000}")
_LEADING_HANDLES = re.compile(r"^(?:@[\w.@-]{1,100}\s{1,10}){1,50}")


@dataclass(frozen=True, slots=True)
class Network:
    """One network's rules; `limit` counts characters after `url_length` replaces each link."""

    name: str
    label: str
    limit: int
    url_length: int | None = None

    def count(self, text: str) -> int:
        """The length of a post as the network counts it."""
        counted = unicodedata.normalize("NFC", text)
        if self.url_length is not None:
            counted = _URL.sub("u" * self.url_length, counted)
        return len(counted)


NETWORKS = {
    network.name: network
    for network in (
        Network("sandbox", "Sandbox", limit=500),
        Network("x", "X", limit=280, url_length=23),
        Network("reddit", "Reddit", limit=10_000),
        Network("mastodon", "Mastodon", limit=500, url_length=23),
        Network("bluesky", "Bluesky", limit=300),
    )
}


ONLY_THERE = "to be answered there"
"""The flag of a post that its network lets nobody answer from outside."""


def obstacle(channel: str, flags: Sequence[str], can_send: frozenset[str]) -> str | None:
    """Why an answer to a post cannot leave from here, as a sentence; None where it can."""
    label = NETWORKS[channel].label if channel in NETWORKS else channel
    if channel not in can_send:
        return _("Nothing can be sent to {network} from here.").format(network=label)
    if ONLY_THERE in flags:
        told = _("{network} lets no program answer somebody who has not named us in the post.")
        return told.format(network=label)
    return None


def same_words(ours: str, seen: str) -> bool:
    """Whether a post seen on a network is the text we sent.

    Networks shorten links, normalise letters and put the addressee in front.
    """
    return _words(ours) == _words(seen)


def _words(text: str) -> str:
    plain = _URL.sub("<link>", unicodedata.normalize("NFC", text))
    return " ".join(_LEADING_HANDLES.sub("", plain.strip() + " ").split())
