"""The command line: type what you want, choose among what can be done here, Enter does it."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import BindingType
from textual.widgets import Input

from models.words import _, counted
from tui.keymap import COMMANDS, FIXED, Group, Key, bindings
from tui.screens.dialog import Dialog
from tui.widgets.lines import BLANK, Drawn, fitted

_SHOWN = 10
"""Commands in sight at once."""
Chosen = tuple[str, str]
"""A key's name, and what was typed behind it."""


class Commands(Dialog[Chosen]):
    """`close spam`: words before a space choose, the rest goes into the field that opens."""

    KEYS: ClassVar[Group] = COMMANDS
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__(_("Commands"), _("what do you want to do?"))
        self._keys = [key for key in keys if key.name not in FIXED]
        self._written, self._place, self._first = "", 0, 0

    def told_below(self) -> str:
        """How to choose, too: letters are typed into the field."""
        chosen = _("{keys}: choose").format(keys=self.desk.label("command_up command_down"))
        return f"{chosen} · {super().told_below()}"

    def lines(self, width: int) -> Sequence[Drawn]:
        """Those that fit what is written, the chosen one marked; always as many lines."""
        fitting = self._fitting()
        self._first = max(0, min(self._place - _SHOWN + 1, len(fitting) - _SHOWN))
        shown = fitting[self._first : self._first + _SHOWN]
        lines = [self._line(key, width) for key in shown]
        if not shown:
            lines = [Drawn(((_("Nothing here is called that."), "dim"),))]
        lines += [BLANK] * (_SHOWN - len(lines))
        left = len(fitting) - self._first - len(shown)
        told = counted("  … {number} more below", "  … {number} more below", left) if left else ""
        return [*lines, Drawn(((told, "dim"),))]

    def _line(self, key: Key, width: int) -> Drawn:
        is_chosen = key is self._fitting()[self._place]
        sign, keys = "▸ " if is_chosen else "  ", self.desk.labels(key.name)
        room = max(10, width - cell_len(keys) - 2)
        told = fitted(f"{sign}{_(key.told)}", room)
        style = "strong" if is_chosen else "plain"
        return Drawn(((f"{told} ", style), (keys, "dim")), "cursor" if is_chosen else "plain")

    def _fitting(self) -> Sequence[Key]:
        """A name written out goes first; else every written word begins a word of it."""
        named, space, _rest = self._written.partition(" ")
        exact = [key for key in self._keys if key.name == named]
        if exact and space:
            return exact
        words = self._written.casefold().split()
        fitting = [key for key in self._keys if all(_begins(word, key) for word in words)]
        return [*exact, *(key for key in fitting if key.name != named)]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Choose anew."""
        self._written, self._place = event.value.lstrip(" :"), 0
        self.fill()

    def on_input_submitted(self) -> None:
        """Do the chosen one."""
        if fitting := self._fitting():
            key = fitting[self._place]
            named, _space, rest = self._written.partition(" ")
            self.dismiss((key.name, rest.strip() if named == key.name else ""))

    def on_click(self, event: events.Click) -> None:
        """A click does what it points at."""
        words = self.query_one("#words")
        place = self._first + event.screen_y - words.region.y
        inside = words.region.contains(event.screen_x, event.screen_y)
        if inside and place < len(self._fitting()):
            self._place = place
            self.on_input_submitted()

    def action_choose(self, by: int) -> None:
        """The one below, or above."""
        self._place = max(0, min(self._place + by, len(self._fitting()) - 1))
        self.fill()


def _begins(word: str, key: Key) -> bool:
    known = f"{_(key.told)} {key.name.replace('_', ' ')}".casefold().replace(",", " ").split()
    return any(one.startswith(word) for one in known)
