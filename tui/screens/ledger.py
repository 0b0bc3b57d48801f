"""The ledger: every mention of a day, its state, and the proof of it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from models.instant import to_datetime
from models.personal import masked
from models.records.kinds import MentionState
from models.words import _, counted
from tui import saying
from tui.keymap import AWAY, DAYS, LEDGER, Group, bindings
from tui.screens.framed import Hints
from tui.screens.reading import Reading
from tui.screens.section import Section
from tui.screens.sorting import Sorting
from tui.snapshot import Snapshot
from tui.widgets.lines import Drawn, columns
from tui.widgets.rows import Read, Rows

if TYPE_CHECKING:
    from models.records.ledger import Entry


_STYLES = {
    MentionState.OPEN: "plain",
    MentionState.REPLYING: "ours",
    MentionState.ANSWERED: "good",
    MentionState.DISMISSED: "warn",
    MentionState.GONE: "dim",
}
_WIDE = 100
"""Cells from which the longest state has room: `answered, on the network`."""


class LedgerScreen(Sorting, Section):
    """A mention a row, the day's first post on top."""

    NAME = "ledger"
    KEYS: ClassVar[Group] = LEDGER + DAYS + AWAY
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def __init__(self) -> None:
        super().__init__()
        self._day: date | None = None
        self._mentions: Sequence[int] = ()

    def hints(self) -> Hints:
        """The keys of this screen."""
        return (
            ("day_before day_after", _("day")),
            ("open", _("read")),
            ("reopen", _("reopen")),
            ("copy_proof", _("copy the proof")),
            ("open_post", _("open the post")),
            ("away", _("queue")),
        )

    def body(self) -> ComposeResult:
        """The list."""
        rows: Rows[Entry] = Rows(
            self._read, self._paint, lambda: _("Nothing on this day."), id="ledger"
        )
        yield rows

    @property
    def rows(self) -> "Rows[Entry]":
        """The list."""
        return self.query_one("#ledger", Rows)

    @property
    def day(self) -> date:
        """The day that is shown; today until another is chosen."""
        return self._day or to_datetime(self.desk.now, self.desk.place.zone).date()

    def on_mount(self) -> None:
        """Today."""
        super().on_mount()
        self.set_focus(self.rows)

    def see(self, snapshot: Snapshot) -> None:
        """Something changed: the day may have."""
        super().see(snapshot)
        self._fill()

    def current(self) -> int | None:
        """The mention the keys act on."""
        return self.rows.current

    def on_rows_chosen(self, message: Rows.Chosen) -> None:
        """Read its conversation."""
        self.app.push_screen(Reading(message.id))

    def action_day(self, by: int) -> None:
        """The day before, or after; never beyond today."""
        today = to_datetime(self.desk.now, self.desk.place.zone).date()
        day = min(today, self.day + timedelta(days=by))
        self._day = None if day == today else day
        self.rows.show(())  # else a key typed ahead would act on the other day
        self._fill()

    async def action_copy_proof(self) -> None:
        """The link that shows the answer."""
        entry = None if self.rows.current is None else self.rows.row(self.rows.current)
        if entry is not None and entry.proof:
            self.desk.copy(entry.proof, _("The proof is copied."))
        else:
            self.desk.say(_("There is no proof yet."))

    def top_bars(self, width: int) -> Sequence[Drawn]:
        """The day, and how many."""
        number = len(self._mentions)
        told = counted("{number} mention", "{number} mentions", number)
        title, weekday = _("Ledger"), saying.weekday(self.day.weekday())
        day = f" {title}  {weekday} {self.day:%Y-%m-%d}"
        bar = Drawn(((day, "strong"), (f"   {told}", "dim")))
        names = (
            _("written"),
            _("what became of it"),
            _("wait"),
            _("customer"),
            _("proof or reason"),
            _("words"),
        )
        heads = columns([(name, "dim") for name in names], _shares(width))
        return [*super().top_bars(width), bar, heads]

    @work(exclusive=True, group="fill", exit_on_error=False)
    async def _fill(self) -> None:
        day = self.day
        found = await self.desk.read(lambda seat: seat.day(day))
        if found is not None and self.stands:
            self._mentions = found
            self.rows.show(found)
            self.show_bars()

    def _read(self, ids: Sequence[int]) -> "Read[Entry]":
        return self.desk.glimpse(lambda seat: seat.entries(ids))

    def _paint(self, entry: "Entry", width: int) -> Drawn:
        state, late = MentionState(entry.state), entry.due_at < self.desk.now
        told = saying.state_word(state) + (f", {saying.how_word(entry.how)}" if entry.how else "")
        style = _STYLES[state]
        if state == MentionState.OPEN and late:
            told, style = f"! {told}", "late"
        deleted = "▣" if entry.text is not None else _("(deleted)")
        cells = (
            (self._when(entry.posted_at), "dim"),
            (told, style),
            (saying.short_span(entry.waited_minutes), "plain"),
            (entry.author, "strong"),
            (entry.proof or entry.reason or "", "ours"),
            (masked(entry.text or deleted), "plain"),
        )
        return columns(cells, _shares(width))

    def _when(self, at: int) -> str:
        """The clock time; with the date where it is another day than the one shown."""
        posted = to_datetime(at, self.desk.place.zone)
        return f"{posted:%H:%M}" if posted.date() == self.day else f"{posted:%m-%d %H:%M}"


def _shares(width: int) -> tuple[int, ...]:
    """Cells for time, state, wait, author, proof (which needs many) and words."""
    state = 25 if width >= _WIDE else 19
    room = max(12, width - state - 19)
    author, proof = min(20, room // 4 + 2), min(44, room // 3) if width >= _WIDE else 0
    return 12, state, 6, author, proof, room - author - proof
