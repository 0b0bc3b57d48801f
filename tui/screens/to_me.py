"""A test of the leaders' mail: the page that is shown, to one address, at once."""

from collections.abc import Sequence
from datetime import date

from textual.widgets import Input

from models.mailing import is_address
from models.words import _, spoken
from tui import saying
from tui.screens.dialog import Dialog, said
from tui.widgets.lines import BLANK, Drawn


class ToMe(Dialog[str]):
    """Ends with the address that a person has let stand or typed, and confirmed by Enter."""

    def __init__(self, day: date) -> None:
        super().__init__(_("Send a test to me"), _("name@example.com, then Enter"))
        self._day, self._wrong = day, ""

    def on_mount(self) -> None:
        """With the address of the last test, or of whoever reads the mail in this language."""
        super().on_mount()
        mailing = self.desk.place.mailing
        reader = mailing.first_in(spoken()) if mailing else ""
        field = self.query_one(Input)
        field.value = self.desk.tested or reader
        field.action_select_all()  # whoever types another address need not take this one out

    def lines(self, width: int) -> Sequence[Drawn]:
        """What leaves, to whom and when."""
        day = f"{saying.weekday(self._day.weekday())} {self._day:%Y-%m-%d}"
        told = _("The page of {day}, by mail, to this address and nobody else.")
        at_once = _("Enter sends it at once. The daily mail leaves as ever.")
        lines = [*said(told.format(day=day), width), BLANK, *said(at_once, width)]
        return [*lines, *said(self._wrong, width, "late")] if self._wrong else [*lines, BLANK]

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Only to an address."""
        address = event.value.strip()
        if is_address(address):
            self.dismiss(address)
        else:
            self._wrong = _("Write an address such as name@example.com.")
            self.fill()
