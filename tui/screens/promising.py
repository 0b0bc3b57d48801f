"""What a reply promises, before it leaves: another time, somebody else, or nothing at all."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from textual.widgets import Input

from models.answer import Promised
from models.asked_time import asked_time
from models.outside import first_line
from models.promises import ACTIONS
from models.words import _
from tui.place import Place
from tui.remarks import due_word, owner_word
from tui.saying import action_word
from tui.screens.dialog import Dialog, said
from tui.widgets.lines import BLANK, Drawn


class Promising(Dialog[tuple[Promised, ...]]):
    """`2 fri 15` gives the second another time, `2 Bo` an owner, `2 pay back` another kind, and
    `2 -` strikes it. A name none of the `colleagues` bears is asked for twice."""

    def __init__(
        self, promises: Sequence[Promised], place: Place, now: int, colleagues: Sequence[str]
    ) -> None:
        super().__init__(_("What it promises"), _("Enter alone when all is right"))
        self._promises, self._place, self._now = list(promises), place, now
        self._names = {name.casefold(): name for name in (*colleagues, place.staff)}
        self._wrong = ""

    def lines(self, width: int) -> Sequence[Drawn]:
        """A promise a line, how to change it, and what was wrong with the last change."""
        lines = list[Drawn]()
        for number, one in enumerate(self._promises, 1):
            when = due_word(one.due_at, self._place, self._now)
            told = f"{action_word(one.action)}, {when}, {owner_word(one.owner, self._place)}"
            lines.append(Drawn(((f" {number}  ", "strong"), (told, "plain"))))
        kinds = " · ".join(map(action_word, ACTIONS))
        ways = (
            _("1 fri 15:00: another time · 1 Bo: somebody else · 1 -: it is no promise"),
            _("1 and one of these: {kinds}").format(kinds=kinds),
        )
        shown = [line for way in ways for line in said(way, width, "dim")]
        return [*lines, BLANK, *shown, *said(self._wrong or " ", width, "late")]

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """One change at a time."""
        written = event.value.strip()
        if not written:
            self.dismiss(tuple(self._promises))
            return
        number, _space, change = written.partition(" ")
        if not number.isdecimal() or not 1 <= int(number) <= len(self._promises) or not change:
            self._wrong = _("Begin with the promise's number, then what shall be changed.")
        else:
            self._wrong = self._change(int(number) - 1, " ".join(change.split()))
            if not self._wrong:
                event.input.clear()
        self.fill()

    def _change(self, place: int, change: str) -> str:
        """Make it; what is wrong with it, in a sentence."""
        if change == "-":
            del self._promises[place]
            return ""
        due_at = asked_time(change, self._now, self._place.calendar)
        if due_at is not None and due_at > self._now:
            values: dict[str, Any] = {"due_at": due_at}
        elif due_at is not None or change[0].isdigit():
            return _("Write a time to come, such as: 2h · 15.30 · fri 12 · tomorrow")
        elif (action := _kind(change)) is not None:
            values = {"action": action}
        elif (name := self._names.get(change.casefold())) is not None:
            values = {"owner": name}
        else:
            self._names[change.casefold()] = change
            told = _("{name} has answered nobody here yet. Enter once more if the name is right.")
            return told.format(name=first_line(change, 30))
        self._promises[place] = replace(self._promises[place], **values)
        return ""


def _kind(word: str) -> str | None:
    """The kind of promise that goes by this name on the screen."""
    return next((one for one in ACTIONS if action_word(one).casefold() == word.casefold()), None)
