"""A screen with a mention under the cursor, and what can be done with it."""

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from models.records.kinds import MentionState
from models.words import _
from tui.links import is_web
from tui.screens.framed import Framed

if TYPE_CHECKING:
    from models.records.conversation import Thread


class OnMention(Framed):
    """`current` is the mention the keys act on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "reply", show=False),
        Binding("c", "close_without_reply", show=False),
        Binding("b", "by_hand", show=False),
        Binding("E", "why", show=False),
        Binding("o", "open_post", show=False),
        Binding("y", "copy_link", show=False),
        Binding("R", "reopen", show=False),
    ]

    def current(self) -> int | None:
        """The mention's id, or None where the list is empty."""
        raise NotImplementedError

    def settled(self, mention_id: int) -> None:
        """It was settled from here."""

    @work(exclusive=True, group="act")
    async def action_reply(self) -> None:
        """Write an answer; the writer's own draft is there again."""
        from tui.screens.composer import Composer

        thread = await self._thread(open_only=True)
        if thread is None or (mention_id := thread.mention.id) is None:
            return
        if await self.desk.push_screen_wait(Composer(thread)):
            self.settled(mention_id)

    @work(exclusive=True, group="act")
    async def action_close_without_reply(self) -> None:
        """Close it with a reason."""
        from tui.screens.closing import Closing

        thread = await self._thread(open_only=True)
        if thread is None or (mention_id := thread.mention.id) is None:
            return
        reason = await self.desk.push_screen_wait(Closing(thread))
        if reason is None:
            return
        self.settled(mention_id)
        if await self.desk.attempt(lambda seat: seat.dismiss(mention_id, reason)):
            told = _(
                "Closed without reply: {reason}. L shows it in the ledger; R there reopens it."
            )
            self.desk.say(told.format(reason=reason))

    @work(exclusive=True, group="act")
    async def action_by_hand(self) -> None:
        """Answered on the network itself: take the text along, bring the link back."""
        from tui.screens.by_hand import ByHand

        thread = await self._thread(open_only=True)
        if thread is None or (mention_id := thread.mention.id) is None:
            return
        link = await self.desk.push_screen_wait(ByHand(thread))
        if link is None:
            return
        self.settled(mention_id)
        if await self.desk.attempt(lambda seat: seat.answered_by_hand(mention_id, link)):
            self.desk.say(_("Answered by hand; the link is its proof."))

    @work(exclusive=True, group="act")
    async def action_why(self) -> None:
        """Why it stands where it does, in minutes."""
        from tui.screens.why import Why

        thread = await self._thread()
        if thread is not None:
            self.desk.push_screen(Why(thread))

    @work(exclusive=True, group="act")
    async def action_reopen(self) -> None:
        """Put a closed one back into the queue."""
        thread = await self._thread()
        if thread is None or (mention_id := thread.mention.id) is None:
            return
        if await self.desk.attempt(lambda seat: seat.reopen(mention_id)):
            self.desk.say(_("It waits again."))

    @work(exclusive=True, group="act")
    async def action_open_post(self) -> None:
        """Open the post where it was written."""
        thread = await self._thread()
        if thread is not None:
            self.desk.open_link(thread.mention.url)

    @work(exclusive=True, group="act")
    async def action_copy_link(self) -> None:
        """Copy the post's address through the terminal."""
        thread = await self._thread()
        if thread is None:
            return
        if thread.mention.url and is_web(thread.mention.url):
            self.desk.copy(thread.mention.url, _("The post's link is copied."))
        else:
            self.desk.say(_("This post has no link."))

    async def _thread(self, *, open_only: bool = False) -> "Thread | None":
        """The conversation of the mention under the cursor, read now; None if there is none."""
        mention_id = self.current()
        if mention_id is None:
            return None
        thread = await self.desk.attempt(lambda seat: seat.thread(mention_id))
        if thread is not None and open_only and thread.mention.state != MentionState.OPEN:
            self.desk.say(_state_of(thread))
            return None
        return thread


def _state_of(thread: "Thread") -> str:
    """Why nothing can be done with a mention that no longer waits."""
    return {
        MentionState.REPLYING: _("It is being answered already; 8 shows the outbox."),
        MentionState.ANSWERED: _("It is answered; R puts it back into the queue."),
        MentionState.DISMISSED: _("It is closed; R puts it back into the queue."),
        MentionState.GONE: _("Its author has deleted it; there is nothing to answer."),
    }[MentionState(thread.mention.state)]
