"""A text as words and sentences, each with its place in the text as it was written.

Zero-width letters, bidi marks, piled accents and letters that only look different are undone
first, so that none of them hides a word or a number.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

LONGEST = 10_000
"""Characters that are read as words: no network takes a longer reply."""
_PLAIN = re.compile("[\n -~\u00a1-\u00ac\u00ae-\u017f–—“”…•€]*")
"""Letters and signs that stand for themselves: nearly every text holds nothing else."""
_MARKS = 8
"""More marks than this on one letter are left out: normalising them is quadratic."""
_SIGNS = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "‐": "-", "‑": "-", "−": "-"})
_WORD = re.compile(
    r"(?P<link>(?:https?://|www\.)[^\s<>]{1,2000}"
    r"|(?:[\w-]{1,63}\.){1,4}(?:com|net|org|info|eu|se|nu|no|dk|fi|io|app|uk|example)"
    r"(?![\w.@-]*\w)(?:/[^\s<>]{0,2000})?)"
    r"|(?P<mail>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})"
    r"|(?P<handle>@\w[\w.]{0,60})"
    r"|(?P<number>\d{1,40}(?:[.:,]\d{1,40}){0,4})"
    r"|[ap]\.m(?!\w)|%"
    r"|[^\W\d_]{1,60}(?:['\-:][^\W\d_]{1,60}){0,4}"
)
_STOP = re.compile(r"[.!?…]+(?=[\s\"'”»)\]]|$)|[!?]+(?=[^\w/&=%#]|[A-ZÅÄÖÆØ][a-zåäöæø])|\n+")
_DATE = re.compile(r"\d{1,2}(?:\.\d{1,2})?")
"""What a full stop makes an ordinal or a date: 3. mai, 15.1. klo 10."""
_SHORT = frozenset(
    (
        *(
            "kl",
            "klo",
            "kr",
            "ca",
            "tel",
            "tlf",
            "puh",
            "nr",
            "no",
            "ev",
            "evt",
            "eks",
            "ex",
            "t.ex",
        ),
        *("f.eks", "bl", "m", "inkl", "max", "min", "ang", "resp", "st", "mr", "mrs", "ms", "dr"),
        *("d", "den", "alk", "esim", "n", "ks", "vrt", "approx"),
    )
)
"""Words whose full stop ends no sentence."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word: as phrases compare it, as it was written, and where it stands."""

    text: str
    raw: str
    kind: str
    """word, number, link, mail or handle"""
    start: int
    end: int
    sentence: int
    clause: int
    """Counts on at every comma, dash, colon and bracket."""

    @property
    def is_capital(self) -> bool:
        """Whether it is written like a name."""
        return self.raw[:1].isupper()


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words `first` to `last` (exclusive), and whether it asks."""

    first: int
    last: int
    start: int
    end: int
    asks: bool


class Text:
    """A text read once; `plain` is what patterns are held against, `place` leads back."""

    def __init__(self, original: str) -> None:
        self.original = original
        if _PLAIN.fullmatch(original):
            self.plain, self._places = original.translate(_SIGNS), list[tuple[int, int]]()
        else:
            self.plain, self._places = _plain(original)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """A span of `plain` as a span of the text as it was written."""
        if not self._places or start >= end:
            return start, end
        return self._places[start][0], self._places[end - 1][1]

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The words of the first LONGEST characters."""
        return self._cut[0]

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Its sentences in order; together they hold every word."""
        return self._cut[1]

    def within(self, sentence: int) -> tuple[Word, ...]:
        """The words of one sentence."""
        cut = self.sentences[sentence]
        return self.words[cut.first : cut.last]

    @cached_property
    def _cut(self) -> tuple[tuple[Word, ...], tuple[Sentence, ...]]:
        words, sentences = list[Word](), list[Sentence]()
        for start, end, asks in _sentences(self.plain[:LONGEST]):
            first = len(words)
            words.extend(self._words_between(start, end, len(sentences)))
            if len(words) > first:
                sentences.append(Sentence(first, len(words), start, end, asks))
        return tuple(words), tuple(sentences)

    def _words_between(self, start: int, end: int, sentence: int) -> list[Word]:
        found, clause, reached = list[Word](), 0, start
        for match in _WORD.finditer(self.plain, start, end):
            clause += any(sign in ",;:–—()" for sign in self.plain[reached : match.start()])
            clause += " - " in self.plain[reached : match.start()]
            reached = match.end()
            raw = match.group()
            kind = match.lastgroup or "word"
            place = self.place(match.start(), match.end())
            found.append(Word(raw.lower(), raw, kind, *place, sentence, clause))
        return found


def _sentences(plain: str) -> list[tuple[int, int, bool]]:
    """Start, end and whether it asks, of each sentence."""
    cuts, start = list[tuple[int, int, bool]](), 0
    for stop in _STOP.finditer(plain):
        if stop.group() == "." and _is_inside(plain, stop.start(), stop.end()):
            continue
        cuts.append((start, stop.end(), "?" in stop.group()))
        start = stop.end()
    return [*cuts, (start, len(plain), False)]


def _is_inside(plain: str, dot: int, after: int) -> bool:
    """Whether a full stop belongs to a short form or an ordinal."""
    before = plain[max(0, dot - 12) : dot].split()
    if not before:
        return False
    last = before[-1].lower().lstrip("(")
    rest = plain[after : after + 3].lstrip()
    if _DATE.fullmatch(last):
        return rest[:1].islower()
    return last in _SHORT and (rest[:1].islower() or rest[:1].isdigit())


def _plain(original: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without what cannot be seen, composed, and where each letter came from."""
    letters, places = list[str](), list[tuple[int, int]]()
    for start, end, cluster in _clusters(original):
        for letter in unicodedata.normalize("NFKC", cluster).translate(_SIGNS):
            letters.append(letter)
            places.append((start, end))
    return "".join(letters), places


def _clusters(original: str) -> list[tuple[int, int, str]]:
    """Letters with their marks, and where each begins and ends; the invisible ones are left out."""
    clusters = list[tuple[int, int, str]]()
    for start, letter in enumerate(original):
        kind = unicodedata.category(letter)
        if kind in ("Cf", "Cs") or letter in "\u034f\ufe0f\u115f\u3164\uffa0":
            continue
        if kind in ("Mn", "Me") and clusters:
            begun, _end, cluster = clusters[-1]
            clusters[-1] = begun, start + 1, cluster + letter[: len(cluster) < _MARKS]
        else:
            visible = letter if kind != "Cc" or letter in "\n\t" else " "
            clusters.append((start, start + 1, visible))
    return clusters
