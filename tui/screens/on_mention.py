"""A screen with a mention under the cursor, and what can be done with it."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from models.outside import visible
from models.words import _, counted
from tui.keymap import MENTION, Group, bindings
from tui.links import is_web
from tui.screens.framed import Framed
from tui.widgets.thread import ThreadView

if TYPE_CHECKING:
    from models.records.views import Closed


class OnMention(Framed):
    """`current` is the mention the keys act on."""

    KEYS: ClassVar[Group] = MENTION
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def current(self) -> int | None:
        """The mention's id, or None where the list is empty."""
        raise NotImplementedError

    def targets(self) -> Sequence[int]:
        """The mention under the cursor, unless some are marked."""
        here = self.current()
        return () if here is None else (here,)

    def sorted_out(self) -> None:
        """It was done with what was marked."""

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
        """With one reason, one or all that are marked."""
        from tui.screens.closing import Closing

        if targets := self.targets():
            closing = Closing(targets[0], len(targets))
            await self.app.push_screen(closing, self._closer(targets))

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

    def action_reopen(self) -> None:
        """Put a closed one back into the queue."""
        if (mention_id := self.current()) is not None:
            self.desk.in_turn(self._reopen(mention_id))

    def action_unveil(self) -> None:
        """Personal numbers in sight, or dots again."""
        for thread in self.query(ThreadView):
            thread.unveil()

    def action_open_post(self) -> None:
        """Open the post where it was written."""
        if (mention_id := self.current()) is not None:
            self.desk.in_turn(self._open(mention_id))

    def action_copy_link(self) -> None:
        """Copy the post's address through the terminal."""
        if (mention_id := self.current()) is not None:
            self.desk.in_turn(self._copy_link(mention_id))

    def action_copy_words(self) -> None:
        """Copy what the customer wrote through the terminal."""
        if (mention_id := self.current()) is not None:
            self.desk.in_turn(self._copy_words(mention_id))

    def _after(self, mention_id: int) -> Callable[[bool | None], None]:
        """What follows the composer."""

        def noted(answered: bool | None) -> None:
            if answered:
                self.settled(mention_id)

        return noted

    def _closer(self, targets: Sequence[int]) -> Callable[[str | None], Awaitable[None]]:
        """Closes these once there is a reason."""

        async def close(reason: str | None) -> None:
            if await self._close(targets, reason):
                self.sorted_out()

        return close

    async def _close(self, targets: Sequence[int], reason: str | None) -> bool:
        if reason is None:
            return False
        done = await self.desk.attempt(lambda seat: seat.dismiss_all(targets, reason))
        if done is None:
            return False
        if done.undos:
            self.desk.remember(lambda seat: seat.reopen_closed(done.undos), done.ids[0])
        for one in done.ids:
            self.settled(one)
        self.desk.say(self._told(done, reason), alarming=not done.undos)
        return True

    def _told(self, done: "Closed", reason: str) -> str:
        """What was closed, and why the rest was not."""
        left = next(iter(done.left.values()), "")
        if not done.undos:
            return left
        keys = {name: self.desk.label(name) for name in ("undo", "ledger", "reopen")}
        if len(done.undos) == 1 and not left:
            told = _(
                "Closed without reply: {reason}. {undo} undoes it; {ledger} shows the ledger, where"
                " {reopen} reopens it."
            )
            return told.format(reason=reason, **keys)
        told = counted("{number} closed.", "{number} closed.", len(done.undos))
        if left:
            told += " " + counted("{number} left:", "{number} left:", len(done.left)) + f" {left}"
        return f"{told} " + _("{key} undoes it.").format(key=keys["undo"])

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
            self.desk.remember(lambda seat: seat.reopen_by_hand(mention_id), mention_id)
            self.desk.say(_("Answered by hand; the link is its proof."))

    async def _reopen(self, mention_id: int) -> None:
        if await self.desk.attempt(lambda seat: seat.reopen(mention_id)):
            self.desk.say(_("It waits again."))

    async def _open(self, mention_id: int) -> None:
        if (mention := await self.desk.mention(mention_id)) is not None:
            self.desk.open_link(mention.url)

    async def _copy_link(self, mention_id: int) -> None:
        mention = await self.desk.mention(mention_id)
        if mention is not None and mention.url and is_web(mention.url):
            self.desk.copy(mention.url, _("The post's link is copied."))
        elif mention is not None:
            self.desk.say(_("This post has no link."))

    async def _copy_words(self, mention_id: int) -> None:
        mention = await self.desk.mention(mention_id)
        if mention is not None and mention.text:
            self.desk.copy(visible(mention.text, lines=True), _("The words are copied."))
