"""The judge that reads customers' posts; the only room that runs a model."""

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from models.errors import ModelError
from models.sentiment.judgement import Judge, Judgement
from models.words import _

SHIPPED = Path(__file__).parent / "model"
_TRY_AGAIN = 60.0
"""Seconds after which a model that could not be loaded is looked at again."""


def open_judge(model: str = "") -> Judge:
    """The judge that ships in the box, or a Hugging Face `model` by name or folder.

    Raises ModelError in words where it cannot be loaded.
    """
    if not model and not SHIPPED.is_dir():
        raise ModelError(_("the model in the box is missing; install Gensvar again"))
    from models.sentiment.hugging import open_network
    from models.sentiment.labels import Heads
    from models.sentiment.trained_judge import Calibration, TrainedJudge

    network, config, labels = open_network(model or str(SHIPPED))
    calibration = Calibration.of(config)
    name = str((config.get("gensvar") or {}).get("name") or model)
    return TrainedJudge(name, network, Heads.of(labels), calibration)


class LateJudge:
    """Opens its model when it is first asked to judge, and again a while after that has failed.

    A listener goes on listening without a model: whoever cannot be judged is ranked by cues.
    """

    def __init__(self, model: str = "") -> None:
        self.name = model or SHIPPED.name
        self._open = partial(open_judge, model)
        self._judge: Judge | None = None
        self._failed: tuple[float, ModelError] | None = None

    def judge(self, texts: Sequence[tuple[str, str | None]]) -> list[Judgement]:
        """One judgement a text; ModelError while there is no model that works."""
        if self._judge is None:
            self._judge = self._opened()
            self.name = self._judge.name
        return self._judge.judge(texts)

    def _opened(self) -> Judge:
        if self._failed is not None and time.monotonic() < self._failed[0] + _TRY_AGAIN:
            raise self._failed[1]
        try:
            return self._open()
        except ModelError as error:
            self._failed = time.monotonic(), error
            raise
