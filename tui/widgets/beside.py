"""What stands beside a list: the conversation, and below it the customer and why they are there."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical

from models.words import _
from tui.customer import customer_lines
from tui.place import Place
from tui.reasons import reason_lines
from tui.widgets.bars import Sheet
from tui.widgets.lines import BLANK, Drawn
from tui.widgets.thread import ThreadView

if TYPE_CHECKING:
    from models.records.conversation import Thread
    from models.records.customer import Customer

_NARROWEST = 20
"""A sheet that is not shown has no width."""


class Beside(Vertical):
    """One mention; the customer only where the terminal is high enough for both."""

    def __init__(self, place: Place, id: str | None = None) -> None:
        super().__init__(id=id)
        self._place = place

    def compose(self) -> ComposeResult:
        """The conversation above."""
        yield ThreadView(self._place, id="thread")
        yield Sheet(id="customer")

    def show(self, found: "tuple[Thread, Customer] | None", now: int) -> None:
        """This mention's from now on."""
        thread, customer = found or (None, None)
        sheet = self.query_one("#customer", Sheet)
        self.query_one("#thread", ThreadView).show(thread, now)
        if thread is None or customer is None:
            sheet.show(())
            return
        width = max(_NARROWEST, sheet.size.width)
        sheet.show(
            [
                Drawn(((_("The customer"), "strong"),)),
                *customer_lines(customer, now, self._place.zone, width),
                BLANK,
                *reason_lines(thread.mention, width),
            ]
        )
