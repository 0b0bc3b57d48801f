"""What the past is made of: invented posts in five languages with what was answered, as lines."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any

from models.sentiment.judgement import Judgement

_FILE = Path(__file__).parent / "past.jsonl"
ONCE = "once"
"""The kind of a line that is said on one day alone, the one it names."""


@dataclass(frozen=True, slots=True)
class Line:
    """A post and what became of it; judgement and topics are what the judge in the box says."""

    id: str
    lang: str
    kind: str
    text: str
    reply: str | None
    judgement: Judgement
    topics: tuple[str, ...]
    day: int | None = None
    """So many days before the play; None for lines that come again."""
    is_holding: bool = False
    promise: dict[str, str] = field(default_factory=dict)
    """action, text, and due: `today`, `in a day` or `tomorrow noon`."""
    kept: str | None = None
    """What came of the promise."""
    overrides: dict[str, str] = field(default_factory=dict)
    """Rules of the reply check it was sent in spite of, and why."""
    link: str | None = None
    """Where it was answered by hand."""
    closed: str | None = None
    """Why it was closed without reply."""
    insight: str | None = None
    """What its writer learnt from it."""
    is_named: bool = False
    """Whether that writer's name stands under it."""


class Script:
    """The lines, each kind told round and round."""

    def __init__(self) -> None:
        found = lines()
        self._rounds = {
            kind: cycle([line for line in found if line.kind == kind])
            for kind in {line.kind for line in found}
        }
        self._thanks = {
            lang: cycle([line for line in found if (line.kind, line.lang) == ("thanks", lang)])
            for lang in {line.lang for line in found}
        }
        self._once = [line for line in found if line.kind == ONCE]

    def take(self, wanted: dict[str, int]) -> Iterator[Line]:
        """So many lines of each kind."""
        for kind, number in wanted.items():
            for _time in range(number):
                yield next(self._rounds[kind])

    def once(self, day: int) -> Iterator[Line]:
        """What is said on this day and on no other."""
        return (line for line in self._once if line.day == day)

    def thanks(self, lang: str) -> Line:
        """A glad word in a language."""
        return next(self._thanks[lang])


@cache
def lines() -> tuple[Line, ...]:
    """All of them, as the file has them."""
    return tuple(_line(json.loads(text)) for text in _FILE.read_text("utf-8").splitlines())


def _line(told: dict[str, Any]) -> Line:
    negative, neutral, positive = told.pop("sentiment")
    judgement = Judgement(
        told["lang"],
        negative,
        neutral,
        positive,
        told.pop("complaint"),
        told.pop("question"),
        tuple(told.pop("cues")),
        told.pop("pressing"),
    )
    topics = tuple(told.pop("topics"))
    return Line(**{"reply": None, **told}, judgement=judgement, topics=topics)
