"""The queue: who waits, in order; beside it the conversation they stand in, and who they are."""

from array import array
from collections.abc import Sequence
from concurrent.futures import Future
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.timer import Timer

from models.instant import MINUTE
from models.outside import first_line
from models.personal import masked
from models.words import _, counted
from tui import saying
from tui.keymap import QUEUE, Group, bindings
from tui.row import Row, paint
from tui.screens.framed import Hints
from tui.screens.section import Section
from tui.screens.sorting import Sorting
from tui.snapshot import Snapshot
from tui.widgets.bars import spread
from tui.widgets.beside import Beside
from tui.widgets.lines import Cell, Drawn
from tui.widgets.rows import Read, Rows
from tui.widgets.thread import ThreadView

_LANES: tuple[int | None, ...] = (None, 0, 1, 2, 3, 4)
_AT_REST = 0.12
"""Seconds the cursor rests before the conversation beside it is read."""
_TOLD_AT_ONCE = 3


class Waiting(Sorting, Section):
    """What comes in is announced and held back until asked for, so nothing moves under the hand.

    The mention under the cursor stays in sight, greyed, when a colleague settles it meanwhile.
    """

    NAME = "queue"
    KEYS: ClassVar[Group] = QUEUE
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def __init__(self) -> None:
        super().__init__()
        self._lane: int | None = None
        self._horizon = 0
        self._arrived: Sequence[int] = ()
        self._announced = set[int]()
        self._held: int | None = None
        self._marked = set[int]()
        self._settled, self._left = set[int](), set[int]()
        self._wanted: int | None = None
        """What was taken or came back, until the list has it and the cursor goes there."""
        self._rest: Timer | None = None

    def hints(self) -> Hints:
        """The keys of this screen."""
        acts = [
            ("reply", _("reply")),
            ("close", _("close")),
            ("by_hand", _("by hand")),
            ("why", _("why")),
        ]
        if self.has_class("-reading"):
            return [*acts, ("open_post", _("open the post")), ("back", _("back to the list"))]
        more = [
            ("take", _("take")),
            ("search", _("search")),
            ("open", _("read")),
            ("next_lane", _("lane")),
            ("outbox", _("outbox")),
            ("promises", _("promises")),
            ("ledger", _("ledger")),
            ("page", _("page for the leaders")),
        ]
        return [*acts, *more, ("leave", _("leave"))]

    def body(self) -> ComposeResult:
        """The list; where there is room the conversation and the customer beside it."""
        yield Rows[Row](self._read, self._paint, self._nobody, id="queue")
        yield Beside(self.desk.place, id="beside")

    @property
    def rows(self) -> Rows[Row]:
        """The list."""
        return self.query_one("#queue", Rows)

    @property
    def _beside(self) -> Beside:
        return self.query_one("#beside", Beside)

    @property
    def thread(self) -> ThreadView:
        """The conversation."""
        return self.query_one("#thread", ThreadView)

    def on_mount(self) -> None:
        """Paint the first page before anything else is read."""
        super().on_mount()
        self.set_focus(self.rows)
        self._horizon = self.desk.snapshot.newest
        self.rows.show(self.desk.snapshot.order)

    def see(self, snapshot: Snapshot) -> None:
        """Take the new order, but keep back what came in since the last showing."""
        super().see(snapshot)
        if snapshot.lane != self._lane or snapshot.pressure is None:
            return
        if not self.rows.ids:
            self._horizon = snapshot.newest
        order = snapshot.order
        self._forget_who_is_back(order)
        self._arrived = ()
        if snapshot.newest > self._horizon:
            order = array("q", (i for i in order if i <= self._horizon))
            self._arrived = [i for i in snapshot.order if i > self._horizon]
        self.rows.show(self._with_held(order))
        if self._wanted in order:
            self.rows.go_to(self._wanted or 0)
            self._wanted = None
        self._announce()
        self.show_bars()
        self.read_thread()

    def tick(self, minute_passed: bool) -> None:
        """The clocks on the rows go by minutes."""
        super().tick(minute_passed)
        if minute_passed:
            self.rows.redraw()

    def on_rows_moved(self, message: Rows.Moved) -> None:
        """Read the conversation once the cursor rests."""
        message.stop()
        if self._held is not None and self.rows.current != self._held:
            held, self._held = self._held, None
            self.rows.show(array("q", (i for i in self.rows.ids if i != held)))
        if self._beside.display:
            if self._rest is None:
                self._rest = self.set_timer(_AT_REST, self._at_rest)
            else:
                self._rest.reset()

    def on_rows_chosen(self) -> None:
        """A click reads on too."""
        self.action_read()

    def action_read(self) -> None:
        """Read on in the conversation; done here, so that no key hit later comes before it."""
        if self.rows.current is not None:
            self.add_class("-reading")
            self.set_focus(self.thread)
            self.desk.did("read")
            self.show_bars()
            self.read_thread()
            self.desk.look_at(self.looked_at())

    def _at_rest(self) -> None:
        self._rest = None
        self.read_thread()

    def read_thread(self) -> None:
        """Bring the conversation beside the list up to date, if it is in sight."""
        if self._beside.display and (self.is_active or self.app.screen.is_modal):
            self._read_thread(self.rows.current)

    @work(exclusive=True, group="thread", exit_on_error=False)
    async def _read_thread(self, mention_id: int | None) -> None:
        found = None
        if mention_id is not None:
            found = await self.desk.read(
                lambda seat: (seat.thread(mention_id), seat.customer(mention_id))
            )
        if self.stands:
            self._beside.show(found, self.desk.now)

    def current(self) -> int | None:
        """The mention the keys act on."""
        return self.rows.current

    def go_back_to(self, mention_id: int) -> None:
        """The cursor goes there with the next picture."""
        self._wanted = mention_id

    def settled(self, mention_id: int) -> None:
        """Done by me: it need not be kept in sight."""
        self._settled.add(mention_id)
        if self._held == mention_id:  # the watch was quicker
            self._held = None
            self.rows.show(array("q", (i for i in self.rows.ids if i != mention_id)))

    def action_lane(self, by: int) -> None:
        """Another filter."""
        place = _LANES.index(self._lane)
        self._to_lane(_LANES[(place + by) % len(_LANES)])

    def _to_lane(self, lane: int | None) -> None:
        self._lane = lane
        self._marked.clear()
        self.rows.show(())  # else a key typed ahead would act on the old list
        self._horizon = self.desk.snapshot.newest
        self.desk.look_at_lane(self._lane)
        self.show_bars()

    def action_show_new(self) -> None:
        """Let in what was held back."""
        self._horizon = self.desk.snapshot.newest
        self.see(self.desk.snapshot)

    async def action_take_next(self) -> None:
        """The most urgent that nobody else has, with what came in: mine now; go there and reply."""
        from tui.screens.composer import Composer

        taken = await self.desk.attempt(lambda seat: seat.take_next())
        if taken is None:
            self.action_show_new()
            self.desk.say(_("Nobody waits whom a colleague does not see to already."))
            return
        self.desk.remember(lambda seat: seat.let_go(taken), taken)
        opened = self.app.push_screen(Composer(taken), self._after(taken))
        self._wanted = taken  # what comes next is done below the composer: no row is painted
        if self._lane is not None:
            self._to_lane(None)
        self.action_show_new()
        await opened

    def targets(self) -> Sequence[int]:
        """Those that are marked, else the one under the cursor."""
        return [i for i in self.rows.ids if i in self._marked] or super().targets()

    def sorted_out(self) -> None:
        """None is marked any more."""
        self._marked.clear()
        self.rows.redraw()
        self.show_bars()

    def action_mark(self) -> None:
        """This one too, or no more; and on to the next."""
        if (here := self.rows.current) is not None:
            self._marked ^= {here}
            self.rows.redraw()
            self.rows.action_move(1)
            self.show_bars()

    def looked_at(self) -> int | None:
        """The conversation that is read."""
        return self.rows.current if self.has_class("-reading") else None

    def action_away(self) -> None:
        """To the list; there is nothing below it."""
        self.action_back()

    def action_back(self) -> None:
        """From the conversation back to the list."""
        self.remove_class("-reading")
        self.set_focus(self.rows)
        self._marked.clear()
        self.rows.redraw()
        self.show_bars()
        self.desk.look_at(None)

    async def action_leave(self) -> None:
        """From the conversation to the list, from the list out."""
        if self.has_class("-reading"):
            self.action_back()
        else:
            await self.desk.action_leave()

    def top_bars(self, width: int) -> Sequence[Drawn]:
        """The lanes below the numbers."""
        return [*super().top_bars(width), self._lane_bar(width)]

    def _lane_bar(self, width: int) -> Drawn:
        pressure = self.desk.snapshot.pressure
        cells: list[Cell] = []
        for lane in _LANES:
            told = _("all") if lane is None else saying.lane_word(lane)
            if pressure is not None:
                number = pressure.waiting if lane is None else pressure.lanes.get(lane, 0)
                told = f"{told} {number}"
            cells.append((f" {told} ", "cursor" if lane == self._lane else "dim"))
        return spread(cells, self._news(), width)

    def _news(self) -> list[Cell]:
        if self._marked:
            told = counted("{number} marked", "{number} marked", len(self._marked))
            return [(f"{told} · {self.desk.label('back')} ", "strong")]
        if not self._arrived:
            return []
        told = counted("+{number} new", "+{number} new", len(self._arrived))
        return [(f"{told} · {self.desk.label('show_new')} ", "warn")]

    def _announce(self) -> None:
        """Somebody urgent came in: say who, each once. The urgent are the first of the order."""
        unheard = [i for i in self._arrived if i not in self._announced][:_TOLD_AT_ONCE]
        rows = self._read(unheard) if unheard else {}
        if isinstance(rows, Future):  # a slow database: with the next picture
            return
        urgent = [row for row in rows.values() if row.line.lane == 0]
        for row in urgent:
            self._announced.add(row.line.id)
            name = first_line(row.line.name or row.line.handle or "?", 30)
            told = _("Urgent: {name}: {text}")
            text = first_line(masked(row.line.beginning), 80)
            self.desk.say(told.format(name=name, text=text), alarming=True)

    def _forget_who_is_back(self, order: "array[int]") -> None:
        """What I settled, saw leave and see again is like any other: taken back, or reopened."""
        if self._settled:
            back = self._left.intersection(order)
            self._settled -= back
            self._left = (self._left - back) | self._settled.difference(order)

    def _with_held(self, order: "array[int]") -> "array[int]":
        """The order, with the mention under the cursor kept in it when others settled it."""
        here, place = self.rows.current, self.rows.cursor
        self._held = None
        if here is None or here in self._settled or here in order:
            return order
        kept = self.rows.row(here)
        lane_left = self._lane is not None and kept is not None and kept.line.lane != self._lane
        if lane_left or here > self._horizon:
            return order
        self._held = here
        order = order[:]
        order.insert(min(place, len(order)), here)
        return order

    def _read(self, ids: Sequence[int]) -> Read[Row]:
        if self.desk.seat is None:
            known = self.desk.glance.lines
            return {row_id: Row(known[row_id]) for row_id in ids if row_id in known}
        return self.desk.glimpse(lambda seat: seat.rows(ids))

    def _nobody(self) -> str:
        """What an empty list means."""
        snapshot = self.desk.snapshot
        if snapshot.pressure is None:
            return _("Opening …")
        if not snapshot.newest and self.desk.place.advice:
            return self.desk.place.advice
        if not snapshot.newest:
            told = _(
                "Nothing has come in yet. {key} shows what is read, and when;"
                " `gensvar import FILE` takes mentions in."
            )
            return told.format(key=self.desk.label("status"))
        if self._arrived:
            return _("{key} shows who came in.").format(key=self.desk.label("show_new"))
        lanes, put_off = snapshot.pressure.lanes, snapshot.pressure.snoozed
        here = snapshot.pressure.waiting if self._lane is None else lanes.get(self._lane, 0)
        if here and put_off:
            return _("Whoever waits here is put off until later.")
        if self._lane is not None:
            return _("Nobody waits in this lane.")
        return _("Everybody has an answer.")

    def _paint(self, row: Row, width: int) -> Drawn:
        minute, me = self.desk.now // MINUTE * MINUTE, self.desk.place.staff
        return paint(row, width, minute, me, is_marked=row.line.id in self._marked)
