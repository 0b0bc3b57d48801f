"""Saved replies: those in the customer's language first, found by a few letters."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.widgets import Input

from models.outside import first_line, visible
from models.saved_replies import SavedReply
from models.words import _
from tui.keymap import SAVED, Group, bindings
from tui.screens.dialog import Dialog, said
from tui.widgets.lines import BLANK, Drawn

_SHOWN = 8
"""So many at a time, around the one that Enter takes."""


class Saved(Dialog[SavedReply]):
    """Ends with the one chosen; nothing is put in before Enter, or a click on it."""

    KEYS: ClassVar[Group] = SAVED
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def __init__(self, replies: Sequence[SavedReply]) -> None:
        super().__init__(_("Saved replies"), _("letters find one; Enter takes it"))
        self._replies, self._found, self._cursor = replies, replies, 0

    def told_below(self) -> str:
        """How to choose, too: letters are typed into the field."""
        chosen = _("{keys}: choose").format(keys=self.desk.label("saved_up saved_down"))
        return f"{chosen} · {super().told_below()}"

    def lines(self, width: int) -> Sequence[Drawn]:
        """One a line, and all the words of the one that Enter takes."""
        if not self._found:
            return [*said(_("No saved reply has these letters."), width, "dim"), BLANK]
        first = self._first()
        lines = []
        for place, reply in enumerate(self._found[first : first + _SHOWN], first):
            sign, style = ("▸", "strong") if place == self._cursor else (" ", "plain")
            name = first_line(reply.name, width - 7)
            lines.append(Drawn(((f" {sign} {reply.language}  ", "strong"), (name, style))))
        chosen = visible(self._found[self._cursor].text, lines=True)
        return [*lines, BLANK, *said(chosen, width, "dim"), BLANK]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Only those that have all the words written, in their name or their text."""
        words = event.value.casefold().split()
        self._found = [one for one in self._replies if all(word in _told(one) for word in words)]
        self._cursor = 0
        self.fill()

    def on_input_submitted(self) -> None:
        """This one."""
        self._take(self._cursor)

    def on_click(self, event: events.Click) -> None:
        """The one under the pointer."""
        words = self.query_one("#words")
        line = event.screen_y - words.region.y
        if words.region.contains(event.screen_x, event.screen_y) and line < _SHOWN:
            self._take(self._first() + line)

    def action_move(self, by: int) -> None:
        """The next one, or the one before."""
        self._cursor = max(0, min(self._cursor + by, len(self._found) - 1))
        self.fill()

    def _take(self, place: int) -> None:
        if place < len(self._found):
            self.dismiss(self._found[place])

    def _first(self) -> int:
        """The first one shown: the chosen one stands in the middle of those shown."""
        return max(0, min(self._cursor - _SHOWN // 2, len(self._found) - _SHOWN))


def _told(reply: SavedReply) -> str:
    return f"{reply.name} {reply.text}".casefold()
