"""Close a mention without reply: choose why, or say it."""

from collections.abc import Sequence

from textual.widgets import Input

from models.words import _
from tui.screens.dialog import Dialog, said
from tui.widgets.lines import BLANK, Drawn


def reasons() -> list[str]:
    """The usual ones, by their digit."""
    return [
        _("praise, seen with thanks"),
        _("not meant for us"),
        _("already solved"),
        _("duplicate"),
        _("spam"),
        _("abuse"),
    ]


_SHORTEST = 3
"""Letters: a digit that is none of the reasons, or a slip, is no reason."""


class Closing(Dialog[str]):
    """A digit or a sentence; nothing is closed before Enter."""

    def __init__(self, mention_id: int) -> None:
        asks = _("1–6, or another reason; then Enter")
        super().__init__(_("Close without reply"), asks, mention_id)

    def lines(self, width: int) -> Sequence[Drawn]:
        """The post's beginning, and the reasons."""
        lines = [*said(self.words, width, "dim"), BLANK]
        for digit, reason in enumerate(reasons(), 1):
            lines.append(Drawn(((f" {digit}  ", "strong"), (reason, "plain"))))
        return [*lines, BLANK]

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """A digit alone is its reason."""
        written = event.value.strip()
        usual = reasons()
        if written.isdigit() and 1 <= int(written) <= len(usual):
            written = usual[int(written) - 1]
        if len(written) < _SHORTEST:
            self.desk.say(_("Choose 1–6, or say why in words."))
        else:
            self.dismiss(written)
