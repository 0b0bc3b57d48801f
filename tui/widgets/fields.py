"""Fields to write in, where every key is done in the order in which it was hit."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from rich.text import Text as RichText
from textual import events
from textual.widget import Widget
from textual.widgets import Input, TextArea
from textual.widgets.text_area import Selection


class Text(TextArea):
    """Many lines, of which some parts may be marked."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"block", "warn", "hint"}

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._marks: Sequence[tuple[int, int, str]] = ()

    def mark(self, spans: Sequence[tuple[int, int, str]]) -> None:
        """Show these parts of the text, [start, end) in letters, in the styles of the levels of
        remarks."""
        if spans != self._marks:
            self._marks = spans
            self._line_cache.clear()
            self.refresh()

    def put(self, text: str, start: int, end: int) -> None:
        """Write it over the letters from `start` to `end` (exclusive), with one full stop."""
        if text.endswith(".") and self.text[end : end + 1] in tuple(".!?"):
            end += 1
        self.replace(text, self._location(start), self._location(end))

    def put_in(self, text: str) -> int:
        """Write it where the cursor stands, apart from the words beside it; where it begins."""
        here = self._index(self.cursor_location)
        before, after = self.text[:here], self.text[here:]
        space = " " if before and not before[-1].isspace() else ""
        end = " " if after and not after[0].isspace() else ""
        self.insert(space + text + end, maintain_selection_offset=False)
        return here + len(space)

    def select_next(self, pattern: re.Pattern[str], start: int | None = None) -> bool:
        """Select what matches from letter `start` on, or else behind the selection, or else from
        the top; whether anything does."""
        here = self._index(max(self.selection)) if start is None else start
        text = self.text
        found = pattern.search(text, here) or pattern.search(text)
        if found is not None:
            first, last = found.span()
            self.selection = Selection(self._location(first), self._location(last))
        return found is not None

    def _index(self, location: tuple[int, int]) -> int:
        return len(self.get_text_range((0, 0), location))

    def _location(self, index: int) -> tuple[int, int]:
        before = self.text[:index]
        return before.count("\n"), index - (before.rfind("\n") + 1)

    def get_line(self, line_index: int) -> RichText:
        """With the marks that fall into it."""
        line = super().get_line(line_index)
        before = sum(len(self.document.get_line(number)) + 1 for number in range(line_index))
        for start, end, level in self._marks:
            first, last = max(start - before, 0), min(end - before, len(line))
            if first < last:
                style = self.get_component_rich_style(level, partial=True)
                line.stylize(style, first, last)
        return line

    async def _on_key(self, event: events.Key) -> None:
        await _edit_in_order(self, event)  # letters are Textual's, which is asked next


class Line(Input):
    """One line."""

    async def _on_key(self, event: events.Key) -> None:
        await _edit_in_order(self, event)


async def _edit_in_order(field: Widget, event: events.Key) -> None:
    """Textual does letters in the field and editing keys in the app, on a detour: in a burst, as
    from a slow line, a backspace would come after the letters that were hit later."""
    for binding in field._bindings.key_to_bindings.get(event.key, ()):
        if not binding.priority and await field.app.run_action(binding.action, field):
            event.stop()
            event.prevent_default()
            return
