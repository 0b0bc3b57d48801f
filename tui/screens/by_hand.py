"""Answered by hand: take the text and the post's link along, bring the answer's link back."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from models.outside import first_line
from models.words import _
from tui import saying
from tui.links import is_web
from tui.screens.dialog import Dialog, said
from tui.widgets.lines import BLANK, Drawn

if TYPE_CHECKING:
    from models.records.conversation import Thread


class ByHand(Dialog[str]):
    """Ends with the link of the answer, which a person has seen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "copy_text", show=False, priority=True),
        Binding("f3", "copy_link", show=False, priority=True),
        Binding("f4", "open_link", show=False, priority=True),
    ]

    def __init__(self, thread: "Thread", body: str = "") -> None:
        super().__init__(_("Answered by hand"), _("https://… of your answer, then Enter"))
        self._mention, self._body = thread.mention, body
        self._wrong = ""

    def lines(self, width: int) -> Sequence[Drawn]:
        """What to do, in order."""
        network = saying.network(self._mention.channel)
        lines = [*said(first_line(self._mention.text or "", width), width, "dim"), BLANK]
        if self._body:
            lines.append(_key("F2", _("copy your text")))
        if self._link():
            lines.append(_key("F3", _("copy the post's link")))
            lines.append(_key("F4", _("open the post in the browser")))
        told = _("Answer on {network}, then paste your answer's link here. It is the proof.")
        lines += [BLANK, *said(told.format(network=network), width)]
        return [*lines, *said(self._wrong, width, "late")] if self._wrong else [*lines, BLANK]

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Only a web address is a proof."""
        link = event.value.strip()
        if is_web(link):
            self.dismiss(link)
        else:
            self._wrong = _("The link must be the address of the answer, beginning with https://")
            self.fill()

    def action_copy_text(self) -> None:
        """Through the terminal (OSC 52)."""
        if self._body:
            self.desk.copy(self._body, _("Your text is copied."))

    def action_copy_link(self) -> None:
        """Through the terminal (OSC 52)."""
        if link := self._link():
            self.desk.copy(link, _("The post's link is copied."))

    def action_open_link(self) -> None:
        """In the browser."""
        self.desk.open_link(self._mention.url)

    def _link(self) -> str | None:
        url = self._mention.url
        return url if url and is_web(url) else None


def _key(key: str, told: str) -> Drawn:
    return Drawn(((f" {key}  ", "strong"), (told, "plain")))
