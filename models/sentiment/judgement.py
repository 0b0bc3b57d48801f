"""What a judge says of one text, whichever judge it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

URGENT_CUES = (
    "safety",
    "health",
    "legal",
    "fraud",
    "data_leak",
    "vulnerable",
    "stranded",
)
"""Any of them means: answer now."""
BROKEN_PROMISE = "broken_promise"
PRESSING_CUES = (BROKEN_PROMISE, "repeat", "churn")
"""They shorten the time allowed."""
CUES = (*URGENT_CUES, *PRESSING_CUES)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Probabilities (.5 decides, in every language), the language, and the cues found by name."""

    language: str | None
    negative: float
    neutral: float
    positive: float
    complaint: float
    question: float
    cues: tuple[str, ...]
    pressing: float = 0.0
    """How likely it should not wait its turn: a deadline, a great loss, a temper at its end."""


class Judge(Protocol):
    """Texts in, judgements out, in the same order."""

    name: str
    """Which judge and version; stored beside every judgement."""

    def judge(self, texts: Sequence[tuple[str, str | None]]) -> list[Judgement]:
        """Judge (text, language or None) pairs; any text is answered, none raises."""
        ...
