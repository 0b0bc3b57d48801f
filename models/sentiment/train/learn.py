"""Learning: batches of like length, one loss for what is known of each text, resumable."""

import hashlib
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch.nn import functional

from models.sentiment.judgement import CUES
from models.sentiment.reading import prepared
from models.sentiment.train import base
from models.sentiment.train.net import (
    COMPLAINT,
    CUE,
    QUESTION,
    SENTIMENT,
    URGENCY,
    Net,
)
from models.sentiment.train.sets import Example

_BATCH = 32
_LONGEST = 128
"""Pieces."""
_SMOOTHING = 0.05
_SAVE_EVERY = 300
"""Steps."""
_UNKNOWN = -1
_SPECIAL = 3
"""<s>, <pad>, </s> and <unk> are numbered up to this."""
_WEIGHTS = {"sentiment": 1.0, "complaint": 1.5, "question": 0.5, "cues": 1.0, "urgency": 0.3}
_CUE_WEIGHT = 3.0
"""A cue is rare: one that is there counts as this many that are not."""


@dataclass(frozen=True, slots=True)
class Course:
    """How long and how fast: passes over the examples, the highest rates of body and heads."""

    passes: int
    seed: int
    rate: float = 8e-5
    head_rate: float = 1e-3
    warm_up: float = 0.06
    masked: float = 0.0
    """This share of the pieces is hidden, anew each time: no single word may decide."""
    frozen: bool = False
    """Whether the table of pieces stays as it is, so that words never met keep their meaning."""


def learn(
    net: Net, examples: Sequence[Example], tokenizer: Tokenizer, course: Course, file: Path
) -> None:
    """Teach the network; `file` holds where we are, so that a run can be taken up again.

    Raises ValueError where there is nothing to learn, or where the file is of other lessons.
    """
    if not examples:
        raise ValueError("there is nothing to learn from: too many sets were left out")
    torch.manual_seed(course.seed)
    net.bert.embeddings.word_embeddings.weight.requires_grad_(not course.frozen)
    pieces = encoded([prepared(one.text, base.PREFIX) for one in examples], tokenizer)
    optimizer = torch.optim.AdamW(_groups(net, course), weight_decay=0.01, fused=True)
    steps = course.passes * -(-len(examples) // _BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, step / (course.warm_up * steps)) * (1 - step / steps)
    )
    lessons = _fingerprint(net, examples, pieces, course)
    done = _take_up(file, lessons, net, optimizer, schedule)
    net.train()
    began, first = time.monotonic(), done
    for number, chosen in enumerate(_order(pieces, course)):
        if number < done:
            continue
        torch.manual_seed(course.seed * 1_000_003 + number)
        with torch.autocast("cpu", torch.bfloat16):
            ids, mask = padded([pieces[i] for i in chosen])
            logits, _mean = net(_hidden(ids, net, course.masked), mask)
        loss = _loss(logits.float(), _labels([examples[i] for i in chosen]))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        done = number + 1
        if done % _SAVE_EVERY == 0 or done == steps:
            parts = [optimizer, schedule] if done < steps else []
            _save(file, {"lessons": lessons, "done": done}, net, *parts)
            pace = (done - first) * _BATCH / (time.monotonic() - began)
            print(f"{done} of {steps}, loss {loss.item():.3f}, {pace:.0f} texts/s", flush=True)


def _groups(net: Net, course: Course) -> list[dict[str, object]]:
    heads = [net.queries, *net.heads.parameters()]
    body = [one for one in net.bert.parameters() if one.requires_grad]
    return [{"params": body, "lr": course.rate}, {"params": heads, "lr": course.head_rate}]


def encoded(texts: Sequence[str], tokenizer: Tokenizer) -> list[list[int]]:
    """The pieces of each text, a very long one cut."""
    return [
        one.ids[: _LONGEST - 1] + one.ids[-1:] if len(one.ids) > _LONGEST else one.ids
        for one in tokenizer.encode_batch(list(texts))
    ]


def _order(pieces: Sequence[Sequence[int]], course: Course) -> Iterator[list[int]]:
    """Batches of texts of like length, in an order that only the seed decides."""
    for number in range(course.passes):
        chance = random.Random(course.seed * 101 + number)  # noqa: S311  no secret
        indexes = list(range(len(pieces)))
        chance.shuffle(indexes)
        batches = []
        for start in range(0, len(indexes), 50 * _BATCH):
            pool = sorted(indexes[start : start + 50 * _BATCH], key=lambda i: len(pieces[i]))
            batches += [pool[at : at + _BATCH] for at in range(0, len(pool), _BATCH)]
        chance.shuffle(batches)
        yield from batches


