"""What the outputs of a network mean: a model's own label names, put to our heads."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.errors import ModelError
from models.sentiment.judgement import CUES
from models.words import _

Numbers = npt.NDArray[np.float32]

_TONES = ("negative", "neutral", "positive")
_SHORT = {"neg": "negative", "neu": "neutral", "pos": "positive"}
_STARS = {"1": "negative", "2": "negative", "3": "neutral", "4": "positive", "5": "positive"}
_NUMBERED = {
    ("label_0", "label_1"): ("negative", "positive"),
    ("label_0", "label_1", "label_2"): _TONES,
}
"""Models that never named their labels; this order is the custom."""


@dataclass(frozen=True, slots=True)
class Heads:
    """Which outputs are which: columns for each tone, and one for each yes-or-no question."""

    tones: dict[str, tuple[int, ...]]
    questions: dict[str, int]

    @classmethod
    def of(cls, labels: Sequence[str]) -> "Heads":
        """The heads of a model with these labels. Raises ModelError where no tone is among them."""
        names = tuple(label.strip().lower() for label in labels)
        names = _NUMBERED.get(names, names)
        tones: dict[str, tuple[int, ...]] = {}
        questions: dict[str, int] = {}
        for column, name in enumerate(names):
            if tone := _tone(name):
                tones[tone] = (*tones.get(tone, ()), column)
            elif name in ("complaint", "question", *CUES, *PRESSES):
                questions[name] = column
        if not {"negative", "positive"} <= tones.keys():
            told = _("its labels are {labels}; a model must tell negative from positive")
            raise ModelError(told.format(labels=", ".join(labels)))
        return cls(tones, questions)

    def sentiment(self, logits: Numbers) -> Numbers:
        """(n, outputs) logits -> (n, 3) probabilities of negative, neutral and positive."""
        columns = [column for tone in _TONES for column in self.tones.get(tone, ())]
        chosen = logits[:, columns]
        powers = np.exp(chosen - chosen.max(axis=1, keepdims=True))
        shares = powers / powers.sum(axis=1, keepdims=True)
        ends = np.cumsum([len(self.tones.get(tone, ())) for tone in _TONES])
        parts = np.split(shares, ends[:-1], axis=1)
        return np.stack([part.sum(axis=1) for part in parts], axis=1)


PRESSES = ("urgency_1", "urgency_2", "urgency_3")


def _tone(name: str) -> str | None:
    name = name.removeprefix("very").lstrip(" _-")
    if name in _TONES:
        return name
    return _SHORT.get(name) or (_STARS.get(name[0]) if name.endswith(("star", "stars")) else None)
