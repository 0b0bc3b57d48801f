"""Importing: mentions from a file, in transactions of a few hundred, judged before it ends.

A file can be imported again, or go on after a crash: what is there already is a duplicate.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from listener import lines
from listener.alert import alert_waiting
from listener.channels.sandbox import SandboxChannel
from listener.judge import judge_waiting
from listener.lines import Line
from listener.worker import Worker
from models.records import intake, people, sources
from models.records.intake import Counts
from models.sentiment.judgement import Judge

_BATCH = 200
_CLASH = "a post of another network has this external_id in the sandbox already"


@dataclass(slots=True)
class Imported:
    """What a file brought: counts, and each rejected line with its reason."""

    counts: Counts = field(default_factory=Counts)
    rejected: list[Line] = field(default_factory=list)
    judged: int = 0


def import_file(
    worker: Worker, judge: Judge, file: Path, source: str, *, sandbox: bool = False
) -> Imported:
    """Import every good line of a file; with `sandbox` they become posts of that network."""
    done = Imported()
    for batch in _batches(lines.read(file)):
        good = [line for line in batch if line.post is not None]
        if sandbox:
            good, refused = _place(worker, good)
            done.rejected += refused
        done.rejected += [line for line in batch if line.post is None]
        done.counts += _store(worker, source, good, len(batch) - len(good), sandbox)
    done.judged = judge_waiting(worker, judge)
    alert_waiting(worker)
    done.rejected.sort(key=lambda line: line.number)
    return done


def _store(worker: Worker, name: str, good: list[Line], rejected: int, sandbox: bool) -> Counts:
    at = worker.store.now()
    posts = [line.post for line in good if line.post is not None]
    with worker.store.write() as session:
        account = None  # who answers in threads where none of our accounts has written yet
        if sandbox:
            account = people.own_account(session, "sandbox", _sandbox(worker).account)
        source = sources.ensure(session, f"import:{name}", "file", sources.IMPORT, account)
        return intake.take_in(session, source, posts, at, worker.policy(), rejected=rejected)


def _sandbox(worker: Worker) -> SandboxChannel:
    sandbox = worker.channels["sandbox"]
    assert isinstance(sandbox, SandboxChannel)
    return sandbox


def _place(worker: Worker, good: list[Line]) -> tuple[list[Line], list[Line]]:
    """Put posts onto the sandbox network; a clash of two networks' ids is a rejected line."""
    posts = [line.post for line in good if line.post is not None]
    outcome = _sandbox(worker).network.place(posts)
    placed, refused = list[Line](), list[Line]()
    for line, post, done in zip(good, posts, outcome, strict=True):
        if done:
            url = post.url or f"sandbox://{post.external_id}"
            placed.append(replace(line, post=replace(post, channel="sandbox", url=url)))
        else:
            refused.append(replace(line, post=None, reason=_CLASH))
    return placed, refused


def _batches(found: Iterable[Line]) -> Iterator[list[Line]]:
    iterator = iter(found)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
