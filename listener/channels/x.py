"""X by tweepy, API v2 with the brand's own keys (OAuth 1.0a).

Ids are snowflakes: they hold the time, so a checkpoint is an id and an overlap is arithmetic.
Each edit makes a new id; a post is known here by its first.
"""

import html
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import requests
import tweepy

from listener.channels import web, x_api
from listener.channels.channel import CLOCK_SKEW, Channel, Page
from listener.channels.meter import Meter
from models.errors import Unsupported
from models.instant import DAY, HOUR, now
from models.networks import ONLY_THERE, has_link, same_words, why_not
from models.post import Author, Gap, Media, Outgoing, Post, Receipt
from models.words import _

_EPOCH = 1_288_834_974_657
"""Milliseconds; where the time in an id begins."""
_PAGE = 100
_WEEK = 7 * DAY - HOUR
"""What recent search reaches back, with an hour to spare."""
_ASKED_FOR: dict[str, Any] = {
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
_SEARCHED = ("search", "followers")
"""Paid in full, and only seven days back."""
_QUERY = 512
"""Characters that X takes as one query."""
_GONE = ("Not Found Error", "Authorization Error", "Forbidden")
"""Deleted; protected or suspended; withheld: in each case the text must leave us."""

Answer = x_api.Answer


class XChannel(Channel):
    """`words` are looked for beside the mentions; none, and there is no search.

    So many of the newest `followers` are listened to, if any.
    """

    name = "x"
    meter: Meter
    look_waits = (5.0, 15.0, 45.0)
    resends = 1
    reach = 800
    """So many mentions X lists, whatever is asked for."""

    def __init__(
        self,
        account: Author,
        keys: Mapping[str, str],
        meter: Meter,
        words: Sequence[str] = (),
        followers: int = 0,
        base: str = "",
    ) -> None:
        self.account, self._words, self.meter = account, tuple(words), meter
        self._followers = _Followers(followers)
        asked = {"search": bool(words), "followers": bool(followers)}
        self.feeds = ("mentions", *(feed for feed in asked if asked[feed]), "own")
        self._line = web.Deadline(self.call_seconds, base)
        self._client = x_api.opened(keys, self._line)

    def whoami(self) -> Author:
        """The account of the access token."""
        user = x_api.asked(lambda: self._client.get_me(user_auth=True))["data"]
        self.meter.add("account", "user")
        return Author(str(user["id"]), str(user["username"]), user.get("name"))

    def is_read_only(self) -> bool:
        """X tells with each answer what the keys may do."""
        return self._line.headers.get("x-access-level", "").lower() == "read"

    def clock_ahead(self) -> float | None:
        """By the Date of its last answer."""
        return self._line.ahead

    def fetch(self, feed: str, checkpoint: str | None, overlap: int) -> Iterator[Page]:
        """Newest first, so that only the last page moves the checkpoint."""
        if feed not in self.feeds:
            raise Unsupported(why_not(self.name, feed))
        since, gap = _since(checkpoint, overlap), None
        if feed in _SEARCHED:
            oldest, left = now() - _WEEK, _instant(checkpoint) if checkpoint else now()
            reason = _("X searches only the last seven days")
            gap, since = Gap(left, oldest, reason) if left < oldest else None, max(since, oldest)
        yield from self._pages(feed, checkpoint, since, gap)

    def _pages(
        self, feed: str, checkpoint: str | None, since: int, gap: Gap | None
    ) -> Iterator[Page]:
        newest, seen, oldest = checkpoint, 0, now()
        for answer, is_last in self._answers(feed, since):
            posts, rejected = self._posts(answer, named=feed == "mentions")
            newest = max(newest, (answer.get("meta") or {}).get("newest_id"), key=_as_number)
            seen += len(posts) + rejected
            oldest = min([oldest, *(post.posted_at for post in posts)])
            if not is_last:
                yield Page(posts, None, rejected)
                continue
            if feed == "mentions" and checkpoint and seen >= self.reach:
                gap = _missed(checkpoint, oldest, self.reach)
            yield Page(posts, newest or snowflake(now()), rejected, gap)
            return
        yield Page((), newest or snowflake(now()))  # a feed of followers, and there are none

    def _answers(self, feed: str, since: int) -> Iterator[tuple[Answer, bool]]:
        """Page after page of all listings of a feed, and whether it is the last."""
        listings, kind = self._listings(feed, since), "read" if feed in _SEARCHED else "owned_read"
        for number, listing in enumerate(listings, 1):
            token: str | None = None
            while True:
                answer = x_api.asked(partial(listing, token))
                self.meter.add_each(feed, kind, _ids(answer))
                token = (answer.get("meta") or {}).get("next_token")
                yield answer, token is None and number == len(listings)
                if token is None:
                    break

    def _listings(self, feed: str, since: int) -> list[Callable[[str | None], Answer]]:
        """The calls of a feed, each for the page after a token."""
        asked: dict[str, Any] = {**_ASKED_FOR, "since_id": snowflake(since), "user_auth": True}
        asked["max_results"] = _PAGE
        me, client = self.account.external_id, self._client
        if feed == "mentions":
            return [lambda token: client.get_users_mentions(me, pagination_token=token, **asked)]
        if feed == "own":
            asked["exclude"] = ["retweets"]
            return [lambda token: client.get_users_tweets(me, pagination_token=token, **asked)]
        if feed == "search":
            named = _queries(map(_quoted, self._words), f" -is:retweet -from:{self.account.handle}")
        else:
            writers = self._followers.handles(self._newest_followers)
            named = _queries((f"from:{handle}" for handle in writers), " -is:retweet")
        return [
            lambda token, query=query: client.search_recent_tweets(  # type: ignore[misc]
                query, next_token=token, **asked
            )
            for query in named
        ]

    def _newest_followers(self, number: int) -> list[str]:
        """The handles of those who followed last."""
        answer = x_api.asked(
            lambda: self._client.get_users_followers(
                self.account.external_id, max_results=number, user_auth=True
            )
        )
        found = [str(user["username"]) for user in answer.get("data") or []]
        self.meter.add("followers", "owned_read", len(found))
        return found

    def recall(self, external_ids: Sequence[str]) -> dict[str, Post | None]:
        """By first id; an edited post comes with its newest words."""
        known = [one for one in external_ids if one.isdecimal() and not one.startswith("0")]
        found = dict[str, Post | None]()
        for start in range(0, len(known), _PAGE):
            chosen = known[start : start + _PAGE]
            answer = x_api.asked(
                lambda: self._client.get_tweets(chosen, user_auth=True, **_ASKED_FOR)  # noqa: B023
            )
            self.meter.add_each("recheck", "read", _ids(answer))
            found |= dict.fromkeys(_gone(answer) & set(chosen))
            found |= {post.external_id: post for post in self._posts(answer, named=False)[0]}
        return found

    def reply(self, outgoing: Outgoing) -> Receipt:
        """One POST. A 403 for doubled words means an earlier attempt has landed: look for it."""
        try:
            made = self._client.create_tweet(
                text=outgoing.body, in_reply_to_tweet_id=outgoing.in_reply_to, user_auth=True
            )
        except (tweepy.TweepyException, requests.RequestException) as error:
            raise x_api.reply_error(error, outgoing.attempt) from None
        self.meter.add("replies", "reply_with_link" if has_link(outgoing.body) else "reply")
        return self._receipt(str(made["data"]["id"]))

    def look_up(self, outgoing: Outgoing) -> Receipt | None:
        """Among our own posts since it was written."""
        since, found = outgoing.created_at - CLOCK_SKEW, None
        for page in self._pages("own", None, since, None):
            for post in page.posts:
                is_free = post.external_id not in outgoing.credited
                is_it = post.in_reply_to == outgoing.in_reply_to
                if is_it and is_free and same_words(outgoing.body, post.text):
                    found = self._receipt(post.external_id)
        return found

    def _receipt(self, number: str) -> Receipt:
        return Receipt(number, _permalink(self.account.handle, number), _instant(number))

    def _posts(self, answer: Answer, *, named: bool) -> tuple[tuple[Post, ...], int]:
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
            channel=self.name,
            external_id=first,
            author=author,
            text=html.unescape(long or item["text"]),
            posted_at=_instant(first),
            url=_permalink(author.handle, first),
            in_reply_to=_referenced(item, "replied_to"),
            conversation=item.get("conversation_id"),
            addressed=named or names_us,
            lang=_language(item.get("lang")),
            media=tuple(_media(media[key]) for key in keys if key in media),
            own=author.external_id == self.account.external_id,
            edited_at=_instant(last) if last != first else None,
            flags=() if names_us or quotes_us else (ONLY_THERE,),
        )

    def _is_named(self, item: Answer) -> bool:
        named = (item.get("entities") or {}).get("mentions") or []
        handle = self.account.handle.lower()
        return any(str(one.get("username", "")).lower() == handle for one in named)

    def _is_quoted(self, item: Answer, others: Mapping[str, Answer]) -> bool:
        quoted = others.get(_referenced(item, "quoted") or "", {})
        return quoted.get("author_id") == self.account.external_id


