"""Answered by hand: take the text and the post's link along, bring the answer's link back."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.widgets import Input

from models.words import _
from tui.keymap import BY_HAND, Group, bindings
from tui.links import is_web
from tui.screens.dialog import Dialog, said
from tui.widgets.lines import BLANK, Drawn


class ByHand(Dialog[str]):
    """Ends with the link of the answer, which a person has seen."""

    KEYS: ClassVar[Group] = BY_HAND
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def __init__(self, mention_id: int, body: str = "") -> None:
        asks = _("https://… of your answer, then Enter")
        super().__init__(_("Answered by hand"), asks, mention_id)
        self._body, self._wrong = body, ""

    def lines(self, width: int) -> Sequence[Drawn]:
        """What to do, in order."""
        lines = [*said(self.words, width, "dim"), BLANK]
        if self._body:
            lines.append(_key(self.desk.label("copy_text"), _("copy your text")))
        if self._link():
            lines.append(_key(self.desk.label("copy_its_link"), _("copy the post's link")))
            lines.append(_key(self.desk.label("open_its_link"), _("open the post in the browser")))
        told = _("Answer on the network, then paste your answer's link here. It is the proof.")
        lines += [BLANK, *said(told, width)]
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
        self.desk.open_link(self._link())

    def _link(self) -> str | None:
        url = self.thread.mention.url if self.thread else None
        return url if url and is_web(url) else None


def _key(key: str, told: str) -> Drawn:
    return Drawn(((f" {key}  ", "strong"), (told, "plain")))
