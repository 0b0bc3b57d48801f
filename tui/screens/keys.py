"""Which keys there are."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from models.words import _
from tui.widgets.bars import Bars
from tui.widgets.lines import Drawn, fitted


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
        ("b", _("answered by hand: copy, open the post, confirm the link")),
        ("E", _("why it stands here")),
        ("o · y", _("open the post in the browser · copy its link")),
        ("u", _("take back your reply that has not left")),
        ("1 · 8 · L", _("queue · outbox · ledger")),
        ("Ctrl-S", _("while writing: review; only there y sends")),
        ("q · Ctrl-Q", _("leave")),
    ]


class Keys(ModalScreen[None]):
    """Any key closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter,space,question_mark,f1", "dismiss", show=False)
    ]

    def compose(self) -> ComposeResult:
        """One box."""
        yield Bars(id="box")

    def on_mount(self) -> None:
        """Key by key."""
        lines = [
            Drawn(((f"{fitted(key, 17)} ", "strong"), (told, "plain"))) for key, told in _all()
        ]
        box = self.query_one("#box", Bars)
        box.border_title = _("Keys")
        self.call_after_refresh(box.show, lines)
