"""Calibration on the hands kept for it: scale and shift, so that .5 decides in every language."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.sentiment.hugging import open_network
from models.sentiment.judgement import CUES
from models.sentiment.labels import Heads, Numbers
from models.sentiment.language import identify
from models.sentiment.lexicon_judge import Found
from models.sentiment.reading import prepared
from models.sentiment.train import base
from models.sentiment.train.sets import Example

_STEPS, _RATE = 3_000, 0.05
_PULL = 0.02
"""Shifts of languages are drawn towards their mean: a few hundred posts each say no more."""
_FALSE_ALARMS = 0.09
"""Of posts without a cue. One in nine of them here uses a cue's words without meaning it, far
more than in life: on 400 posts that were written without that aim, and never learnt from, the
same bar lets two in a hundred through, and a cue that is missed costs more than one too many."""

Floats = npt.NDArray[np.float64]


def found(folder: Path, examples: Sequence[Example]) -> dict[str, Any]:
    """What belongs under `gensvar` in the folder's config.json."""
    network, _config, labels = open_network(str(folder))
    logits = network.logits([prepared(one.text, base.PREFIX) for one in examples])
    heads = Heads.of(labels).questions
    languages = [identify(one.text) or one.language for one in examples]
    scales, shifts = dict[str, float](), dict[str, dict[str, float]]()
    known = {
        "complaint": [one.complaint for one in examples],
        "question": [one.question for one in examples],
        "urgency_2": [(one.urgency or 0) >= 2 for one in examples],
    }
    for head, labels_of in known.items():
        wanted = np.array(labels_of, np.float64)
        scales[head], shifts[head] = platt(logits[:, heads[head]], wanted, languages)
    said = logits[:, [heads[cue] for cue in CUES]]
    wanted_cues = np.array([[cue in (one.cues or ()) for cue in CUES] for one in examples])
    for column, cue in enumerate(CUES):
        everywhere = [""] * len(examples)
        label = wanted_cues[:, column].astype(np.float64)
        scales[cue], shifts[cue] = platt(said[:, column], label, everywhere)
        said[:, column] = scales[cue] * said[:, column] + shifts[cue][""]
    listed, offset = _cue_rule(said, wanted_cues, examples)
    return {
        "scales": _rounded(scales),
        "shifts": {head: _rounded(one) for head, one in shifts.items()},
        "cue_shift": round(offset, 3),
        "listed_cue_shift": round(listed, 3),
    }


def platt(
    logits: Numbers, labels: Floats, languages: Sequence[str]
) -> tuple[float, dict[str, float]]:
    """The scale, and the shift of each language, under which the log loss is least."""
    names = sorted(set(languages))
    row = np.array([names.index(language) for language in languages])
    scale, shift = 1.0, np.zeros(len(names))
    size = np.bincount(row, minlength=len(names))
    for _step in range(_STEPS):
        off = 1 / (1 + np.exp(-(scale * logits + shift[row]))) - labels
        scale -= _RATE * float(np.mean(off * logits))
        pull = _PULL * (shift - shift.mean())
        shift = shift - _RATE * (np.bincount(row, off, len(names)) / size + pull)
    return scale, {"": float(shift.mean()), **dict(zip(names, map(float, shift), strict=True))}


def _cue_rule(
    said: Numbers, wanted: npt.NDArray[np.bool_], examples: Sequence[Example]
) -> tuple[float, float]:
    """What is added to every cue's logit, where the lists name it too and where they do not.

    A single bar for all, once each is calibrated: then the next alarm is let through where it is
    likeliest to be right, whichever cue it is.
    """
    listed = [set(Found(one.text, one.language).cues) for one in examples]
    there = np.array([[cue in names for cue in CUES] for names in listed])
    best = (-1.0, 0.0, 0.0)
    for boost in np.arange(2.0, 4.1, 0.5):  # a word said straight out counts
        for shift in np.arange(-3.0, 6.05, 0.1):
            named = said + shift + boost * there > 0
            if named[~wanted.any(axis=1)].any(axis=1).mean() <= _FALSE_ALARMS:
                recall = float((named & wanted)[wanted.any(axis=1)].any(axis=1).mean())
                best = max(best, (recall, -float(shift), -float(boost)))
    _recall, shift, boost = best
    return -shift - boost, -shift


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in values.items()}
