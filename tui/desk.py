"""The desk: the app that holds the screens and hands each picture of the database to them."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar

from textual import work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.message import Message
from textual.notifications import SeverityLevel

from models import instant
from models.errors import StoreError, UserError
from models.instant import MINUTE, SECOND
from models.outside import visible
from models.records import desk
from models.records.outbox import Pending
from models.words import _
from tui.beside import Beside
from tui.door import Guard
from tui.links import is_web
from tui.screens.framed import Framed
from tui.screens.keys import Keys
from tui.screens.ledger import LedgerScreen
from tui.screens.outbox import OutboxScreen
from tui.screens.waiting import Waiting
from tui.seat import Seat
from tui.watch import Snapshot, Watch, first_page

T = TypeVar("T")
_FIRST_ROWS = 200
_LISTENER_SHOWS_UP_WITHIN = 30 * SECOND


class Looked(Message):
    """The watch has a new picture, or could not look."""

    def __init__(self, found: Snapshot | Exception) -> None:
        super().__init__()
        self.found = found

    def can_replace(self, message: Message) -> bool:
        """Only the newest picture counts."""
        return isinstance(message, Looked)


class Desk(App[None]):
    """Opens on the queue; `beside` is the listener it keeps where nobody else listens."""

    CSS_PATH = "desk.tcss"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012  declared so by Textual
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", show=False, priority=True),
        Binding("ctrl+c", "leave_hint", show=False, system=True),
    ]

    def __init__(
        self,
        seat: Seat,
        beside: Beside | None = None,
        clock: Callable[[], int] = instant.now,
        *,
        watches: bool = True,
    ) -> None:
        super().__init__()
        self.seat = seat
        self.beside = beside
        self.trouble = ""
        self.snapshot = first_page(seat, _FIRST_ROWS)
        self._clock, self._skew = clock, 0
        self._minute = 0
        self.watch_thread = Watch(seat, self._tell) if watches else None
        self._guard = Guard()
        self.animation_level = "none"

    @property
    def now(self) -> int:
        """The database's clock, without asking it."""
        return self._clock() + self._skew

    @property
    def beside_runs(self) -> bool:
        """Whether a listener of our own is there, or just about to be."""
        return self.beside is not None and self.beside.runs

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The door stands behind everything that is drawn."""
        return [*super().get_line_filters(), self._guard]

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """A toast; its words are never markup."""
        told = visible(message, lines=True)
        super().notify(told, title=visible(title), severity=severity, timeout=timeout, markup=False)

    def say(self, sentence: str, *, alarming: bool = False) -> None:
        """Tell the person at the desk."""
        self.notify(sentence, severity="error" if alarming else "information")

    def on_mount(self) -> None:
        """Show the queue, begin to watch."""
        self.push_screen(Waiting())
        self.set_interval(1.0, self._tick)
        if self.watch_thread is not None:
            self.call_after_refresh(self.watch_thread.start)

    def on_looked(self, message: Looked) -> None:
        """Hand the new picture to every screen there is."""
        found = message.found
        if isinstance(found, StoreError):
            self.trouble = str(found)
        elif isinstance(found, Exception):
            raise found
        else:
            self.trouble, self.snapshot = "", found
            self._skew = found.skew
            self._keep_somebody_listening()
        self._each(lambda screen: screen.see(self.snapshot))

    def look_again(self) -> None:
        """Something was done here: do not wait for the watch to notice."""
        if self.watch_thread is not None:
            self.watch_thread.poke()

    def look_at_lane(self, lane: int | None) -> None:
        """From now on the pictures are of this lane, or of all."""
        if self.watch_thread is not None:
            self.watch_thread.lane = lane
            self.watch_thread.poke()

    async def do(self, deed: Callable[..., T], *args: object) -> T | None:
        """An act of the desk in a thread; None, and a toast, if it is refused."""
        return await self.attempt(self.seat.do, deed, *args)

    async def done(self, deed: Callable[..., object], *args: object) -> bool:
        """An act that returns nothing: whether it was done."""
        return await self.attempt(self._done, deed, *args) is not None

    async def attempt(self, work: Callable[..., T], *args: Any) -> T | None:
        """Something that touches the database, in a thread; None, and a toast, if it fails."""
        try:
            return await asyncio.to_thread(work, *args)
        except UserError as error:
            self.say(str(error), alarming=True)
            return None
        finally:
            self.look_again()

    async def read(self, work: Callable[..., T], *args: Any) -> T | None:
        """A look at the database in a thread; None, and a word in the header, if it fails."""
        try:
            return await asyncio.to_thread(work, *args)
        except UserError as error:
            self.trouble = str(error)
            return None

    async def take_back(self, reply: Pending) -> None:
        """Undo a reply that has not left; its words are the writer's draft again."""
        if await self.done(desk.undo, reply.id):
            self.say(_("Taken back. Your words are kept as a draft."))

    def copy(self, text: str, told: str) -> None:
        """Into the clipboard of whoever holds the terminal (OSC 52)."""
        self.copy_to_clipboard(text)
        self.say(told)

    def open_link(self, link: str | None) -> None:
        """In the browser, if it is a web address."""
        if link and is_web(link):
            self.open_url(link)
        else:
            self.say(_("This post has no link."))

    def show_outbox(self) -> None:
        """Replies on their way."""
        self.push_screen(OutboxScreen())

    def show_ledger(self) -> None:
        """Every mention of a day, with its proof."""
        self.push_screen(LedgerScreen())

    def action_keys(self) -> None:
        """Which keys there are."""
        self.push_screen(Keys())

    def action_leave(self) -> None:
        """Leave the desk; drafts are kept by then."""
        self.exit()

    def action_leave_hint(self) -> None:
        """Ctrl-C may have been meant for copying: it ends nothing."""
        self.say(_("Ctrl-Q leaves the desk."))

    def on_unmount(self) -> None:
        """Stop looking."""
        if self.watch_thread is not None:
            self.watch_thread.stop()

    def _done(self, deed: Callable[..., object], *args: object) -> bool:
        self.seat.do(deed, *args)
        return True

    def _tell(self, found: Snapshot | Exception) -> None:
        self.post_message(Looked(found))

    def _tick(self) -> None:
        minute = self.now // MINUTE
        passed, self._minute = minute != self._minute, minute
        if isinstance(self.screen, Framed):
            self.screen.tick(passed)
        seen = [listener.seen_at for listener in self.snapshot.listeners]
        if passed or (seen and max(seen) < self.now - _LISTENER_SHOWS_UP_WITHIN):
            self.look_again()

    def _keep_somebody_listening(self) -> None:
        if self.beside is not None and not self.snapshot.listeners and not self.beside.runs:
            self._start_beside()

    @work(thread=True, exclusive=True, group="beside", exit_on_error=False)
    def _start_beside(self) -> None:
        if self.beside is not None:
            self.beside.start()

    def _each(self, act: Callable[[Framed], object]) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, Framed):
                act(screen)
