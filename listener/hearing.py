"""Whom a post concerns: a follower's post is ours to answer only where it is about us."""

import re
from collections.abc import Sequence

from models.post import Post
from models.sentiment.phrases import compiled, plain
from models.settings import Settings

_STOP = frozenset(
    ("stop", "stopp", "stop it", "sluta", "slutt", "hold op", "lopeta", "lopettakaa", "seis")
)
_NAMES = re.compile(r"(?<![\w/])(?:@([\w.@-]{1,100})|/?u/([\w-]{1,50}))")
_LONGEST_STOP = 100
_SHORTEST_STEM = 4
"""Letters from which a name is also heard with an ending: Tallkottes, Tallkotten, Tallkottella."""


class Ear:
    """Knows what concerns the brand: its name, its accounts, `[listen] words` and `listen_for`.

    In `listen_for`, `*` ends a stem: `faktur*` is about fakturan too.
    """

    def __init__(self, settings: Settings) -> None:
        brand, listen = settings.brand, settings.listen
        said = [brand.name] * ("name" in brand.model_fields_set)  # the defaults name nobody
        said += [brand.handle] * ("handle" in brand.model_fields_set)
        accounts = [entry.handle for entry in settings.account]
        self._handles = {handle.lower() for handle in (brand.handle, *accounts)}
        names = [*said, *accounts, *listen.words]
        words = [word for word in (*map(_stem, names), *listen.listen_for) if word.strip(" *")]
        self._pattern = compiled(words)

    def concerns(self, post: Post) -> bool:
        """Whether it is addressed to us, by us, or about what we listen for."""
        return post.addressed or post.own or self._pattern.search(plain(post.text)) is not None

    def who_say_stop(self, posts: Sequence[Post]) -> list[Post]:
        """Of what is addressed to us, the posts that ask us to stop."""
        return [
            post for post in posts if post.addressed and not post.own and self.is_stop(post.text)
        ]

    def is_stop(self, text: str) -> bool:
        """Whether these words ask us, and nobody else, to stop, and say nothing more."""
        words = plain(text)
        named = {first or second for first, second in _NAMES.findall(words)}
        if len(words) > _LONGEST_STOP or "?" in words or named - self._handles:
            return False
        return re.sub(r"\W+", " ", _NAMES.sub(" ", words)).strip() in _STOP


def _stem(name: str) -> str:
    is_long = sum(letter.isalpha() for letter in name) >= _SHORTEST_STEM
    return f"{name.strip(' *')}*" if is_long else name
