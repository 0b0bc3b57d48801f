"""X's posts, out of its answers: ids hold the time, and an edited post goes by its first id."""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from listener.channels.x_api import Answer
from models.networks import ONLY_THERE
from models.post import Author, Media, Post

_EPOCH = 1_288_834_974_657
"""Milliseconds; where the time in an id begins."""
ASKED_FOR: dict[str, Any] = {
    "tweet_fields": [
        "author_id",
        "conversation_id",
        "created_at",
        "entities",
        "lang",
        "note_tweet",
        "referenced_tweets",
        "attachments",
    ],
    "expansions": [
        "author_id",
        "edit_history_tweet_ids",
        "referenced_tweets.id",
        "attachments.media_keys",
    ],
    "user_fields": ["username", "name"],
    "media_fields": ["alt_text", "type", "url"],
}
_GONE = ("Not Found Error", "Authorization Error", "Forbidden")
"""Deleted; protected or suspended; withheld: in each case the text must leave us."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what X answers to `account`."""

    account: Author

    def posts(self, answer: Answer, *, named: bool) -> tuple[tuple[Post, ...], int]:
        """Oldest first, and how many were no posts. `named`: all of them name or answer us."""
        extra = answer.get("includes") or {}
        users = {user["id"]: user for user in extra.get("users", [])}
        media = {one["media_key"]: one for one in extra.get("media", [])}
        newer = {one["id"]: one for one in extra.get("tweets", [])}
        posts, rejected = [], 0
        for item in answer.get("data") or []:
            try:
                last = newer.get(_versions(item)[-1], item)
                posts.append(self._post({**item, **last}, users, media, newer, named))
            except (KeyError, ValueError, TypeError, IndexError):
                rejected += 1
        return tuple(sorted(posts, key=lambda post: post.posted_at)), rejected

    def _post(
        self,
        item: Answer,
        users: Mapping[str, Answer],
        media: Mapping[str, Answer],
        others: Mapping[str, Answer],
        named: bool,
    ) -> Post:
        versions = _versions(item)
        first, last = versions[0], versions[-1]
        author = _author(item, users, first)
        names_us, quotes_us = self._is_named(item), self._is_quoted(item, others)
        long = (item.get("note_tweet") or {}).get("text")
        keys = (item.get("attachments") or {}).get("media_keys", [])
        return Post(
            channel="x",
            external_id=first,
            author=author,
            text=html.unescape(long or item["text"]),
            posted_at=instant(first),
            url=permalink(author.handle, first),
            in_reply_to=_referenced(item, "replied_to"),
            conversation=item.get("conversation_id"),
            addressed=named or names_us or quotes_us,
            lang=_language(item.get("lang")),
            media=tuple(_media(media[key]) for key in keys if key in media),
            own=author.external_id == self.account.external_id,
            edited_at=instant(last) if last != first else None,
            flags=() if names_us or quotes_us else (ONLY_THERE,),
        )

    def _is_named(self, item: Answer) -> bool:
        named = (item.get("entities") or {}).get("mentions") or []
        handle = self.account.handle.lower()
        return any(str(one.get("username", "")).lower() == handle for one in named)

    def _is_quoted(self, item: Answer, others: Mapping[str, Answer]) -> bool:
        quoted = others.get(_referenced(item, "quoted") or "", {})
        return quoted.get("author_id") == self.account.external_id


def snowflake(at: int) -> str:
    """The smallest id of that instant."""
    return str(max(1, (at // 1000 - _EPOCH) << 22))


def instant(number: str) -> int:
    return ((int(number) >> 22) + _EPOCH) * 1000


def ids(answer: Answer) -> list[str]:
    return [str(item.get("id")) for item in answer.get("data") or []]


def _versions(item: Answer) -> list[str]:
    """The ids of all versions, oldest first; the field was renamed in 2026."""
    found = item.get("edit_history_tweet_ids") or item.get("edit_history_post_ids")
    return list(found or [item["id"]])


def _referenced(item: Answer, kind: str) -> str | None:
    found = item.get("referenced_tweets") or item.get("referenced_posts") or []
    return next((str(one["id"]) for one in found if one.get("type") == kind), None)


def _language(code: str | None) -> str | None:
    """X has codes of its own, such as `und` and `qme`, for what is in no language."""
    return code if code and len(code) == 2 else None


def _author(item: Answer, users: Mapping[str, Answer], post: str) -> Author:
    """Where X does not say who wrote it, the mention is kept all the same, as nobody else's."""
    number = str(item.get("author_id") or f"unknown-{post}")
    user = users.get(number, {})
    return Author(number, str(user.get("username") or "i"), user.get("name"))


def _media(item: Answer) -> Media:
    return Media(str(item.get("type", "media")), item.get("alt_text"), item.get("url"))


def permalink(handle: str, number: str) -> str:
    """`i` stands for a handle that is not known; X leads on from there."""
    return f"https://x.com/{handle}/status/{number}"


def gone(answer: Answer) -> set[str]:
    """Ids that X says are deleted or may be seen by nobody."""
    errors = answer.get("errors") or []
    return {str(one.get("resource_id")) for one in errors if one.get("title") in _GONE}
