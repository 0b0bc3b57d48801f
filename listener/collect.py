"""Listening: from a feed to mentions, page by page, each page whole or not at all."""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from listener.channels.channel import Channel, Page
from listener.spending import charge, check, is_scarce, metered
from listener.worker import Worker
from models.errors import ChannelError, LeaseLost, RateLimited, StoreError
from models.instant import DAY, MINUTE, SECOND
from models.post import Post
from models.records import intake, people, recheck, sources, tally
from models.records.intake import Counts
from models.records.sources import Held

LEASE = 2 * MINUTE
_LONGEST_WAIT = 15 * MINUTE
_SECOND_LOOK = 30 * MINUTE
_ALL_GONE, _SEEN = "all gone", "seen"
"""A recheck has no place to go on from: its checkpoint holds what the last look found."""
_OVERHEARD = ("followers", "comments")
"""Listings of what people say to each other, of which only some concerns us."""
_SUSPICIOUS = 5
"""This many posts, all gone at once, are believed only when the next look agrees."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one pass over a source brought."""

    source: str
    counts: Counts
    error: str | None = None
    held_by: str | None = None


def collect(worker: Worker) -> list[Heard]:
    """Read every feed of every channel that is due; what failed is said and tried again later."""
    heard = []
    for channel in worker.channels.values():
        for feed in channel.feeds:
            heard.append(_read(worker, channel, feed))
        heard.append(_look_again(worker, channel))
    return [item for item in heard if item is not None]


def switch_off_unasked(worker: Worker) -> None:
    """What the config no longer asks for is no silent source; one without keys still is."""
    asked_for = [
        source_name(channel, feed)
        for channel in worker.channels.values()
        for feed in (*channel.feeds, "recheck")
    ]
    cut_off = {entry.channel for entry in worker.settings.account} - worker.channels.keys()
    with worker.store.write() as session:
        sources.switch_off(session, asked_for, cut_off)


def source_name(channel: Channel, feed: str) -> str:
    """The name a feed's source has in the records."""
    return f"{channel.name}:{feed}"


def _read(worker: Worker, channel: Channel, feed: str) -> Heard | None:
    name = source_name(channel, feed)
    held = _acquire(worker, channel, feed)
    if held is None:
        return _held_elsewhere(worker, name)
    counts, swept, newest = Counts(), worker.store.now() - held.swept_at > DAY, 0
    overlap = DAY if swept else worker.settings.listen.overlap_minutes * MINUTE
    try:
        for page in metered(worker, channel, feed, held.checkpoint, overlap):
            counts += _store(worker, held, page)
            newest = max([newest, *(post.posted_at for post in page.posts)])
    except LeaseLost:
        return _held_elsewhere(worker, name)
    except StoreError:
        raise
    except Exception as error:  # one network's bad day must not silence the others
        return _failed(worker, held, counts, error)
    _finish(worker, held, swept=swept, heard_until=newest)
    return Heard(name, counts)


def _acquire(worker: Worker, channel: Channel, feed: str) -> Held | None:
    name, at = source_name(channel, feed), worker.store.now()
    with worker.store.write() as session:
        account = people.own_account(session, channel.name, channel.account)
        sources.ensure(session, name, channel.name, feed, account)
        return sources.acquire(session, name, worker.name, at, LEASE)


def _held_elsewhere(worker: Worker, name: str) -> Heard | None:
    with worker.store.read() as session:
        holder = sources.holder(session, name, worker.store.now())
    return Heard(name, Counts(), held_by=holder) if holder else None


def _store(worker: Worker, held: Held, page: Page) -> Counts:
    """Rows, counts and checkpoint of a page in one transaction, fenced by our lease."""
    at = worker.store.now()
    with worker.store.write() as session:
        source = sources.advance(session, held, at, LEASE, page.checkpoint)
        if page.gap is not None:
            sources.report_gap(session, held, page.gap, at)
        shown = intake.recognised(session, page.posts)
        authors = {post.author.external_id for post in shown}
        stopped = people.who_stopped(session, held.channel, authors)
        parents = {post.in_reply_to for post in shown if post.in_reply_to}
        ours = intake.known(session, held.channel, parents)
        posts = [post for post in shown if _is_heard(worker, held, post, ours, stopped)]
        if over := _passed_over(held, shown, posts):
            tally.add(session, held.name, tally.PASSED_OVER, over, at)
        found = intake.take_in(session, source, posts, at, worker.policy(), page.rejected)
        for post in worker.ear.who_say_stop(posts):
            people.stop(session, post.channel, post.author.external_id, post.posted_at)
        return found


