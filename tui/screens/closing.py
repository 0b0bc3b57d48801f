"""Close a mention without reply: choose why, or say it."""

from collections.abc import Sequence

from models.words import _, counted
from tui.screens.choosing import Choosing
from tui.screens.dialog import said
from tui.widgets.lines import Drawn


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


class Closing(Choosing):
    """Nothing is closed before Enter."""

    def __init__(self, mention_id: int, number: int = 1) -> None:
        title = _("Close without reply")
        if number > 1:
            title += " · " + counted("{number} marked", "{number} marked", number)
        super().__init__(title, reasons(), mention_id)

    def about(self, width: int) -> Sequence[Drawn]:
        """The post's beginning."""
        return said(self.words, width, "dim")