def padded(ids: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """(batch, pieces) ids and mask."""
    width = max(map(len, ids))
    rows = [[*one, *[1] * (width - len(one))] for one in ids]
    mask = [[1] * len(one) + [0] * (width - len(one)) for one in ids]
    return torch.tensor(rows), torch.tensor(mask)


def _hidden(ids: torch.Tensor, net: Net, share: float) -> torch.Tensor:
    """Some pieces replaced by <mask>, the last of the vocabulary; never the special ones."""
    if not share:
        return ids
    chosen = (torch.rand(ids.shape) < share) & (ids > _SPECIAL)
    return ids.masked_fill(chosen, net.bert.config.vocab_size - 1)


def _labels(examples: Sequence[Example]) -> dict[str, torch.Tensor]:
    def known(values: Sequence[int | bool | None]) -> torch.Tensor:
        return torch.tensor([_UNKNOWN if value is None else int(value) for value in values])

    cues = [
        [float(_UNKNOWN)] * len(CUES)
        if one.cues is None
        else [float(cue in one.cues) for cue in CUES]
        for one in examples
    ]
    return {
        "sentiment": known([one.sentiment for one in examples]),
        "complaint": known([one.complaint for one in examples]),
        "question": known([one.question for one in examples]),
        "cues": torch.tensor(cues),
        "urgency": torch.tensor([_levels(one.urgency) for one in examples]),
    }


def _levels(urgency: int | None) -> list[int]:
    return [_UNKNOWN if urgency is None else int(urgency >= least) for least in (1, 2, 3)]


def _loss(logits: torch.Tensor, labels: dict[str, torch.Tensor]) -> torch.Tensor:
    """The weighted sum of each head's mean loss over the whole batch, unknown labels left out."""
    size = len(logits)
    tone = functional.cross_entropy(
        logits[:, SENTIMENT],
        labels["sentiment"],
        ignore_index=_UNKNOWN,
        label_smoothing=_SMOOTHING,
        reduction="sum",
    )
    yes_no = _yes_no(logits[:, COMPLAINT], labels["complaint"], 1.0)
    asks = _yes_no(logits[:, QUESTION], labels["question"], 1.0)
    cues = _yes_no(logits[:, CUE], labels["cues"], _CUE_WEIGHT, smoothing=0.0)
    total = _WEIGHTS["sentiment"] * tone + _WEIGHTS["complaint"] * yes_no
    total = total + _WEIGHTS["question"] * asks + _WEIGHTS["cues"] * cues
    total = total + _WEIGHTS["urgency"] * _yes_no(logits[:, URGENCY], labels["urgency"], 1.0)
    return total / size


def _yes_no(
    logits: torch.Tensor, labels: torch.Tensor, weight: float, smoothing: float = _SMOOTHING
) -> torch.Tensor:
    known = labels != _UNKNOWN
    wanted = labels[known].float()
    smooth = wanted * (1 - smoothing) + 0.5 * smoothing
    counts = torch.where(wanted > 0, weight, 1.0)
    losses = functional.binary_cross_entropy_with_logits(logits[known], smooth, reduction="none")
    return (losses * counts).sum()


def _fingerprint(
    net: Net, examples: Sequence[Example], pieces: Sequence[Sequence[int]], course: Course
) -> str:
    """Of all that decides what is learnt: the course, the texts with their labels, the start."""
    found = hashlib.sha256(repr((course, _WEIGHTS, _CUE_WEIGHT, _BATCH)).encode())
    for example, ids in zip(examples, pieces, strict=True):
        found.update(repr((example, ids)).encode())
    for one in net.state_dict().values():
        found.update(one.numpy().tobytes())
    return found.hexdigest()


def _save(file: Path, where: dict[str, object], net: Net, *parts: Any) -> None:
    beside = file.with_suffix(".new")
    states = [part.state_dict() for part in parts]
    torch.save({**where, "net": net.state_dict(), "parts": states}, beside)
    beside.replace(file)


def _take_up(file: Path, lessons: str, net: Net, *parts: Any) -> int:
    """The steps done by an earlier run of the same lessons, whose state is loaded."""
    if not file.exists():
        return 0
    saved = torch.load(file, weights_only=True)
    if saved["lessons"] != lessons:
        raise ValueError(f"{file} is of other lessons; take it away to learn these")
    net.load_state_dict(saved["net"])
    for part, state in zip(parts, saved["parts"], strict=False):
        part.load_state_dict(state)
    return int(saved["done"])
