"""How well a judge judges: the figures of the card, on texts it has never learnt from."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from models.sentiment.judgement import CUES, Judge, Judgement
from models.sentiment.train.sets import Example
from models.settings import Allowances
from models.urgency import weigh

LANGUAGES = ("sv", "nb", "da", "fi", "en")
_BATCH = 256
_TOP = 20


@dataclass(frozen=True, slots=True)
class Judged:
    """Examples beside what a judge said of them."""

    examples: Sequence[Example]
    judgements: Sequence[Judgement]

    def only(self, wanted: Callable[[Example], bool]) -> "Judged":
        """Those that are wanted."""
        pairs = [
            pair for pair in zip(self.examples, self.judgements, strict=True) if wanted(pair[0])
        ]
        return Judged([one for one, _said in pairs], [said for _one, said in pairs])


def judged(judge: Judge, examples: Sequence[Example]) -> Judged:
    """Let it judge, and find out the language by itself."""
    found = list[Judgement]()
    for start in range(0, len(examples), _BATCH):
        batch = examples[start : start + _BATCH]
        found += judge.judge([(one.text, None) for one in batch])
    return Judged(examples, found)


def complaint_accuracy(one: Judged) -> float:
    """The share of right yes and no at .5."""
    pairs = zip(one.examples, one.judgements, strict=True)
    return _mean([(said.complaint >= 0.5) == known.complaint for known, said in pairs])


def complaint_f1(one: Judged) -> float:
    """Macro-F1 of complaint and none."""
    pairs = [(bool(k.complaint), s.complaint >= 0.5) for k, s in _pairs(one)]
    return macro_f1(pairs, (True, False))


def question_accuracy(one: Judged) -> float:
    """The share of right yes and no at .5."""
    return _mean([(said.question >= 0.5) == known.question for known, said in _pairs(one)])


def tone_f1(one: Judged) -> float:
    """Macro-F1 of the three tones."""
    pairs = [(known.sentiment, _tone(said)) for known, said in _pairs(one)]
    return macro_f1(pairs, (0, 1, 2))


def polarity_accuracy(one: Judged) -> float:
    """Positive or negative, whichever is likelier."""
    return _mean(
        [(said.positive > said.negative) == (known.sentiment == 2) for known, said in _pairs(one)]
    )


def cue_recall(one: Judged) -> float:
    """Of the posts with a hard cue, those where one of them was named."""
    wanted = [(known, said) for known, said in _pairs(one) if known.cues]
    return _mean([bool(set(known.cues or ()) & set(said.cues)) for known, said in wanted])


def false_alarms(one: Judged) -> float:
    """Of the posts without a hard cue, those where one was named."""
    return _mean([bool(said.cues) for known, said in _pairs(one) if not known.cues])


def cue_table(one: Judged) -> dict[str, tuple[int, float, float]]:
    """For each cue: how many posts have it, recall, precision."""
    table = {}
    for cue in CUES:
        there = [cue in (known.cues or ()) for known in one.examples]
        named = [cue in said.cues for said in one.judgements]
        both = sum(a and b for a, b in zip(there, named, strict=True))
        table[cue] = sum(there), both / max(1, sum(there)), both / max(1, sum(named))
    return table


def ranks(one: Judged) -> list[float]:
    """Where each post would stand in the queue had all come at once; smaller is earlier."""
    places = [weigh(said, True, Allowances()) for said in one.judgements]
    return [place.rank * 1e6 + place.allowance_minutes for place in places]


def pairwise_accuracy(one: Judged, places: Sequence[float]) -> float:
    """Of all pairs with unlike urgency, those in the right order; a tie counts a half."""
    right = total = 0.0
    for first, second in combinations(range(len(places)), 2):
        more, less = one.examples[first].urgency or 0, one.examples[second].urgency or 0
        if more == less:
            continue
        ahead = places[second] - places[first] if more > less else places[first] - places[second]
        right += 1.0 if ahead > 0 else 0.5 if ahead == 0 else 0.0
        total += 1
    return right / max(1.0, total)


def ndcg(one: Judged, places: Sequence[float]) -> float:
    """nDCG@20; posts that tie share the mean gain of their places."""
    order = sorted(range(len(places)), key=lambda n: places[n])
    gains = [2 ** (one.examples[n].urgency or 0) - 1 for n in order]
    shared = list[float]()
    while len(shared) < len(order):
        start = len(shared)
        tied = [n for n in range(start, len(order)) if places[order[n]] == places[order[start]]]
        shared += [sum(gains[n] for n in tied) / len(tied)] * len(tied)
    ideal = sorted(gains, reverse=True)
    return _discounted(shared) / max(1e-9, _discounted(ideal))


def macro_f1(pairs: Sequence[tuple[object, object]], classes: Sequence[object]) -> float:
    """The mean over the classes of the harmonic mean of precision and recall."""
    scores = []
    for one in classes:
        both = sum(known == said == one for known, said in pairs)
        known, said = sum(k == one for k, _s in pairs), sum(s == one for _k, s in pairs)
        scores.append(2 * both / max(1, known + said))
    return _mean(scores)


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains[:_TOP]))


def _pairs(one: Judged) -> list[tuple[Example, Judgement]]:
    return list(zip(one.examples, one.judgements, strict=True))


def _tone(said: Judgement) -> int:
    shares = (said.negative, said.neutral, said.positive)
    return shares.index(max(shares))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(1, len(values))
