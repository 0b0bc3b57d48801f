"""Which thread a post belongs to. Mastodon names none: a thread is known by its first post."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from listener.channels.mastodon_api import Wire
from listener.channels.mastodon_posts import ODD, Answer, stable
from models.errors import RateLimited, SignedOut, Unavailable
from models.post import Post

_MOST = 20_000
"""Posts whose thread is remembered; then all are forgotten, which costs calls and nothing else."""


class Threads:
    """Remembers the first post of each thread, and asks where it does not know it."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._firsts = dict[str, str]()

    def placed(self, posts: Iterable[Post]) -> tuple[Post, ...]:
        """The posts, oldest first, each with its conversation."""
        return tuple(replace(post, conversation=self.first(post)) for post in posts)

    def first(self, post: Post) -> str:
        """The first post of its thread, as far as the server knows."""
        first = post.external_id
        if post.in_reply_to is not None:
            first = self._firsts.get(post.in_reply_to) or self._asked(post, post.in_reply_to)
        self.learn([post.external_id], first)
        return first

    def learn(self, ids: Sequence[str], first: str) -> None:
        """These posts stand below `first`."""
        if len(self._firsts) > _MOST:
            self._firsts.clear()
        self._firsts |= dict.fromkeys(ids, first)

    def above(self, context: Answer) -> list[str]:
        """The ids above a post, from the first one on."""
        return [stable(one["id"]) for one in context["ancestors"]]

    def _asked(self, post: Post, parent: str) -> str:
        """One call; a thread that cannot be read begins with the parent."""
        try:
            context = self._wire.known(lambda client: client.status_context(post.external_id))
            above = self.above(context or {"ancestors": []})
        except (RateLimited, SignedOut):
            raise
        except (Unavailable, *ODD):
            return parent
        first = above[0] if above else parent
        self.learn([*above, parent], first)
        return first
