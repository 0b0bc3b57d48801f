"""The demo's first steps: what to try next, and by which key. They wait for nobody and ask nothing.

Whatever is done counts, in any order. A guide that is through is thrown away by its holder.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from models.words import _, speaking


@dataclass(frozen=True, slots=True)
class Step:
    """Something to try: `way` names the keys that lead there from the queue, in order."""

    name: str
    way: tuple[str, ...]
    after: str = ""
    """The step before which this one makes no sense."""

    def told(self, language: str) -> str:
        """What it is, in a few words; `language` is that of the customer to be answered."""
        with speaking(language):
            copied = _("Thank you for your message!")
        return {
            "read": _("read the first of those who wait"),
            "why": _("see why it stands there"),
            "reply": _("write a reply"),
            "mend": _("type “{words}”, then mend it").format(words=copied),
            "send": _("review your reply, then send it"),
            "take_back": _("take it back while you can, if you like"),
            "ledger": _("see every mention with its proof"),
            "page": _("read the page for the leaders"),
        }[self.name]


STEPS: Sequence[Step] = (
    Step("read", ("open",)),
    Step("why", ("why",)),
    Step("reply", ("reply",)),
    Step("mend", ("reply", "mend")),
    Step("send", ("reply", "review", "send")),
    Step("take_back", ("take_back",), after="send"),
    Step("ledger", ("ledger",)),
    Step("page", ("page",)),
)
BACK = ("stop_writing", "edit", "away")
"""Keys that lead back to the queue, each on its own screens."""
OPENED: Mapping[str, str] = {
    "Reading": "read",
    "Why": "why",
    "Composer": "reply",
    "LedgerScreen": "ledger",
    "PageScreen": "page",
}
"""Screen that was opened -> step that is done by it."""


@dataclass(frozen=True, slots=True)
class Guide:
    """Which steps are done; a value, so each deed gives another."""

    done: frozenset[str] = frozenset()

    @property
    def is_through(self) -> bool:
        """Whether nothing is left to try."""
        return len(self.done) == len(STEPS)

    @property
    def number(self) -> int:
        """The place of the next step, from 1, by how many are done."""
        return len(self.done) + 1

    def did(self, step: str) -> "Guide":
        """This one is done."""
        return replace(self, done=self.done | {step})

    def saw(self, leaving: bool) -> "Guide":
        """Whether a reply of whoever sits here waits to leave: sent it is, and then it has left
        or was taken back."""
        if leaving:
            return self.did("send")
        return self.did("take_back") if "send" in self.done else self

    def next(self, here: Collection[str]) -> tuple[Step, tuple[str, ...]]:
        """What to try with the keys that act `here`, and those that are still to be pressed.

        Where none of them leads to anything, the way begins with the key that leads back.
        """
        left = [
            step
            for step in STEPS
            if step.name not in self.done and (not step.after or step.after in self.done)
        ]
        for step in left:
            for place in reversed(range(len(step.way))):
                if step.way[place] in here:
                    return step, step.way[place:]
        back = tuple(name for name in BACK if name in here)[:1]
        return left[0], (*back, *left[0].way)
