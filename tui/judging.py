"""`gensvar judge`: texts in, one judgement a line out, streaming, whatever the file's size."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from models.outside import first_line, storable
from models.sentiment import open_judge
from models.sentiment.judgement import Judge, Judgement
from models.settings import Settings
from models.urgency import Allowances, Urgency, weigh
from models.words import _
from tui import output
from tui.lines import numbered, opened
from tui.saying import lane_word

_BATCH, _BATCH_BYTES = 64, 1_000_000
_WIDTHS = (22, 4, 9, 24, 60)


def judge_file(file: Path, settings: Settings, as_json: bool) -> int:
    """Judge every line; how many lines were no texts. They are named, the others judged."""
    judge, rejected = open_judge(settings.sentiment.model), 0
    if not as_json:
        output.row_of([_("lane"), _("lang"), _("complaint"), _("cues"), _("text")], _WIDTHS)
    with opened(file) as stream, _progress(file) as seen:
        for batch in _batches(stream):
            good = [item for item in map(_parsed, batch) if item is not None]
            rejected += sum(bool(raw.strip()) for _number, raw in batch) - len(good)
            for line in _judged(judge, good, settings.answer_within):
                if as_json:
                    output.print_json(line)
                else:
                    output.row_of(_row(line), _WIDTHS)
            seen(sum(len(raw) for _number, raw in batch))
    return rejected


@contextmanager
def _progress(file: Path) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, of bytes read, where the judgements themselves go elsewhere."""
    known = str(file) != "-" and file.is_file()
    if not known or not sys.stderr.isatty() or sys.stdout.isatty():
        yield lambda _bytes: None
        return
    bar = click.progressbar(length=file.stat().st_size, file=sys.stderr, label=_("judging"))
    with bar:
        yield bar.update


def _batches(stream: Any) -> Iterator[list[tuple[int, bytes]]]:
    """Numbered lines, a few at a time."""
    batch, size = list[tuple[int, bytes]](), 0
    for number, raw in numbered(stream):
        batch, size = [*batch, (number, raw)], size + len(raw)
        if len(batch) == _BATCH or size > _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _parsed(line: tuple[int, bytes]) -> dict[str, Any] | None:
    """The text of a line, or None with a sentence about it."""
    number, raw = line
    if not raw.strip():
        return None
    try:
        value = json.loads(raw.decode("utf-8-sig", errors="replace"))
        text, lang = value["text"], value.get("lang")
        if not isinstance(text, str) or not isinstance(lang, str | None):
            raise TypeError
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        sentence = _('line {number}: not an object with a "text"').format(number=number)
        click.echo(sentence, err=True)
        return None
    return {"id": value.get("id", number), "text": storable(text)[0], "lang": lang}


def _judged(
    judge: Judge, items: list[dict[str, Any]], allowances: Allowances
) -> Iterable[dict[str, Any]]:
    judgements = judge.judge([(item["text"], item["lang"]) for item in items])
    for item, judgement in zip(items, judgements, strict=True):
        urgency = weigh(judgement, True, allowances)
        yield _line(item, judgement, urgency)


def _line(item: dict[str, Any], judgement: Judgement, urgency: Urgency) -> dict[str, Any]:
    return {
        "id": item["id"],
        "language": judgement.language,
        "sentiment": {
            "negative": round(judgement.negative, 4),
            "neutral": round(judgement.neutral, 4),
            "positive": round(judgement.positive, 4),
        },
        "complaint": round(judgement.complaint, 4),
        "question": round(judgement.question, 4),
        "cues": list(judgement.cues),
        "lane": int(urgency.lane),
        "allowance_minutes": urgency.allowance_minutes,
        "why": [{"term": term.term, "minutes": term.minutes} for term in urgency.why],
        "text": item["text"],
    }


def _row(line: dict[str, Any]) -> list[str]:
    return [
        lane_word(line["lane"]),
        line["language"] or "–",
        f"{line['complaint']:.2f}",
        " ".join(line["cues"]),
        first_line(line["text"], 60),
    ]
