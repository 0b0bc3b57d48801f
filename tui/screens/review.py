"""The last look before a reply leaves: the exact text, the account, who can read it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from models.answer import Promised
from models.networks import NETWORKS, PRIVATE, obstacle, too_heavy
from models.outside import first_line, visible
from models.personal import masked
from models.records.kinds import LIVE, MentionState
from models.reply_check import BLOCK, WARN, Remark
from models.words import _
from tui import saying
from tui.keymap import REVIEW, Group, bindings
from tui.remarks import promise_lines, remark_lines
from tui.screens.framed import Framed, Hints
from tui.screens.overriding import Overriding
from tui.screens.promising import Promising
from tui.widgets.bars import Sheet
from tui.widgets.lines import BLANK, Drawn, wrapped

if TYPE_CHECKING:
    from models.records.conversation import Thread
    from models.records.tables import Account


_LOOK_SECONDS = 10.0
_ASKED = 6
"""Lines of the customer's post shown above the answer."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What its writer lets stand: rule -> reason for each warning, and the promises."""

    overrides: dict[str, str]
    promises: tuple[Promised, ...] | None


class Review(Framed):
    """Ends with True on `y`, the only key in the house that sends."""

    KEYS: ClassVar[Group] = REVIEW
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def __init__(
        self,
        mention_id: int,
        body: str,
        send: Callable[[Verdict], Awaitable[bool]],
        warning: str = "",
        read: str | None = None,
    ) -> None:
        super().__init__()
        self._mention_id, self._body, self._send, self._warning = mention_id, body, send, warning
        self._read_as = read
        self._thread: Thread | None = None
        self._account: Account | None = None
        self._remarks: Sequence[Remark] = ()
        self._verdict = Verdict({}, None)
        self._sending, self._looked = False, asyncio.Event()

    def hints(self) -> Hints:
        """The keys that do something with this reply."""
        left, blocked = self._held_back(), self._thread and self._blocked(self._thread)
        hints = []
        if not left and not blocked:
            hints.append(("send", _("send")))
        elif not blocked and all(one.level == WARN for one in left):
            hints.append(("override", _("send in spite of a warning")))
        if self._verdict.promises:
            hints.append(("promised", _("promises")))
        return [*hints, ("edit", _("edit, nothing is sent"))]

    def looked_at(self) -> int | None:
        """What is answered."""
        return self._mention_id

    def body(self) -> ComposeResult:
        """The page."""
        yield Sheet(id="page")

    def on_mount(self) -> None:
        """Draw it once its width is known."""
        super().on_mount()
        self.set_focus(self.query_one("#page"))
        self._read()

    def on_resize(self) -> None:
        """Wrap anew."""
        super().on_resize()
        self.call_after_refresh(self._fill)

    def action_send(self) -> None:
        """Yes; once, however long the key is held. From here on no other key does anything."""
        self._sending = True
        self._send_it()

    @work(group="send")
    async def _send_it(self) -> None:
        """Only what can be sent."""
        try:
            await asyncio.wait_for(self._looked.wait(), _LOOK_SECONDS)
        except TimeoutError:
            self._sending = False
            self.desk.say(_("The reply could not be checked yet; try again."), alarming=True)
            return
        if self._thread is not None and (told := self._blocked(self._thread)):
            self.desk.say(told, alarming=True)
            self.dismiss(False)
        elif left := self._held_back():
            self._sending = False
            self.desk.say(self._why_held(left), alarming=True)
        else:
            self.dismiss(await self._send(self._verdict))

    async def action_override(self) -> None:
        """A reason for the warnings; it is kept with the reply."""
        left = self._held_back()
        if not left or any(one.level == BLOCK for one in left):
            self.desk.say(self._why_held(left) if left else _("There is no warning to override."))
            return
        await self.app.push_screen(Overriding([one.why for one in left]), self._overridden)

    async def action_promises(self) -> None:
        """Another time for what it promises, or none at all."""
        if self._verdict.promises:
            names = await self.desk.read(lambda seat: seat.colleagues()) or []
            page = Promising(self._verdict.promises, self.desk.place, self.desk.now, names)
            await self.app.push_screen(page, self._promised)
        else:
            self.desk.say(_("It promises nothing."))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While it is sent nothing may stand above this page: it ends the one on top."""
        return not self._sending

    def action_away(self) -> None:
        """Not yet."""
        self.dismiss(False)

    def action_keys(self) -> None:
        """Nothing may stand above this page when it ends."""
        if not self._sending:
            super().action_keys()

    def action_nothing(self) -> None:
        """Taking another reply back has no place here."""

    def _held_back(self) -> list[Remark]:
        return [
            one
            for one in self._remarks
            if one.level == BLOCK or (one.level == WARN and one.rule not in self._verdict.overrides)
        ]

    def _why_held(self, left: Sequence[Remark]) -> str:
        """The first remark, and what can be done."""
        if left[0].level == BLOCK:
            told = _("It cannot be sent like this: {why} {edit} edits.")
        else:
            told = _("{why} {edit} edits it, {override} sends it all the same, with a reason.")
        keys = {name: self.desk.label(name) for name in ("edit", "override")}
        return told.format(why=left[0].why, **keys)

    def _overridden(self, reason: str | None) -> None:
        if reason:
            given = {one.rule: reason for one in self._held_back()}
            self._verdict = replace(self._verdict, overrides=self._verdict.overrides | given)
            self._fill()

    def _promised(self, promises: tuple[Promised, ...] | None) -> None:
        if promises is not None:
            self._verdict = replace(self._verdict, promises=promises)
            self._fill()

    @work(exclusive=True, group="read", exit_on_error=False)
    async def _read(self) -> None:
        mention_id, body, read = self._mention_id, self._body, self._read_as
        self._account = await self.desk.read(lambda seat: seat.account(mention_id))
        self._thread = await self.desk.read(lambda seat: seat.thread(mention_id))
        if not self._warning:
            scene = await self.desk.read(lambda seat: seat.last_look(mention_id, body, read))
            if scene is not None:
                self._remarks = await asyncio.to_thread(scene.remarks, body)
                self._verdict = Verdict({}, await asyncio.to_thread(scene.promises, body))
        self._looked.set()
        if self.stands:
            self._fill()

    def _fill(self) -> None:
        page = self.query_one("#page", Sheet)
        if self._thread is not None:
            page.show(self._lines(self._thread, max(20, page.size.width - 2)))
        self.show_bars()

    def _lines(self, thread: "Thread", width: int) -> Sequence[Drawn]:
        author, mention, account = thread.author, thread.mention, self._account
        to = first_line(author.name or author.handle or "?", 40)
        ours = f"@{first_line(account.handle, 30)}" if account else "–"
        asked = wrapped(visible(masked(mention.text or ""), lines=True), width - 2)
        lines = [BLANK, *(Drawn((("▎ ", "theirs"), (line, "dim"))) for line in asked[:_ASKED])]
        blocked = self._blocked(thread)
        reach = blocked or self._reach(mention.channel, mention.flags)
        lines += [BLANK, *(Drawn(((line, "warn"),)) for line in wrapped(reach, width))]
        told = _("From {account} to {name} · {length}")
        told = told.format(account=ours, name=to, length=self._length(mention.channel))
        lines += [*(Drawn(((line, "strong"),)) for line in wrapped(told, width)), BLANK]
        for line in wrapped(visible(self._body, lines=True), width - 2):
            lines.append(Drawn((("▎ ", "ours"), (line, "strong"))))
        if self._remarks:
            lines += [BLANK, *remark_lines(self._remarks, width, self._verdict.overrides)]
        if self._verdict.promises:
            owed = self._verdict.promises
            lines += [BLANK, *promise_lines(owed, self.desk.place, self.desk.now, width)]
        if self._warning:
            lines += [BLANK, *(Drawn(((line, "late"),)) for line in wrapped(self._warning, width))]
        if blocked:
            return [*lines, BLANK, *(Drawn(((line, "late"),)) for line in wrapped(blocked, width))]
        if left := self._held_back():
            told = self._why_held(left)
            return [*lines, BLANK, *(Drawn(((line, "late"),)) for line in wrapped(told, width))]
        seconds = f"{self.desk.place.undo_seconds:g}"
        told = _(" sends it; for {seconds} s {undo} takes it back. Every other key sends nothing.")
        told = told.format(seconds=seconds, undo=self.desk.label("take_back"))
        return [*lines, BLANK, Drawn(((self.desk.label("send"), "strong"), (told, "dim")))]

    def _blocked(self, thread: "Thread") -> str:
        """Why it cannot be sent as it is; empty where it can."""
        mention, network = thread.mention, NETWORKS.get(thread.mention.channel)
        reason = obstacle(mention.channel, mention.flags, self.desk.place.can_send)
        if network is None or reason is not None:
            told = _("Go back; {key} answers by hand.")
            return f"{reason or ''} " + told.format(key=self.desk.label("away_by_hand"))
        if (length := network.count(self._body)) > network.room:
            told = _("The reply has {length} characters; {network} takes {limit}.")
            return told.format(length=length, network=network.label, limit=network.room)
        if mention.state != MentionState.OPEN and not self._warning:
            ours = [said.staff for said in thread.said if said.staff and said.state in LIVE]
            state = saying.state_word(mention.state)
            told = _("It does not wait any more: {state} ({staff}).")
            return told.format(state=state, staff=first_line(ours[-1] if ours else "–", 30))
        return too_heavy(mention.channel, self._body) or ""

    def _reach(self, channel: str, flags: Sequence[str]) -> str:
        """Who can read it."""
        network = saying.network(channel)
        if PRIVATE in flags:
            told = _("PRIVATE on {network}: read only by those who can read the post it answers.")
            return told.format(network=network)
        return _("PUBLIC: everybody on {network} can read this.").format(network=network)

    def _length(self, channel: str) -> str:
        network = NETWORKS.get(channel)
        if network is None:
            return ""
        told = _("{length} of {limit} characters")
        return told.format(length=network.count(self._body), limit=network.room)
