"""The desk: the app that holds the screens and hands each picture of the database to them."""

import asyncio
import importlib
import os
from array import array
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.filter import ANSIToTruecolor, LineFilter, Monochrome, NoColor
from textual.message import Message
from textual.notifications import SeverityLevel
from textual.screen import Screen

from models import instant
from models.errors import StoreError, UserError
from models.instant import MINUTE, SECOND
from models.outside import first_line, visible
from models.records.kinds import LIVE
from models.records.views import Glance
from models.words import _
from tui import keymap
from tui.beside import Beside
from tui.door import Guard
from tui.guide import OPENED, Guide
from tui.keymap import DESK, Group, bindings, label
from tui.links import is_web
from tui.place import Place
from tui.screens.framed import Framed
from tui.screens.waiting import Waiting
from tui.snapshot import Snapshot
from tui.themes import PLAIN, THEMES, after, is_colourless

if TYPE_CHECKING:
    from models.records.outbox import Pending
    from models.records.tables import Mention
    from tui.seat import Seat
    from tui.watch import Watch
    from tui.widgets.rows import Read

T = TypeVar("T")
_STAYS_SECONDS = 0.3
_A_BLINK_SECONDS = 0.1
_LOOKS_AGAIN = 20 * SECOND
_LEAVES_TWICE = 10 * SECOND
"""Within which a second Ctrl-Q leaves in any case."""
_LISTENER_SHOWS_UP_WITHIN = 30 * SECOND


class Looked(Message):
    """The watch has a new picture, or could not look."""

    def __init__(self, found: Snapshot | Exception) -> None:
        super().__init__()
        self.found = found

    def can_replace(self, message: Message) -> bool:
        """Only the newest picture counts."""
        return isinstance(message, Looked)


