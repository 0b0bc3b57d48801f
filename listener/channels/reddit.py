"""Reddit by praw, as a script app of the brand's own.

Reddit has no search of comments and no list of followers. A listing is newest first, knows whole
seconds and ends after about 1,000 items. Fullnames (t1_ comment, t3_ submission) are the ids.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any, cast

import praw
from praw.endpoints import API_PATH
from praw.models.listing.generator import ListingGenerator

from listener.channels.channel import CLOCK_SKEW, Channel, Page
from listener.channels.reddit_api import (
    EXCHANGE,
    ODD,
    WEB,
    Answer,
    Limits,
    asked,
    core,
    line,
    listed,
    opened,
    reply_error,
    sign_in,
    unknown_shape,
)
from models.errors import (
    ChannelError,
    Rejected,
    Unavailable,
    Uncertain,
    Unsupported,
)
from models.instant import DAY, SECOND, now
from models.networks import same_words, why_not
from models.post import Author, Gap, Media, Outgoing, Post, Receipt
from models.words import _

_PAGE = 100
_WEEK = 7 * DAY
_QUERY = 512
"""Characters that Reddit takes as one query."""
_ALL: dict[str, Any] = {"limit": None, "request_limit": _PAGE}
_FULLNAME = re.compile(r"t[13]_[0-9a-z]+")
_GONE = ("[deleted]", "[removed]", "[ removed by reddit ]")
_MEDIA = {"image": "photo", "hosted:video": "video", "rich:video": "video"}


class RedditChannel(Channel):
    """`words` are looked for in submissions; `subreddits` are the brand's own."""

    name = "reddit"
    look_waits = (5.0, 20.0, 60.0)
    call_seconds = 30.0
    """One exchange; signing in before it may take what is left, or nothing is sent."""
    reach = 1000
    """So many items Reddit lists, whatever is asked for."""
    search_reach = 250
    """So many a search finds (not-an-aardvark/snoowrap, issue 162: 244)."""

    def __init__(
        self,
        account: Author,
        keys: Mapping[str, str],
        words: Sequence[str] = (),
        subreddits: Sequence[str] = (),
        base: str = "",
    ) -> None:
        self.account, self._words = account, tuple(words)
        self._subreddits = "+".join(name.rpartition("/")[2] for name in subreddits)
        searched = ("search",) if words else ()
        ours = ("comments", "followers") if subreddits else ()
        self.feeds = ("mentions", *searched, *ours, "own")
        # The sender never shares a connection, a token or a pause with the listener.
        self._reader = opened(account, keys, base, Limits(spared=20))
        self._writer = opened(account, keys, base, Limits(spared=0))
        # A connection that Reddit has left while it was idle would cost a reply its certainty.
        core(self._writer).requestor._http.headers["Connection"] = "close"

    def whoami(self) -> Author:
        """The account of the user name; Reddit leaves the t2_ of its id to us."""
        user = asked(self._reader, API_PATH["me"])
        try:
            return Author(f"t2_{user['id']}", str(user["name"]))
        except KeyError:
            raise unknown_shape() from None

    def clock_ahead(self) -> float | None:
        """By the Date of its last answer."""
        return line(self._reader).ahead

    def fetch(self, feed: str, checkpoint: str | None, overlap: int) -> Iterator[Page]:
        """Newest first, so that only the last page moves the checkpoint."""
        since = int(checkpoint) - overlap if checkpoint else now() - _WEEK
        reach = self.search_reach if feed == "search" else self.reach
        named = feed == "mentions"
        walks = [
            _Walk(self._reader, listing, since, reach, lambda child: self._post(child, named=named))
            for listing in self._listings(feed)
        ]
        stream, newest = _merged(walks), int(checkpoint or 0)
        while True:
            posts = sorted(islice(stream, _PAGE), key=lambda post: post.posted_at)
            newest = max([newest, *(post.posted_at for post in posts)])
            if len(posts) < _PAGE:
                rejected = sum(walk.rejected for walk in walks)
                held = str(newest or now() - CLOCK_SKEW)
                yield Page(tuple(posts), held, rejected, _gap(walks, checkpoint))
                return
            yield Page(tuple(posts), None)

    def _listings(self, feed: str) -> list[ListingGenerator]:
        """The listings that make up a feed."""
        reddit, found = self._reader, list[Iterator[Any]]()
        if feed == "mentions":
            inbox = reddit.inbox
            found = [read(**_ALL) for read in (inbox.mentions, inbox.comment_replies)]
            found.append(inbox.submission_replies(**_ALL))
        elif feed == "own":
            me = reddit.redditor(self.account.handle)
            found = [me.comments.new(**_ALL), me.submissions.new(**_ALL)]
        elif feed == "search" and self._words:
            # The inbox has no submissions, so who names us in one is found only here.
            queries = _queries((f"u/{self.account.handle}", *self._words))
            found = [reddit.subreddit("all").search(one, sort="new", **_ALL) for one in queries]
        elif feed == "comments" and self._subreddits:
            found = [reddit.subreddit(self._subreddits).comments(**_ALL)]
        elif feed == "followers" and self._subreddits:
            found = [reddit.subreddit(self._subreddits).new(**_ALL)]
        else:
            raise Unsupported(why_not(self.name, feed))
        return cast("list[ListingGenerator]", found)

    def recall(self, external_ids: Sequence[str]) -> dict[str, Post | None]:
        """By fullname; a name that Reddit does not know is left out of its answer."""
        known = [one for one in external_ids if _FULLNAME.fullmatch(one)]
        found = dict[str, Post | None]()
        for start in range(0, len(known), _PAGE):
            names = ",".join(known[start : start + _PAGE])
            for child in listed(self._reader, API_PATH["info"], {"id": names})["children"]:
                with suppress(*ODD):
                    found[child["data"]["name"]] = self._post(child, named=False)
        return found

    def reply(self, outgoing: Outgoing) -> Receipt:
        """One POST; where Reddit took it and shows nothing, it is looked for."""
        kind, _underscore, number = outgoing.in_reply_to.partition("_")
        if not _FULLNAME.fullmatch(outgoing.in_reply_to):
            raise Rejected(_("Reddit has no such post"))
        to = self._writer.submission(number) if kind == "t3" else self._writer.comment(number)
        begun = time.monotonic()
        sign_in(self._writer)
        if self._is_late(begun):
            raise Unavailable(_("Reddit is too slow"))
        try:
            made = to.reply(outgoing.body)
            receipt = _receipt(vars(made)) if made is not None else None
        except Exception as error:  # praw falls over some answers by KeyError or AssertionError
            raise reply_error(error) from None
        return receipt or self._landed(outgoing, begun)

    def _landed(self, outgoing: Outgoing, begun: float) -> Receipt:
        """Reddit shows nothing of a reply below what it has put in quarantine."""
        found = None
        if not self._is_late(begun):
            with suppress(ChannelError):
                found = self.look_up(outgoing)
        if found is None:
            raise Uncertain(_("Reddit took the reply and did not show it"))
        return found

    def _is_late(self, begun: float) -> bool:
        """Whether another exchange might end after the deadline of the whole call."""
        return time.monotonic() - begun > self.call_seconds - EXCHANGE

    def look_up(self, outgoing: Outgoing) -> Receipt | None:
        """Among our own comments since it was written."""
        ours = self._writer.redditor(self.account.handle).comments.new(**_ALL)
        since, read = outgoing.created_at - CLOCK_SKEW, lambda child: self._post(child, named=False)
        walk = _Walk(self._writer, cast("ListingGenerator", ours), since, self.reach, read)
        for post in walk.posts():
            is_free = post.external_id not in outgoing.credited
            is_it = post.in_reply_to == outgoing.in_reply_to
            if is_it and is_free and same_words(outgoing.body, post.text):
                return Receipt(post.external_id, post.url, post.posted_at)
        if walk.is_cut or walk.rejected:
            raise Unavailable(_("Reddit does not list all our own comments"))
        return None

    def _post(self, child: Answer, *, named: bool) -> Post | None:
        """None for what its author or a moderator took away. `named`: it names or answers us."""
        kind, item = child["kind"], child["data"]
        if kind not in ("t1", "t3"):
            raise ValueError(kind)
        text = item["body" if kind == "t1" else "selftext"] or ""
        author, edited = item["author"], item.get("edited")
        if author in (None, "[deleted]") or text.strip().lower() in _GONE:
            return None
        text = text if kind == "t1" else f"{item['title']}\n\n{text}".strip()
        own = author.lower() == self.account.handle.lower()
        return Post(
            channel=self.name,
            external_id=item["name"],
            author=self.account if own else Author(item.get("author_fullname") or author, author),
            text=text,
            posted_at=_instant(item["created_utc"]),
            url=_permalink(item),
            in_reply_to=item.get("parent_id"),
            conversation=item["name"] if kind == "t3" else _thread(item),
            addressed=named or self._is_named(text),
            media=_media(item),
            own=own,
            edited_at=_instant(edited) if edited and edited is not True else None,
        )

    def _is_named(self, text: str) -> bool:
        handle = re.escape(self.account.handle)
        return re.search(rf"(?<![\w/])/?u/{handle}(?![\w-])", text, re.IGNORECASE) is not None


