"""The judge with a network: its probabilities, and the cue lists beside it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from models.errors import ModelError
from models.sentiment.judgement import CUES, Judgement
from models.sentiment.labels import Heads, Numbers
from models.sentiment.lexicon_judge import Found
from models.sentiment.reading import is_wordless, prepared
from models.words import _

_SILENT = -15.0
"""The logit of a cue that a model does not know."""
_WORDLESS = 0.02
"""Only signs, links and names: nothing is said that could be a complaint."""


class Network(Protocol):
    """Texts in, a row of logits each out."""

    def logits(self, texts: Sequence[str]) -> Numbers:
        """(texts, labels) logits; ModelError where the model is damaged."""
        ...


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is added to a logit before .5 decides: by head and language, 0 where nothing is said."""

    shifts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    scales: Mapping[str, float] = field(default_factory=dict)
    cue_shift: float = 0.0
    listed_cue_shift: float = 20.0
    """For a cue that the lists name as well; by default their word alone suffices."""
    prefix: str = ""
    """What the model was taught to see before each text."""

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> "Calibration":
        """As a model's config.json holds it under `gensvar`. ModelError where it is no numbers."""
        ours = config.get("gensvar") or {}
        try:
            shifts = {
                head: {language: _number(shift) for language, shift in by_language.items()}
                for head, by_language in ours.get("shifts", {}).items()
            }
            scales = {head: _number(scale) for head, scale in ours.get("scales", {}).items()}
            alone = _number(ours.get("cue_shift", 0.0))
            listed, prefix = _number(ours.get("listed_cue_shift", 20.0)), ours.get("prefix", "")
            return cls(shifts, scales, alone, listed, "".join(prefix))
        except (TypeError, ValueError, AttributeError):
            raise ModelError(_("the model's calibration in config.json is damaged")) from None

    def is_there(self, cue: str, logit: float, listed: bool) -> bool:
        """Whether a cue holds."""
        more = self.listed_cue_shift if listed else self.cue_shift
        return self._calibrated(cue, logit, None) + more >= 0

    def probability(self, head: str, logit: float, language: str | None) -> float:
        """Between 0 and 1; .5 decides."""
        bounded = float(np.clip(self._calibrated(head, logit, language), -20, 20))
        return float(1 / (1 + np.exp(-bounded)))

    def _calibrated(self, head: str, logit: float, language: str | None) -> float:
        shifts = self.shifts.get(head, {})
        return self.scales.get(head, 1.0) * logit + shifts.get(language or "", shifts.get("", 0.0))


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError
    return float(value)


class TrainedJudge:
    """Judges with a network; what its labels do not tell is left to the lists."""

    def __init__(self, name: str, network: Network, heads: Heads, calibration: Calibration) -> None:
        self.name = name
        self._network, self._heads, self._calibration = network, heads, calibration

    def judge(self, texts: Sequence[tuple[str, str | None]]) -> list[Judgement]:
        """One judgement a text; any text is answered. ModelError where the model is damaged."""
        if not texts:
            return []
        logits = self._network.logits(
            [prepared(text, self._calibration.prefix) for text, _hint in texts]
        )
        tones = self._heads.sentiment(logits)
        return [
            self._judgement(text, row, tone, Found(text, hint))
            for (text, hint), row, tone in zip(texts, logits, tones, strict=True)
        ]

    def _judgement(self, text: str, row: Numbers, tone: Numbers, beside: Found) -> Judgement:
        logits = {head: float(row[column]) for head, column in self._heads.questions.items()}
        told = {
            head: self._calibration.probability(head, logit, beside.language)
            for head, logit in logits.items()
            if head not in CUES
        }
        negative, neutral, positive = map(float, tone)
        complaint = told.get("complaint", negative)
        asks, presses = told.get("question"), told.get("urgency_2")
        wordless = is_wordless(text)
        return Judgement(
            language=beside.language,
            negative=negative,
            neutral=neutral,
            positive=positive,
            complaint=min(complaint, _WORDLESS) if wordless else complaint,
            question=beside.question if asks is None else asks,
            cues=tuple(
                cue
                for cue in CUES
                if self._calibration.is_there(cue, logits.get(cue, _SILENT), cue in beside.cues)
            ),
            pressing=beside.pressing if presses is None else presses,
        )
