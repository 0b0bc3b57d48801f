"""The sets that are learnt from and tested on: texts, and what is known of each.

Only `posts/` lies in the repository; the others are read from a folder of data that the person who
trains has got from their authors (`card.py` names origin and licence of each).
"""

import csv
import io
import json
import random
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.sentiment.train import written

NEGATIVE, NEUTRAL, POSITIVE = 0, 1, 2
_SEED = 7
_BAD, _GOOD = {"1", "3", "4", "6"}, {"5", "8"}
"""XED's anger, disgust, fear and sadness; joy and trust."""


@dataclass(frozen=True, slots=True)
class Example:
    """One text; None where nothing is known."""

    text: str
    language: str
    source: str
    sentiment: int | None = None
    complaint: bool | None = None
    question: bool | None = None
    cues: tuple[str, ...] | None = None
    urgency: int | None = None
    group: str = ""
    """What must not be split between learning and testing: a hand, a domain."""


TEST_HANDS = {"sv/edvin", "sv/ingrid", "nb/eirik", "nb/ingvild", "da/emil", "da/inger"}
TEST_HANDS |= {"fi/eero", "fi/irja", "en/ethan", "en/isla"}
DEV_HANDS = {"sv/dagmar", "sv/gun", "nb/dag", "nb/gro", "da/dorte", "da/gitte"}
DEV_HANDS |= {"fi/daniel", "fi/greta", "en/dawn", "en/gareth"}


def posts(part: str) -> list[Example]:
    """The posts written for this project: `train`, `dev` or `test`, each of other hands."""
    found = []
    for file in written.hands():
        hand = f"{file.parent.name}/{file.stem}"
        if part == ("test" if hand in TEST_HANDS else "dev" if hand in DEV_HANDS else "train"):
            found += [_post(one) for one in written.read(file)]
    return found


def _post(one: written.Written) -> Example:
    tone = {"complaint": NEGATIVE, "praise": POSITIVE, "question": NEUTRAL}.get(one.kind)
    return Example(
        one.text,
        one.language,
        "posts",
        tone,
        one.complaint,
        one.asks,
        one.cues,
        one.urgency,
        one.hand,
    )


def norec(data: Path, part: str) -> list[Example]:
    """Sentences of Norwegian reviews in three classes; `train`, `dev`, `test` are official."""
    rows = json.loads((data / f"norec-sentence-no/3class_{part}.json").read_text(encoding="utf-8"))
    tones = {"Negative": NEGATIVE, "Neutral": NEUTRAL, "Positive": POSITIVE}
    return [Example(row["text"], "nb", "norec", tones[row["label"]]) for row in rows]


def scandisent(data: Path, part: str) -> list[Example]:
    """Reviews of Nordic firms in machine-made English; the last 2,500 of each language test."""
    found = []
    with zipfile.ZipFile(data / "scandisent-mt/ScandiSent-mt.zip") as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".csv") and "MACOSX" not in name:
                lines = io.TextIOWrapper(archive.open(name), encoding="utf-8", newline="")
                rows = list(csv.reader(lines))[1:]
                chosen = rows[-2500:] if part == "test" else rows[:-2500]
                found += [_review(row) for row in chosen]
    return found


def _review(row: Sequence[str]) -> Example:
    """A review is written to a firm: a negative one complains of it."""
    good = row[1] == "1"
    return Example(row[0], "en", "scandisent", POSITIVE if good else NEGATIVE, complaint=not good)


def xed(data: Path) -> list[Example]:
    """Film subtitles with emotions; those of one clear tone, and the neutral ones."""
    folder, found = data / "xed", list[Example]()
    for language, name in (
        ("fi", "fi-annotated"),
        ("en", "en-annotated"),
        ("sv", "sv-projections"),
        ("nb", "no-projections"),
        ("da", "da-projections"),
    ):
        for line in (folder / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
            text, _tab, emotions = line.rpartition("\t")
            felt = {emotion.strip() for emotion in emotions.split(",")}
            if text and bool(felt & _BAD) != bool(felt & _GOOD):
                tone = NEGATIVE if felt & _BAD else POSITIVE
                found.append(Example(_subtitle(text), language, "xed", tone))
    for language in ("fi", "en"):
        for line in (folder / f"neu_{language}.txt").read_text(encoding="utf-8").splitlines():
            found.append(Example(_subtitle(line.split("\t")[1]), language, "xed", NEUTRAL))
    return [one for one in found if len(one.text) > 3]


def _subtitle(text: str) -> str:
    """Without the traces of reading letters off pictures (a capital I for an l)."""
    return text.replace("[PERSON]", "@user").strip("-* ")


def complaints(data: Path) -> list[Example]:
    """Tweets to and about firms, complaint or not; the group is the domain."""
    with (data / "complaints-en/complaints.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Example(
                row["text"],
                "en",
                "complaints",
                complaint=row["complaint"] == "1",
                group=row["domain"],
            )
            for row in csv.DictReader(lines)
        ]


def complaints_part(data: Path, part: str) -> list[Example]:
    """`train` or `test`, the latter a fifth of them drawn by lot."""
    everything = complaints(data)
    drawn = set(random.Random(_SEED).sample(range(len(everything)), len(everything) // 5))  # noqa: S311
    return [one for n, one in enumerate(everything) if (n in drawn) == (part == "test")]


def to_brands(examples: Sequence[Example]) -> list[Example]:
    """Without the posts that were drawn at random, which flatter the figures."""
    return [one for one in examples if not one.group.startswith("random")]


def tweets(data: Path) -> list[Example]:
    """English tweets in three classes."""
    folder, found = data / "tweeteval-en/sentiment", list[Example]()
    for part in ("val", "test"):
        texts = (folder / f"{part}_text.txt").read_text(encoding="utf-8").splitlines()
        labels = (folder / f"{part}_labels.txt").read_text(encoding="utf-8").split()
        found += [
            Example(text, "en", "tweets", int(label))
            for text, label in zip(texts, labels, strict=False)
        ]
    return found


def some(examples: Sequence[Example], number: int) -> list[Example]:
    """At most so many of them, the same ones each time."""
    if len(examples) <= number:
        return list(examples)
    return random.Random(_SEED).sample(examples, number)  # noqa: S311  no secret
