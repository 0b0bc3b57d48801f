"""The system's status: what each source hears, what a day has cost, which model judges."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from textual import work

from models.networks import FEEDS, why_not
from models.outside import visible
from models.page.words import dollars, weak_word
from models.words import _, counted, spoken
from tui import saying
from tui.screens.dialog import Told, said
from tui.widgets.lines import BLANK, Drawn, fitted

if TYPE_CHECKING:
    from models.figures import Weak
    from models.records.health import Health, Hearing

_NAME = 15
"""Cells for the name of what a line is about."""


class Status(Told):
    """A feed a line, those that are not read with the reason; then money, model and what leaves."""

    def __init__(self) -> None:
        super().__init__(_("System status"))
        self._health: Health | None = None
        self._weaknesses: Sequence[Weak] = ()

    def on_mount(self) -> None:
        """Ask the database."""
        super().on_mount()
        self._ask()

    def lines(self, width: int) -> Sequence[Drawn]:
        """What is known now."""
        if self._health is None:
            return [BLANK]
        told = list[Drawn]()
        for channel, feeds in groupby(self._health.sources, key=lambda one: one.channel):
            told += self._network(channel, list(feeds), width)
            told += [*self._day(self._health, channel, width), BLANK]
        return [*told, *self._works(self._health, width), *self._weak(width)]

    def _network(self, channel: str, feeds: "Sequence[Hearing]", width: int) -> Iterator[Drawn]:
        """What is read there, and why the rest is not."""
        yield Drawn(((saying.network(channel), "strong"),))
        for hearing in feeds:
            state, style = self._state(hearing)
            yield from _line(saying.feed(hearing.feed), state, style, width)
        there = {hearing.feed for hearing in feeds}
        for feed in FEEDS if channel != "sandbox" else ():
            if feed not in there:
                yield from _line(saying.feed(feed), f"n/a: {why_not(channel, feed)}", "dim", width)

    def _day(self, found: "Health", channel: str, width: int) -> Iterator[Drawn]:
        """The network's day so far: what was passed over, and what it has cost."""
        today = _("today")
        if over := found.passed_over.get(channel):
            told = counted("{number} post not about us", "{number} posts not about us", over)
            yield from _line(today, told, "dim", width)
        if spent := found.spent.get(channel):
            told = _("{money} (UTC day), by our own count")
            yield from _line(today, told.format(money=dollars(spent, spoken())), "plain", width)
        if channel in found.stopped:
            told = _("the cap is spent: nothing more is read until midnight UTC")
            yield from _line(today, told, "late", width)

    def _state(self, one: "Hearing") -> tuple[str, str]:
        now, zone = self.desk.now, self.desk.place.zone
        if one.failing_since is not None:
            since = saying.moment(one.failing_since, now, zone)
            told = _("fails since {since}: {error}")
            return told.format(since=since, error=visible(one.error or "")), "late"
        if one.read_at is None:
            return _("not read yet"), "warn"
        read = _("read {when}").format(when=saying.moment(one.read_at, now, zone))
        return (
            (_("{read}, with a hole").format(read=read), "warn") if one.has_gap else (read, "plain")
        )

    def _works(self, found: "Health", width: int) -> Iterator[Drawn]:
        judge = visible(found.judge) if found.judge else _("nobody has judged yet")
        waiting = counted("{number} mention waits", "{number} mentions wait", found.unjudged)
        told = f"{judge}, {waiting}" if found.unjudged else judge
        yield from _line(_("judge"), told, "warn" if found.unjudged else "plain", width)
        listeners = len(self.desk.snapshot.listeners)
        told = counted("{number} listener", "{number} listeners", listeners)
        yield from _line(_("listening"), told, "plain" if listeners else "late", width)
        told = counted("{number} reply", "{number} replies", len(self.desk.snapshot.pending))
        yield from _line(_("outbox"), told, "plain", width)
        told, style = saying.delivery(found.digest, self.desk.now, self.desk.place.zone)
        yield from _line(_("leaders' page"), told, style, width)

    def _weak(self, width: int) -> Iterator[Drawn]:
        """Of the last seven days; by kind, never by person."""
        found = [(one.name, len(one.ids)) for one in self._weaknesses if one.ids]
        if found:
            yield BLANK
            yield Drawn(((_("Weak replies, seven days"), "strong"),))
        for name, number in found:
            yield from _line(str(number), weak_word(name), "warn", width)

    @work(exclusive=True, exit_on_error=False)
    async def _ask(self) -> None:
        self._health = await self.desk.read(lambda seat: seat.health())
        self._weaknesses = await self.desk.read(lambda seat: seat.weaknesses()) or ()
        if self.is_mounted:
            self.fill()


def _line(what: str, says: str, style: str, width: int) -> Iterator[Drawn]:
    """A name, and beside it what is to say, on as many lines as that needs."""
    for number, line in enumerate(said(says, width - _NAME - 3, style)):
        yield Drawn((("  " + fitted("" if number else what, _NAME) + " ", "dim"), *line.cells))
