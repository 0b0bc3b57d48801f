"""Posts with the topics a reader gave them: `known` ones were looked at while the words were
written, `kept` ones were not. Strangers' are those that other hands wrote, for the reply check."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from models.topics import load

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Labelled:
    """A post, its trade and what it is about."""

    text: str
    lang: str
    trade: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Topics found that are right, found that are wrong, and not found."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


def posts(part: str, hands: str = "") -> list[Labelled]:
    """Those of `known` or `kept`, by `own` hands or `strangers`, or by both."""
    lines = [
        json.loads(line)
        for file in sorted((FOLDER / part).glob("*.jsonl"))
        if hands in ("", "strangers" if file.stem.startswith("strangers") else "own")
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    return [Labelled(**line | {"topics": tuple(line["topics"])}) for line in lines]


def figures(labelled: Iterable[Labelled]) -> Figures:
    """How the words do on them."""
    right = wrong = missed = 0
    for post in labelled:
        found = {*load(post.trade).assign(post.text, post.lang)}
        right += len(found & {*post.topics})
        wrong += len(found - {*post.topics})
        missed += len({*post.topics} - found)
    return Figures(right, wrong, missed)
