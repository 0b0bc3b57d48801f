"""One conversation on the whole screen, kept up to date."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from models.words import _
from tui.keymap import AWAY, Group, bindings
from tui.screens.framed import Hints
from tui.screens.sorting import Sorting
from tui.snapshot import Snapshot
from tui.widgets.thread import ThreadView


class Reading(Sorting):
    """The conversation around one mention."""

    KEYS: ClassVar[Group] = AWAY
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def __init__(self, mention_id: int) -> None:
        super().__init__()
        self._mention_id = mention_id

    def hints(self) -> Hints:
        """The keys of this screen."""
        return (
            ("reply", _("reply")),
            ("reopen", _("reopen")),
            ("why", _("why")),
            ("open_post", _("open the post")),
            ("copy_link", _("copy its link")),
            ("away", _("back")),
        )

    def body(self) -> ComposeResult:
        """The conversation."""
        yield ThreadView(self.desk.place, id="thread")

    def on_mount(self) -> None:
        """Read it."""
        super().on_mount()
        self.set_focus(self.query_one("#thread"))

    def see(self, snapshot: Snapshot) -> None:
        """Somebody may have written in it."""
        super().see(snapshot)
        self._reread()

    def looked_at(self) -> int | None:
        """The mention it is about."""
        return self._mention_id

    def current(self) -> int | None:
        """The mention it is about."""
        return self._mention_id

    def action_away(self) -> None:
        """Back."""
        self.dismiss(None)

    @work(exclusive=True, group="thread", exit_on_error=False)
    async def _reread(self) -> None:
        found = await self.desk.read(lambda seat: seat.thread(self._mention_id))
        if found is not None and self.stands:
            self.query_one("#thread", ThreadView).show(found, self.desk.now)
