"""Which language the customer wrote in, and which the reply is written in."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from models.phrases import LANGUAGES, Books, Text, Word
from models.sentiment.language import identify

_WORDS, _HITS, _MARGIN = 4, 2, 2
_FEW = 3
"""Words that do where it is known which language a text should be in."""
_APART = 3
"""Words by which near languages must differ."""
_NORTH = frozenset({"sv", "nb", "da"})
_ENOUGH_LETTERS = 40
_FILE = "languages"
_CODES = {"no": "nb", "nn": "nb"}


class Tongues:
    """The two languages, decided by words that stand in every text of a language."""

    def __init__(self, books: Books, mention: Text, reply: Text, said: str | None) -> None:
        self._books = books
        self._mention = mention
        self._reply = reply
        self._said = _code(said)

    @cached_property
    def customer(self) -> str | None:
        """What the customer wrote in, where that is one of ours."""
        if self._said is not None:
            return self._said if self._said in LANGUAGES else None
        if not self._mention.words:
            return None
        return self._surely(self._mention) or identify(self._mention.plain)

    @cached_property
    def sure(self) -> str | None:
        """What the reply is certainly written in; None for a text too short to tell."""
        return self._surely(self._reply, self.customer) or self._another

    @cached_property
    def reply(self) -> str | None:
        """The language whose phrases the reply is read with."""
        if self.sure:
            return self.sure
        if self.is_foreign:
            return None
        return self.customer or identify(self._reply.plain)

    @cached_property
    def is_foreign(self) -> bool:
        """Whether the reply is long enough to tell that it is in none of our languages."""
        letters = sum(letter.isalpha() for letter in self._reply.plain[:400])
        if letters < _ENOUGH_LETTERS or max(self._counts(self._reply.words).values()) > _HITS:
            return False
        return identify(self._reply.plain) is None

    @cached_property
    def differ(self) -> bool:
        """Whether the reply is certainly in another language than the customer's post."""
        if self.customer is None:
            return False
        return self.is_foreign or (self.sure is not None and self.sure != self.customer)

    @cached_property
    def _another(self) -> str | None:
        """What a short reply is written in that has no word of the customer's language.

        Letters alone would take names for words: one word at least must be known, and none of a
        third language.
        """
        if self.customer is None or len(self._reply.words) < _WORDS:
            return None
        counts = self._counts(self._reply.words[at] for at in self._no_names())
        known = [code for code in LANGUAGES if counts[code]]
        likely = identify(self._reply.plain) if known and self.customer not in known else None
        if likely not in known or {likely, self.customer} <= _NORTH:
            return None
        return likely if all(code == likely or {code, likely} <= _NORTH for code in known) else None

    def _no_names(self) -> Iterator[int]:
        """Where words stand that are no names: small ones, and a first one before a small one."""
        words = self._reply.words
        for at, word in enumerate(words):
            following = words[at + 1] if at + 1 < len(words) else word
            begins = at == 0 or words[at - 1].sentence != word.sentence
            if not word.is_capital or (begins and not following.is_capital):
                yield at

    @property
    def common(self) -> frozenset[str]:
        """The reply's language's words that stand everywhere."""
        return self._books[_FILE].words(self.reply or "", "common")

    def _surely(self, text: Text, rival: str | None = None) -> str | None:
        """By function words; near languages by the words that only one of them has."""
        if len(text.words) < (_WORDS if rival is None else _FEW):
            return None
        counts = self._counts(text.words)
        best = max(counts, key=counts.__getitem__)
        far = [counts[code] for code in LANGUAGES if code not in _NORTH]
        if best not in _NORTH:
            others = [counts[code] for code in LANGUAGES if code != best]
            return best if counts[best] >= max(_HITS, max(others) + _MARGIN) else None
        if counts[best] < max(_HITS, max(far) + _MARGIN):
            return None
        return self._in_the_north(text, rival)

    def _in_the_north(self, text: Text, rival: str | None) -> str | None:
        """Which of the three near ones; where a rival is named, certainly not that one."""
        book = self._books[_FILE]
        sums = {
            code: sum(_count(text.words, book.words(code, name)) for name in ("common", "only"))
            for code in sorted(_NORTH)
        }
        first, second = sorted(sums, key=sums.__getitem__, reverse=True)[:2]
        if rival is not None and (first == rival or rival not in _NORTH):
            return first
        return first if sums[first] >= sums[rival or second] + _APART else None

    def _counts(self, words: Iterable[Word]) -> dict[str, int]:
        book, held = self._books[_FILE], tuple(words)
        return {
            code: _count(held, book.words(code, "common") | book.words(code, "only"))
            for code in LANGUAGES
        }


def told(books: Books, text: Text, said: str | None = None) -> str | None:
    """The language of a text that stands alone."""
    return Tongues(books, Text(""), text, said).reply


def _count(words: Iterable[Word], listed: frozenset[str]) -> int:
    return sum(word.text in listed for word in words)


def _code(said: str | None) -> str | None:
    if said is None:
        return None
    code = said.lower().replace("_", "-").partition("-")[0]
    return _CODES.get(code, code) or None