@dataclass
class _Walk:
    """One listing, newest first, page by page down to an instant.

    The pages are read as JSON: praw makes objects of a whole page, and one odd item would cost all.
    """

    reddit: praw.Reddit
    listing: ListingGenerator
    since: int
    reach: int
    read: Callable[[Answer], Post | None]
    last: int = 0
    """The instant of the item read last."""
    is_cut: bool = False
    """Whether Reddit ended the listing before it came to `since`, though there was more."""
    rejected: int = 0

    def posts(self) -> Iterator[Post]:
        """What is not older than `since`."""
        params, seen = self.listing.params, 0
        while True:
            page = listed(self.reddit, self.listing.url, params)
            seen += _PAGE
            for child in page["children"]:
                yield from self._read(child)
            has_met, after = 0 < self.last < self.since, page.get("after")
            # Where the item after which to go on was deleted, Reddit has lost its place.
            is_lost = "after" in params and (not page["children"] or after == params["after"])
            if has_met or is_lost or not after:
                self.is_cut = not has_met and (is_lost or seen >= self.reach)
                return
            params = {**params, "after": after}

    def _read(self, child: Answer) -> Iterator[Post]:
        try:
            post = self.read(child)
            self.last = _instant(child["data"]["created_utc"])
        except ODD:
            self.rejected += 1
            return
        if post is not None and post.posted_at >= self.since:
            yield post


