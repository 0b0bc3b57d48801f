"""Whom a post concerns: a follower's post is ours to answer only where it is about us."""

import re
from collections.abc import Sequence

from models.post import Post
from models.sentiment.phrases import compiled, plain
from models.settings import Settings

_STOP = frozenset(
    ("stop", "stopp", "stop it", "sluta", "slutt", "hold op", "lopeta", "lopettakaa", "seis")
)
_NAMES = re.compile(r"(?<![\w/])(?:@[\w.@-]{1,100}|/?u/[\w-]{1,50})")


class Ear:
    """Knows what concerns the brand: its name, its accounts, `[listen] words` and `listen_for`.

    In the words `*` ends a stem: `faktur*` is about fakturan too.
    """

    def __init__(self, settings: Settings) -> None:
        brand, listen = settings.brand, settings.listen
        names = [brand.name, brand.handle, *(entry.handle for entry in settings.account)]
        words = [word for word in (*names, *listen.words, *listen.listen_for) if word.strip(" *")]
        self._pattern = compiled(words)

    def concerns(self, post: Post) -> bool:
        """Whether it is addressed to us, by us, or about what we listen for."""
        return post.addressed or post.own or self._pattern.search(plain(post.text)) is not None


def says_stop(text: str) -> bool:
    """Whether these words, beside names and signs, ask us to stop and nothing else."""
    left = re.sub(r"\W+", " ", _NAMES.sub(" ", plain(text[:500])))
    return left.strip() in _STOP


def who_says_stop(posts: Sequence[Post]) -> list[Post]:
    """Of what is addressed to us, the posts that ask us to stop."""
    return [post for post in posts if post.addressed and not post.own and says_stop(post.text)]
