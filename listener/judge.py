"""Judging what has come in, in batches; a judge that fails hides nobody, since all are queued.

Whom it could not judge is ranked by the cue lists alone, marked as not judged, and tried again.
"""

import logging
import time
from collections.abc import Callable, Sequence

from listener.worker import Worker
from models.errors import ModelError, Unreadable
from models.records import judging
from models.records.judging import Unjudged
from models.sentiment.judgement import Judge, Judgement
from models.sentiment.lexicon_judge import Found

log = logging.getLogger("gensvar.listener")

BATCH = 64


def judge_waiting(
    worker: Worker,
    judge: Judge,
    is_stopping: Callable[[], bool] = lambda: False,
    seconds: float = float("inf"),
) -> int:
    """Judge everybody who waits for it, once; how many were judged.

    Stops between two batches when told to, or after so many seconds: a slow model must not keep
    the listener from listening.
    """
    total, last, end = 0, 0, time.monotonic() + seconds
    while not is_stopping() and time.monotonic() < end:
        with worker.store.read() as session:
            batch = judging.unjudged(session, BATCH, after=last)
        if not batch:
            return total
        last = batch[-1].mention_id
        total += _judge_batch(worker, judge, batch)
    return total


def _judge_batch(worker: Worker, judge: Judge, batch: Sequence[Unjudged]) -> int:
    pairs = _judged(judge, batch)
    done = {item.mention_id for item, _judgement in pairs}
    left = [
        (item, Found(item.text, item.lang).cues) for item in batch if item.mention_id not in done
    ]
    bench = worker.bench()
    with worker.store.write() as session:
        judging.lock(session, batch)
        judging.rank_by_cues(session, left, bench)
        return judging.store(session, pairs, judge.name, worker.store.now(), bench)


def _judged(judge: Judge, batch: Sequence[Unjudged]) -> list[tuple[Unjudged, Judgement]]:
    """The batch with its judgements; where it fails, one by one without those that break it."""
    try:
        found = judge.judge([(item.text, item.lang) for item in batch])
        return list(zip(batch, found, strict=True))
    except Exception as error:  # a judge is somebody's model file: whatever it does, nobody hides
        if isinstance(error, ModelError) and not isinstance(error, Unreadable):
            log.warning("nobody is judged: %s", error)
            return []
        if len(batch) == 1:
            log.warning("%s failed on mention %d: %r", judge.name, batch[0].mention_id, error)
            return []
    return [pair for item in batch for pair in _judged(judge, [item])]
