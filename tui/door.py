"""The door for outside text on the screen: nothing of it is markup, and no control passes.

`shown` is how words are put into a widget. `Guard` stands behind every widget, toast and dialog
and lets no control reach the terminal even where somebody forgot, or where staff paste it.
"""

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter

from models.outside import visible


def shown(text: str, *, lines: bool = True) -> Content:
    """The text as literal content, its controls made visible; never read as markup."""
    return Content(visible(text, lines=lines))


class Guard(LineFilter):
    """Replaces whatever is not printable, cell for cell, in every line that is drawn."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments where all is well, which is nearly always."""
        return guarded(segments)


def guarded(segments: list[Segment]) -> list[Segment]:
    """What the guard lets through; the same list where all is well."""
    if all(segment.text.isprintable() for segment in segments):
        return segments
    return [
        segment
        if segment.control or segment.text.isprintable()
        else Segment("".join(map(_printable, segment.text)), segment.style)
        for segment in segments
    ]


def _printable(letter: str) -> str:
    """Joiners hold emoji together; anything else that is not printable keeps only its width."""
    if letter.isprintable() or letter in "\u200c\u200d" or visible(letter) == letter:
        return letter
    return "�" * cell_len(letter)
