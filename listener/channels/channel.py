"""What every network must do, and the words for it.

FEED: one listing of a network: `mentions` (who names or answers us), `search` (who talks about
us), `comments` (below our posts), `followers`, `own` (our own posts: receipts and native
answers). CHECKPOINT: where a feed was left, in the channel's own form. PAGE: posts that are
stored in one transaction. RECEIPT: the network's proof that a reply is public. LOOK: a complete
search for such proof. A call that a network or plan has no answer for raises Unsupported.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from listener.channels.meter import Meter
from models.instant import MINUTE
from models.post import Author, Gap, Outgoing, Post, Receipt

CLOCK_SKEW = 15 * MINUTE
"""How far a network's clock may differ from ours before a look goes wrong."""


@dataclass(frozen=True, slots=True)
class Page:
    """Posts of a feed, oldest first.

    `checkpoint` is None while older posts are still to come, so that a crash re-reads them;
    `rejected` counts items of the network that were no posts; `gap` is what it no longer shows.
    """

    posts: tuple[Post, ...]
    checkpoint: str | None
    rejected: int = 0
    gap: Gap | None = None


class Channel(ABC):
    """One network. Every call has a total deadline and no retries of its own."""

    name: ClassVar[str]
    feeds: tuple[str, ...]
    account: Author
    """Our own account there, which answers where none of ours has written yet."""
    look_waits: tuple[float, ...] = (120.0, 120.0)
    """Seconds from the doubt to the first look and between looks; longer than the network's own
    listing delay, or absence proves nothing."""
    call_seconds: float = 25.0
    """The total deadline of one call; a sender whose lease ends sooner does not begin it."""
    resends: int = 0
    """How often a reply that every look has missed may be sent again without a person."""
    resend_seconds: float | None = None
    """So long after it was written a reply may be sent again; None, and time does not matter."""
    meter: Meter | None = None
    """What its calls cost; none where they are free."""

    @abstractmethod
    def whoami(self) -> Author:
        """Whose keys these are, by one cheap call; SignedOut where they open nothing."""

    def is_read_only(self) -> bool:
        """Whether the network has said, by its last answer, that these keys cannot write."""
        return False

    def clock_ahead(self) -> float | None:
        """Seconds our clock was ahead of the network's at its last answer; None if it told none."""
        return None

    def advice(self) -> str | None:
        """What the network would have us set otherwise, as a sentence; None, and all is well."""
        return None

    @abstractmethod
    def fetch(self, feed: str, checkpoint: str | None, overlap: int) -> Iterator[Page]:
        """The pages of a feed since its checkpoint, reaching back `overlap` microseconds more."""

    @abstractmethod
    def recall(self, external_ids: Sequence[str]) -> dict[str, Post | None]:
        """These posts as they are now: edited, unchanged, or None where the network says deleted.

        A post the network knows nothing of is left out: absence is no proof of deletion.
        """

    @abstractmethod
    def reply(self, outgoing: Outgoing) -> Receipt:
        """Publish a reply: one call, at most one post.

        Rejected is a definite no; Unavailable (RateLimited, SignedOut) means nothing was taken;
        Uncertain means it may be public.
        """

    @abstractmethod
    def look_up(self, outgoing: Outgoing) -> Receipt | None:
        """Look for a reply that may have landed; None only after a complete look found nothing."""