class Desk(App[Exception | None]):
    """Opens on the queue, of which `glance` shows the top until `load` has opened the database.

    `beside` is the listener it keeps where nobody else listens. Ends with the error that kept it
    from opening, or with None.
    """

    TITLE = "Gensvar"
    CSS_PATH = "desk.tcss"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (125, "-wide")]  # noqa: RUF012  declared so by Textual
    VERTICAL_BREAKPOINTS = [(0, "-low"), (40, "-tall")]  # noqa: RUF012
    KEYS: ClassVar[Group] = DESK
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(KEYS),
        Binding("ctrl+c", "leave_hint", show=False, system=True),
    ]

    def __init__(
        self,
        place: Place,
        load: "Callable[[], Seat]",
        glance: Glance | None = None,
        beside: Beside | None = None,
        clock: Callable[[], int] = instant.now,
    ) -> None:
        super().__init__()
        self.place, self.beside, self.trouble = place, beside, ""
        self.glance = glance or Glance(array("q"), {}, 0)
        self.snapshot = Snapshot(clock(), None, self.glance.order, self.glance.newest)
        self.seat: Seat | None = None
        self._load_seat, self._clock, self._skew = load, clock, 0
        self._minute = clock() // MINUTE
        self._watch: Watch | None = None
        self._guard = Guard()
        self._left_at = 0
        self.guide = Guide() if place.demo else None
        self._done: list[tuple[Callable[[Seat], object], int]] = []
        self.unsaid = dict[str, str]()
        """Lines that were typed for an act that was refused, by the title of their dialog."""
        self._looking: int | None = None
        self._told_at = 0
        self.tested = ""
        """The address that the last test of the leaders' page was for."""
        self._opened, self._turn = asyncio.Event(), asyncio.Lock()
        self._glimpses = ThreadPoolExecutor(1, "glimpse")
        self.animation_level = "none"
        self._wear(place.theme)

    @property
    def now(self) -> int:
        """The database's clock, without asking it."""
        return self._clock() + self._skew

    @property
    def beside_runs(self) -> bool:
        """Whether a listener of our own is there."""
        return self.beside is not None and self.beside.runs

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own names stand in the styles, whichever theme they are read with first."""
        return THEMES["dark"].variables

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The door stands behind everything that is drawn. The filter that makes true colours of
        the terminal's own is left out, with its work on every line of every frame: a theme has
        either only true ones or wants the terminal's. Without colour none is left, not even grey.
        """
        left_out = (ANSIToTruecolor, Monochrome, NoColor)
        others = [one for one in super().get_line_filters() if not isinstance(one, left_out)]
        return [*others, *self._colourless, self._guard]

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
        if any(shown.message == told for shown in self._notifications):
            return
        super().notify(told, title=visible(title), severity=severity, timeout=timeout, markup=False)

    def say(self, sentence: str, *, alarming: bool = False) -> None:
        """Tell the person at the desk."""
        self.notify(sentence, severity="error" if alarming else "information")

    def on_mount(self) -> None:
        """Show what is known of the queue, then open the database."""
        self.set_keymap(dict(self.place.keymap))
        self.screen_change_signal.subscribe(self, self._guide_to)
        self.push_screen(Waiting())
        self.set_interval(1.0, self._tick)
        self.call_after_refresh(self._open)

    def on_looked(self, message: Looked) -> None:
        """Hand the new picture to every screen there is."""
        found = message.found
        if isinstance(found, StoreError):
            self.trouble = str(found)
        elif isinstance(found, Exception):
            raise found
        else:
            self._say_what_left(found)
            if self.guide is not None:
                self.guide_on(self.guide.saw(any(map(self._is_leaving, found.pending))))
            self.trouble, self.snapshot, self._skew = "", found, found.skew
            self._keep_somebody_listening()
        self._each(lambda screen: screen.see(self.snapshot))

    def on_unmount(self) -> None:
        """Stop looking, let go; colleagues see at once that nobody reads here any more."""
        if self._watch is not None:
            self._watch.stop()
        if self.seat is not None:
            if self._looking is not None:
                with suppress(UserError):
                    self.seat.leave()
            self.seat.close()

    def label(self, names: str, place: int = 0) -> str:
        """How these keys are written, each by its first one, or by that in another place."""
        return " ".join(self.labels(name).split()[place] for name in names.split())

    def labels(self, name: str) -> str:
        """All keys that do it, as the keymap has them."""
        keys = self.place.keymap.get(name, keymap.KEYS[name].keys)
        return " ".join(label(key) for key in keys.split(","))

    def look_again(self) -> None:
        """Something was done here: do not wait for the watch to notice."""
        if self._watch is not None:
            self._watch.look_again()

    def look_at_lane(self, lane: int | None) -> None:
        """From now on the pictures are of this lane, or of all."""
        if self._watch is not None:
            self._watch.lane = lane
            self._watch.look_again()

    async def attempt(self, work: "Callable[[Seat], T]") -> T | None:
        """An act at the seat, in a thread; None, and a toast, if it is refused or fails."""
        try:
            return await self._at_seat(work)
        except UserError as error:
            self.say(str(error), alarming=True)
            return None
        finally:
            self.look_again()

    async def read(self, work: "Callable[[Seat], T]") -> T | None:
        """A look from the seat, in a thread; None, and a word in the header, if it fails."""
        try:
            return await self._at_seat(work)
        except UserError as error:
            self.trouble = str(error)
            return None

    def glimpse(self, work: "Callable[[Seat], Mapping[int, T]]") -> "Read[T]":
        """A look for the paint, which waits a blink for it: a slow database freezes nobody."""
        if self.seat is None:
            return {}
        asked = self._glimpses.submit(self._glimpsed, self.seat, work)
        wait([asked], _A_BLINK_SECONDS)
        return asked.result() if asked.done() else asked

    def _glimpsed(
        self, seat: "Seat", work: "Callable[[Seat], Mapping[int, T]]"
    ) -> "Mapping[int, T]":
        try:
            return work(seat)
        except UserError as error:
            self.trouble = str(error)
            return {}

    def did(self, step: str) -> None:
        """Something the demo's guide may have been waiting for."""
        if self.guide is not None and step:
            self.guide_on(self.guide.did(step))

    def guide_on(self, guide: Guide | None) -> None:
        """The guide from here on; None ends it, and so does its last step."""
        if guide is not None and guide.is_through:
            guide = None
            told = _("That is how you answer. {key} shows the keys of every screen.")
            self.say(told.format(key=self.label("help")))
        if guide != self.guide:
            self.guide = guide
            self._each(lambda screen: screen.show_bars())

    async def take_back(self, undo: "Callable[[Seat], int]") -> None:
        """Undo a reply that has not left; its words are the writer's draft again."""
        if mention_id := await self.attempt(undo):
            self.say(_("Taken back. Your words are kept as a draft."))
            self._each(lambda screen: screen.go_back_to(mention_id))

    @work(group="mail")
    async def send_test(self, day: date, address: str) -> None:
        """The leaders' page to one address, now; it goes on wherever the person goes meanwhile."""
        self.tested = address
        self.say(_("The test is on its way to {address}.").format(address=address))
        if await self.attempt(lambda seat: seat.send_test(day, address)):
            self.say(_("The test was sent to {address}.").format(address=address))

    async def mention(self, mention_id: int) -> "Mention | None":
        """As it is now; None, and a word in the header, where it cannot be read."""
        thread = await self.read(lambda seat: seat.thread(mention_id))
        return thread.mention if thread is not None else None

    @work(group="act")
    async def in_turn(self, act: Coroutine[Any, Any, object]) -> None:
        """Acts one after the other, as they were asked for; also where their screen is left."""
        async with self._turn:
            await act

    def remember(self, back: "Callable[[Seat], object]", mention_id: int) -> None:
        """How to take back what was just done here, and what with."""
        self._done.append((back, mention_id))

    async def undo_last(self) -> None:
        """Take back what was done here last and was not taken back."""
        if not self._done:
            self.say(_("There is nothing to undo."))
            return
        back, mention_id = self._done[-1]
        try:
            await self._at_seat(back)
        except StoreError as error:  # a busy database: it can be undone still
            self.say(str(error), alarming=True)
            return
        except UserError as error:
            self.say(str(error), alarming=True)
        else:
            self.say(_("Undone."))
            self._each(lambda screen: screen.go_back_to(mention_id))
        finally:
            self.look_again()
        self._done.remove((back, mention_id))

    def look_at(self, mention_id: int | None) -> None:
        """Colleagues see from now on that this window shows it, or that it shows none."""
        if mention_id != self._looking:
            self._looking = mention_id
            self._tell_colleagues()

    @work(exclusive=True, group="looking", exit_on_error=False)
    async def _tell_colleagues(self) -> None:
        """Of whoever stays; a screen that opens is not made to wait for it."""
        await asyncio.sleep(_STAYS_SECONDS)
        looking = self._looking
        await self.read(lambda seat: seat.look(looking))

    def copy(self, text: str, told: str) -> None:
        """Into the clipboard of whoever holds the terminal (OSC 52)."""
        self.copy_to_clipboard(text)
        self.say(told)

    def open_link(self, link: str | None) -> None:
        """In the browser, if it is a web address; over ssh the browser is elsewhere."""
        if link and is_web(link) and os.environ.get("SSH_CONNECTION"):
            told = _("Over ssh no browser opens here; the link is copied: {link}")
            self.copy(link, told.format(link=first_line(link, 200)))
        elif link and is_web(link):
            self.open_url(link)
        else:
            self.say(_("This post has no link."))

    async def action_leave(self) -> None:
        """Leave the desk; what is being typed is kept first. A second time leaves in any case."""
        screens = [screen for screen in self.screen_stack if isinstance(screen, Framed)]
        kept = [await screen.put_away() for screen in screens]
        if all(kept) or self.now - self._left_at < _LEAVES_TWICE:
            self.exit()
        self._left_at = self.now

    def hang_up(self) -> None:
        """The terminal is gone: nobody can type or read any more. Called from any thread."""
        self.call_later(self._hang_up)

    async def _hang_up(self) -> None:
        await self.action_leave()
        self.exit()

    def action_next_theme(self) -> None:
        """The next look, until the desk is left."""
        if self.no_color:
            self.say(_("NO_COLOR is set: the desk shows no colours."))
            return
        self.theme = after(self.theme)
        told = _('Theme: {name}. To keep it: theme = "{name}" below [desk] in config.toml.')
        self.say(told.format(name=self.theme))

    def action_leave_hint(self) -> None:
        """Ctrl-C may have been meant for copying: it ends nothing."""
        self.say(_("Ctrl-Q leaves the desk."))

    def _wear(self, theme: str) -> None:
        """The themes are ours alone; without colour there is but one."""
        self.no_color = is_colourless()
        self._colourless = [NoColor()] if self.no_color else []
        for one in THEMES.values():
            self.register_theme(one)
        self.theme = PLAIN if self.no_color else theme

    async def _at_seat(self, work: "Callable[[Seat], T]") -> T:
        await self._opened.wait()
        assert self.seat is not None
        return await asyncio.to_thread(work, self.seat)

    @work(thread=True)
    def _open(self) -> None:
        """Import what keeps the records and open the database, while the rows stand already."""
        try:
            seat = self._load_seat()
        except UserError as error:
            self.call_from_thread(self.exit, error)
            return
        watch = importlib.import_module("tui.watch").Watch(seat, self._tell)
        self.call_from_thread(self._take_seat, seat, watch)
        for screen in (
            "composer",
            "outbox",
            "ledger",
            "promises",
        ):  # so that their first opening is quick
            importlib.import_module(f"tui.screens.{screen}")
        _read = self.place.topics.all  # so that the first conversation need not wait for the file

    def _take_seat(self, seat: "Seat", watch: "Watch") -> None:
        self.seat, self._watch = seat, watch
        self._opened.set()

    def _say_what_left(self, found: Snapshot) -> None:
        """My replies that are pending no more have been sent, taken back or given up."""
        pending = {reply.id for reply in found.pending}
        mine = [one.id for one in self.snapshot.pending if self._is_leaving(one)]
        if gone := [one for one in mine if one not in pending]:
            self._tell_sent(gone)

    @work(group="sent", exit_on_error=False)
    async def _tell_sent(self, ids: Sequence[int]) -> None:
        for text in await self.read(lambda seat: seat.sent_of(ids)) or ():
            self.say(_("Sent: {text}").format(text=first_line(text, 60)))

    def _is_leaving(self, reply: "Pending") -> bool:
        """Whether it is mine and on its way."""
        return reply.staff == self.place.staff and reply.state in LIVE

    def _guide_to(self, screen: Screen[object]) -> None:
        """What a screen shows is seen once it is open."""
        self.did(OPENED.get(type(screen).__name__, ""))

    def _tell(self, found: Snapshot | Exception) -> None:
        self.post_message(Looked(found))

    def _tick(self) -> None:
        if self._looking is not None and self.now - self._told_at > _LOOKS_AGAIN:
            self._told_at = self.now
            self._tell_colleagues()
        minute = self.now // MINUTE
        passed, self._minute = minute != self._minute, minute
        self._each(lambda screen: screen.tick(passed))
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
        for screen in self.screen_stack if self.is_running else ():
            if isinstance(screen, Framed) and screen.stands:  # a new one sees when it resumes
                act(screen)
