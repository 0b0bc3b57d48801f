"""Which keys there are."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType

from models.words import _
from tui.screens.dialog import Dialog
from tui.widgets.lines import Drawn, fitted, wrapped


def _all() -> list[tuple[str, str]]:
    return [
        ("j k ↓ ↑", _("next and previous")),
        ("g G · PgUp PgDn", _("first and last · a page")),
        ("Enter · Esc", _("read the conversation · back")),
        ("Tab Shift-Tab", _("next and previous lane")),
        ("Ctrl-R", _("show what came in meanwhile")),
        (".", _("take the most urgent: show what came in, go there, reply")),
        ("r", _("reply")),
        ("c", _("close without reply, with a reason")),
        ("b", _("answered by hand: paste the link to your answer")),
        ("E · #", _("why it stands here · what it is about, to put it right")),
        ("o · y", _("open the post in the browser · copy its link")),
        ("v", _("show personal numbers, which stand as dots")),
        ("u", _("undo the last reply, while it has not left")),
        ("1 · 8 · 9", _("queue · outbox · promises")),
        ("L · D · 0", _("ledger · page for the leaders · the system's status")),
        ("k m w", _("promises: kept, hand over, take back")),
        ("s t x e", _("outbox: send again, it is there, give up, write anew")),
        ("← → R p", _("ledger: day before or after, reopen, copy the proof")),
        ("Ctrl-S · Ctrl-N", _("while writing: review, only there y sends · put a suggestion in")),
        ("Ctrl-O · Tab", _("while writing: put a saved reply in · go to its next open place")),
        ("! · t", _("review: send in spite of a warning, with a reason · what it promises")),
        ("q · Ctrl-Q", _("leave")),
        ("▣ ≈ ✎", _("attachments · perhaps answered · somebody is writing")),
    ]


class Keys(Dialog[None]):
    """One list for all screens; each shows its own at the bottom."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,enter,space,question_mark,f1", "away", show=False)
    ]

    def __init__(self) -> None:
        super().__init__(_("Keys"))

    def lines(self, width: int) -> Sequence[Drawn]:
        """A key a line."""
        keys = _all()
        room = max(cell_len(key) for key, _told in keys) + 2
        lines = []
        for key, told in keys:
            for number, part in enumerate(wrapped(told, width - room)):
                lines.append(
                    Drawn(((fitted("" if number else key, room), "strong"), (part, "plain")))
                )
        return lines
