"""One listing of a server, newest first, page by page down to an instant."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from listener.channels.mastodon_posts import ODD, Answer, instant


@dataclass
class Listing:
    """`ask` gives the page after an id, of which so many items were seen.

    A page may be short without being the last; only an empty one, or one that brings nothing new,
    is the end.
    """

    ask: Callable[[str | None, int], list[Answer]]
    since: int
    newest: tuple[int, str] = (0, "")
    """When the newest item is from, and its id."""
    last: int = 0
    """When the item read last is from; 0 where there is none."""
    is_cut: bool = False
    """Whether it ended before it came to `since`."""

    def pages(self) -> Iterator[list[Answer]]:
        """What is not older than `since`, page by page; what has no time is for the reader."""
        seen, after = set[str](), None
        while True:
            fresh = [item for item in self.ask(after, len(seen)) if _id(item) not in seen]
            if not fresh:
                self.is_cut = True
                return
            yield [item for item in fresh if self._is_wanted(item)]
            seen |= {_id(item) for item in fresh}
            after = _id(fresh[-1])
            if 0 < self.last < self.since:
                return

    def _is_wanted(self, item: Answer) -> bool:
        at = self.since
        with suppress(*ODD):
            at = self.last = instant(item["created_at"])
            self.newest = max(self.newest, (at, _id(item)))
        return at >= self.since


def _id(item: Answer) -> str:
    return str(item.get("id")) if hasattr(item, "get") else repr(item)
