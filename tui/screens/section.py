"""The screens that one key opens from any of the others: queue, search, outbox, promises,
ledger, page."""

from importlib import import_module
from typing import ClassVar, cast

from textual.binding import BindingType

from tui.keymap import PLACES, Group, bindings
from tui.screens.framed import Framed

_HOMES = {
    "outbox": ("tui.screens.outbox", "OutboxScreen"),
    "promises": ("tui.screens.promises", "PromisesScreen"),
    "ledger": ("tui.screens.ledger", "LedgerScreen"),
    "search": ("tui.screens.search", "SearchScreen"),
    "page": ("tui.screens.page", "PageScreen"),
}
"""Imported when first opened, so that the desk itself opens quickly."""


class Section(Framed):
    """The queue lies below all others: whoever leaves one of them is there."""

    NAME: ClassVar[str]
    KEYS: ClassVar[Group] = PLACES
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    async def action_go(self, name: str) -> None:
        """To another of them, once it stands; from one by its own key back to the queue."""
        if name in ("queue", self.NAME):
            self.action_away()
            return
        module, screen = _HOMES[name]
        opened = cast("Framed", getattr(import_module(module), screen)())
        if self.NAME == "queue":
            await self.app.push_screen(opened)
        else:
            await self.app.switch_screen(opened)

    def action_away(self) -> None:
        """Back to the queue."""
        self.dismiss(None)
