"""What a mention is about: topics ticked and unticked by letter or mouse, kept with Enter."""

from collections.abc import Sequence
from string import ascii_lowercase
from typing import ClassVar

from textual import events
from textual.binding import BindingType

from models.words import _, spoken
from tui.keymap import ABOUT, Group, bindings
from tui.screens.dialog import Dialog, said
from tui.widgets.lines import BLANK, Drawn


class About(Dialog[tuple[str, ...]]):
    """Nothing is written before Enter, or a click on the last line."""

    KEYS: ClassVar[Group] = ABOUT
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def __init__(self, mention_id: int) -> None:
        super().__init__(_("What it is about"), about=mention_id)
        self._ticked: set[str] | None = None
        self._first = 0

    def lines(self, width: int) -> Sequence[Drawn]:
        """The post's beginning, and a topic a line."""
        if self.thread is None:
            return [BLANK]
        ticked = self._chosen()
        lines = [*said(self.words, width, "dim"), BLANK]
        self._first = len(lines)
        for letter, topic in zip(ascii_lowercase, self._topics(), strict=False):
            sign = "✓" if topic in ticked else " "
            label = self.desk.place.topics.label(topic, spoken())
            style = "plain" if topic in ticked else "dim"
            lines.append(Drawn(((f" {letter} {sign} ", "strong"), (label, style))))
        told = _("a letter or a click ticks; {key} keeps it")
        told = told.format(key=self.desk.label("keep_topics"))
        return [*lines, BLANK, *said(told, width, "dim")]

    def on_key(self, event: events.Key) -> None:
        """A letter ticks its topic, or takes the tick away."""
        place = ascii_lowercase.find(event.key) if len(event.key) == 1 else -1
        if self._tick(place):
            event.stop()

    def on_click(self, event: events.Click) -> None:
        """On a topic: as its letter; below them: keep."""
        words = self.query_one("#words")
        if not words.region.contains(event.screen_x, event.screen_y):
            return
        line = event.screen_y - words.region.y
        if not self._tick(line - self._first) and line > self._first:
            self.action_keep()

    def action_keep(self) -> None:
        """These from now on."""
        if self.thread is not None:
            ticked = self._chosen()
            self.dismiss(tuple(name for name in self._topics() if name in ticked))

    def _tick(self, place: int) -> bool:
        """Whether there is a topic at this place."""
        topics = self._topics()
        if self.thread is None or not 0 <= place < min(len(topics), len(ascii_lowercase)):
            return False
        self._ticked = self._chosen() ^ {topics[place]}
        self.fill()
        return True

    def _topics(self) -> Sequence[str]:
        """Those of the file, and what else the mention has from an older one."""
        known = [topic.name for topic in self.desk.place.topics.all]
        held = self.thread.mention.topics if self.thread else ()
        return [*known, *(name for name in held if name not in known)]

    def _chosen(self) -> set[str]:
        if self._ticked is None:
            return set(self.thread.mention.topics) if self.thread else set()
        return self._ticked
