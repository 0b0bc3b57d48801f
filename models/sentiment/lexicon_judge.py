"""The plain judge: cue lists and a word lexicon in five languages, honest about being no model.

It sees what is said in so many words and misses what is only implied; its weights are set by
hand. Beside the trained model it names language and cues; where that cannot judge, cues alone rank.
"""

import math
import re
from collections.abc import Sequence
from functools import cached_property

from models.sentiment.judgement import CUES, PRESSING_CUES, URGENT_CUES, Judgement
from models.sentiment.language import identify
from models.sentiment.phrases import LANGUAGES, Lists, lists, plain

_LONGEST = 10_000
_KIN = {"nb": ("nb", "da"), "da": ("da", "nb")}
"""Short Norwegian and Danish cannot be told apart for certain: both lists are read."""
_SENTENCE = re.compile(r"[^.!?\n]{1,400}")
_SHOUT = re.compile(r"!{2,}|\b[A-ZÅÄÖÆØ]{5,}\b")


class LexiconJudge:
    """Judges by phrases alone."""

    name = "lexicon-1"

    def judge(self, texts: Sequence[tuple[str, str | None]]) -> list[Judgement]:
        """One judgement a text; any text is answered."""
        return [_judge(Found(text, hint)) for text, hint in texts]


class Found:
    """What the lists find in a post, each part looked for when it is first asked for."""

    def __init__(self, text: str, hint: str | None) -> None:
        self._text = text[:_LONGEST]
        self._words = plain(self._text)
        self.language = identify(self._text, hint)

    @cached_property
    def cues(self) -> tuple[str, ...]:
        """The hard cues, whatever a network says of the post."""
        books = self._books("cues")
        return tuple(cue for cue in CUES if any(book[cue].search(self._words) for book in books))

    @cached_property
    def pressing(self) -> float:
        """How hard it presses, 0 to 1."""
        return min(0.9, 0.3 * self.arousal + 0.5 * bool(self.cues))

    @cached_property
    def question(self) -> float:
        """How likely it asks something, 0 to 1."""
        return max(_asks(book, self._words) for book in self._books("question"))

    @cached_property
    def arousal(self) -> int:
        """Words and signs of a raised voice."""
        return self.most("arousal", "words") + len(_SHOUT.findall(self._text))

    @cached_property
    def tone(self) -> tuple[int, int]:
        """Negative and positive words."""
        tones = [_tone(book, self._words) for book in self._books("sentiment")]
        return max(bad for bad, _good in tones), max(good for _bad, good in tones)

    def most(self, section: str, name: str) -> int:
        """How often this list's phrases stand in it, by the language that finds most."""
        return max(len(book[name].findall(self._words)) for book in self._books(section))

    def _books(self, section: str) -> list[Lists]:
        """The lists to read it with: in its language, or in all of them where that is unknown."""
        ours = self.language
        read = {*_KIN.get(ours, (ours,)), "en"} if ours else set(LANGUAGES)
        return [lists(code, section) for code in sorted(read)]


def _judge(found: Found) -> Judgement:
    pressing = sum(cue in PRESSING_CUES for cue in found.cues)
    urgent = sum(cue in URGENT_CUES for cue in found.cues)
    bad, good = found.tone
    trouble = 2.4 * min(found.most("complaint", "open"), 2) + 1.8 * pressing + 1.6 * urgent
    trouble += 2.2 * min(found.most("complaint", "implied"), 2)
    trouble += 0.9 * min(bad, 3) + 0.7 * min(found.arousal, 2)
    relief = 2.6 * found.most("complaint", "resolved") + 1.1 * min(good, 3)
    negative, neutral, positive = _softmax(
        0.6 * trouble - 0.4, 0.6 - 0.2 * trouble, 0.9 * relief - 0.3 * trouble - 0.2
    )
    return Judgement(
        language=found.language,
        negative=negative,
        neutral=neutral,
        positive=positive,
        complaint=_probability(trouble - relief - 1.3),
        question=found.question,
        cues=found.cues,
        pressing=found.pressing,
    )


def _tone(book: Lists, words: str) -> tuple[int, int]:
    """Negative and positive words; a negation shortly before turns one round."""
    softened = book["softened"].findall(words)
    left = book["softened"].sub(" ", words)
    negative, positive = 0, len(softened)
    for found in book["negative"].finditer(left):
        negative += not _negated(book, left, found.start())
    for found in book["positive"].finditer(left):
        if _negated(book, left, found.start()):
            negative += 1
        else:
            positive += 1
    return negative, positive


def _negated(book: Lists, words: str, start: int) -> bool:
    before = words[max(0, start - 40) : start].split()[-3:]
    return bool(book["negation"].search(" ".join(before)))


def _asks(book: Lists, words: str) -> float:
    if book["wants"].search(words):
        return 0.85
    openers = book["openers"]
    opens = any(openers.match(part.strip(" ,@-–")) for part in _SENTENCE.findall(words))
    if "?" in words:
        return 0.92 if opens else 0.75
    return 0.55 if opens else 0.08


def _probability(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-20.0, min(20.0, logit))))


def _softmax(*scores: float) -> tuple[float, ...]:
    powers = [math.exp(score - max(scores)) for score in scores]
    return tuple(power / sum(powers) for power in powers)
