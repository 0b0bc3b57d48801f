"""Search: what is typed is looked for at once, over all mentions there ever were."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input
from textual.worker import Worker

from models.instant import MINUTE
from models.outside import first_line
from models.words import _, counted
from tui.keymap import AWAY, MENTION, SEARCH, WORK, Group, bindings
from tui.row import Row, paint
from tui.screens.framed import Hints
from tui.screens.reading import Reading
from tui.screens.section import Section
from tui.screens.sorting import Sorting
from tui.snapshot import Snapshot
from tui.widgets.bars import Bars
from tui.widgets.fields import Line
from tui.widgets.lines import Drawn, fitted
from tui.widgets.rows import Read, Rows

if TYPE_CHECKING:
    from models.search import Found

_FILTERS = (
    "~late ~mine ~open ~sv ~x ~from:… ~team:… ~tag:… ~urgent ~complaint ~question ~week ~noted"
    " ~snoozed"
)
_BESIDE = 24
"""Cells for the number beside the filters."""
_DONE_TO_ONE = frozenset(key.action for key in WORK + MENTION)


class SearchScreen(Sorting, Section):
    """A field and what it finds, the newest first; the list has the keys of the queue."""

    NAME = "search"
    KEYS: ClassVar[Group] = SEARCH + AWAY
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def __init__(self) -> None:
        super().__init__()
        self._found: Found | None = None
        self._looking: Worker[None] | None = None

    def hints(self) -> Hints:
        """The keys of the field, or of the list."""
        if isinstance(self.focused, Input):
            return (("to_found", _("what was found")), ("away", _("queue")))
        return (
            ("open", _("read")),
            ("reply", _("reply")),
            ("search", _("other words")),
            ("reopen", _("reopen")),
            ("away", _("queue")),
        )

    def body(self) -> ComposeResult:
        """The field, what it knows, the list."""
        yield Line(placeholder=_("words, and filters such as ~late ~sv ~mine"), id="sought")
        yield Bars(id="told")
        rows: Rows[Row] = Rows(self._read, self._paint, self._nothing, id="found")
        yield rows

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is done with a mention is not done while one types: a + is a letter then."""
        return not (action in _DONE_TO_ONE and isinstance(self.focused, Input))

    @property
    def rows(self) -> "Rows[Row]":
        """What was found."""
        return self.query_one("#found", Rows)

    def on_mount(self) -> None:
        """Ready to be typed into."""
        super().on_mount()
        field = self.query_one("#sought", Input)
        field.cursor_blink = False
        self.set_focus(field)
        self._tell()

    def see(self, snapshot: Snapshot) -> None:
        """States may have changed; what was found stays."""
        super().see(snapshot)
        self.rows.show(self.rows.ids)

    def current(self) -> int | None:
        """The mention the keys act on."""
        return self.rows.current

    def on_input_changed(self, event: Input.Changed) -> None:
        """With every letter."""
        self._looking = self._look(event.value)

    async def on_input_submitted(self) -> None:
        """Enter goes on to the list."""
        await self.action_to_found()

    def on_rows_chosen(self, message: Rows.Chosen) -> None:
        """Read its conversation."""
        self.app.push_screen(Reading(message.id))

    async def action_to_found(self) -> None:
        """The list has the keys, once it is that of the words: a key hit ahead acts on no other."""
        if self._looking is not None:
            await self.workers.wait_for_complete([self._looking])
        self.set_focus(self.rows)
        self.show_bars()

    async def action_go(self, name: str) -> None:
        """Its own key leads back into the field."""
        if name == self.NAME:
            self.set_focus(self.query_one("#sought", Input))
            self.show_bars()
        else:
            await super().action_go(name)

    @work(exclusive=True, group="search", exit_on_error=False)
    async def _look(self, typed: str) -> None:
        found = await self.desk.read(lambda seat: seat.search(typed))
        if found is not None and self.stands:
            self._found = found
            self.rows.show(found.ids)
            self.rows.action_top()
            self._tell()

    def _tell(self) -> None:
        """How many, or what the filters are called."""
        bar = self.query_one("#told", Bars)
        told = " " + _("filters: {names}").format(names=_FILTERS)
        cells = [(fitted(told, max(8, bar.size.width - _BESIDE)), "dim")]
        if self._found is not None and self._found.unknown:
            told = _("{filter} is no filter.").format(filter=first_line(self._found.unknown[0], 30))
            cells.insert(0, (f" {told} ", "warn"))
        elif self._found is not None and not self._found.is_empty:
            number = len(self._found.ids)
            told = counted("{number} mention", "{number} mentions", number)
            if self._found.is_cut:
                told = _("the newest {number}").format(number=number)
            cells = [(f" {told}", "strong"), *cells]
        bar.show([Drawn(tuple(cells))])

    def _nothing(self) -> str:
        if self._found is None or self._found.is_empty:
            return _("Words of the post, its author's name, words of our answer.")
        return _("Nothing was found.")

    def _read(self, ids: Sequence[int]) -> Read[Row]:
        return self.desk.glimpse(lambda seat: seat.rows(ids))

    def _paint(self, row: Row, width: int) -> Drawn:
        return paint(row, width, self.desk.now // MINUTE * MINUTE, self.desk.place.staff)
