"""X by tweepy, API v2 with the brand's own keys (OAuth 1.0a).

Ids are snowflakes: they hold the time, so a checkpoint is an id and an overlap is arithmetic.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import requests
import tweepy

from listener.channels import web, x_api, x_posts
from listener.channels.channel import CLOCK_SKEW, Channel, Page
from listener.channels.meter import Meter
from models.errors import Unavailable, Uncertain, Unsupported
from models.instant import DAY, HOUR, now
from models.networks import has_link, same_words, why_not
from models.post import Author, Gap, Outgoing, Post, Receipt
from models.words import _

_PAGE = 100
_WEEK = 7 * DAY - HOUR
"""What recent search reaches back, with an hour to spare."""
_SEARCHED = ("search", "followers")
"""Paid in full, and only seven days back."""
_QUERY = 512
"""Characters that X takes as one query."""
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
        self._read, self._followers = x_posts.Reader(account), _Followers(followers)
        asked = {"search": bool(words), "followers": bool(followers)}
        self.feeds = ("mentions", *(feed for feed in asked if asked[feed]), "own")
        self._line = web.Deadline(self.call_seconds, base)
        self._client = x_api.opened(keys, self._line)

    def whoami(self) -> Author:
        """The account of the access token."""
        user = x_api.asked(lambda: self._client.get_me(user_auth=True)).get("data")
        if not user:
            raise Unavailable(_("X does not say whose keys these are; the account may be locked"))
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
            oldest, left = now() - _WEEK, x_posts.instant(checkpoint) if checkpoint else now()
            reason = _("X searches only the last seven days")
            gap, since = Gap(left, oldest, reason) if left < oldest else None, max(since, oldest)
        yield from self._pages(feed, checkpoint, since, gap)

    def _pages(
        self, feed: str, checkpoint: str | None, since: int, gap: Gap | None
    ) -> Iterator[Page]:
        newest, seen, oldest = checkpoint, 0, now()
        for answer, is_last in self._answers(feed, since):
            posts, rejected = self._read.posts(answer, named=feed == "mentions")
            newest = max(newest, (answer.get("meta") or {}).get("newest_id"), key=_as_number)
            seen += len(posts) + rejected
            oldest = min([oldest, *(post.posted_at for post in posts)])
            if not is_last:
                yield Page(posts, None, rejected)
                continue
            if feed == "mentions" and checkpoint and seen >= self.reach:
                gap = _missed(checkpoint, oldest, self.reach)
            yield Page(posts, newest or x_posts.snowflake(now()), rejected, gap)
            return
        yield Page(
            (), newest or x_posts.snowflake(now())
        )  # a feed of followers, and there are none

    def _answers(self, feed: str, since: int) -> Iterator[tuple[Answer, bool]]:
        """Page after page of all listings of a feed, and whether it is the last."""
        listings, kind = self._listings(feed, since), "read" if feed in _SEARCHED else "owned_read"
        for number, listing in enumerate(listings, 1):
            token: str | None = None
            while True:
                answer = x_api.asked(partial(listing, token))
                self.meter.add_each(feed, kind, x_posts.ids(answer))
                token = (answer.get("meta") or {}).get("next_token")
                yield answer, token is None and number == len(listings)
                if token is None:
                    break

    def _listings(self, feed: str, since: int) -> list[Callable[[str | None], Answer]]:
        """The calls of a feed, each for the page after a token."""
        asked: dict[str, Any] = {
            **x_posts.ASKED_FOR,
            "since_id": x_posts.snowflake(since),
            "user_auth": True,
        }
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
        self.meter.add_each("followers", "owned_read", (f"@{handle}" for handle in found))
        return found

    def recall(self, external_ids: Sequence[str]) -> dict[str, Post | None]:
        """By first id; an edited post comes with its newest words."""
        known = [one for one in external_ids if one.isdecimal() and not one.startswith("0")]
        found = dict[str, Post | None]()
        for start in range(0, len(known), _PAGE):
            chosen = known[start : start + _PAGE]
            answer = x_api.asked(
                lambda: self._client.get_tweets(chosen, user_auth=True, **x_posts.ASKED_FOR)  # noqa: B023
            )
            self.meter.add_each("recheck", "read", x_posts.ids(answer))
            found |= dict.fromkeys(x_posts.gone(answer) & set(chosen))
            found |= {post.external_id: post for post in self._read.posts(answer, named=False)[0]}
        return found

    def reply(self, outgoing: Outgoing) -> Receipt:
        """One POST. A 403 for doubled words means an earlier attempt has landed: look for it."""
        try:
            made = self._client.create_tweet(
                text=outgoing.body, in_reply_to_tweet_id=outgoing.in_reply_to, user_auth=True
            )
        except (tweepy.TweepyException, requests.RequestException) as error:
            meant = x_api.reply_error(error, outgoing.attempt)
            if isinstance(meant, Uncertain):  # it may be there, and then it is billed
                self._pay(outgoing)
            raise meant from None
        self._pay(outgoing)
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

    def _pay(self, outgoing: Outgoing) -> None:
        self.meter.add("replies", "reply_with_link" if has_link(outgoing.body) else "reply")

    def _receipt(self, number: str) -> Receipt:
        return Receipt(
            number, x_posts.permalink(self.account.handle, number), x_posts.instant(number)
        )


class _Followers:
    """The newest followers' handles, asked for once a day: each is paid for."""

    def __init__(self, number: int) -> None:
        self._number, self._handles, self._until = number, list[str](), 0

    def handles(self, ask: Callable[[int], list[str]]) -> list[str]:
        """As they were today."""
        if now() >= self._until:
            self._handles, self._until = ask(self._number), now() + DAY
        return self._handles


def _since(checkpoint: str | None, overlap: int) -> int:
    """The instant to read from; a first reading begins a week ago."""
    return x_posts.instant(checkpoint) - overlap if checkpoint else now() - _WEEK


def _as_number(number: str | None) -> int:
    return int(number or 0)


def _missed(checkpoint: str, oldest: int, reach: int) -> Gap | None:
    """What lies between the checkpoint and the oldest that X would list."""
    since = x_posts.instant(checkpoint)
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


def _quoted(word: str) -> str:
    return '"' + word.replace('"', "") + '"'
