"""The lines of the demo's past are what judge, topics and reply check make of them."""

from collections import Counter

import pytest

from listener.demo.cast import STAFF
from listener.demo.play import demo_settings
from listener.demo.script import ONCE, Line, lines
from models.answer import Promised
from models.instant import DAY, HOUR, from_rfc3339
from models.records.answering import Scene
from models.reply_check import (
    COMPLAINT,
    HINT,
    OTHER,
    PRAISE,
    QUESTION,
    Draft,
    Names,
    Thread,
)
from models.sentiment import open_judge
from models.settings import Settings
from models.topics import load

AT = from_rfc3339("2026-11-25T09:00:00Z")
MIDNIGHT = from_rfc3339("2026-11-25T23:00:00Z")
DUE = {"today": MIDNIGHT, "in a day": AT + DAY, "tomorrow noon": MIDNIGHT + 12 * HOUR}
ALL = pytest.mark.parametrize("line", lines(), ids=lambda line: line.id)


def test_the_judge_in_the_box_says_the_same() -> None:
    judged = open_judge("").judge([(line.text, line.lang) for line in lines()])
    for line, found in zip(lines(), judged, strict=True):
        assert found.language == line.lang, line.id
        for ours, theirs in (
            (line.judgement.complaint, found.complaint),
            (line.judgement.question, found.question),
            (line.judgement.positive, found.positive),
        ):
            assert (ours >= 0.5) == (theirs >= 0.5), line.id
        assert line.judgement.cues == found.cues, line.id


@ALL
def test_topics_are_those_its_words_tell(line: Line) -> None:
    assert line.topics == load().assign(line.text, line.lang)


@ALL
def test_a_reply_is_held_back_only_where_the_line_says_why(line: Line) -> None:
    if line.reply is not None:
        held = [one.rule for one in _scene(line).remarks(line.reply) if one.level != HINT]
        assert held == list(line.overrides)
        assert line.reply.endswith(f"/{STAFF[line.lang]}")


@ALL
def test_a_reply_promises_what_the_line_says(line: Line) -> None:
    if line.reply is not None:
        told = line.promise
        owed = [Promised(told["action"], told["text"], DUE[told["due"]])] if told else []
        assert list(_scene(line).promises(line.reply)) == owed
        assert _scene(line).is_holding(line.reply) == line.is_holding


def test_every_language_has_its_lines() -> None:
    found = Counter(line.lang for line in lines() if line.kind != ONCE)
    assert set(found) == set(STAFF)
    assert min(found.values()) >= 12


def _scene(line: Line) -> Scene:
    draft = Draft(
        mention=line.text,
        reply="",
        at=AT,
        calendar=demo_settings(Settings(), 1.0).calendar(),
        language=line.lang,
        intent=_intent(line),
        names=Names(None, None, None),
        is_private=False,
        network="sandbox",
        limit=500,
        brand=("Tallkotte",),
    )
    return Scene(draft, Thread(), AT + DAY)


def _intent(line: Line) -> str:
    if line.judgement.complaint >= 0.5:
        return COMPLAINT
    if line.judgement.question >= 0.5:
        return QUESTION
    return PRAISE if line.judgement.positive >= 0.5 else OTHER
