"""Promises: what we owe, to whom, by when and who sees to it."""

from array import array
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from models.outside import first_line
from models.records.views import HEADS_UP
from models.words import _, counted
from tui import saying
from tui.keymap import AWAY, PROMISES, Group, bindings
from tui.remarks import due_word
from tui.saying import action_word
from tui.screens.dialog import Dialog, said
from tui.screens.framed import Hints
from tui.screens.reading import Reading
from tui.screens.section import Section
from tui.snapshot import Snapshot
from tui.widgets.lines import BLANK, Drawn, columns
from tui.widgets.rows import Rows

if TYPE_CHECKING:
    from models.records.promises import Owed


_WIDE = 125
"""Cells; below, networks are left out and the rest is cut short."""


class PromisesScreen(Section):
    """A promise a row: broken ones on top, then what is due soonest."""

    NAME = "promises"
    KEYS: ClassVar[Group] = PROMISES + AWAY
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def __init__(self) -> None:
        super().__init__()
        self._owed: dict[int, Owed] = {}

    def hints(self) -> Hints:
        """The keys of this screen."""
        return (
            ("open", _("read")),
            ("keep", _("kept: what came of it")),
            ("hand_promise", _("hand over")),
            ("withdraw", _("take it back")),
            ("away", _("queue")),
        )

    def body(self) -> ComposeResult:
        """The list."""
        rows: Rows[Owed] = Rows(
            self._read, self._paint, lambda: _("We owe nobody anything."), id="promises"
        )
        yield rows

    def on_mount(self) -> None:
        """What is owed now."""
        super().on_mount()
        self.set_focus(self._rows)

    def see(self, snapshot: Snapshot) -> None:
        """Something changed: promises may have."""
        super().see(snapshot)
        self._fill()

    def tick(self, minute_passed: bool) -> None:
        """The clocks go by minutes."""
        super().tick(minute_passed)
        if minute_passed:
            self._rows.redraw()

    def on_rows_chosen(self, message: Rows.Chosen) -> None:
        """Read the conversation it was made in."""
        owed = self._owed.get(message.id)
        if owed is not None and owed.mention_id is not None:
            self.app.push_screen(Reading(owed.mention_id))

    async def action_keep(self) -> None:
        """It is done: what came of it is its proof."""
        if (owed := self._current()) is not None:
            page = Noting(owed, _("Kept"), _("what came of it, then Enter"))
            await self.app.push_screen(page, partial(self._kept, owed))

    async def action_withdraw(self) -> None:
        """It no longer holds, and the customer knows why."""
        if (owed := self._current()) is not None:
            page = Noting(owed, _("Taken back"), _("why, and how the customer knows; then Enter"))
            await self.app.push_screen(page, partial(self._withdrawn, owed))

    async def action_hand_over(self) -> None:
        """Somebody else sees to it."""
        if (owed := self._current()) is not None:
            page = Noting(owed, _("Hand over"), _("to whom, then Enter"))
            await self.app.push_screen(page, partial(self._handed, owed))

    async def _kept(self, owed: "Owed", note: str | None) -> None:
        if note:
            await self.desk.attempt(lambda seat: seat.keep_promise(owed.id, note))
            self._fill()

    async def _withdrawn(self, owed: "Owed", note: str | None) -> None:
        if note:
            await self.desk.attempt(lambda seat: seat.withdraw_promise(owed.id, note))
            self._fill()

    async def _handed(self, owed: "Owed", to: str | None) -> None:
        if to:
            await self.desk.attempt(lambda seat: seat.hand_over(owed.id, to))
            self._fill()

    def action_away(self) -> None:
        """Back to the queue."""
        self.dismiss(None)

    def top_bars(self, width: int) -> Sequence[Drawn]:
        """How many, and how many are late."""
        late = sum(self._is_late(owed) for owed in self._owed.values())
        told = counted("{number} promise", "{number} promises", len(self._owed))
        title = _("Promises")
        cells = [(f" {title}  ", "strong"), (f" {told}", "dim")]
        if late:
            broken = counted("{number} broken", "{number} broken", late)
            cells.append((f"   {broken}", "late"))
        names = (_("by when"), "", _("who"), _("what"), _("customer"), _("network"), _("words"))
        heads = columns([(name, "dim") for name in names], _shares(width))
        return [*super().top_bars(width), Drawn(tuple(cells)), heads]

    @property
    def _rows(self) -> "Rows[Owed]":
        return self.query_one("#promises", Rows)

    def _current(self) -> "Owed | None":
        return None if self._rows.current is None else self._owed.get(self._rows.current)

    @work(exclusive=True, group="fill", exit_on_error=False)
    async def _fill(self) -> None:
        found = await self.desk.read(lambda seat: seat.owed())
        if found is not None and self.stands:
            self._owed = {owed.id: owed for owed in found}
            self._rows.show(array("q", self._owed))
            self._rows.redraw()
            self.show_bars()

    def _read(self, ids: Sequence[int]) -> "dict[int, Owed]":
        return {number: self._owed[number] for number in ids if number in self._owed}

    def _is_late(self, owed: "Owed") -> bool:
        return owed.due_at is not None and owed.due_at < self.desk.now

    def _state(self, owed: "Owed") -> tuple[str, str]:
        """How it stands in a word, and in which style."""
        if owed.due_at is None:
            return "", "warn"
        if self._is_late(owed):
            return _("broken"), "late"
        is_soon = owed.due_at < self.desk.now + HEADS_UP
        return (_("soon"), "warn") if is_soon else ("", "plain")

    def _paint(self, owed: "Owed", width: int) -> Drawn:
        when = due_word(owed.due_at, self.desk.place, self.desk.now)
        state, style = self._state(owed)
        texts = (
            (when, style),
            (state, style),
            (owed.owner, "strong"),
            (action_word(owed.action), "ours"),
            (owed.customer, "theirs"),
            (saying.network(owed.channel), "dim"),
            (owed.text, "plain"),
        )
        return columns(texts, _shares(width))


def _shares(width: int) -> tuple[int, ...]:
    """Cells for the time, the state, the owner, the deed, the customer, the network, the words."""
    fixed = (21, 8, 13, 18, 19, 10) if width >= _WIDE else (17, 7, 9, 12, 13, 0)
    return (*fixed, max(2, width - 1 - sum(fixed)))


class Noting(Dialog[str]):
    """A sentence about one promise."""

    def __init__(self, owed: "Owed", title: str, asks: str) -> None:
        super().__init__(title, asks)
        self._text = owed.text

    def lines(self, width: int) -> Sequence[Drawn]:
        """The promise, as it was worded."""
        return [*said(first_line(self._text, 3 * width), width, "dim"), BLANK]

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Nothing is done without a word."""
        if event.value.strip():
            self.dismiss(event.value.strip())
