"""The sandbox network as a channel: the one that always works, and the sternest teacher."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from listener.channels.channel import CLOCK_SKEW, Channel, Page
from listener.sandbox import SandboxNetwork
from models.errors import Unsupported
from models.networks import same_words
from models.post import Author, Gap, Outgoing, Post, Receipt
from models.settings import Brand

_PAGE = 100


class SandboxChannel(Channel):
    """Keys are not honoured here: a blind second send is a second post."""

    name = "sandbox"
    feeds = ("mentions", "own")
    call_seconds = 10.0
    resends = 1_000

    def __init__(self, file: Path, brand: Brand) -> None:
        self.network = SandboxNetwork(file)
        self.account = Author(brand.handle, brand.handle, brand.name)
        self.network.sign_up(self.account, ours=True)

    def whoami(self) -> Author:
        """Everybody is who they say here."""
        return self.account

    def fetch(self, feed: str, checkpoint: str | None, overlap: int) -> Iterator[Page]:
        """Pages by the instant a post was created; the checkpoint is that of the last one."""
        if feed not in self.feeds:
            raise Unsupported(f"the sandbox has no {feed}")
        reached = int(checkpoint) if checkpoint else 0
        since, after, held = max(0, reached - overlap), 0, checkpoint
        while True:
            listing = self.network.listed(since, after, _PAGE)
            reached = max([reached, *(created for created, _post in listing.posts)])
            gap = _gap(held, listing.forgotten_until)
            held = str(max(reached, listing.forgotten_until or 0)) if held else held
            wanted = tuple(post for _created, post in listing.posts if post.own == (feed == "own"))
            yield Page(wanted, str(reached), gap=gap)
            if len(listing.posts) < _PAGE:
                return
            after = listing.last

    def recall(self, external_ids: Sequence[str]) -> dict[str, Post | None]:
        """As the network has them now."""
        return self.network.recall(external_ids)

    def reply(self, outgoing: Outgoing) -> Receipt:
        """Publish; the network checks length and parent itself."""
        post = self.network.reply(
            outgoing.account, outgoing.in_reply_to, outgoing.body, outgoing.key
        )
        return _receipt(post)

    def look_up(self, outgoing: Outgoing) -> Receipt | None:
        """Our own words below the post, as far as the network lists them by now."""
        for post in self.network.answers(outgoing.account, outgoing.in_reply_to):
            is_recent = post.posted_at >= outgoing.created_at - CLOCK_SKEW
            is_free = post.external_id not in outgoing.credited
            if is_recent and is_free and same_words(outgoing.body, post.text):
                return _receipt(post)
        return None


def _receipt(post: Post) -> Receipt:
    return Receipt(post.external_id, post.url, post.posted_at)


def _gap(checkpoint: str | None, forgotten_until: int | None) -> Gap | None:
    """Posts between the checkpoint and the network's reach are lost to us."""
    if checkpoint is None or forgotten_until is None or forgotten_until <= int(checkpoint):
        return None
    return Gap(int(checkpoint), forgotten_until, "the sandbox lists only its newest posts")
