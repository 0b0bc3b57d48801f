"""Fields to write in, where every key is done in the order in which it was hit."""

from textual import events
from textual.widget import Widget
from textual.widgets import Input, TextArea


class Text(TextArea):
    """Many lines."""

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
