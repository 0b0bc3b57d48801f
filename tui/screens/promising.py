"""What a reply promises, before it leaves: another time, somebody else, or nothing at all."""

from collections.abc import Sequence
from dataclasses import replace

from textual.widgets import Input

from models.answer import Promised
from models.asked_time import asked_time
from models.words import _
from tui.place import Place
from tui.remarks import due_word, owner_word
from tui.saying import action_word
from tui.screens.dialog import Dialog, said
from tui.widgets.lines import BLANK, Drawn


class Promising(Dialog[tuple[Promised, ...]]):
    """`2 2026-11-24 15:00` gives the second another time, `2 Bo` an owner, `2 -` strikes it."""

    def __init__(self, promises: Sequence[Promised], place: Place, now: int) -> None:
        asks = _("number, then a time, a name or -; Enter alone when all is right")
        super().__init__(_("What it promises"), asks)
        self._promises, self._place, self._now = list(promises), place, now

    def lines(self, width: int) -> Sequence[Drawn]:
        """A promise a line, and how to change it."""
        lines = list[Drawn]()
        for number, one in enumerate(self._promises, 1):
            when = due_word(one.due_at, self._place, self._now)
            told = f"{action_word(one.action)}, {when}, {owner_word(one.owner, self._place)}"
            lines.append(Drawn(((f" {number}  ", "strong"), (told, "plain"))))
        how = _("For example: 1 2026-11-24 15:00 · 1 Bo · 1 - (it is no promise)")
        return [*lines, BLANK, *said(how, width, "dim"), BLANK]

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """One change at a time."""
        written = event.value.strip()
        if not written:
            self.dismiss(tuple(self._promises))
            return
        number, _space, change = written.partition(" ")
        if not number.isdecimal() or not 1 <= int(number) <= len(self._promises) or not change:
            self.desk.say(_("Begin with the promise's number, then what shall be changed."))
            return
        self._change(int(number) - 1, change.strip())
        event.input.clear()
        self.fill()

    def _change(self, place: int, change: str) -> None:
        if change == "-":
            del self._promises[place]
            return
        if not change[0].isdigit():
            self._promises[place] = replace(self._promises[place], owner=change)
            return
        due_at = asked_time(change, self._now, self._place.calendar)
        if due_at is None or due_at <= self._now:
            self.desk.say(_("Write a time to come like this: 2026-11-24 15:00"))
        else:
            self._promises[place] = replace(self._promises[place], due_at=due_at)
