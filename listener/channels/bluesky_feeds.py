"""What makes up each feed of Bluesky: one listing, or one for each word, thread or follower."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from listener.channels.bluesky_api import Api, Declined, soon
from listener.channels.bluesky_posts import ODD, POST, Answer, Reader
from listener.channels.bluesky_walk import (
    Listing,
    Walk,
    branches,
    place,
    place_in_list,
    place_of_own,
)
from models.instant import DAY, now
from models.post import Author

_PAGE = 100
_FEW = 30
"""Posts of one follower that one call lists."""
_WEEK = 7 * DAY
_THREADS, _DEPTH = 20, 100
"""So many of the newest threads that we wrote in are listened to, so deep."""
_REASONS = ("mention", "reply", "quote")


class Followers:
    """The newest followers, asked for once a day."""

    def __init__(self, number: int) -> None:
        self._number, self._dids, self._until = number, list[str](), 0

    def dids(self, ask: Callable[[int], list[str]]) -> list[str]:
        """As they were today."""
        if now() >= self._until:
            self._dids, self._until = ask(self._number), now() + DAY
        return self._dids


@dataclass(frozen=True, slots=True)
class Feeds:
    """Reads through `api` what concerns `account`."""

    api: Api
    reader: Reader
    account: Author
    words: Sequence[str]
    followers: Followers

    def walks(self, feed: str, since: int) -> list[Walk]:
        """The listings that make up a feed."""
        read, me = self.reader, self.account.external_id
        if feed == "mentions":
            # Without priority=false, an account set to "people you follow" would hear nobody else.
            listing = self._listing(
                "app.bsky.notification.listNotifications", reasons=_REASONS, priority="false"
            )
            return [Walk(listing, "notifications", read.notified, since, place)]
        if feed == "own":
            listing = self._listing("com.atproto.repo.listRecords", repo=me, collection=POST)
            return [Walk(listing, "records", read.own, since, place_of_own)]
        if feed == "search":
            method, queries = "app.bsky.feed.searchPosts", map(_quoted, self.words)
            listings = [self._listing(method, q=query, sort="latest") for query in queries]
        elif feed == "comments":
            listings = [partial(self._thread, root) for root in self._threads()]
        else:
            dids = self.followers.dids(self._newest_followers)
            listings = [partial(self._written_by, did) for did in dids]
        return [Walk(listing, "posts", read.viewed, since, place) for listing in listings]

    def _listing(self, method: str, **params: Any) -> Listing:
        return lambda cursor: self.api.asked(method, soon(), limit=_PAGE, cursor=cursor, **params)

    def _threads(self) -> list[str]:
        """The roots of the newest threads in which we have written this week."""
        roots = list[str]()
        for _at, post in islice(self.walks("own", now() - _WEEK)[0].posts(), _PAGE):
            roots.append(post.conversation or post.external_id)
        return list(dict.fromkeys(roots))[:_THREADS]

    def _thread(self, root: str, _cursor: str | None) -> Answer:
        """All posts of a thread, newest first; none where its root is gone."""
        answer = self.api.ask(
            "app.bsky.feed.getPostThread",
            soon(),
            uri=root,
            depth=_DEPTH,
            parentHeight=0,
        )
        if isinstance(answer, Declined):
            return {}
        return {"posts": sorted(branches(answer.get("thread")), key=_age)}

    def _newest_followers(self, number: int) -> list[str]:
        """Those who followed last."""
        listing = self._listing("app.bsky.graph.getFollowers", actor=self.account.external_id)
        walk = Walk(listing, "followers", self.reader.viewed, 0, place_in_list)
        users = (user for user in walk.items() if isinstance(user, dict) and "did" in user)
        return [str(user["did"]) for user in islice(users, number)]

    def _written_by(self, did: str, cursor: str | None) -> Answer:
        """What somebody wrote, without what they passed on; nothing of who is gone or blocks us."""
        answer = self.api.ask(
            "app.bsky.feed.getAuthorFeed",
            soon(),
            actor=did,
            filter="posts_with_replies",
            limit=_FEW,
            cursor=cursor,
        )
        if isinstance(answer, Declined):
            return {}
        feed = [item for item in answer.get("feed") or () if isinstance(item, dict)]
        return {**answer, "posts": [item.get("post") for item in feed if not item.get("reason")]}


def _quoted(word: str) -> str:
    """Several words are one phrase."""
    plain = word.replace('"', "").strip()
    return f'"{plain}"' if " " in plain else plain


def _age(item: Answer) -> int:
    """For sorting, newest first; what is no post comes last."""
    with suppress(*ODD):
        return -place(item)
    return 0
