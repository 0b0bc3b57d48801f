"""A screen with a mention under the cursor, and what can be done with it."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual import work
from textual.binding import BindingType

from models.outside import visible
from models.words import _
from tui.keymap import MENTION, Group, bindings
from tui.links import is_web
from tui.screens.framed import Framed
from tui.widgets.thread import ThreadView


class OnMention(Framed):
    """`current` is the mention the keys act on."""

    KEYS: ClassVar[Group] = MENTION
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def current(self) -> int | None:
        """The mention's id, or None where the list is empty."""
        raise NotImplementedError

    def settled(self, mention_id: int) -> None:
        """It was settled from here."""

    async def action_reply(self) -> None:
        """Write an answer; the writer's own draft is there again.

        The screen stands before anything is read: what is typed ahead is typed into it.
        """
        from tui.screens.composer import Composer

        if (mention_id := self.current()) is not None:
            await self.app.push_screen(Composer(mention_id), self._after(mention_id))

    async def action_close_without_reply(self) -> None:
        """Close it with a reason."""
        from tui.screens.closing import Closing

        if (mention_id := self.current()) is not None:
            answer = partial(self._close, mention_id)
            await self.app.push_screen(Closing(mention_id), answer)

    async def action_by_hand(self) -> None:
        """Answered on the network itself: bring the link back."""
        from tui.screens.by_hand import ByHand

        if (mention_id := self.current()) is not None:
            answer = partial(self._answered, mention_id)
            await self.app.push_screen(ByHand(mention_id), answer)

    async def action_why(self) -> None:
        """Why it stands where it does, in minutes."""
        from tui.screens.why import Why

        if (mention_id := self.current()) is not None:
            await self.app.push_screen(Why(mention_id))

    async def action_about(self) -> None:
        """What it is about, to be put right."""
        from tui.screens.about import About

        if (mention_id := self.current()) is not None:
            await self.app.push_screen(About(mention_id), partial(self._correct, mention_id))

    @work(exclusive=True, group="act")
    async def action_reopen(self) -> None:
        """Put a closed one back into the queue."""
        mention_id = self.current()
        if mention_id is not None and await self.desk.attempt(lambda seat: seat.reopen(mention_id)):
            self.desk.say(_("It waits again."))

    def action_unveil(self) -> None:
        """Personal numbers in sight, or dots again."""
        for thread in self.query(ThreadView):
            thread.unveil()

    @work(exclusive=True, group="act")
    async def action_open_post(self) -> None:
        """Open the post where it was written."""
        self.desk.open_link(await self._link())

    @work(exclusive=True, group="act")
    async def action_copy_link(self) -> None:
        """Copy the post's address through the terminal."""
        link = await self._link()
        if link and is_web(link):
            self.desk.copy(link, _("The post's link is copied."))
        else:
            self.desk.say(_("This post has no link."))

    @work(exclusive=True, group="act")
    async def action_copy_words(self) -> None:
        """Copy what the customer wrote through the terminal."""
        mention_id = self.current()
        if mention_id is None:
            return
        thread = await self.desk.attempt(lambda seat: seat.thread(mention_id))
        if thread is not None and thread.mention.text:
            self.desk.copy(visible(thread.mention.text, lines=True), _("The words are copied."))

    def _after(self, mention_id: int) -> Callable[[bool | None], None]:
        """What follows the composer."""

        def noted(answered: bool | None) -> None:
            if answered:
                self.settled(mention_id)

        return noted

    async def _close(self, mention_id: int, reason: str | None) -> None:
        if reason is None:
            return
        if await self.desk.attempt(lambda seat: seat.dismiss(mention_id, reason)):
            self.settled(mention_id)
            self.desk.remember(lambda seat: seat.reopen(mention_id))
            told = _(
                "Closed without reply: {reason}. {undo} undoes it; {ledger} shows the ledger, where"
                " {reopen} reopens it."
            )
            keys = {name: self.desk.label(name) for name in ("undo", "ledger", "reopen")}
            self.desk.say(told.format(reason=reason, **keys))

    async def _correct(self, mention_id: int, names: tuple[str, ...] | None) -> None:
        if names is None:
            return
        if await self.desk.attempt(lambda seat: seat.correct_topics(mention_id, names)):
            self.desk.say(_("Its topics are put right."))

    async def _answered(self, mention_id: int, link: str | None) -> None:
        if link is None:
            return
        if await self.desk.attempt(lambda seat: seat.answered_by_hand(mention_id, link)):
            self.settled(mention_id)
            self.desk.remember(lambda seat: seat.reopen(mention_id))
            self.desk.say(_("Answered by hand; the link is its proof."))

    async def _link(self) -> str | None:
        mention_id = self.current()
        if mention_id is None:
            return None
        thread = await self.desk.attempt(lambda seat: seat.thread(mention_id))
        return thread.mention.url if thread is not None else None
