"""Bluesky's listings: newest first, page by page, down to an instant."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import merge

from listener.channels.bluesky_posts import ODD, Answer, key_of, moment
from models.instant import DAY, now
from models.post import Post

_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
_LENGTH = 13

Listing = Callable[[str | None], Answer]
"""The page of a listing after a cursor."""


@dataclass(frozen=True, slots=True, order=True)
class Checkpoint:
    """The instant of the newest post read, and that post, where there was one."""

    at: int
    address: str = ""

    @classmethod
    def of(cls, text: str | None) -> "Checkpoint | None":
        """From the form in which it is kept."""
        if not text:
            return None
        at, _space, address = text.partition(" ")
        return cls(int(at), address)

    def __str__(self) -> str:
        return f"{self.at} {self.address}".strip()


@dataclass
class Walk:
    """One listing. `name` holds its items, `read` makes a post of one, `place` says where it is
    sorted: what its author dates back is listed that far down, not where it is new."""

    listing: Listing
    name: str
    read: Callable[[Answer], Post]
    since: int
    place: Callable[[Answer], int]
    oldest: int | None = None
    """The place of the item read last."""
    listed: set[str] = field(default_factory=set)
    """The addresses of all items read."""
    rejected: int = 0

    def posts(self) -> Iterator[tuple[int, Post]]:
        """What is not older than `since`, each with its place."""
        for item in self.items():
            try:
                post, at = self.read(item), self.place(item)
            except ODD:
                self.rejected += 1
                continue
            if at >= self.since:
                yield at, post

    def items(self) -> Iterator[Answer]:
        """Page after page, the last one whole: what is older than asked for tells where we are."""
        cursor: str | None = None
        while True:
            answer = self.listing(cursor)
            items = answer.get(self.name)
            for item in items if isinstance(items, list) else ():
                self._note(item)
                yield item
            after = answer.get("cursor")
            if not after or after == cursor or (self.oldest or self.since) < self.since:
                return
            cursor = str(after)

    def _note(self, item: Answer) -> None:
        try:
            self.listed.add(item["uri"])
            self.oldest = self.place(item)
        except ODD:
            return


def merged(walks: Sequence[Walk]) -> Iterator[tuple[int, Post]]:
    """Newest first; what answers and names us, or holds two of our words, is listed twice."""
    seen = set[str]()
    for at, post in merge(*(walk.posts() for walk in walks), key=lambda found: -found[0]):
        if post.external_id not in seen:
            seen.add(post.external_id)
            yield at, post


def place(item: Answer) -> int:
    """Where a listing has a post."""
    return moment(item, item["record"])


def place_of_own(item: Answer) -> int:
    """Our own records are sorted by key, which is a time in letters; ValueError for other keys."""
    number, key = 0, key_of(item["uri"])
    if len(key) != _LENGTH:
        raise ValueError(key)
    for letter in key:
        number = number * 32 + _LETTERS.index(letter)
    at = number >> 10
    if not 0 < at < now() + DAY:
        raise ValueError(at)
    return at


def place_in_list(_item: Answer) -> int:
    """Where a listing has no times: never past its end."""
    return now()


def branches(thread: object) -> Iterator[Answer]:
    """All posts of a thread, without those that are gone or blocked; and without recursion."""
    waiting = [thread]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict) and isinstance(node.get("post"), dict):
            yield node["post"]
            replies = node.get("replies")
            waiting += replies if isinstance(replies, list) else []
