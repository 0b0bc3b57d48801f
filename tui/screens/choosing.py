"""A dialog that wants a reason: a digit of the usual ones, or a sentence of one's own."""

from collections.abc import Sequence

from textual.widgets import Input

from models.words import _
from tui.screens.dialog import Dialog
from tui.widgets.lines import BLANK, Drawn

_SHORTEST = 3
"""Letters: a digit that is none of the reasons, or a slip, is no reason."""


class Choosing(Dialog[str]):
    """Nothing is done before Enter."""

    def __init__(self, title: str, reasons: Sequence[str], mention_id: int | None = None) -> None:
        asks = _("1–{last}, or another reason; then Enter").format(last=len(reasons))
        super().__init__(title, asks, mention_id)
        self._reasons = reasons

    def lines(self, width: int) -> Sequence[Drawn]:
        """What it is about, and the reasons."""
        lines = [*self.about(width), BLANK]
        for digit, reason in enumerate(self._reasons, 1):
            lines.append(Drawn(((f" {digit}  ", "strong"), (reason, "plain"))))
        return [*lines, BLANK]

    def about(self, width: int) -> Sequence[Drawn]:
        """What stands above the reasons."""
        raise NotImplementedError

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """A digit alone is its reason."""
        written = event.value.strip()
        if written.isdecimal() and 1 <= int(written) <= len(self._reasons):
            written = self._reasons[int(written) - 1]
        if len(written) < _SHORTEST:
            told = _("Choose 1–{last}, or say why in words.").format(last=len(self._reasons))
            self.desk.say(told)
        else:
            self.dismiss(written)
