"""The keys of a screen."""

from collections.abc import Sequence

from rich.cells import cell_len

from models.words import _
from tui.keymap import Key
from tui.screens.dialog import Told
from tui.widgets.lines import BLANK, Drawn, fitted, wrapped

_SIGNS = "▣ ≈ ✎"


class Keys(Told):
    """A key a line, as the keymap has them."""

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__(_("Keys"))
        self._keys = keys

    def lines(self, width: int) -> Sequence[Drawn]:
        """A key a line; the signs of the list below."""
        named = [(self.desk.labels(key.name), _(key.told)) for key in self._keys]
        signs = (_SIGNS, _("attachments · perhaps answered · somebody is writing"))
        room = max(cell_len(key) for key, _told in [*named, signs]) + 2
        lines = [line for one in named for line in _line(*one, room, width)]
        return [*lines, BLANK, *_line(*signs, room, width)]


def _line(key: str, told: str, room: int, width: int) -> list[Drawn]:
    """What it does, on as many lines as it needs."""
    return [
        Drawn(((fitted("" if number else key, room), "strong"), (part, "plain")))
        for number, part in enumerate(wrapped(told, width - room))
    ]
