"""Mastodon's statuses, out of its answers: words without HTML, the warning in front."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from listener.channels.mastodon_html import plain
from models.instant import from_datetime, from_rfc3339
from models.networks import PRIVATE
from models.post import Author, Media, Post, Receipt

Answer = Mapping[str, Any]

ODD = (AttributeError, KeyError, TypeError, ValueError)
"""How reading an item of no known shape ends."""
_PUBLIC = ("public", "unlisted")
_SEEN_BY = (*_PUBLIC, "private", "direct")
_MEDIA = {"image": "photo"}
_SNAC = re.compile(r"\d{10}([0-9a-f]{32})")
"""An id of snac: the second of the last edit, and what names the post; it looks at the latter."""
_ID = re.compile(r"(?!0+$|\.+$)[\w.-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what a server answers to `account`."""

    account: Author

    def posts(self, statuses: Sequence[Answer], *, named: bool) -> tuple[tuple[Post, ...], int]:
        """Oldest first, and how many were no posts. `named`: all of them name or answer us."""
        posts, rejected = list[Post](), 0
        for status in statuses:
            try:
                if status.get("reblog") is None:  # a boost has no words of its own
                    posts.append(self.post(status, named=named))
            except ODD:
                rejected += 1
        return tuple(sorted(posts, key=lambda post: post.posted_at)), rejected

    def post(self, status: Answer, *, named: bool) -> Post:
        """One status; its conversation is only what it says itself."""
        number, author = stable(status["id"]), _author(status["account"])
        own, parent = author.external_id == self.account.external_id, status.get("in_reply_to_id")
        text, warning = plain(status["content"] or ""), status.get("spoiler_text") or ""
        if warning and not own:  # of our own posts the words alone are compared
            text = f"CW: {warning}\n\n{text}".strip()
        edited = status.get("edited_at")
        return Post(
            channel="mastodon",
            external_id=number,
            author=author,
            text=text,
            posted_at=instant(status["created_at"]),
            url=status.get("url") or status.get("uri"),
            in_reply_to=stable(parent) if parent else None,
            conversation=None if parent else number,
            addressed=named or self._is_addressed(status),
            lang=_language(status.get("language")),
            media=tuple(map(_media, status.get("media_attachments") or ())),
            own=own,
            edited_at=instant(edited) if edited else None,
            flags=() if status.get("visibility") in _PUBLIC else (PRIVATE,),
        )

    def _is_addressed(self, status: Answer) -> bool:
        me = self.account.external_id
        named = [str(one.get("id")) for one in status.get("mentions") or ()]
        return me in named or str(status.get("in_reply_to_account_id")) == me


def stable(number: object) -> str:
    """The id of a post, the same before and after an edit."""
    return _SNAC.sub(rf"{0:010}\1", str(number))


def is_id(number: str) -> bool:
    """Whether a server could have given this id; it becomes part of an address."""
    return _ID.fullmatch(number) is not None


def visibility(parent: Answer) -> str:
    """Who may see the answer: those who see the post, and where that is not clear, one person."""
    found = str(parent.get("visibility"))
    return found if found in _SEEN_BY else "direct"


def addressed(parent: Answer, body: str, me: str) -> str:
    """The answer with the name of whom it answers; without the name nobody is told of it."""
    author = parent["account"]
    name = re.escape(str(author["acct"]))
    is_there = re.search(rf"(?<![\w@.])@{name}(?![\w@-]|\.\w)", body, re.IGNORECASE)
    return body if is_there or str(author["id"]) == me else f"@{author['acct']} {body}"


def receipt(status: Answer) -> Receipt:
    """The proof that a status is there."""
    return Receipt(
        stable(status["id"]),
        status.get("url") or status.get("uri"),
        instant(status["created_at"]),
    )


def instant(moment: object) -> int:
    """Of a time as the library or the server has it; some servers name no zone and mean UTC."""
    if isinstance(moment, datetime):
        return from_datetime(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    said = str(moment)
    return from_rfc3339(said if re.search(r"(Z|[+-]\d\d:?\d\d)$", said) else f"{said}Z")


def _author(account: Answer) -> Author:
    name = account.get("display_name")
    return Author(str(account["id"]), str(account["acct"]), str(name) if name else None)


def _media(item: Answer) -> Media:
    kind = str(item.get("type") or "media")
    link = item.get("remote_url") or item.get("url")
    return Media(_MEDIA.get(kind, kind), item.get("description"), str(link) if link else None)


def _language(code: object) -> str | None:
    found = str(code or "").partition("-")[0]
    return found if len(found) == 2 else None
