"""A full screen of the desk: the bars around it, and what every one of them does alike."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import Key
from textual.screen import Screen
from textual.widgets import Input, TextArea

from models.instant import MINUTE
from models.records.kinds import ReplyState
from models.words import _, spoken
from tui.header import guide_bar, keys_bar, pressure_bar
from tui.keymap import ANYWHERE, Group, bindings, every
from tui.keymap import Key as Known
from tui.snapshot import Snapshot
from tui.widgets.bars import Bars
from tui.widgets.lines import Drawn

if TYPE_CHECKING:
    from models.records.outbox import Pending
    from tui.desk import Desk
    from tui.screens.commands import Chosen


Hints = Sequence[tuple[str, str]]
"""Names of keys, of several with a space between, and what they do; the most useful first."""


class Framed(Screen[Any]):
    """Bars above, `body`, and the keys of `hints` below."""

    BLANK = True
    """Only background of its own: else every key would draw it line by line, to be covered."""
    KEYS: ClassVar[Group] = ANYWHERE
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    @property
    def desk(self) -> "Desk":
        """The app, by its own type."""
        return cast("Desk", self.app)

    def dismiss(self, result: Any = None) -> Any:
        """Once, and only from the top: Textual would take away whatever stands there instead."""
        return super().dismiss(result) if self.is_active else None

    @property
    def stands(self) -> bool:
        """Whether its widgets are there: it is neither still coming nor already going."""
        return self.is_mounted and self.display

    def compose(self) -> ComposeResult:
        """The frame around `body`. It is as wide and its header as high as it will stay, else all
        would be laid out once more."""
        width, height = self.desk.size
        self.add_class(_reached(self.desk.HORIZONTAL_BREAKPOINTS, width))
        self.add_class(_reached(self.desk.VERTICAL_BREAKPOINTS, height))
        yield Bars(id="header", height=len(self.top_bars(width)))
        yield from self.body()
        yield Bars(id="keys")

    def hints(self) -> Hints:
        """The keys of the line at the bottom."""
        raise NotImplementedError

    def body(self) -> ComposeResult:
        """What the frame is around."""
        raise NotImplementedError

    def see(self, snapshot: Snapshot) -> None:
        """A new picture of the database."""
        self.show_bars()

    def tick(self, minute_passed: bool) -> None:
        """A second has passed."""
        self.show_bars()

    async def put_away(self) -> bool:
        """Keep what is typed here for another time; whether that went well."""
        return True

    def go_back_to(self, mention_id: int) -> None:
        """What was done with it is undone: whoever lists it shows where it stands again."""

    def on_mount(self) -> None:
        """Paint the frame at once."""
        self.call_after_refresh(self.show_bars)

    def on_screen_resume(self) -> None:
        """Catch up with what happened while another screen was on top."""
        self.see(self.desk.snapshot)
        self.desk.look_at(self.looked_at())

    def looked_at(self) -> int | None:
        """The mention that colleagues see this window show, if it shows one alone."""
        return None

    def on_resize(self) -> None:
        """The bars know their width."""
        self.call_after_refresh(self.show_bars)

    def show_bars(self) -> None:
        """Paint what differs in the bars."""
        if not self.stands:
            return
        header, keys = self.query_one("#header", Bars), self.query_one("#keys", Bars)
        header.show(self.top_bars(header.size.width))
        keys.show([keys_bar(self._hinted(), self._helped(), self._countdown(), keys.size.width)])

    def known_keys(self) -> Sequence[Known]:
        """Those that do something here, its own first."""
        kinds = [*type(self).__mro__, *type(self.focused or self).__mro__, type(self.desk)]
        groups = [kind.__dict__["KEYS"] for kind in kinds if "KEYS" in kind.__dict__]
        known = every(*groups).values()
        return [key for key in known if key.name != "guide" or self.desk.guide is not None]

    @property
    def customers_language(self) -> str:
        """In which a reply from here is written."""
        return spoken()

    def _keys_that_act(self) -> frozenset[str]:
        """Names of the keys that are neither letters to be typed here nor taken by a nearer one."""
        is_typing = isinstance(self.focused, Input | TextArea)
        taken, acting = set[str](), set[str]()
        for key in self.known_keys():
            chosen = set(self.desk.place.keymap.get(key.name, key.keys).split(","))
            if not chosen & taken and (key.is_first or not is_typing):
                acting.add(key.name)
            taken |= chosen
        return frozenset(acting)

    def _hinted(self) -> Hints:
        return [(self.desk.label(names), told) for names, told in self.hints()]

    def _helped(self) -> tuple[str, str]:
        """Where letters are typed, a question mark is one of them."""
        place = -1 if isinstance(self.focused, Input | TextArea) else 0
        return (self.desk.label("help", place), _("keys"))

    def top_bars(self, width: int) -> Sequence[Drawn]:
        """The lines above; a screen may add its own."""
        lines = pressure_bar(self.desk, width)
        if self.desk.guide is not None:
            acting, language = self._keys_that_act(), self.customers_language
            lines.append(guide_bar(self.desk, self.desk.guide, acting, language, width))
        return lines

    def on_key(self, event: Key) -> None:
        """A key that was moved off a letter acts while one types, too: Textual leaves out what a
        field would take before it looks where the keymap has put it."""
        if event.is_printable or not isinstance(self.focused, Input | TextArea):
            return
        for known in self.known_keys():
            if event.key in self.desk.place.keymap.get(known.name, "").split(","):
                event.stop()
                node = self if hasattr(self, f"action_{known.action.partition('(')[0]}") else None
                self.desk.in_turn(self.app.run_action(known.action, node or self.app))
                return

    def action_keys(self) -> None:
        """Which keys there are."""
        from tui.screens.keys import Keys

        self.app.push_screen(Keys(self.known_keys()))

    def action_commands(self) -> None:
        """All that can be done here, by name."""
        from tui.screens.commands import Commands

        self.app.push_screen(Commands(self.known_keys()), self._command)

    async def _command(self, chosen: "Chosen | None") -> None:
        """Its action; what was typed behind it stands in the field that opens, if one does."""
        if chosen is None:
            return
        name, rest = chosen
        key = next(one for one in self.known_keys() if one.name == name)
        node = self if hasattr(self, f"action_{key.action.partition('(')[0]}") else self.focused
        await self.app.run_action(key.action, node or self)
        for field in self.app.screen.query(Input) if rest else ():
            field.value = rest
            field.action_end()

    def action_end_guide(self) -> None:
        """The demo's first steps are not wanted."""
        self.desk.guide_on(None)

    def action_status(self) -> None:
        """How the works are."""
        from tui.screens.status import Status

        self.app.push_screen(Status())

    async def action_take_back(self) -> None:
        """Take back my reply that leaves next."""
        await self.desk.take_back(lambda seat: seat.undo_newest())

    def _leaving(self) -> "Pending | None":
        """My newest reply that has not left."""
        staff = self.desk.place.staff
        mine = [
            reply
            for reply in self.desk.snapshot.pending
            if reply.staff == staff and reply.state == ReplyState.QUEUED
        ]
        return mine[-1] if mine else None

    def _countdown(self) -> str:
        mine = self._leaving()
        if mine is None or mine.send_after is None:
            return ""
        left = -((self.desk.now - mine.send_after) // (MINUTE // 60))
        if left <= 0:
            return _("your reply is leaving")
        if isinstance(self.focused, Input | TextArea):  # there the key is a letter
            return _("your reply leaves in {seconds} s").format(seconds=left)
        told = _("your reply leaves in {seconds} s · {key} takes it back")
        return told.format(seconds=left, key=self.desk.label("take_back"))


def _reached(breakpoints: Sequence[tuple[int, str]], cells: int) -> str:
    """The class that Textual gives a screen of so many cells."""
    return max(one for one in breakpoints if one[0] <= cells)[1]
