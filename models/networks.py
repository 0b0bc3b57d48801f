"""What each network allows, as data: how long a post may be, how it is counted and linked to."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from models.words import _

_URL = re.compile(r"https?://[^\s]{1,2000}")
_LINK = 23
_DOMAIN = re.compile(
    r"(?<![\w@./-])(?:[\w-]{1,63}\.){1,4}"
    r"(?:com|net|org|info|eu|se|nu|no|dk|fi|is|ax|io|app|dev|shop|store|uk|de)(?![\w.-]*\w)"
    r"(?:/\S{0,2000})?",
    re.IGNORECASE,
)
"""A domain without https:// becomes a link on X as well; these are the ends met in the North."""
_LIGHT = ((0, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
_KEYCAP = "\u20e3"
_NAME = 32
"""An @, the longest name that Mastodon gives, and a space."""
_SERVERS = re.compile(r"(?<![\w@./-])(@[\w.-]{1,100})@[\w.-]{1,250}")
"""Somebody's name with their server, which Mastodon neither counts nor shows."""
_LEADING_HANDLES = re.compile(r"^(?:@[\w.@-]{1,100}\s{1,10}){1,50}")


def _letters(text: str) -> int:
    return len(unicodedata.normalize("NFC", text))


def _weighted(text: str) -> int:
    """X's count (twitter-text 3): a link is 23, an emoji however composed 2, and so is a letter
    beyond the Latin, Greek, Cyrillic and their neighbours."""
    return sum(map(_weight, _clusters(_shortened(text, bare_domains=True))))


def _clustered(text: str) -> int:
    """Mastodon's count: what is seen as one sign is one, a link 23, a name without its server."""
    return len(_clusters(_SERVERS.sub(r"\1", _shortened(text))))


def _signs(text: str) -> int:
    """Bluesky's count: what is seen as one sign is one."""
    return len(_clusters(unicodedata.normalize("NFC", text)))


@dataclass(frozen=True, slots=True)
class Network:
    """One network's rules; `limit` is in what `count` counts."""

    name: str
    label: str
    limit: int
    count: Callable[[str], int] = _letters
    """The length of a post as the network counts it."""
    front: int = 0
    """What of the limit is kept for the name that is put in front of a reply."""

    @property
    def room(self) -> int:
        """How long a reply may be."""
        return self.limit - self.front


@dataclass(frozen=True, slots=True)
class Weight:
    """The length of a text in UTF-8 bytes, where a network limits these beside the signs: a family
    of four is one sign and 25 bytes."""

    bytes: int
    limit: int

    @property
    def is_too_much(self) -> bool:
        return self.bytes > self.limit

    @property
    def told(self) -> str:
        return _("{length} of {limit} bytes").format(length=self.bytes, limit=self.limit)


_HEAVIEST = {"bluesky": 3000}
"""Bytes that a post may have."""


def weight(network: str, text: str) -> Weight | None:
    """Of a text whose bytes come to their limit before its signs do; None for all others."""
    limit, length = _HEAVIEST.get(network), len(text.encode(errors="replace"))
    if limit is None or length * 3 < limit:
        return None
    rules = NETWORKS[network]
    is_nearer = length * rules.limit > rules.count(text) * limit
    return Weight(length, limit) if is_nearer else None


def too_heavy(network: str, text: str) -> str | None:
    """Why a text cannot be sent for its bytes, as a sentence; None where it can."""
    found = weight(network, text)
    if found is None or not found.is_too_much:
        return None
    told = _("The reply has {length} bytes; {network} takes {limit}: use fewer emoji.")
    label = NETWORKS[network].label
    return told.format(length=found.bytes, network=label, limit=found.limit)


NETWORKS = {
    network.name: network
    for network in (
        Network("sandbox", "Sandbox", limit=500),
        Network("x", "X", limit=280, count=_weighted),
        Network("reddit", "Reddit", limit=10_000),
        Network("mastodon", "Mastodon", limit=500, count=_clustered, front=_NAME),
        Network("bluesky", "Bluesky", limit=300, count=_signs),
    )
}


FEEDS = ("mentions", "search", "comments", "followers", "own")


def take(name: str, limit: int) -> None:
    """From now on a post there may be so long: on Mastodon each server decides by itself."""
    NETWORKS[name] = replace(NETWORKS[name], limit=limit)


def why_not(network: str, feed: str) -> str:
    """Why a feed is not read there: the network has none, or the config does not ask for it."""
    reasons = {
        ("x", "comments"): _("on X, answers to our posts come in as mentions"),
        ("x", "followers"): _("the config listens to no followers on X; see [x] followers"),
        ("reddit", "comments"): _("the config names no subreddit of the brand's own"),
        ("reddit", "followers"): _(
            "Reddit has no list of followers, and the config names no subreddit of our own"
        ),
        ("mastodon", "followers"): _(
            "the config listens to no followers on Mastodon; see [mastodon] followers"
        ),
        ("bluesky", "followers"): _(
            "the config listens to no followers on Bluesky; see [bluesky] followers"
        ),
    }
    if feed == "search":
        return _("the config names no words to look for, see [listen] words")
    return reasons.get((network, feed), _("this network has no such listing"))


def has_link(text: str) -> bool:
    """Whether X would make a link of some part of it."""
    return bool(_URL.search(text) or _DOMAIN.search(text))


def _shortened(text: str, bare_domains: bool = False) -> str:
    """With 23 signs for each link, as X and Mastodon shorten them."""
    counted = _URL.sub("u" * _LINK, unicodedata.normalize("NFC", text))
    return _DOMAIN.sub("u" * _LINK, counted) if bare_domains else counted


def _clusters(text: str) -> list[str]:
    if text.isascii():
        return list(text)
    from grapheme import graphemes  # 40 ms that a start of the desk need not pay

    return list(graphemes(text))


def _weight(cluster: str) -> int:
    if _KEYCAP in cluster or any(unicodedata.category(letter) == "So" for letter in cluster):
        return 2
    return sum(
        1 if any(first <= ord(letter) <= last for first, last in _LIGHT) else 2
        for letter in cluster
    )


ONLY_THERE = "to be answered there"
"""The flag of a post that its network lets nobody answer from outside."""
PRIVATE = "private"
"""The flag of a post that not everybody can read; nor can they what answers it."""


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

    Networks shorten links and names, normalise letters and put the addressee in front.
    """
    return _words(ours) == _words(seen)


def _words(text: str) -> str:
    plain = _SERVERS.sub(r"\1", _URL.sub("<link>", unicodedata.normalize("NFC", text)))
    return " ".join(_LEADING_HANDLES.sub("", plain.strip() + " ").split())
