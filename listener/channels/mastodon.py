"""Mastodon, and what speaks its API, by Mastodon.py.

Every listing is read newest first down to an instant: each server counts ids in its own way.
Notifications have times of their own: a post that comes late from another server is at the top.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial

from listener.channels.channel import CLOCK_SKEW, Channel, Page
from listener.channels.mastodon_api import (
    EXCHANGE,
    Room,
    as_list,
    opened,
    reply_error,
    unknown_shape,
)
from listener.channels.mastodon_listing import Listing
from listener.channels.mastodon_posts import (
    ODD,
    Answer,
    Reader,
    addressed,
    instant,
    is_id,
    receipt,
    stable,
    visibility,
)
from listener.channels.mastodon_threads import Threads
from models.errors import Rejected, SignedOut, Unavailable, Unsupported
from models.instant import DAY, now
from models.networks import NETWORKS, same_words, why_not
from models.post import Author, Gap, Outgoing, Post, Receipt
from models.words import _

_WEEK = 7 * DAY
_MENTIONS = ("mention", "quote")
"""The notifications that are about a post to us."""
_BATCH = 20
"""Statuses that a server looks up at once."""
_FOLLOWERS = 80
"""Followers on a page."""
_READS = ("read:accounts", "read:notifications", "read:search", "read:statuses")


class MastodonChannel(Channel):
    """`words` are looked for where the server has a search; none, and there is no search.

    So many of the newest `followers` are listened to, if any. `limit` is what the config says that
    a post may hold; before a reply leaves, the server itself is asked.
    """

    name = "mastodon"
    look_waits = (5.0, 20.0, 60.0)
    call_seconds = 40.0
    """The POST of a reply; reading before what it answers may take what is left, or nothing is
    sent."""
    resends = 1
    resend_seconds = 50 * 60.0
    """The server knows a key again for an hour."""
    page = 40
    """Items asked for at once."""

    def __init__(
        self,
        account: Author,
        token: str,
        server: str,
        words: Sequence[str] = (),
        followers: int = 0,
        limit: int = NETWORKS["mastodon"].limit,
    ) -> None:
        self.account, self._words, self._followers = account, tuple(words), followers
        asked = {"search": bool(words), "comments": True, "followers": bool(followers)}
        self.feeds = ("mentions", *(feed for feed in asked if asked[feed]), "own")
        self._read, self._limit = Reader(account), limit
        # The sender never shares a connection or a pause with the listener.
        self._reader = opened(server, token, spared=20)
        self._writer = opened(server, token, spared=0, lasting=False)
        self._threads, self._room = Threads(self._reader), Room(limit)
        self._counts = dict[str, object]()
        """How much there was below a post, or of a follower, when it was read last."""
        self._scopes: list[str] | None = None

    def whoami(self) -> Author:
        """The account of the token; SignedOut names what the token may not read, if that is told.

        The scopes are those of the token's app, and only newer servers tell them.
        """
        me = self._reader.asked(lambda client: client.account_verify_credentials())
        with suppress(Unavailable, *ODD):
            app = self._reader.asked(lambda client: client.app_verify_credentials())
            self._scopes = [str(scope) for scope in app["scopes"]]
        needed = [scope for scope in _READS if self._words or scope != "read:search"]
        if lacking := self._lacking(needed):
            told = _("the token lacks the scopes {names}: make a new one, see docs/mastodon.md")
            raise SignedOut(told.format(names=", ".join(lacking)))
        try:
            return Author(str(me["id"]), str(me["acct"]), me["display_name"] or None)
        except ODD:
            raise unknown_shape() from None

    def is_read_only(self) -> bool:
        """By what `whoami` was told."""
        return bool(self._lacking(["write:statuses"]))

    def _lacking(self, needed: Sequence[str]) -> list[str]:
        held = self._scopes
        return [
            scope
            for scope in needed
            if held and scope not in held and scope.partition(":")[0] not in held
        ]

    def clock_ahead(self) -> float | None:
        """By the Date of its last answer."""
        return self._reader.line.ahead

    def advice(self) -> str | None:
        """Where the server takes longer or shorter posts than the config says."""
        room = self._room.asked(self._reader)
        if room == self._limit:
            return None
        says = _("the server takes {room} characters: put max_characters = {room} at [mastodon]")
        return says.format(room=room)

    def fetch(self, feed: str, checkpoint: str | None, overlap: int) -> Iterator[Page]:
        """Newest first, so that only the last page moves the checkpoint.

        A checkpoint is an instant; of mentions also the notification it is of, if there was one.
        """
        if feed not in self.feeds:
            raise Unsupported(why_not(self.name, feed))
        at, _space, anchor = (checkpoint or "").partition(" ")
        left = int(at or 0)
        since = left - overlap if left else now() - _WEEK
        newest, gap = (left, anchor), None
        for listing in self._listings(feed, since):
            for items in listing.pages():
                statuses = self._about(feed, items)
                posts, rejected = self._read.posts(statuses, named=feed == "mentions")
                yield Page(self._threads.placed(posts), None, rejected)
            newest = max(newest, listing.newest)
            if anchor and listing.is_cut:
                gap = _missed(left, listing.last)
        held = newest if newest[0] > left or not gap else (now(), "")
        yield Page((), _checkpoint(held, feed), 0, gap)

    def _listings(self, feed: str, since: int) -> Iterator[Listing]:
        """What makes up a feed; the next is asked for when the one before is stored."""
        if feed == "mentions":
            yield Listing(self._notifications, since)
        elif feed == "own":
            yield self._posts_of(self.account.external_id, since)
        elif feed == "search":
            yield from (Listing(partial(self._found, word), since) for word in self._words)
        elif feed == "comments":
            yield from self._comments()
        else:
            yield from self._of_followers(since)

    def _about(self, feed: str, items: Sequence[Answer]) -> list[Answer]:
        """The statuses of a page; a notification of a deleted one has none left."""
        if feed == "mentions":
            about = [one.get("status") for one in items if one.get("type") in _MENTIONS]
            return [status for status in about if status is not None]
        return list(items) if feed == "own" else self._by_others(items)

    def _notifications(self, after: str | None, _seen: int) -> list[Answer]:
        """Those too that the server sets aside: it does so with strangers' direct messages."""
        asked = {"types[]": list(_MENTIONS), "include_filtered": "true", "limit": self.page}
        if after:
            asked["max_id"] = after
        kind = "PaginatableList[AttribAccessDict]"
        return as_list(self._reader.listed("/api/v1/notifications", kind, **asked))

    def _posts_of(self, number: str, since: int, *, sending: bool = False) -> Listing:
        """Somebody's posts; ours with those that few may see."""
        wire = self._writer if sending else self._reader

        def ask(after: str | None, _seen: int) -> list[Answer]:
            return as_list(
                wire.asked(
                    lambda client: client.account_statuses(
                        number, exclude_reblogs=True, max_id=after, limit=self.page
                    )
                )
            )

        return Listing(ask, since)

    def _found(self, word: str, _after: str | None, seen: int) -> list[Answer]:
        quoted = '"' + word.replace('"', "") + '"'
        asked = {"q": quoted, "type": "statuses", "limit": self.page, "offset": seen}
        found = self._reader.listed("/api/v2/search", "AttribAccessDict", **asked)
        return as_list(found.get("statuses") if isinstance(found, dict) else None)

    def _by_others(self, statuses: Sequence[Answer]) -> list[Answer]:
        me = self.account.external_id
        return [one for one in statuses if str((one.get("account") or {}).get("id")) != me]

    def _comments(self) -> Iterator[Listing]:
        """What stands below our newest posts, where there is more of it than last time."""
        for status in self._posts_of(self.account.external_id, 0).ask(None, 0):
            number, count = stable(status["id"]), status.get("replies_count")
            if count != 0 and (count is None or self._counts.get(number) != count):
                yield Listing(partial(self._below, number), now() - _WEEK)
                self._counts[number] = count

    def _below(self, number: str, _after: str | None, seen: int) -> list[Answer]:
        """All that is written below a post of ours, as one page."""
        if seen:
            return []
        context = self._reader.known(lambda client: client.status_context(number))
        try:
            if context is None:
                return []
            below = list(context["descendants"])
            first = next(iter(self._threads.above(context)), number)
            self._threads.learn([number, *(stable(one["id"]) for one in below)], first)
        except ODD:
            raise unknown_shape() from None
        return below

    def _of_followers(self, since: int) -> Iterator[Listing]:
        """The posts of those newest followers who wrote since they were read last."""
        for follower in self._newest_followers():
            number, count = str(follower["id"]), follower.get("statuses_count")
            if count is None or self._counts.get(number) != count:
                yield self._posts_of(number, since)
                self._counts[number] = count

    def _newest_followers(self) -> list[Answer]:
        me, size = self.account.external_id, min(self._followers, _FOLLOWERS)
        wire = self._reader
        page = wire.asked(lambda client: client.account_followers(me, limit=size))
        found = as_list(page)
        while page and len(found) < self._followers:
            page = wire.asked(lambda client: client.fetch_next(page))  # noqa: B023
            found = [*found, *(page or [])]
        return found[: self._followers]

    def recall(self, external_ids: Sequence[str]) -> dict[str, Post | None]:
        """In batches where the server has them; what is missing there is asked for by itself."""
        known = [one for one in external_ids if is_id(one)]
        found = dict[str, Post | None]()
        for start in range(0, len(known), _BATCH):
            chosen = known[start : start + _BATCH]
            answer = self._reader.known(lambda client: client.statuses(chosen))  # noqa: B023
            posts = self._read.posts(answer, named=False)[0] if isinstance(answer, list) else ()
            found |= {post.external_id: post for post in posts if post.external_id in chosen}
        for number in known:
            if number not in found:
                status = self._reader.known(lambda client: client.status(number))  # noqa: B023
                with suppress(*ODD):
                    post = None if status is None else self._read.post(status, named=False)
                    found[number] = post
        return found

    def reply(self, outgoing: Outgoing) -> Receipt:
        """One POST, seen by those who see what it answers, which is read just before."""
        begun, number, wire = time.monotonic(), outgoing.in_reply_to, self._writer
        parent = wire.known(lambda client: client.status(number)) if is_id(number) else None
        if parent is None:
            raise Rejected(_("Mastodon has no such post, or no longer"))
        try:
            text = addressed(parent, outgoing.body, self.account.external_id)
            warning = str(parent.get("spoiler_text") or "")
        except ODD:
            raise unknown_shape() from None
        self._refuse_too_long(text, warning)
        if time.monotonic() - begun > self.call_seconds - EXCHANGE:
            raise Unavailable(_("Mastodon is too slow"))
        try:
            return receipt(
                wire.client.status_post(
                    text,
                    in_reply_to_id=number,
                    visibility=visibility(parent),
                    spoiler_text=warning or None,
                    idempotency_key=outgoing.key,
                )
            )
        except Exception as error:  # an answer of no known shape is no proof of anything
            raise reply_error(error, wire.line) from None

    def _refuse_too_long(self, text: str, warning: str) -> None:
        """The name in front counts, and so does the warning."""
        length = NETWORKS[self.name].count(text) + NETWORKS[self.name].count(warning)
        if length > (room := self._room.asked(self._writer)):
            told = _("With name and warning the reply has {length} characters; {room} are taken.")
            raise Rejected(told.format(length=length, room=room))

    def look_up(self, outgoing: Outgoing) -> Receipt | None:
        """Among our own posts since it was written, and below the post: some servers do not list
        direct messages among our posts."""
        since = outgoing.created_at - CLOCK_SKEW
        try:
            for page in self._posts_of(self.account.external_id, since, sending=True).pages():
                if found := self._landed(page, outgoing):
                    return found
            number = outgoing.in_reply_to
            context = self._writer.known(lambda client: client.status_context(number))
            below = context["descendants"] if context else []
            return self._landed(
                [one for one in below if instant(one["created_at"]) >= since], outgoing
            )
        except ODD:
            raise unknown_shape() from None

    def _landed(self, statuses: Sequence[Answer], outgoing: Outgoing) -> Receipt | None:
        for status in statuses:
            post = self._read.post(status, named=False)
            is_free = post.external_id not in outgoing.credited
            is_it = post.own and post.in_reply_to == outgoing.in_reply_to
            if is_it and is_free and self._says(post, outgoing.body):
                return receipt(status)
        return None

    def _says(self, post: Post, body: str) -> bool:
        """Whether those are its words, or were before the server made them bold and the like."""
        if same_words(body, post.text):
            return True
        number = post.external_id
        source = self._writer.known(lambda client: client.status_source(number))
        return source is not None and same_words(body, str(source.get("text")))


def _checkpoint(held: tuple[int, str], feed: str) -> str:
    at, anchor = held
    return f"{at or now() - CLOCK_SKEW}" + (f" {anchor}" if anchor and feed == "mentions" else "")


def _missed(left: int, oldest: int) -> Gap | None:
    """What lies between the checkpoint and the oldest notification that is still listed."""
    reason = _("the server no longer lists older mentions; somebody may have cleared them")
    until = oldest or now()
    return Gap(left, until, reason) if until > left else None
