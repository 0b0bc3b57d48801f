"""Given lines: a sheet that scrolls, and the bars around a screen, as high as their lines."""

from collections.abc import Sequence

from rich.cells import cell_len

from tui.widgets.lines import BLANK, Cell, Drawn, Lines


class Sheet(Lines):
    """Lines to read, scrolled where there are more than fit."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: Sequence[Drawn] = ()

    def show(self, lines: Sequence[Drawn]) -> None:
        """These lines from now on; only those that differ are painted."""
        self._lines = lines
        self.set_count(len(lines))
        self.repaint()

    def draw(self, index: int, width: int) -> Drawn:
        """As given."""
        return self._lines[index] if 0 <= index < len(self._lines) else BLANK


class Bars(Sheet, can_focus=False):
    """A few lines that are all shown."""

    def __init__(self, id: str | None = None, height: int = 1) -> None:
        super().__init__(id=id)
        self._high = height
        self.styles.height = height

    def show(self, lines: Sequence[Drawn]) -> None:
        """These lines from now on, and as high."""
        if self._high != max(1, len(lines)):
            self._high = max(1, len(lines))
            self.styles.height = self._high
        super().show(lines)


def spread(left: Sequence[Cell], right: Sequence[Cell], width: int, base: str = "plain") -> Drawn:
    """Cells at both ends of a line; the left ones give way."""
    room = width - sum(cell_len(text) for text, _style in right)
    kept: list[Cell] = []
    for text, style in left:
        if cell_len(text) > room:
            break
        kept.append((text, style))
        room -= cell_len(text)
    return Drawn((*kept, (" " * max(0, room), "plain"), *right), base)
