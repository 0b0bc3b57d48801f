"""The leaders' page of a day, as the mail brings it."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from models.instant import to_datetime
from models.words import _
from tui import saying
from tui.keymap import AWAY, DAYS, PAGE, Group, bindings
from tui.screens.framed import Hints
from tui.screens.section import Section
from tui.widgets.bars import Sheet
from tui.widgets.lines import BLANK, Drawn

if TYPE_CHECKING:
    from models.page import Page


class PageScreen(Section):
    """Yesterday's, until another day is chosen; of today as far as it went."""

    NAME = "page"
    KEYS: ClassVar[Group] = PAGE + DAYS + AWAY
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def __init__(self) -> None:
        super().__init__()
        self._back = 1
        """Days before today."""

    def hints(self) -> Hints:
        """The keys of this screen."""
        return (
            ("day_before day_after", _("day")),
            ("send_test", _("send a test to me")),
            ("away", _("queue")),
        )

    def body(self) -> ComposeResult:
        """The page."""
        yield Sheet(id="page")

    @property
    def day(self) -> date:
        """The day that is shown."""
        today = to_datetime(self.desk.now, self.desk.place.zone).date()
        return today - timedelta(days=self._back)

    def on_mount(self) -> None:
        """Yesterday's."""
        super().on_mount()
        self.set_focus(self.query_one("#page", Sheet))
        self._fill()

    def action_day(self, by: int) -> None:
        """The day before, or after; never beyond today."""
        self._back = max(0, self._back - by)
        self._fill()

    async def action_test(self) -> None:
        """The page that is shown to one address, for which a dialog asks."""
        from tui.screens.to_me import ToMe

        if self.desk.place.demo:
            self.desk.say(_("The demo has no mail server: nothing leaves this machine."))
            return
        await self.app.push_screen(ToMe(self.day), partial(self._send_test, self.day))

    def _send_test(self, day: date, address: str | None) -> None:
        if address is not None:
            self.desk.send_test(day, address)

    def top_bars(self, width: int) -> Sequence[Drawn]:
        """Which day."""
        title, weekday = _("Page for the leaders"), saying.weekday(self.day.weekday())
        told = f" {title}  {weekday} {self.day:%Y-%m-%d}"
        return [*super().top_bars(width), Drawn(((told, "strong"),))]

    @work(exclusive=True, group="fill", exit_on_error=False)
    async def _fill(self) -> None:
        day = self.day
        page = await self.desk.read(lambda seat: seat.page(day))
        if page is not None and self.stands:
            self.query_one("#page", Sheet).show([BLANK, *_drawn(page)])
            self.show_bars()


def _drawn(page: "Page") -> list[Drawn]:
    from models.page import text

    headings = {one.heading for one in page.sections} | {
        one.heading.upper() for one in page.sections
    }
    return [
        Drawn(((f" {line}", "strong" if line in headings else "plain"),))
        for line in text.lines(page)
    ]
