"""A list of any length: the order in memory, the rows read by key for three screens.

The cursor follows its row and not its place, and stays where it is on the screen when others
come and go above it.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import ClassVar, Generic, TypeVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, clamp
from textual.message import Message
from textual.reactive import reactive

from tui.keymap import LIST, Group, bindings
from tui.widgets.lines import BLANK, Drawn, Lines, wrapped

R = TypeVar("R")
Read = Mapping[int, R] | Future[Mapping[int, R]]
"""Rows by id, at once; or, from a slow database, when it answers."""


class Rows(Lines, Generic[R], inherit_bindings=False):
    """Give it `read`, ids to rows, and `paint`, a row to a line; then `show` an order.

    `empty` is what it says when there is nothing to show.
    """

    KEYS: ClassVar[Group] = LIST
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)
    cursor: reactive[int] = reactive(0, repaint=False)

    @dataclass
    class Moved(Message):
        """The cursor stands on another row, or on none."""

        id: int | None

        def can_replace(self, message: Message) -> bool:
            """Only the last of many matters."""
            return isinstance(message, Rows.Moved)

    @dataclass
    class Chosen(Message):
        """Enter, or a click, on the row the cursor stands on."""

        id: int

    def __init__(
        self,
        read: Callable[[Sequence[int]], Read[R]],
        paint: Callable[[R, int], Drawn],
        empty: Callable[[], str] = str,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.ids: Sequence[int] = ()
        self._empty = empty
        self._read, self._paint = read, paint
        self._rows, self._before = dict[int, R | None](), dict[int, R | None]()
        self._awaited: Future[Mapping[int, R]] | None = None
        self._drawn = dict[int, Drawn]()
        self._drawn_width = 0

    @property
    def current(self) -> int | None:
        """The id under the cursor."""
        return self.ids[self.cursor] if self.ids else None

    def row(self, row_id: int) -> R | None:
        """What was read for this id, if it is near the screen."""
        return self._rows.get(row_id)

    def show(self, ids: Sequence[int]) -> None:
        """Take a new order and stay on the same row, at the same height of the screen."""
        here, place = self.current, self.cursor
        self.ids, self._before, self._rows = ids, self._rows or self._before, {}
        self._drawn.clear()
        self.set_count(len(ids))
        new = _place(ids, here, place)
        if new != place:
            height = place - self.scroll_offset.y
            self.set_reactive(Rows.cursor, new)
            self.scroll_to(y=new - height, animate=False, force=True, immediate=True)
        self.repaint()
        if self.current != here:
            self.post_message(self.Moved(self.current))

    def redraw(self) -> None:
        """The order and the rows are the same, the time is not."""
        self._drawn.clear()
        self.repaint()

    def go_to(self, row_id: int) -> None:
        """Put the cursor on this row, if it is there."""
        if row_id in self.ids:
            self.cursor = self.ids.index(row_id)

    def draw(self, index: int, width: int) -> Drawn:
        """The row at this place of the order."""
        if not self.ids and index >= 1:
            told = wrapped(self._empty(), max(1, width - 4))[index - 1 : index]
            return Drawn((("  ", "plain"), *((line, "dim") for line in told)))
        if not 0 <= index < len(self.ids):
            return BLANK
        drawn = self._draw(index, width)
        return replace(drawn, base="cursor") if index == self.cursor else drawn

    def _draw(self, index: int, width: int) -> Drawn:
        """The row without the cursor, as it was drawn before if it was."""
        row_id = self.ids[index]
        if width != self._drawn_width:
            self._drawn, self._drawn_width = {}, width
        if row_id not in self._drawn:
            if row_id not in self._rows:
                self._fill(index)
            row = self._rows.get(row_id)
            drawn = BLANK if row is None else self._paint(row, width)
            if self._awaited is not None:
                return drawn
            self._drawn[row_id] = drawn
        return self._drawn[row_id]

    def _style(self, name: str) -> Style:
        return super()._style("chosen" if name == "cursor" and self.has_focus else name)

    def validate_cursor(self, cursor: int) -> int:
        """Within the list."""
        return clamp(cursor, 0, max(0, len(self.ids) - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Repaint two lines, not the list."""
        top = self.scroll_offset.y
        for index in (old, new):
            self.refresh(Region(0, index - top, self.size.width, 1))
        if not top <= new < top + self.size.height:
            self.scroll_to(y=self._half_a_screen(new), animate=False, force=True, immediate=True)
        self.post_message(self.Moved(self.current))

    def on_click(self, event: events.Click) -> None:
        """A click moves there; a click on the row under the cursor opens it."""
        index = event.y + self.scroll_offset.y
        if index == self.cursor:
            self.action_choose()
        elif index < len(self.ids):
            self.cursor = index

    def action_move(self, by: int) -> None:
        self.cursor += by

    def action_page(self, by: int) -> None:
        self.action_move(by * max(1, self.size.height - 1))

    def action_top(self) -> None:
        self.cursor = 0

    def action_bottom(self) -> None:
        self.action_move(len(self.ids))

    def action_choose(self) -> None:
        if self.current is not None:
            self.post_message(self.Chosen(self.current))

    def _half_a_screen(self, cursor: int) -> int:
        """Where to scroll for a cursor beyond an edge: it comes to stand in the middle, so that
        most moves paint two lines and not the screen."""
        return max(0, min(cursor - self.size.height // 2, len(self.ids) - self.size.height))

    def _fill(self, index: int) -> None:
        """Read the rows around this place with one query; what is gone is left blank, and what a
        slow database still owes stays as it was."""
        if self._awaited is not None:
            return
        height = max(1, self.size.height)
        around = self.ids[max(0, index - height) : index + 2 * height]
        found = self._read(around)
        if isinstance(found, Future):
            self._awaited, app = found, self.app
            found.add_done_callback(lambda done: app.call_later(self._come, around, done))
            before = self._before
            self._rows = {row_id: before[row_id] for row_id in around if row_id in before}
        else:
            self._take(around, found)

    def _come(self, around: Sequence[int], found: "Future[Mapping[int, R]]") -> None:
        """The database has answered; other rows may be wanted by now."""
        self._awaited = None
        if self.is_attached:
            self._take(around, found.result())
            self.repaint()

    def _take(self, around: Sequence[int], found: Mapping[int, R]) -> None:
        self._rows = {row_id: found.get(row_id) for row_id in around}
        self._drawn.clear()


def _place(ids: Sequence[int], here: int | None, place: int) -> int:
    """Where the row under the cursor stands now; the same place if it is gone."""
    last = max(0, len(ids) - 1)
    if here is None or (place <= last and ids and ids[place] == here):
        return min(place, last)
    try:
        return ids.index(here)
    except ValueError:
        return min(place, last)