def _is_heard(
    worker: Worker, held: Held, post: Post, ours: Collection[str], stopped: Mapping[str, int]
) -> bool:
    """Not what concerns us not, nor who asked us to stop; but always what is addressed to us, and
    what goes on below a post that we know (`ours`)."""
    if post.addressed or post.own or post.in_reply_to in ours:
        return True
    if post.posted_at > stopped.get(post.author.external_id, post.posted_at):
        return False
    return held.feed not in _OVERHEARD or worker.ear.concerns(post)


def _passed_over(held: Held, posts: Sequence[Post], heard: Sequence[Post]) -> int:
    """How many were dropped; those of the overlap were counted when they came first."""
    kept = {post.external_id for post in heard}
    over = [post for post in posts if post.external_id not in kept]
    return sum(post.posted_at > held.heard_until for post in over)


def _finish(
    worker: Worker, held: Held, *, pause: int = 0, swept: bool = False, heard_until: int = 0
) -> None:
    at = worker.store.now()
    pause = max(pause, int(worker.settings.listen.every_seconds * SECOND))
    with worker.store.write() as session:
        sources.finish(session, held, at, at + pause, swept=swept, heard_until=heard_until)


def _failed(worker: Worker, held: Held, counts: Counts, error: Exception) -> Heard:
    """Back off with jitter, or as long as the network asks, but a quarter hour at most."""
    at = worker.store.now()
    said = str(error) if isinstance(error, ChannelError) else repr(error)
    asked = int(error.retry_after * SECOND) if isinstance(error, RateLimited) else 0
    pause = max(asked, int(worker.settings.listen.every_seconds * SECOND))
    pause = min(int(pause * random.uniform(1.0, 1.5)), _LONGEST_WAIT)  # noqa: S311  no secret
    with worker.store.write() as session:
        sources.finish(session, held, at, at + pause, error=said)
    return Heard(held.name, counts, error=said)


def _look_again(worker: Worker, channel: Channel) -> Heard | None:
    """Look at known posts again: edited words are judged anew, those deleted lose their text."""
    held = _acquire(worker, channel, "recheck")
    if held is None:
        return None
    settled = not is_scarce(worker, channel)
    with worker.store.read() as session:
        ids = recheck.due(session, channel.name, worker.store.now(), settled=settled)
    try:
        found = _recalled(worker, channel, ids) if ids else {}
        believed = _apply(worker, held, ids, found)
    except LeaseLost:
        return None
    except StoreError:
        raise
    except Exception as error:
        return _failed(worker, held, Counts(), error)
    _finish(worker, held, pause=0 if believed else _SECOND_LOOK)
    return None


def _recalled(worker: Worker, channel: Channel, ids: list[str]) -> dict[str, Post | None]:
    check(worker, channel, "recheck")
    try:
        return channel.recall(ids)
    finally:
        charge(worker, channel)


def _apply(worker: Worker, held: Held, ids: list[str], found: dict[str, Post | None]) -> bool:
    """Whether the answer was believed: if all are gone at once, only when the next look agrees."""
    at = worker.store.now()
    all_gone = len(ids) >= _SUSPICIOUS and len(found) == len(ids) and not any(found.values())
    believed = not all_gone or held.checkpoint == _ALL_GONE
    with worker.store.write() as session:
        sources.advance(session, held, at, LEASE, _ALL_GONE if all_gone else _SEEN)
        if believed:
            is_billed = worker.channels[held.channel].meter is not None
            recheck.apply(session, held.channel, ids, found, at, is_billed=is_billed)
    return believed
