"""Judging what has come in, in batches; a judge that fails hides nobody, since all are queued."""

import logging
from collections.abc import Callable, Sequence

from listener.worker import Worker
from models.records import judging
from models.records.judging import Unjudged
from models.sentiment.judgement import Judge, Judgement

log = logging.getLogger("gensvar.listener")

BATCH = 64


def judge_waiting(
    worker: Worker, judge: Judge, is_stopping: Callable[[], bool] = lambda: False
) -> int:
    """Judge everybody who waits for it, once; how many were judged. Stops between two batches."""
    total, last = 0, 0
    while not is_stopping():
        with worker.store.read() as session:
            batch = judging.unjudged(session, BATCH, after=last)
        if not batch:
            return total
        last = batch[-1].mention_id
        pairs = _judged(judge, batch)
        with worker.store.write() as session:
            total += judging.store(session, pairs, judge.name, worker.store.now(), worker.bench())
    return total


def _judged(judge: Judge, batch: Sequence[Unjudged]) -> list[tuple[Unjudged, Judgement]]:
    """The batch with its judgements; where it fails, one by one without those that break it."""
    try:
        found = judge.judge([(item.text, item.lang) for item in batch])
        return list(zip(batch, found, strict=True))
    except Exception as error:  # a judge is somebody's model file: whatever it does, nobody hides
        if len(batch) == 1:
            log.warning("%s failed on mention %d: %r", judge.name, batch[0].mention_id, error)
            return []
    return [pair for item in batch for pair in _judged(judge, [item])]
