"""The plain judge: cue lists and a word lexicon in five languages, honest about being no model.

It sees what is said in so many words and misses what is only implied; its weights are set by
hand. Beside the trained model it names language and cues; where that cannot judge, cues alone rank.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.sentiment.judgement import CUES, PRESSING_CUES, URGENT_CUES, Judgement
from models.sentiment.language import identify
from models.sentiment.phrases import LANGUAGES, Lists, lists, plain

_LONGEST = 10_000
_KIN = {"nb": ("nb", "da"), "da": ("da", "nb")}
"""Short Norwegian and Danish cannot be told apart for certain: both lists are read."""
_SENTENCE = re.compile(r"[^.!?\n]{1,400}")
_SHOUT = re.compile(r"!{2,}|\b[A-ZÅÄÖÆØ]{5,}\b")


@dataclass(frozen=True, slots=True)
class _Findings:
    """How often each kind of phrase stands in a post."""

    open: int
    implied: int
    resolved: int
    negative: int
    positive: int
    arousal: int
    asks: float
    cues: tuple[str, ...]


class LexiconJudge:
    """Judges by phrases alone."""

    name = "lexicon-1"

    def judge(self, texts: Sequence[tuple[str, str | None]]) -> list[Judgement]:
        """One judgement a text; any text is answered."""
        return [_judge(text[:_LONGEST], hint) for text, hint in texts]


def cues(text: str, hint: str | None) -> tuple[str, ...]:
    """The hard cues that the lists find, whatever a network says of the post."""
    words = plain(text[:_LONGEST])
    return _cues(_books(identify(text, hint)), words)


def _judge(text: str, hint: str | None) -> Judgement:
    language = identify(text, hint)
    found = _find(text, language)
    pressing = sum(cue in PRESSING_CUES for cue in found.cues)
    urgent = sum(cue in URGENT_CUES for cue in found.cues)
    trouble = 2.4 * min(found.open, 2) + 2.2 * min(found.implied, 2) + 1.8 * pressing
    trouble += 1.6 * urgent + 0.9 * min(found.negative, 3) + 0.7 * min(found.arousal, 2)
    relief = 2.6 * found.resolved + 1.1 * min(found.positive, 3)
    negative, neutral, positive = _softmax(
        0.6 * trouble - 0.4, 0.6 - 0.2 * trouble, 0.9 * relief - 0.3 * trouble - 0.2
    )
    return Judgement(
        language=language,
        negative=negative,
        neutral=neutral,
        positive=positive,
        complaint=_probability(trouble - relief - 1.3),
        question=found.asks,
        cues=found.cues,
        pressing=min(0.9, 0.3 * found.arousal + 0.5 * bool(pressing + urgent)),
    )


def _find(text: str, language: str | None) -> _Findings:
    books, words = _books(language), plain(text)
    tone = [_tone(book, words) for book in books]
    return _Findings(
        open=_most(books, "complaint", "open", words),
        implied=_most(books, "complaint", "implied", words),
        resolved=_most(books, "complaint", "resolved", words),
        negative=max(negative for negative, _positive in tone),
        positive=max(positive for _negative, positive in tone),
        arousal=_most(books, "arousal", "words", words) + len(_SHOUT.findall(text)),
        asks=max(_asks(book, words) for book in books),
        cues=_cues(books, words),
    )


def _books(language: str | None) -> list[Lists]:
    """The lists to read a post of this language with; all of them where it is unknown."""
    read = {*_KIN.get(language, (language,)), "en"} if language else set(LANGUAGES)
    return [lists(code) for code in sorted(read)]


def _cues(books: list[Lists], words: str) -> tuple[str, ...]:
    return tuple(cue for cue in CUES if any(book["cues"][cue].search(words) for book in books))


def _most(books: list[Lists], section: str, name: str, words: str) -> int:
    return max(len(book[section][name].findall(words)) for book in books)


def _tone(book: Lists, words: str) -> tuple[int, int]:
    """Negative and positive words; a negation shortly before turns one round."""
    tone = book["sentiment"]
    softened = tone["softened"].findall(words)
    left = tone["softened"].sub(" ", words)
    negative, positive = 0, len(softened)
    for found in tone["negative"].finditer(left):
        negative += not _negated(book, left, found.start())
    for found in tone["positive"].finditer(left):
        if _negated(book, left, found.start()):
            negative += 1
        else:
            positive += 1
    return negative, positive


def _negated(book: Lists, words: str, start: int) -> bool:
    before = words[max(0, start - 40) : start].split()[-3:]
    return bool(book["sentiment"]["negation"].search(" ".join(before)))


def _asks(book: Lists, words: str) -> float:
    if book["question"]["wants"].search(words):
        return 0.85
    openers = book["question"]["openers"]
    opens = any(openers.match(part.strip(" ,@-–")) for part in _SENTENCE.findall(words))
    if "?" in words:
        return 0.92 if opens else 0.75
    return 0.55 if opens else 0.08


def _probability(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-20.0, min(20.0, logit))))


def _softmax(*scores: float) -> tuple[float, ...]:
    powers = [math.exp(score - max(scores)) for score in scores]
    return tuple(power / sum(powers) for power in powers)
