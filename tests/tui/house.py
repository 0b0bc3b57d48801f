"""A house for the tests of the screens: a database, its posts, and a desk driven by keys.

Everything is real but the keyboard. On SQLite the clock stands still; on Postgres, which has a
clock of its own, the posts are moved to today.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import time
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine, text
from sqlmodel import Session, col, select
from textual.events import Key, MouseDown, MouseUp
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen

from listener.digest import posting
from models import instant
from models.answer import Promised
from models.instant import HOUR, MINUTE
from models.mailing import Mailing, Recipient
from models.post import Post
from models.records import answering as deskcheck
from models.records import desk as deeds
from models.records import judging, outbox
from models.records.glance import glance
from models.records.judging import Bench
from models.records.outbox import Claim
from models.records.press import Press
from models.records.store import open_store
from models.records.tables import Draft, Mention, Reply
from models.sentiment.judgement import Judgement
from models.settings import Allowances, Settings, Smtp
from tests import world
from tests.tui.counted import Counted
from tests.world import SANDBOX, START, calendar
from tui.desk import Desk
from tui.place import Place
from tui.screens.composer import Composer
from tui.screens.review import Review
from tui.screens.waiting import Waiting
from tui.seat import Seat

T = TypeVar("T")
S = TypeVar("S", bound=Screen[Any])
PATIENCE = 15.0
"""Seconds until a test gives up waiting."""


def here(port: int) -> Smtp:
    """A mail server on this machine."""
    sender = "desk@tallkotte.example"
    return Smtp(host="127.0.0.1", port=port, security="none", sender=sender)


@contextmanager
def held_up(address: str, table: str = "mention") -> Iterator[None]:
    """Nobody reads this table until it ends, as while it is being changed."""
    engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as other:
        other.execute(text(f"lock table {table} in access exclusive mode"))
        yield
    engine.dispose()


class House:
    """One database with posts, and as many desks on it as a test wants."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.store = open_store(address, create=True)
        self.start = START if self.store.is_sqlite else instant.now() - HOUR
        self._ahead = HOUR
        self.smtp = Smtp()
        """Where a test of the leaders' mail goes."""
        self.readers = tuple[Recipient, ...]()
        """Of the leaders' mail, which leaves at half past seven."""

    def now(self) -> int:
        """An hour after the first posts; it stands still unless a test moves it."""
        return self.start + self._ahead if self.store.is_sqlite else instant.now()

    def pass_time(self, micros: int) -> None:
        self._ahead += micros

    def take(self, *posts: Post) -> None:
        """Take posts in now, dated as in the world of the other tests."""
        moved = [replace(post, posted_at=post.posted_at - START + self.start) for post in posts]
        world.take(self.store, *moved, at=self.now())

    def judge(self, complaint: float, question: float = 0.1, cues: tuple[str, ...] = ()) -> None:
        """Judge alike whatever nobody has judged yet."""
        verdict = Judgement("sv", 0.1, 0.8, 0.1, complaint, question, cues)
        bench = Bench(lambda _name: calendar(), Allowances(), ())
        with self.store.write() as session:
            items = judging.unjudged(session, 1000)
            judging.store(session, [(item, verdict) for item in items], "test", self.start, bench)

    def act(self, deed: Callable[[Session], T]) -> T:
        """Somebody else does something meanwhile."""
        with self.store.write() as session:
            return deed(session)

    def dismiss(self, post: Post, staff: str = "Bo") -> None:
        mention_id = self.id_of(post)
        self.act(lambda s: deeds.dismiss(s, mention_id, "spam", staff, self.now()))

    def doubt(self, post: Post, text: str = "Jag beklagar. /Anna") -> int:
        """A reply to it whose fate nobody knows."""
        why = "the network fell silent"
        return self._sent(post, text, lambda s, claim, at: outbox.uncertain(s, claim, why, at, at))

    def refuse(self, post: Post, text: str = "Jag beklagar. /Anna", why: str = "No.") -> int:
        """A reply to it that the network did not take."""
        return self._sent(post, text, lambda s, claim, at: outbox.failed(s, claim, why, at))

    def owe(self, post: Post, promise: Promised) -> int:
        """A reply to it that was sent, and what it promises."""
        receipt = world.receipt(f"r-{post.external_id}", START + MINUTE)

        def sent(session: Session, claim: Claim, _at: int) -> None:
            outbox.sent(session, claim, receipt)

        return self._sent(post, promise.text, sent, (promise,))

    def _sent(
        self,
        post: Post,
        text: str,
        end: Callable[[Session, Claim, int], None],
        promises: tuple[Promised, ...] | None = None,
    ) -> int:
        reply_id = world.answer(self.store, post, text, promises=promises)
        at = START + MINUTE
        claim = world.claim(self.store, at)
        assert claim is not None
        self.act(lambda s: end(s, claim, at))
        return reply_id

    def id_of(self, post: Post) -> int:
        return world.mention(self.store, post).id or 0

    def state(self, post: Post) -> str:
        return world.mention(self.store, post).state

    def mention(self, post: Post) -> Mention:
        return world.mention(self.store, post)

    def replies(self) -> list[Reply]:
        with self.store.read() as session:
            return list(session.exec(select(Reply).order_by(col(Reply.id))))

    def drafts(self) -> dict[int, str]:
        """What is typed and not sent, by mention."""
        with self.store.read() as session:
            return {draft.mention_id: draft.body for draft in session.exec(select(Draft))}

    def place(self, staff: str = "Anna", undo_seconds: float = 3600) -> Place:
        zone = ZoneInfo("Europe/Stockholm")
        mailing = Mailing(self.readers, zone, time(7, 30)) if self.readers else None
        return Place(staff, "Tallkotte", zone, undo_seconds, SANDBOX, mailing=mailing)

    def desk(self, place: Place | None = None, door: Event | None = None) -> Desk:
        """A desk on a connection of its own; with a `door` it opens once that is set, and shows
        the top of the queue until then."""
        chosen = place or self.place()

        def seat() -> Seat:
            if door is not None:
                door.wait()
            now = self.now if self.store.is_sqlite else None
            rooms = deskcheck.House(lambda _name: calendar(), ("Tallkotte",), 24 * HOUR)
            press = Press("Tallkotte", calendar(), HOUR)
            mail = partial(posting.send_test, Settings(smtp=self.smtp))
            return Seat(open_store(self.address), chosen, rooms, press, mail, now)

        first = (
            glance(Path(self.address.removeprefix("sqlite:///")), 100, self.now()) if door else None
        )
        return Desk(chosen, seat, first, clock=self.now)


