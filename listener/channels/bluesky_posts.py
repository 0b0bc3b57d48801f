"""Bluesky's posts, out of its answers: an at:// address is the id, and every shape is met.

Anybody may write any record: what is no post is rejected by itself, what is odd in a post is left
out of it, and a page is never lost for one of its posts.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from models.instant import from_rfc3339
from models.post import Author, Media, Post

Answer = dict[str, Any]

POST = "app.bsky.feed.post"
ADDRESS = re.compile(rf"at://(did:[a-z]+:[\w.:%-]{{1,200}})/{re.escape(POST)}/([\w.~:-]{{1,512}})")
ODD = (AttributeError, KeyError, TypeError, ValueError)
"""How reading an item of no known shape ends."""
WARNED = "content warning"
"""The flag of a post whose author has put a warning before it, followed by which."""
_NAMED = ("mention", "quote")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what Bluesky answers to `account`."""

    account: Author

    def notified(self, item: Answer) -> Post:
        """A notification: somebody named, answered or quoted us, or wrote deep in our thread."""
        return self.post(item, item["record"], named=item.get("reason") in _NAMED)

    def viewed(self, item: Answer) -> Post:
        """A post as search, threads, feeds and look-ups show it."""
        return self.post(item, item["record"], named=False)

    def own(self, item: Answer) -> Post:
        """A record of our own repository, which comes without its author."""
        ours = {"did": self.account.external_id, "handle": self.account.handle}
        return self.post({**item, "author": ours}, item["value"], named=False)

    def post(self, item: Answer, record: Answer, *, named: bool) -> Post:
        """KeyError and its kin for what is no post."""
        found = ADDRESS.fullmatch(item["uri"])
        if found is None or record.get("$type", POST) != POST:
            raise ValueError(item["uri"])
        did, key = found.groups()
        text = record["text"]
        if not isinstance(text, str):
            raise TypeError(text)
        author = _author(item["author"], did)
        parent, root = parent_of(record), _address(record, "root")
        names_us = self._is_named(record) or any(map(self._is_ours, (parent, quoted(record))))
        return Post(
            channel="bluesky",
            external_id=item["uri"],
            author=author,
            text=text,
            posted_at=moment(item, record),
            url=permalink(author.handle or did, key),
            in_reply_to=parent,
            conversation=root or parent or item["uri"],
            addressed=named or names_us,
            lang=_language(record),
            media=tuple(_media(record.get("embed"), item.get("embed"))),
            own=did == self.account.external_id,
            flags=_warnings(record),
        )

    def _is_ours(self, address: str | None) -> bool:
        return address is not None and address.startswith(f"at://{self.account.external_id}/")

    def _is_named(self, record: Answer) -> bool:
        facets = record.get("facets")
        features = [
            feature
            for facet in (facets if isinstance(facets, list) else ())
            if isinstance(facet, dict) and isinstance(facet.get("features"), list)
            for feature in facet["features"]
        ]
        me = self.account.external_id
        return any(isinstance(one, dict) and one.get("did") == me for one in features)


def moment(item: Answer, record: Answer) -> int:
    """When it was written, but never later than the network saw it: so Bluesky sorts it.

    Neither is there: ValueError.
    """
    told = (record.get("createdAt"), item.get("indexedAt"))
    found = [at for at in map(_instant, told) if at is not None]
    return min(found)


def permalink(profile: str, key: str) -> str:
    return f"https://bsky.app/profile/{profile}/post/{key}"


def key_of(address: str) -> str:
    return address.rpartition("/")[2]


def parent_of(record: Answer) -> str | None:
    """The address of the post that is answered."""
    return _address(record, "parent")


def quoted(record: Answer) -> str | None:
    """The address of the post that is quoted, alone or beside pictures."""
    embed = record.get("embed")
    inner = embed.get("record") if isinstance(embed, dict) else None
    if isinstance(inner, dict) and isinstance(inner.get("record"), dict):
        inner = inner["record"]
    address = inner.get("uri") if isinstance(inner, dict) else None
    return address if isinstance(address, str) else None


def _instant(told: object) -> int | None:
    try:
        return from_rfc3339(told) if isinstance(told, str) else None
    except ValueError:
        return None


def _author(author: Answer, did: str) -> Author:
    """A handle that no longer leads to its account is shown as handle.invalid."""
    handle, name = author.get("handle"), author.get("displayName")
    is_known = isinstance(handle, str) and handle not in ("", "handle.invalid")
    return Author(did, str(handle) if is_known else did, str(name) if name else None)


def _address(record: Answer, end: str) -> str | None:
    answered = record.get("reply")
    reference = answered.get(end) if isinstance(answered, dict) else None
    address = reference.get("uri") if isinstance(reference, dict) else None
    return address if isinstance(address, str) else None


def _language(record: Answer) -> str | None:
    """The first that the author's app has named, as two letters."""
    langs = record.get("langs")
    first = str(langs[0]).partition("-")[0].lower() if isinstance(langs, list) and langs else ""
    return first if len(first) == 2 else None


def _warnings(record: Answer) -> tuple[str, ...]:
    """The warnings that the author has chosen."""
    labels = record.get("labels")
    values = labels.get("values") if isinstance(labels, dict) else None
    chosen = [one.get("val") for one in values or () if isinstance(one, dict)]
    return tuple(f"{WARNED}: {word[:40]}" for word in chosen if isinstance(word, str) and word)


def _media(embed: object, shown: object) -> Iterator[Media]:
    """Pictures, films and link cards; `shown` has the addresses of pictures, `embed` the words."""
    if not isinstance(embed, Mapping):
        return
    kind = str(embed.get("$type", "")).removeprefix("app.bsky.embed.")
    view = shown if isinstance(shown, Mapping) else {}
    if kind == "recordWithMedia":
        yield from _media(embed.get("media"), view.get("media"))
    elif kind == "images" and isinstance(embed.get("images"), list):
        seen = view.get("images")
        views = seen if isinstance(seen, list) else []
        for number, image in enumerate(embed["images"]):
            link = views[number] if number < len(views) else None
            yield Media("photo", _word(image, "alt"), _word(link, "fullsize"))
    elif kind == "video":
        yield Media("video", _word(embed, "alt"), _word(view, "playlist"))
    elif kind == "external":
        card = embed.get("external")
        yield Media("link", _word(card, "title"), _word(card, "uri"))


def _word(item: object, name: str) -> str | None:
    word = item.get(name) if isinstance(item, Mapping) else None
    return word if isinstance(word, str) and word else None
