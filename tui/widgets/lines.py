"""Lines of any number: only those on the screen are drawn, only those that differ repainted."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.cache import FIFOCache
from textual.filter import LineFilter
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from models.outside import first_line
from tui.door import Guard, guarded
from tui.keymap import SHEET, Group, bindings
from tui.themes import looks

Cell = tuple[str, str]
"""A text and the name of its style, one of `tui.themes.STYLES`."""
_STRIPS = 300
"""Drawn lines kept, for scrolling back and forth."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line as it should be; `base` is the style of its background."""

    cells: tuple[Cell, ...] = ()
    base: str = "plain"


BLANK = Drawn()


class Lines(ScrollView, can_focus=True, inherit_bindings=False):
    """The base of every list and text of the desk."""

    KEYS: ClassVar[Group] = SHEET
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._painted = dict[int, Drawn]()
        self._strips = FIFOCache[tuple[Drawn, int], Strip](_STRIPS)

    def draw(self, index: int, width: int) -> Drawn:
        """Line `index`, at most `width` cells; BLANK beyond the last one."""
        raise NotImplementedError

    def repaint(self) -> None:
        """Paint the lines again that differ from what stands on the screen; below another screen
        that is no dialog nobody sees it, and whoever comes back to this one paints it anew."""
        if not (self.screen.is_active or self.app.screen.is_modal):
            return
        top, width = self.scroll_offset.y, self.size.width
        for y in range(self.size.height):
            if self._painted.get(y) != self.draw(top + y, width):
                self.refresh(Region(0, y, width, 1))

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.size.width
        drawn = self._painted[y] = self.draw(y + self.scroll_offset.y, width)
        strip = self._strips.get((drawn, width))
        if strip is None:
            ground, base = self._style(""), self._style(drawn.base)
            segments = [  # the base last: a theme may give the whole cursor row one colour
                Segment(text, ground + self._style(name) + base) for text, name in drawn.cells
            ]
            strip = Strip(guarded(segments)).adjust_cell_length(width, ground + base)
            self._strips[drawn, width] = strip
        return strip

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The guard saw each line when it was drawn: on every frame again would be dear."""
        return [one for one in super().get_line_filters() if not isinstance(one, Guard)]

    def set_count(self, lines: int) -> None:
        """So many lines there are. Unlike `virtual_size` this lays no other widget out anew."""
        size = Size(0, lines)
        if size != self.virtual_size:
            self.set_reactive(Widget.virtual_size, size)
            self._scroll_update(size)

    def notify_style_update(self) -> None:
        """A new theme, or focus: nothing that was looked up holds any more."""
        self._strips.clear()
        super().notify_style_update()

    def action_scroll_by_lines(self, by: int) -> None:
        self.scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        self.scroll_relative(y=by * max(1, self.size.height - 1), animate=False)

    def action_top(self) -> None:
        self.scroll_home(animate=False)

    def action_bottom(self) -> None:
        self.scroll_end(animate=False)

    def _style(self, name: str) -> Style:
        """How this style looks here; the ground of the widget without a name."""
        return looks(self.app.theme)[name] if name else self.rich_style


def fitted(text: str, width: int) -> str:
    """The text in exactly `width` cells, cut with an ellipsis."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, max(0, width - 1)) + "…"[:width]


def cell(text: str, width: int) -> str:
    """The beginning of outside text in a column of so many cells, the gap behind it included."""
    return fitted(first_line(text, width), width - 1) + " " if width else ""


def columns(cells: Sequence[Cell], widths: Sequence[int]) -> Drawn:
    """Outside texts side by side, each in its width; one of no width is left out."""
    beside = zip(cells, widths, strict=True)
    return Drawn(((" ", "plain"), *((cell(text, width), style) for (text, style), width in beside)))


def wrapped(text: str, width: int) -> list[str]:
    """The text on lines of at most `width` cells, broken at spaces where there are any."""
    lines: list[str] = []
    for paragraph in text.expandtabs(4).split("\n"):
        rest, at = paragraph.rstrip(), 0
        while width > 1 and len(rest) > at + (fit := _letters_within(rest, at, width)):
            head = rest[at : at + fit]
            cut = head.rfind(" ") if rest[at + fit] != " " else fit
            cut = cut if cut > width // 3 else fit
            lines.append(head[:cut].rstrip())
            at += cut
            while rest[at] == " ":
                at += 1
        lines.append(rest[at:])
    return lines


def _letters_within(text: str, start: int, width: int) -> int:
    """How many letters from `start` on fit into `width` cells, one at least."""
    cells = accumulate(cell_len(letter) for letter in text[start : start + width + 1])
    return max(1, sum(1 for used in cells if used <= width))