def _queries(words: Sequence[str]) -> list[str]:
    """Any of the words; as few queries as Reddit takes."""
    queries = list[str]()
    for word in words:
        quoted = '"' + word.replace('"', "") + '"'
        if queries and len(queries[-1]) + len(quoted) + 4 <= _QUERY:
            queries[-1] += f" OR {quoted}"
        else:
            queries.append(quoted)
    return queries


def _merged(walks: Sequence[_Walk]) -> Iterator[Post]:
    """Newest first; who names us in an answer to us is in two listings of the inbox."""
    seen = set[str]()
    for post in merge(*(walk.posts() for walk in walks), key=lambda post: -post.posted_at):
        if post.external_id not in seen:
            seen.add(post.external_id)
            yield post


def _gap(walks: Sequence[_Walk], checkpoint: str | None) -> Gap | None:
    """What lies between the checkpoint and the oldest that Reddit would list."""
    ends = [(walk.last, walk.reach) for walk in walks if walk.is_cut]
    if checkpoint is None or not ends or max(ends)[0] <= int(checkpoint):
        return None
    until, reach = max(ends)
    reason = _("Reddit lists only about its newest {number} items").format(number=reach)
    return Gap(int(checkpoint), until, reason)


def _receipt(item: Answer) -> Receipt:
    return Receipt(item["name"], _permalink(item), _instant(item["created_utc"]))


def _instant(seconds: float) -> int:
    return round(seconds * SECOND)


def _thread(item: Answer) -> str | None:
    """The fullname of the submission; the inbox gives it only within `context`, a path."""
    found = re.search(r"/comments/([0-9a-z]+)/", item.get("context") or "")
    return item.get("link_id") or (f"t3_{found[1]}" if found else None)


def _permalink(item: Answer) -> str:
    path = item.get("permalink") or item.get("context")
    path = path or f"/comments/{(_thread(item) or '').removeprefix('t3_')}/_/{item['id']}/"
    return f"{WEB}/{path.partition('?')[0].lstrip('/')}"


def _media(item: Answer) -> tuple[Media, ...]:
    kind = _MEDIA.get(item.get("post_hint", ""))
    return (Media(kind, None, item.get("url")),) if kind else ()