class Hand:
    """The hand at the keyboard, and the eye on the screen."""

    def __init__(self, desk: Desk, pilot: Pilot[Exception | None], threads: Counted) -> None:
        self.desk, self.pilot, self._threads = desk, pilot, threads

    async def rest(self) -> None:
        """Until nothing that was begun is still to be read or written."""
        for _time in range(3):
            while self._threads.under_way:
                await asyncio.sleep(0.005)
            if self.desk.is_running:
                await self.pilot.pause(0)

    async def press(self, *keys: str) -> None:
        """One after the other, each handled before the next."""
        for key in keys:
            self.strike(key)
            await self.pilot.pause(0)

    def strike(self, *keys: str) -> None:
        """As fast as a held key: nothing is awaited."""
        for key in keys:
            name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
            letter = key if len(key) == 1 else _LETTERS.get(key)
            self.desk.post_message(Key(name, letter))

    async def click(self, x: int, y: int) -> None:
        """As a terminal tells it: down, and up again."""
        for kind in (MouseDown, MouseUp):
            held = (1, False, False, False)
            self.desk.post_message(kind(None, x, y, 0, 0, *held, screen_x=x, screen_y=y))
        await self.pilot.pause(0)

    async def write(self, text: str) -> None:
        """Quicker than anybody can."""
        self.strike(*text)
        await self.pilot.pause(0)

    async def compose(self, text: str) -> Composer:
        """Begin an answer to the mention under the cursor."""
        await self.press("r")
        composer = await self.until_on(Composer)
        await self.until(lambda: composer._writing and composer._thread, "draft and thread read")
        await self.write(text)
        return composer

    async def review(self) -> None:
        """From the composer to the last look."""
        await self.press("ctrl+s")
        await self.until_on(Review)

    async def send(self) -> None:
        """From the composer past the last look, by the key that sends."""
        await self.review()
        await self.press("y")

    @property
    def waiting(self) -> Waiting:
        """The queue, whatever stands on it."""
        return next(one for one in self.desk.screen_stack if isinstance(one, Waiting))

    async def until(self, holds: Callable[[], object], what: str = "") -> None:
        """Until it holds; an assertion with the screen's text if it never does."""
        last = asyncio.get_running_loop().time() + PATIENCE
        while not holds():
            assert self.desk.return_code in (None, 0), "the desk has crashed"
            assert asyncio.get_running_loop().time() < last, f"never: {what}\n{self.text()}"
            await asyncio.sleep(0.01)
        await self.pilot.pause(0)

    async def until_said(self, *words: str) -> None:
        """Until a toast holds all of these words."""
        await self.until(
            lambda: any(all(word in told for word in words) for told in self.told()),
            f"a toast with {words}, only {self.told()}",
        )

    async def until_shown(self, *words: str) -> None:
        """Until the screen holds all of these words."""
        await self.until(lambda: all(word in self.text() for word in words), f"{words} shown")

    async def until_on(self, kind: type[S]) -> S:
        """Until a screen of this kind is on top and mounted; the screen."""
        await self.until(
            lambda: isinstance(self.desk.screen, kind) and self.desk.screen.is_mounted,
            f"on {kind.__name__}, but {self.desk.screen}",
        )
        assert isinstance(self.desk.screen, kind)
        return self.desk.screen

    def told(self) -> list[str]:
        """The toasts."""
        return [toast.message for toast in self.desk._notifications]

    def lines(self) -> list[str]:
        """The screen on top as text, line by line."""
        strips = self.desk.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip) for strip in strips]

    def text(self) -> str:
        return "\n".join(self.lines())


_LETTERS = {"space": " ", "enter": "\r", "tab": "\t", "escape": "\x1b"}


@asynccontextmanager
async def sat_down(
    desk: Desk, width: int = 160, height: int = 45, *, at_once: bool = False
) -> AsyncIterator[Hand]:
    """At the desk, once it shows the database, or `at_once`."""
    loop = asyncio.get_running_loop()
    threads = getattr(loop, "_default_executor", None)
    if not isinstance(threads, Counted):
        threads = Counted()
        loop.set_default_executor(threads)
    async with desk.run_test(size=(width, height), notifications=True) as pilot:
        hand = Hand(desk, pilot, threads)
        if not at_once:
            await hand.until(lambda: desk.snapshot.pressure is not None, "a first picture")
        try:
            yield hand
        finally:
            desk._opened.clear()  # nothing new begins: a connection in use would outlive its store
            if desk._watch is not None:
                desk._watch.stop()
            await hand.rest()
