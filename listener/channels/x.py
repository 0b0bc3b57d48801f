"""X by tweepy, API v2 with the brand's own keys (OAuth 1.0a).

Ids are snowflakes: they hold the time, so a checkpoint is an id and an overlap is arithmetic.
Each edit makes a new id; a post is known here by its first.
"""

import html
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import requests
import tweepy

from listener.channels import web
from listener.channels.channel import CLOCK_SKEW, Channel, Page
from models.errors import (
    ChannelError,
    RateLimited,
    Rejected,
    SignedOut,
    Unavailable,
    Uncertain,
    Unsupported,
)
from models.instant import DAY, HOUR, now
from models.networks import ONLY_THERE, same_words
from models.post import Author, Gap, Media, Outgoing, Post, Receipt
from models.words import _

HOST = "https://api.twitter.com"
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
_GONE = ("Not Found Error", "Authorization Error", "Forbidden")
"""Deleted; protected or suspended; withheld: in each case the text must leave us."""

Answer = dict[str, Any]


class XChannel(Channel):
    """`words` are looked for beside the mentions; none, and there is no search."""

    name = "x"
    look_waits = (5.0, 15.0, 45.0)
    resends = 1
    reach = 800
    """So many mentions X lists, whatever is asked for."""

    def __init__(
        self, account: Author, keys: Mapping[str, str], words: Sequence[str] = (), base: str = ""
    ) -> None:
        web.silence()
        self.account, self._words = account, tuple(words)
        self.feeds = ("mentions", "search", "own") if words else ("mentions", "own")
        self._client = tweepy.Client(**keys, return_type=dict)
        self._client.session.mount(HOST, web.Deadline(self.call_seconds, base))

    def whoami(self) -> Author:
        """The account of the access token."""
        user = _asked(lambda: self._client.get_me(user_auth=True))["data"]
        return Author(str(user["id"]), str(user["username"]), user.get("name"))

    def fetch(self, feed: str, checkpoint: str | None, overlap: int) -> Iterator[Page]:
        """Newest first, so that only the last page moves the checkpoint."""
        if feed == "comments":
            raise Unsupported(_("on X, answers to our posts come in as mentions"))
        if feed not in self.feeds:
            raise Unsupported(_("X is not asked for {feed}").format(feed=feed))
        since, gap = _since(checkpoint, overlap), None
        if feed == "search":
            oldest, left = now() - _WEEK, _instant(checkpoint) if checkpoint else now()
            reason = _("X searches only the last seven days")
            gap, since = Gap(left, oldest, reason) if left < oldest else None, max(since, oldest)
        yield from self._pages(feed, checkpoint, since, gap)

    def _pages(
        self, feed: str, checkpoint: str | None, since: int, gap: Gap | None
    ) -> Iterator[Page]:
        call, token, newest = self._listing(feed, since), None, checkpoint
        seen, oldest = 0, now()
        while True:
            answer = _asked(lambda: call(token))  # noqa: B023  called at once
            listed, meta = answer.get("data") or [], answer.get("meta") or {}
            newest = max(newest, meta.get("newest_id"), key=_as_number)
            seen, token = seen + len(listed), meta.get("next_token")
            posts, rejected = self._posts(answer, named=feed == "mentions")
            oldest = min([oldest, *(post.posted_at for post in posts)])
            if token is None:
                if feed == "mentions" and checkpoint and seen >= self.reach:
                    gap = _missed(checkpoint, oldest, self.reach)
                yield Page(posts, newest or snowflake(now()), rejected, gap)
                return
            yield Page(posts, None, rejected)

    def _listing(self, feed: str, since: int) -> Callable[[str | None], Answer]:
        """The call of a feed for the page after a token."""
        asked: dict[str, Any] = {**_ASKED_FOR, "since_id": snowflake(since), "user_auth": True}
        asked["max_results"] = _PAGE
        me = self.account.external_id
        if feed == "mentions":
            return lambda token: self._client.get_users_mentions(
                me, pagination_token=token, **asked
            )
        if feed == "own":
            asked["exclude"] = ["retweets"]
            return lambda token: self._client.get_users_tweets(me, pagination_token=token, **asked)
        words = " OR ".join(map(_quoted, self._words))
        query = f"({words}) -is:retweet -from:{self.account.handle}"
        return lambda token: self._client.search_recent_tweets(query, next_token=token, **asked)

    def recall(self, external_ids: Sequence[str]) -> dict[str, Post | None]:
        """By first id; an edited post comes with its newest words."""
        known = [one for one in external_ids if one.isdecimal() and not one.startswith("0")]
        found = dict[str, Post | None]()
        for start in range(0, len(known), _PAGE):
            chosen = known[start : start + _PAGE]
            answer = _asked(
                lambda: self._client.get_tweets(chosen, user_auth=True, **_ASKED_FOR)  # noqa: B023
            )
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
            raise _reply_error(error, outgoing.attempt) from None
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


def _asked(call: Callable[[], Answer]) -> Answer:
    """A reading; every way it can fail, in our words."""
    try:
        answer = call()
    except requests.RequestException as error:
        raise Unavailable(_("X does not answer: {error}").format(error=_name(error))) from None
    except tweepy.TweepyException as error:
        raise _refusal(error) or Unavailable(_said(error)) from None
    if not isinstance(answer, dict):
        raise Unavailable(_("X answers in a shape that is not known"))
    return answer


def _refusal(error: tweepy.TweepyException) -> ChannelError | None:
    """What says that nothing was taken, whatever was asked."""
    if isinstance(error, tweepy.TooManyRequests):
        wait = (error.reset_time or 0) - time.time()
        return RateLimited(_("X asks us to wait"), wait if wait > 0 else 60.0)
    if isinstance(error, tweepy.Unauthorized):
        return SignedOut(_("X does not accept the keys: sign in again with `gensvar connect x`"))
    if isinstance(error, tweepy.HTTPException) and error.response.status_code == 402:
        return Unavailable(_("X: the credits are used up; buy more in X's developer console"))
    return None


def _reply_error(error: Exception, attempt: int) -> ChannelError:
    """What a failed POST means: never sent, refused, or perhaps public."""
    if isinstance(error, requests.RequestException):
        kind = Unavailable if web.was_never_sent(error) else Uncertain
        return kind(_("X does not answer: {error}").format(error=_name(error)))
    if isinstance(error, tweepy.TweepyException) and (refusal := _refusal(error)):
        return refusal
    if isinstance(error, tweepy.Forbidden):
        if "duplicate content" in _said(error) and attempt > 1:
            return Uncertain(_("X says these words are there already"))
        return Rejected(_said(error))
    if isinstance(error, tweepy.HTTPException) and error.response.status_code < 500:
        return Rejected(_said(error))
    return Uncertain(_said(error))


def _said(error: Exception) -> str:
    """X's own sentence."""
    messages = getattr(error, "api_messages", None) or [str(error)]
    return f"X: {' '.join(map(str, messages))}".strip()[:300]


def _name(error: Exception) -> str:
    return type(error).__name__
