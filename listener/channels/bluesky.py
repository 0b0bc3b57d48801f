"""Bluesky by atproto, signed in with an app password of the brand's own.

Mentions, searches and feeds come from Bluesky's view of the network, our own posts from our own
repository, where they stand at once. No listing knows a `since`.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from listener.channels import bluesky_reply
from listener.channels.bluesky_api import EXCHANGE, Api, Declined
from listener.channels.bluesky_feeds import Feeds, Followers
from listener.channels.bluesky_look import BLOCKED, BLOCKING, DELETED, Look
from listener.channels.bluesky_posts import (
    ADDRESS,
    POST,
    Answer,
    Reader,
    key_of,
    moment,
    parent_of,
    permalink,
)
from listener.channels.bluesky_session import Keeper
from listener.channels.bluesky_walk import Checkpoint, Walk, merged
from listener.channels.channel import CLOCK_SKEW, Channel, Page
from models.errors import Rejected, Unavailable, Uncertain, Unsupported
from models.instant import DAY, now
from models.networks import why_not
from models.post import Author, Gap, Outgoing, Post, Receipt
from models.words import _

_PAGE = 100
_WEEK = 7 * DAY
_BEFORE_US = DAY
"""Of a thread that we come late to, what was said so long before us is heard too."""
_MAY_END = ("mentions", "search")
"""Feeds that Bluesky may stop listing somewhere; our own repository is always whole."""


class BlueskyChannel(Channel):
    """`words` are looked for beside the mentions; so many of the newest `followers` are heard."""

    name = "bluesky"
    look_waits = (5.0, 15.0)
    call_seconds = 45.0
    """Signing in, looking at what is answered, and one exchange that can still end in time."""
    resends = 5
    """The key makes a second sending no second post; so many, then a person looks into it."""

    def __init__(
        self,
        account: Author,
        keys: Mapping[str, str],
        words: Sequence[str] = (),
        followers: int = 0,
        service: str = "",
    ) -> None:
        self.account = account
        asked = {"search": bool(words), "comments": True, "followers": bool(followers)}
        self.feeds = ("mentions", *(feed for feed in asked if asked[feed]), "own")
        login = account.external_id if account.external_id.startswith("did:") else account.handle
        self._keeper = Keeper(login, keys["app_password"], service)
        # The sender has the last requests of a window for itself.
        self._reader, self._writer = Api(self._keeper, spared=200), Api(self._keeper, spared=0)
        self._read = Reader(account)
        newest = Followers(followers)
        self._feeds = Feeds(self._reader, self._read, account, tuple(words), newest)

    def whoami(self) -> Author:
        """The account that the app password opens."""
        end = self._end()
        self._keeper.session(end, again=True)
        user = self._writer.asked("com.atproto.server.getSession", end)
        try:
            return Author(str(user["did"]), str(user["handle"]))
        except KeyError:
            raise Unavailable(_("Bluesky answers in a shape that is not known")) from None

    def clock_ahead(self) -> float | None:
        """By the Date of its last answer."""
        return self._keeper.clock_ahead()

    def fetch(self, feed: str, checkpoint: str | None, overlap: int) -> Iterator[Page]:
        """Newest first, so that only the last page moves the checkpoint."""
        if feed not in self.feeds:
            raise Unsupported(why_not(self.name, feed))
        held, begun = Checkpoint.of(checkpoint), now()
        reach = overlap + (_BEFORE_US if feed == "comments" else 0)
        walks = self._feeds.walks(feed, held.at - reach if held else begun - _WEEK)
        stream, newest, rejected = merged(walks), held or Checkpoint(begun - CLOCK_SKEW), 0
        while True:
            found = list(islice(stream, _PAGE))
            # A key from a clock that runs ahead must not hide what is written until then.
            ends = (Checkpoint(min(at, begun), post.external_id) for at, post in found)
            newest = max([newest, *ends])
            posts = tuple(sorted((post for _at, post in found), key=lambda post: post.posted_at))
            odd = sum(walk.rejected for walk in walks) - rejected
            rejected += odd
            if len(found) == _PAGE:
                yield Page(posts, None, odd)
                continue
            gap = self._gap(walks, held) if held and feed in _MAY_END else None
            yield Page(posts, str(newest), odd, gap)
            return

    def _gap(self, walks: Sequence[Walk], held: Checkpoint) -> Gap | None:
        """Where nothing as old as the checkpoint is listed any more, though its post still exists.

        Bluesky names no limit; that a deleted post is not listed proves nothing.
        """
        ends = [walk.oldest for walk in walks if walk.oldest is not None]
        is_met = any(held.address in walk.listed for walk in walks)
        if not held.address or not ends or min(ends) <= held.at or is_met:
            return None
        if self.recall([held.address]).get(held.address) is None:
            return None
        return Gap(held.at, min(ends), _("Bluesky no longer lists what is older"))

    def recall(self, external_ids: Sequence[str]) -> dict[str, Post | None]:
        """By address; gone is what was deleted, alone or with its account, or is hidden from us."""
        return Look(self._reader, self._read).recall(external_ids, self._end())

    def reply(self, outgoing: Outgoing) -> Receipt:
        """One record under a key of its own, put where nothing stands: never a second post.

        A key that is taken means that an earlier attempt has landed.
        """
        if not ADDRESS.fullmatch(outgoing.in_reply_to):
            raise Rejected(_("Bluesky has no such post"))
        end = self._end()
        if outgoing.attempt > 1 and (receipt := self._landed(outgoing, end)):
            return receipt
        parent = self._answerable(outgoing.in_reply_to, end)
        record = bluesky_reply.record(outgoing, parent, partial(self._did, parent, end))
        if end - time.monotonic() < EXCHANGE:
            raise Unavailable(_("Bluesky is too slow"))
        made = self._put(bluesky_reply.key(outgoing), record, end)
        if not isinstance(made, Declined):
            return self._receipt(outgoing, record)
        if made.code == "InvalidSwap" and (receipt := self._standing(outgoing, end)):
            return receipt
        raise Rejected(made.said)

    def _standing(self, outgoing: Outgoing, end: float) -> Receipt | None:
        """What stands under the key that was taken: it is there, seen or not."""
        try:
            return self._landed(outgoing, end)
        except Unavailable as error:
            raise Uncertain(str(error)) from None

    def _put(self, key: str, record: Answer, end: float) -> Answer | Declined:
        """As plain JSON: atproto's own put_record leaves the null out, and would overwrite."""
        me = self.account.external_id
        body = {"repo": me, "collection": POST, "rkey": key, "record": record, "swapRecord": None}
        return self._writer.change("com.atproto.repo.putRecord", body, end, Uncertain)

    def _answerable(self, address: str, end: float) -> Answer:
        """The post to be answered. Bluesky takes any reply and then shows some to nobody: those to
        who is gone, has blocked us, or has closed the thread."""
        look = Look(self._writer, self._read)
        parent = look.at(address, end)
        if parent is None:
            reason = look.absence(address, end)
            if reason is None:
                raise Unavailable(_("Bluesky does not show the post just now"))
            raise Rejected(_WHY_NOT[reason]())
        if (parent.get("viewer") or {}).get("replyDisabled"):
            raise Rejected(_("The author lets only some answer in this thread, and not us."))
        return parent

    def _did(self, parent: Answer, end: float, handle: str) -> str | None:
        """Who a handle is; None where nobody has it."""
        author = parent["author"]
        if str(author.get("handle")).lower() == handle.lower():
            return str(author["did"])
        method = "com.atproto.identity.resolveHandle"
        answer = self._writer.ask(method, end, handle=handle)
        return None if isinstance(answer, Declined) else str(answer["did"])

    def look_up(self, outgoing: Outgoing) -> Receipt | None:
        """In our own repository, under the reply's key."""
        return self._landed(outgoing, self._end())

    def _landed(self, outgoing: Outgoing, end: float) -> Receipt | None:
        address = self._address(outgoing)
        record = Look(self._writer, self._read).record(address, end)
        if isinstance(record, Declined):
            raise Unavailable(record.said)
        if record is None or parent_of(record["value"]) != outgoing.in_reply_to:
            return None
        return self._receipt(outgoing, record["value"])

    def _receipt(self, outgoing: Outgoing, record: Answer) -> Receipt:
        address = self._address(outgoing)
        link = permalink(self.account.handle, key_of(address))
        return Receipt(address, link, moment({}, record))

    def _address(self, outgoing: Outgoing) -> str:
        return f"at://{self.account.external_id}/{POST}/{bluesky_reply.key(outgoing)}"

    def _end(self) -> float:
        """When the call that begins now must be over."""
        return time.monotonic() + self.call_seconds


_WHY_NOT: Mapping[str, Callable[[], str]] = {
    DELETED: lambda: _("The post is gone; there is nothing to answer."),
    BLOCKED: lambda: _("The author has blocked this account; the answer would be seen by nobody."),
    BLOCKING: lambda: _("This account blocks the author; the answer would be seen by nobody."),
}
