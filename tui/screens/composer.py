"""Write an answer: the conversation in sight, the network's own count, a draft that survives."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import TextArea

from models.answer import Answer, Promised
from models.errors import Refused
from models.networks import NETWORKS, PRIVATE, obstacle, weight
from models.outside import first_line
from models.records.kinds import MentionState, Voice
from models.reply_check import salutation
from models.saved_replies import SEAM, SavedReply
from models.words import _
from tui import saying
from tui.customer import customer_cells
from tui.keymap import WRITING, Group, bindings
from tui.remarks import promise_lines, remark_lines
from tui.screens.by_hand import ByHand
from tui.screens.framed import Framed, Hints
from tui.screens.review import Review, Verdict
from tui.screens.saved import Saved
from tui.snapshot import Snapshot
from tui.widgets.bars import Bars, spread
from tui.widgets.fields import Text
from tui.widgets.lines import Cell
from tui.widgets.thread import ThreadView

if TYPE_CHECKING:
    from models.records.answering import Scene
    from models.records.conversation import Thread
    from models.records.customer import Customer
    from models.records.drafts import Writing
    from models.reply_check import Names, Remark
    from tui.desk import Desk

_FIELD_SECONDS = 5.0
_AGAIN_SECONDS = 2.0
_CHECK_SECONDS = 0.15
_FIRST = ("RC01", "RC03")
"""What mends them stands before everything but the greeting: an apology."""
_TOLD, _TOLD_WHERE_TALL = 3, 8
"""Remarks shown while one writes; the review shows all."""


class Composer(Framed):
    """Ends with True when the mention was answered; in every other case the draft is kept."""

    KEYS: ClassVar[Group] = WRITING
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def __init__(self, mention_id: int) -> None:
        super().__init__()
        self._mention_id = mention_id
        self._thread: Thread | None = None
        self._scene: Scene | None = None
        self._customer: Customer | None = None
        self._remarks: Sequence[Remark] = ()
        self._promises: Sequence[Promised] = ()
        self._checked = ""
        self._writing: Writing | None = None
        self._taken_up = asyncio.Event()
        self._pen, self._eye, self._is_stale = asyncio.Lock(), asyncio.Lock(), False
        self._seen, self._saved, self._is_away = frozenset[int](), "", False

    def hints(self) -> Hints:
        """The keys of this screen."""
        open_place = (("next_seam", _("next open place")),) if self._has_seam else ()
        return (
            *open_place,
            ("review", _("review")),
            ("mend", _("put the suggestion in")),
            ("put_saved", _("saved reply")),
            ("editor", _("your editor")),
            ("away_by_hand", _("answered by hand")),
            ("thread_up thread_down", _("conversation")),
            ("stop_writing", _("back, the draft is kept")),
        )

    def looked_at(self) -> int | None:
        """What is answered."""
        return self._mention_id

    def body(self) -> ComposeResult:
        """The conversation, and the field below it or beside it."""
        yield ThreadView(self.desk.place, id="thread")
        with Vertical(id="writing"):
            yield Bars(id="to", height=2)
            yield Text(id="text", tab_behavior="focus", show_line_numbers=False)
            yield Bars(id="remarks")
            yield Bars(id="count")

    @property
    def _has_seam(self) -> bool:
        return self.stands and SEAM.search(self.text) is not None

    @property
    def text(self) -> str:
        """What is written."""
        return self.query_one("#text", TextArea).text

    @property
    def customers_language(self) -> str:
        """The language of the mention, as soon as it is read."""
        mention = self._thread.mention if self._thread else None
        return (mention and mention.language) or super().customers_language

    def on_mount(self) -> None:
        """The field is there at once; draft and conversation come as they are read."""
        super().on_mount()
        field = self.query_one("#text", TextArea)
        field.cursor_blink = False
        self.set_focus(field)
        self._take_up(field)

    @work(exclusive=True, group="draft")
    async def _take_up(self, field: TextArea) -> None:
        """Others see from now on who writes here."""
        while True:  # a busy database: what is typed meanwhile stays in the field
            self._writing = await self.desk.attempt(lambda seat: seat.take_up(self._mention_id))
            if self._writing is not None:
                break
            await asyncio.sleep(_AGAIN_SECONDS)
        typed, self._saved = field.text, self._writing.body
        field.load_text(self._writing.body + typed)
        field.move_cursor(field.document.end)
        self._taken_up.set()
        if self._writing.others:
            told = _("{who} is writing here too.")
            self.desk.say(told.format(who=first_line(self._writing.others[0], 30)), alarming=True)
        if self._writing.is_elsewhere:
            told = _("You have this open in another window: the words written last are kept.")
            self.desk.say(told, alarming=True)
        self.call_after_refresh(self.show_bars)

    def on_text_area_changed(self) -> None:
        """Count, and read as the customer will, as you type."""
        self.show_bars()
        self._check()

    def see(self, snapshot: Snapshot) -> None:
        """Somebody may have written in this conversation."""
        super().see(snapshot)
        self._reread()

    def tick(self, minute_passed: bool) -> None:
        """Every second: keep what was typed since."""
        super().tick(minute_passed)
        if self.text != self._saved and not self._pen.locked():
            self._save()

    def show_bars(self) -> None:
        """The frame, whom it goes to, and the count."""
        super().show_bars()
        if not self.stands:
            return
        to, count = self.query_one("#to", Bars), self.query_one("#count", Bars)
        to.show([spread(self._to(), [], to.size.width), spread(self._whom(), [], to.size.width)])
        count.show([spread(self._count(), [], count.size.width)])

    async def action_review(self) -> None:
        """See it as it will stand; only there `y` sends it."""
        body = await self._typed()
        if not body.strip():
            self.desk.say(_("There is nothing to review yet."))
            return
        self._save()
        read = (self._thread.mention.text or "") if self._thread else None
        send = partial(self._send, body, self._seen, read)
        page = Review(self._mention_id, body, send, read=read)
        await self.app.push_screen(page, self._leave_if)

    async def action_edit_outside(self) -> None:
        """The desk makes room until the editor ends; the draft is kept before."""
        from tui.editor import edited

        body, field = await self._typed(), self.query_one("#text", TextArea)
        await self._save().wait()
        try:
            with self.app.suspend():
                back = edited(body)
        except SuspendNotSupported:
            self.desk.say(_("This terminal cannot be given to an editor."))
        except Refused as no:
            self.desk.say(str(no), alarming=True)
        else:
            field.load_text(back)
            field.move_cursor(field.document.end)

    async def action_by_hand(self) -> None:
        """Take this text along and answer on the network itself."""
        body = await self._typed()
        self._save()
        await self.app.push_screen(ByHand(self._mention_id, body), self._answered)

    async def _typed(self) -> str:
        """What is written, once the field has taken in every key that was hit before this one."""
        field, taken = self.query_one("#text", TextArea), asyncio.Event()
        field.call_later(taken.set)
        await asyncio.wait_for(taken.wait(), _FIELD_SECONDS)
        return field.text

    async def _send(
        self, body: str, seen: frozenset[int], read: str | None, verdict: Verdict
    ) -> bool:
        """Queue it, and with it let the draft go. Who was not `seen` when it was written waits."""
        await self._taken_up.wait()
        async with self._pen:
            if self._writing is None:
                return False
            overrides, promises = tuple(verdict.overrides.items()), verdict.promises
            answer = Answer(
                body,
                self.desk.place.staff,
                self._writing.key,
                seen,
                read,
                overrides=overrides,
                promises=promises,
            )
            sent = await self.desk.attempt(lambda seat: seat.reply(self._mention_id, answer))
            if sent is not None:
                self._writing = None
            return sent is not None

    async def _answered(self, link: str | None) -> None:
        if link is not None and await self.desk.attempt(
            lambda seat: seat.answered_by_hand(self._mention_id, link)
        ):
            self.desk.say(_("Answered by hand; the link is its proof."))
            self._leave_if(True)

    def _leave_if(self, answered: bool | None) -> None:
        """There is nothing left to write; the draft went with the answer."""
        if answered:
            self._writing = None
            self.dismiss(True)

    async def action_away(self) -> None:
        """Back; the draft is kept. Where that fails, the words stay in the field."""
        if await self.put_away():
            self.dismiss(False)

    async def put_away(self) -> bool:
        """Keep the draft, and tell nobody any more to keep away; False where that fails."""
        with suppress(TimeoutError):  # else it would be taken up after it was put away
            await asyncio.wait_for(self._taken_up.wait(), _AGAIN_SECONDS)
        body, begun = await self._typed(), self._taken_up.is_set()
        async with self._pen:
            if not self._is_away and (self._writing is not None or (not begun and body.strip())):
                done = await self.desk.attempt(
                    lambda seat: seat.put_away(self._mention_id, body, begun)
                )
                self._is_away = bool(done)
                return self._is_away
        return True

    def action_scroll_thread(self, by: int) -> None:
        """Read the conversation without leaving the field."""
        self.query_one("#thread", ThreadView).action_page(by)

    @work(group="save", exit_on_error=False)
    async def _save(self) -> None:
        """Into the database, where a crash cannot take it; one at a time, so the last one stays."""
        async with self._pen:
            body = self.text
            if self._writing is None or self._is_away:
                return
            if await self.desk.attempt(lambda seat: seat.keep(self._mention_id, body)):
                self._saved = body
                self.show_bars()

    @work(group="thread", exit_on_error=False)
    async def _reread(self) -> None:
        """One at a time: whatever is asked for meanwhile is one more reading after it."""
        self._is_stale = True
        while self._is_stale and not self._eye.locked():
            async with self._eye:
                self._is_stale = False
                await self._read_on()

    async def _read_on(self) -> None:
        here = self._mention_id
        read = await self.desk.read(
            lambda seat: (seat.thread(here), seat.scene(here), seat.customer(here))
        )
        if read is None or not self.stands:
            return
        thread, scene, customer = read
        seen = frozenset(said.id for said in thread.said if said.who == Voice.THEIRS)
        if self._thread is not None and seen - self._seen:
            told = _("There are new words in this conversation: read them first.")
            self.desk.say(told, alarming=True)
        if self._thread is None and thread.mention.state != MentionState.OPEN:
            self.desk.say(_state_of(thread.mention.state, self.desk), alarming=True)
        elif self._thread is not None and thread.mention.text != self._thread.mention.text:
            self.desk.say(_("The post was changed: read it first."), alarming=True)
        self._scene, self._customer = scene, customer
        self._thread, self._seen = thread, seen
        self._check()
        self.query_one("#thread", ThreadView).show(thread, self.desk.now)
        self.show_bars()

    @work(exclusive=True, group="check", exit_on_error=False)
    async def _check(self) -> None:
        """Once the hand rests for a moment; in a thread, so that no key waits for it."""
        await asyncio.sleep(_CHECK_SECONDS)
        await self._check_at_once()

    async def _check_at_once(self) -> None:
        scene, text = self._scene, self.text
        if scene is None:
            return
        remarks: Sequence[Remark] = ()
        promises: Sequence[Promised] = ()
        if text.strip():
            remarks = await asyncio.to_thread(scene.remarks, text)
            promises = await asyncio.to_thread(scene.promises, text)
        if self.stands and text == self.text:
            self._remarks, self._promises, self._checked = remarks, promises, text
            self._show_remarks()

    def _show_remarks(self) -> None:
        bar, field = self.query_one("#remarks", Bars), self.query_one("#text", Text)
        width = max(20, self.query_one("#to").size.width - 2)  # a bar not shown yet has none
        told = _TOLD if self.has_class("-low") else _TOLD_WHERE_TALL
        lines = remark_lines(self._remarks, width, {}, limit=told)
        lines += promise_lines(self._promises, self.desk.place, self.desk.now, width)[:_TOLD]
        bar.show(lines)
        if bar.display != bool(lines):  # else all is laid out anew for nothing
            bar.display = bool(lines)
        field.mark([(*one.span, one.level) for one in self._remarks if one.span])

    async def action_mend(self) -> None:
        """The first suggestion goes in: over the words it is about, or where the cursor stands."""
        if await self._typed() != self._checked:  # the spans are of an older text
            await self._check_at_once()
        chosen = next((one for one in self._remarks if one.insert), None)
        field = self.query_one("#text", Text)
        if chosen is None:
            self.desk.say(_("There is no suggestion for this text."))
            return
        self.desk.did("mend")
        if chosen.rule in _FIRST and self._scene is not None:
            here = self._scene.opening(self.text)
            gap = "" if self.text[here : here + 1].isspace() else " "
            field.put(f"{chosen.insert}{gap}", here, here)
        elif chosen.span is None:
            gap = "" if self.text[-1:].isspace() else " "
            field.insert(f"{gap}{chosen.insert}", field.document.end)
        else:
            field.put(chosen.insert, *chosen.span)

    async def action_saved(self) -> None:
        """Choose a saved reply, which comes where the cursor stands."""
        await self._typed()
        mention_id = self._mention_id
        thread = self._thread or await self.desk.read(lambda seat: seat.thread(mention_id))
        scene = self._scene or await self.desk.read(lambda seat: seat.scene(mention_id))
        if thread is None or scene is None:
            return
        names, saved = scene.draft.names, self.desk.place.saved
        for problem in saved.problems:
            self.desk.say(problem, alarming=True)
        fitting = saved.fitting(scene.draft.language, thread.mention.topics)
        if self.is_active:
            await self.app.push_screen(Saved(fitting), partial(self._put_in, names))

    async def _put_in(self, names: "Names", reply: SavedReply | None) -> None:
        """With a greeting where nothing is written yet; its first open place is selected."""
        if reply is None:
            return
        await self._taken_up.wait()  # else the draft would come and take the selection away
        field, text = self.query_one("#text", Text), reply.text
        if not field.text.strip():
            text = f"{salutation(names, reply.language)} {text}"
        field.select_next(SEAM, field.put_in(text))

    async def action_next_seam(self) -> None:
        """Select the next open place of a saved reply; without one nothing, as letters go on."""
        await self._typed()
        field = self.query_one("#text", Text)
        self.set_focus(field)
        if not field.select_next(SEAM):
            self.desk.say(_("There is no open place in this text."))

    def _to(self) -> list[Cell]:
        if self._thread is None:
            return []
        author, mention = self._thread.author, self._thread.mention
        name = first_line(author.name or author.handle or "?", 30)
        cells: list[Cell] = [(_("Reply to {name}").format(name=name), "strong")]
        cells.append((f"  {saying.network(mention.channel)}", "dim"))
        if PRIVATE in mention.flags:
            cells.append((_("  PRIVATE"), "warn"))
        if obstacle(mention.channel, mention.flags, self.desk.place.can_send):
            told = _("  cannot be sent from here: {key} answers by hand")
            cells.append((told.format(key=self.desk.label("away_by_hand")), "late"))
        if mention.state != MentionState.OPEN:
            cells.append((f"  {saying.state_word(mention.state)}", "late"))
        return cells

    def _whom(self) -> list[Cell]:
        """What to know of them before the first word."""
        if self._customer is None:
            return []
        return customer_cells(self._customer, self.desk.now, self.desk.place.zone)

    def _count(self) -> list[Cell]:
        network = NETWORKS.get(self._thread.mention.channel) if self._thread else None
        kept = _("draft kept") if self.text == self._saved else _("…")
        cells: list[Cell] = [(f"  {kept}", "dim")] if self.text else []
        if network and (bulk := weight(network.name, self.text)):
            cells.insert(0, _measured(f"  {bulk.told}", bulk.is_too_much))
        if network is None:
            return [(str(len(self.text)), "plain"), *cells]
        length = network.count(self.text)
        told = _("{length} of {limit}").format(length=length, limit=network.room)
        return [_measured(told, length > network.room), *cells]


def _measured(told: str, is_too_much: bool) -> Cell:
    """A length; with the sign of what blocks where it does."""
    return (f"{told} ✖", "late") if is_too_much else (told, "plain")


def _state_of(state: str, desk: "Desk") -> str:
    """Why there is nothing to answer in a mention that no longer waits."""
    told = {
        MentionState.REPLYING: _("It is being answered already; {outbox} shows the outbox."),
        MentionState.ANSWERED: _("It is answered; {reopen} puts it back into the queue."),
        MentionState.DISMISSED: _("It is closed; {reopen} puts it back into the queue."),
        MentionState.GONE: _("Its author has deleted it; there is nothing to answer."),
    }[MentionState(state)]
    return told.format(outbox=desk.label("outbox"), reopen=desk.label("reopen"))
