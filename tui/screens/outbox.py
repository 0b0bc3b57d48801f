"""The outbox: each reply on its way, what is known of it, and what only a person can decide."""

from array import array
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from models.instant import SECOND
from models.outside import first_line, visible
from models.records.kinds import ReplyState
from models.words import _, counted
from tui import saying
from tui.keymap import AWAY, OUTBOX, SURE, Group, bindings
from tui.links import is_web
from tui.screens.composer import Composer
from tui.screens.dialog import Dialog, said
from tui.screens.framed import Hints
from tui.screens.reading import Reading
from tui.screens.review import Review, Verdict
from tui.screens.section import Section
from tui.snapshot import Snapshot
from tui.widgets.bars import Bars
from tui.widgets.lines import BLANK, Drawn, columns
from tui.widgets.rows import Rows

if TYPE_CHECKING:
    from models.records.outbox import Pending


_ROWS = 11
"""Lines of the screen that are not for the words: the frame, a few rows, what is between."""
_STYLES = {ReplyState.UNKNOWN: "late", ReplyState.FAILED: "warn", ReplyState.CANCELLED: "dim"}


class OutboxScreen(Section):
    """A reply a row; below, its words, its state explained, and its choices."""

    NAME = "outbox"
    KEYS: ClassVar[Group] = OUTBOX + AWAY
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def hints(self) -> Hints:
        """The keys of this screen."""
        return (
            ("open", _("read")),
            ("take_back", _("take back")),
            ("write_anew", _("write anew")),
            ("send_again is_there give_up", _("decide one in doubt")),
            ("away", _("queue")),
        )

    def body(self) -> ComposeResult:
        """The list and the explanation."""
        rows: Rows[Pending] = Rows(self._read, self._paint, id="outbox")
        yield rows
        yield Bars(id="told")

    def on_mount(self) -> None:
        """What is pending now."""
        super().on_mount()
        self.set_focus(self._rows)

    def see(self, snapshot: Snapshot) -> None:
        """The newest first."""
        super().see(snapshot)
        self._rows.show(array("q", reversed([reply.id for reply in snapshot.pending])))
        self._tell()

    def tick(self, minute_passed: bool) -> None:
        """Countdowns go by seconds."""
        super().tick(minute_passed)
        self._rows.redraw()
        self._tell()

    def on_rows_moved(self) -> None:
        """Explain this one."""
        self._tell()

    def on_resize(self) -> None:
        """Other lines fit."""
        super().on_resize()
        self.call_after_refresh(self._tell)

    def on_rows_chosen(self) -> None:
        """Read the conversation it answers."""
        if (reply := self._current()) is not None:
            self.app.push_screen(Reading(reply.mention_id))

    def top_bars(self, width: int) -> Sequence[Drawn]:
        """How many, and what the columns are."""
        told = counted("{number} reply", "{number} replies", len(self.desk.snapshot.pending))
        title = _("Outbox")
        bar = Drawn(((f" {title}  ", "strong"), (f" {told}", "dim")))
        names = (_("state"), _("network"), _("who"), _("words"))
        heads = columns([(name, "dim") for name in names], _shares(width))
        return [*super().top_bars(width), bar, heads]

    async def action_take_back(self) -> None:
        """This reply, if it has not left."""
        reply = self._current()
        if reply is None:
            return
        if reply.state == ReplyState.QUEUED:
            await self.desk.take_back(lambda seat: seat.undo(reply.id))
        else:
            self.desk.say(
                _("It is {state}: too late.").format(state=saying.reply_word(reply.state))
            )

    async def action_send_again(self) -> None:
        """A person has looked and not found it: through review, once more."""
        if (reply := self._doubtful()) is None:
            return

        async def send(_verdict: Verdict) -> bool:
            return bool(await self.desk.attempt(lambda seat: seat.send_again(reply.id)))

        warning = _("Only if you looked and it is not there: else the customer reads it twice.")
        await self.app.push_screen(Review(reply.mention_id, reply.text, send, warning))

    async def action_it_is_there(self) -> None:
        """A person has found it: its link is the proof."""
        if (reply := self._doubtful()) is not None:
            await self.app.push_screen(Seen(reply), partial(self._seen, reply))

    async def action_give_up(self) -> None:
        """Let it go: the mention waits again and the words are a draft."""
        if (reply := self._doubtful()) is not None:
            await self.app.push_screen(GivingUp(reply), partial(self._given_up, reply))

    @work(exclusive=True, group="act")
    async def action_write_anew(self) -> None:
        """The words of a reply that was not sent are the draft of a new one."""
        reply = self._current()
        if reply is None:
            return
        if reply.state not in (ReplyState.FAILED, ReplyState.CANCELLED):
            self.desk.say(_("Only a reply that was not sent can be written anew."))
        elif await self.desk.attempt(lambda seat: seat.write_anew(reply)):
            await self.app.push_screen(Composer(reply.mention_id))

    async def _seen(self, reply: "Pending", link: str | None) -> None:
        if link is not None:
            await self.desk.attempt(lambda seat: seat.it_is_there(reply.id, link))

    async def _given_up(self, reply: "Pending", sure: bool | None) -> None:
        if sure:
            await self.desk.attempt(lambda seat: seat.give_up(reply.id))

    @property
    def _rows(self) -> "Rows[Pending]":
        return self.query_one("#outbox", Rows)

    def _current(self) -> "Pending | None":
        row_id = self._rows.current
        return None if row_id is None else self._read([row_id]).get(row_id)

    def _doubtful(self) -> "Pending | None":
        """The reply under the cursor, if it is one to decide."""
        reply = self._current()
        if reply is not None and reply.state == ReplyState.UNKNOWN:
            return reply
        self.desk.say(_("Only a reply in doubt has something to decide."))
        return None

    def _read(self, ids: Sequence[int]) -> "dict[int, Pending]":
        known = {reply.id: reply for reply in self.desk.snapshot.pending}
        return {row_id: known[row_id] for row_id in ids if row_id in known}

    def _paint(self, reply: "Pending", width: int) -> Drawn:
        state = saying.reply_word(reply.state)
        if reply.state == ReplyState.QUEUED and reply.send_after is not None:
            left = max(0, -((self.desk.now - reply.send_after) // SECOND))
            state = _("leaves in {seconds} s").format(seconds=left) if left else _("leaving")
        texts = (
            (state, _STYLES.get(ReplyState(reply.state), "ours")),
            (saying.network(reply.channel), "dim"),
            (reply.staff, "dim"),
            (reply.text, "plain"),
        )
        return columns(texts, _shares(width))

    def _tell(self) -> None:
        """Its state before its words: those may be longer than the screen."""
        told = self.query_one("#told", Bars)
        reply, width = self._current(), max(20, told.size.width - 2)
        if reply is None:
            told.show(said(_("No reply is on its way, in doubt or refused."), width, "dim"))
            return
        lines = [BLANK, *said(self._explained(reply), width)]
        if reply.error:
            heard = _("What was heard: {error}").format(error=visible(reply.error))
            lines += said(heard, width, "warn")
        words = said(visible(reply.text, lines=True), width, "strong")
        room = max(2, self.size.height - _ROWS - len(lines))
        if len(words) > room:
            more = _("… the rest with {key}").format(key=self.desk.label("open"))
            words = [*words[: room - 1], *said(more, width, "dim")]
        told.show([*lines, BLANK, *words])

    def _explained(self, reply: "Pending") -> str:
        """Its state in sentences, with what a person can do."""
        told = {
            ReplyState.QUEUED: _("It leaves by itself once its time is up; {undo} takes it back."),
            ReplyState.SENDING: _("It is being handed to the network just now."),
            ReplyState.UNKNOWN: _(
                "Nobody knows whether it went out: the network fell silent in the middle. It is"
                " looked for by itself. Or look there yourself, then: {there} it is there · {again}"
                " send it again · {up} give it up, the mention waits again."
            ),
            ReplyState.FAILED: _(
                "The network refused it. The mention waits again; {anew} writes a new reply with"
                " these words."
            ),
            ReplyState.CANCELLED: _(
                "It was taken back by itself and never sent; {anew} writes a new reply with these"
                " words."
            ),
        }[ReplyState(reply.state)]
        keys = {"undo": "take_back", "there": "is_there", "again": "send_again"}
        keys |= {"up": "give_up", "anew": "write_anew"}
        return told.format(**{name: self.desk.label(key) for name, key in keys.items()})


def _shares(width: int) -> tuple[int, ...]:
    """Cells for the state, the network, whoever wrote it, the words."""
    fixed = (17, 9, 11)
    return (*fixed, max(2, width - 1 - sum(fixed)))


class Seen(Dialog[str]):
    """Where the reply was found."""

    def __init__(self, reply: "Pending") -> None:
        super().__init__(_("It is there"), _("https://… of the reply, then Enter"))
        self._text = reply.text

    def lines(self, width: int) -> Sequence[Drawn]:
        """Which reply it is about."""
        told = _("You have seen this reply on the network. Its link is the proof:")
        return [*said(first_line(self._text, width), width, "dim"), BLANK, *said(told, width)]

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Only a web address is a proof."""
        if is_web(event.value.strip()):
            self.dismiss(event.value.strip())


class GivingUp(Dialog[bool]):
    """Asks once more."""

    KEYS: ClassVar[Group] = SURE
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def __init__(self, reply: "Pending") -> None:
        super().__init__(_("Give it up"))
        self._text = reply.text

    def lines(self, width: int) -> Sequence[Drawn]:
        """What it means."""
        told = _("The mention waits again and your words stay as a draft. {key} gives it up.")
        told = told.format(key=self.desk.label("sure"))
        return [*said(first_line(self._text, width), width, "dim"), BLANK, *said(told, width)]

    def action_yes(self) -> None:
        """Let it go."""
        self.dismiss(True)
