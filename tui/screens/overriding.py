"""Send in spite of a warning: choose why, or say it; the reason is kept with the reply."""

from collections.abc import Sequence

from textual.widgets import Input

from models.words import _
from tui.screens.dialog import Dialog, said
from tui.widgets.lines import BLANK, Drawn

_SHORTEST = 3


def reasons() -> list[str]:
    """The usual ones, by their digit."""
    return [
        _("it does not fit here: the check is wrong"),
        _("agreed with the customer"),
        _("said earlier in this conversation"),
        _("decided by whoever is responsible"),
    ]


class Overriding(Dialog[str]):
    """A digit or a sentence; nothing is sent by it."""

    def __init__(self, warnings: Sequence[str]) -> None:
        super().__init__(_("In spite of the warning"), _("1–4, or another reason; then Enter"))
        self._warnings = warnings

    def lines(self, width: int) -> Sequence[Drawn]:
        """The warnings, and the reasons."""
        lines = [line for warning in self._warnings for line in said(warning, width, "warn")]
        lines.append(BLANK)
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
            self.desk.say(_("Choose 1–4, or say why in words."))
        else:
            self.dismiss(written)
