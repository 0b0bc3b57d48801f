"""A dialog that asks for a line: what it is for, a field, and a word where the line will not do."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.widgets import Input

from tui.screens.dialog import Dialog, said
from tui.widgets.lines import BLANK, Drawn

if TYPE_CHECKING:
    from models.records.tables import Mention

Fault = Callable[[str], str]
"""What is wrong with a line, in a sentence; empty where nothing is."""


class Asking(Dialog[str]):
    """Ends with the line, once `fault` finds nothing in it; an empty one does nothing. What is
    known only once the mention is read is said by `of_it`."""

    def __init__(
        self,
        title: str,
        told: Sequence[str],
        asks: str,
        mention_id: int | None = None,
        fault: Fault = lambda _line: "",
        begun: str = "",
        of_it: Callable[["Mention"], str] | None = None,
    ) -> None:
        super().__init__(title, asks, mention_id)
        self._begun, self._of_it = begun, of_it
        self._told, self._fault, self._wrong = told, fault, ""

    def lines(self, width: int) -> Sequence[Drawn]:
        """The post's beginning, what the line is for, and what was wrong with the last one."""
        lines = [*said(self.words, width, "dim"), BLANK] if self._about else []
        of_it = [self._of_it(self.thread.mention)] if self._of_it and self.thread else []
        for sentence in [*self._told, *of_it]:
            lines += said(sentence, width)
        return [*lines, *said(self._wrong or " ", width, "late")]

    def on_mount(self) -> None:
        """With what was typed before, where that could not be done."""
        super().on_mount()
        if self._begun:
            self.query_one(Input).value = self._begun

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Only a line that will do."""
        line = event.value.strip()
        self._wrong = self._fault(line) if line else ""
        if line and not self._wrong:
            self.dismiss(line)
        else:
            self.fill()
