"""Send in spite of a warning: choose why, or say it; the reason is kept with the reply."""

from collections.abc import Sequence

from models.words import _
from tui.screens.choosing import Choosing
from tui.screens.dialog import said
from tui.widgets.lines import Drawn


def reasons() -> list[str]:
    """The usual ones, by their digit."""
    return [
        _("it does not fit here: the check is wrong"),
        _("agreed with the customer"),
        _("said earlier in this conversation"),
        _("decided by whoever is responsible"),
    ]


class Overriding(Choosing):
    """Nothing is sent by it."""

    def __init__(self, warnings: Sequence[str]) -> None:
        super().__init__(_("In spite of the warning"), reasons())
        self._warnings = warnings

    def about(self, width: int) -> Sequence[Drawn]:
        """The warnings."""
        return [line for warning in self._warnings for line in said(warning, width, "warn")]