class _Followers:
    """The newest followers' handles, asked for once a day: each is paid for."""

    def __init__(self, number: int) -> None:
        self._number, self._handles, self._until = number, list[str](), 0

    def handles(self, ask: Callable[[int], list[str]]) -> list[str]:
        """As they were today."""
        if now() >= self._until:
            self._handles, self._until = ask(self._number), now() + DAY
        return self._handles


def snowflake(instant: int) -> str:
    """The smallest id of that instant."""
    return str(max(1, (instant // 1000 - _EPOCH) << 22))


def _instant(number: str) -> int:
    return ((int(number) >> 22) + _EPOCH) * 1000


def _since(checkpoint: str | None, overlap: int) -> int:
    """The instant to read from; a first reading begins a week ago."""
    return _instant(checkpoint) - overlap if checkpoint else now() - _WEEK


def _as_number(number: str | None) -> int:
    return int(number or 0)


def _missed(checkpoint: str, oldest: int, reach: int) -> Gap | None:
    """What lies between the checkpoint and the oldest that X would list."""
    since = _instant(checkpoint)
    reason = _("X lists only the newest {number} mentions").format(number=reach)
    return Gap(since, oldest, reason) if oldest > since else None


def _queries(parts: Iterable[str], rest: str) -> list[str]:
    """Any of the parts; as few queries as X takes."""
    queries = list[str]()
    for part in parts:
        if queries and len(queries[-1]) + len(part) + len(rest) + 6 <= _QUERY:
            queries[-1] += f" OR {part}"
        else:
            queries.append(part)
    return [f"({query}){rest}" for query in queries]


def _ids(answer: Answer) -> list[str]:
    return [str(item.get("id")) for item in answer.get("data") or []]


def _quoted(word: str) -> str:
    return '"' + word.replace('"', "") + '"'


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


def _permalink(handle: str, number: str) -> str:
    """`i` stands for a handle that is not known; X leads on from there."""
    return f"https://x.com/{handle}/status/{number}"


def _gone(answer: Answer) -> set[str]:
    """Ids that X says are deleted or may be seen by nobody."""
    errors = answer.get("errors") or []
    return {str(one.get("resource_id")) for one in errors if one.get("title") in _GONE}
