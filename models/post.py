"""What passes between us and a network, as values: posts in, replies out, receipts, holes.

Followers and likes are not among them: what is not kept can never move the queue.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote it. Followers are not kept: what is not kept can never move the queue."""

    external_id: str
    handle: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or film, as kind, alternative text and link; never fetched."""

    kind: str
    alt: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One post on one network.

    `posted_at` and `edited_at` are instants; `conversation` is the network's id of the thread;
    `own` marks a post of ours; `addressed` one that names us, answers us or was imported for us.
    """

    channel: str
    external_id: str
    author: Author
    text: str
    posted_at: int
    url: str | None = None
    in_reply_to: str | None = None
    conversation: str | None = None
    addressed: bool = True
    lang: str | None = None
    media: tuple[Media, ...] = field(default=())
    own: bool = False
    edited_at: int | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply on its way out; `key` is the same on every attempt, `attempt` counts from 1."""

    account: str
    """Our account's id on the network."""
    in_reply_to: str
    body: str
    key: str
    created_at: int
    attempt: int
    credited: frozenset[str] = frozenset()
    """Posts below the same parent that are the proof of other replies: a look passes them by."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The network's proof that a reply is public."""

    external_id: str
    url: str | None
    posted_at: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A hole between two instants that the network no longer shows."""

    since: int
    until: int
    reason: str
