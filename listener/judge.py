"""Judging what has come in, in batches; a judge that fails hides nobody, since all are queued."""

import logging

from listener.worker import Worker
from models.records import judging
from models.sentiment.judgement import Judge

log = logging.getLogger("gensvar.listener")

BATCH = 64


def judge_waiting(worker: Worker, judge: Judge) -> int:
    """Judge until nobody waits for it; how many were judged."""
    total = 0
    while True:
        with worker.store.read() as session:
            batch = judging.unjudged(session, BATCH)
        if not batch:
            return total
        try:
            judgements = judge.judge([(item.text, item.lang) for item in batch])
        except Exception:  # a judge is somebody's model file: whatever it does, nobody is hidden
            log.exception("the judge %s failed; mentions stay in the queue unjudged", judge.name)
            return total
        pairs = list(zip(batch, judgements, strict=True))
        with worker.store.write() as session:
            stored = judging.store(session, pairs, judge.name, worker.store.now(), worker.bench())
        if stored == 0:
            return total
        total += stored
