"""A draft read once: what all rules look at."""

import re
from functools import cached_property
from pathlib import Path

from models.phrases import LANGUAGES, Book, Books, Hit, Read, Text, Word
from models.promises import Promise, found
from models.reply_check.draft import Draft, Names, Thread
from models.reply_check.tongue import Tongues

PHRASES = Books(Path(__file__).parent / "phrases")
_LONG_ENOUGH = 3
_SIGNED = re.compile(
    r"(?:[/^~*|]|(?<!\w)[–—-]{1,2}|//)\s{0,2}[^\W\d_][\w'-]{0,20}\.?"
    r"(?:\s+(?:[&+]\s+)?[^\W\d_][\w'-]{0,20}\.?){0,3}[\s.!🌸💙🙂😊❤️]*$"
)
_LAST = 60
_NAMES = 3


class Reading:
    """The two texts, the language the reply is written in, and what its phrase lists find."""

    def __init__(self, draft: Draft, thread: Thread, books: Books = PHRASES) -> None:
        self.draft = draft
        self.thread = thread
        self.text = Text(draft.reply)
        self.mention = Text(draft.mention)
        self._books = books
        self.tongues = Tongues(books, self.mention, self.text, draft.language)

    @property
    def language(self) -> str | None:
        """The language the reply is read in; None where it is none of ours."""
        return self.tongues.reply

    @cached_property
    def book(self) -> Book | None:
        """The phrases of that language."""
        return self._books[self.language] if self.language in LANGUAGES else None

    @cached_property
    def read(self) -> Read:
        """What they find in the reply; nothing where there are none."""
        return self.book.read(self.text) if self.book else Read(self.text, iter(()))

    @cached_property
    def read_mention(self) -> Read:
        """What they find in the customer's post."""
        return self.book.read(self.mention) if self.book else Read(self.mention, iter(()))

    @property
    def theirs(self) -> tuple[str, ...]:
        """Everything that the customer is known to have written here."""
        return (self.draft.mention, *self.thread.settles, *self.thread.earlier)

    @cached_property
    def promises(self) -> tuple[Promise, ...]:
        """What the reply promises."""
        if self.language is None:
            return ()
        return found(self.text, self.language, self.draft.at, self.draft.calendar)

    @cached_property
    def apologies(self) -> list[Hit]:
        """The apologies that are meant: neither negated nor on a condition."""
        return [
            hit
            for hit in self.read.all("apology.real")
            if not self._is_negated(hit) and not self._is_conditional(hit)
        ]

    def _is_conditional(self, hit: Hit) -> bool:
        """Whether it hangs on an if of its sentence; one that follows in a clause of its own is
        about something else."""
        first, number = self.text.words[hit.first], self.read.sentence(hit)
        return any(
            other.first < hit.last
            or (_same(self.text.words[other.first], first) and not self._has_own_word(other))
            for other in self.conditionals
            if self.read.sentence(other) == number
        )

    @cached_property
    def conditionals(self) -> list[Hit]:
        """Apologies on a condition: by their phrases, and any that hangs on an if right beside it
        or at the beginning of its sentence."""
        if self.book is None:
            return []
        ifs = self.book.words("apology", "if")
        hits = list(self.read.all("apology.conditional"))
        for hit in self.read.all("apology.real"):
            sentence = self.text.sentences[self.read.sentence(hit)]
            after = self.text.words[hit.last : hit.last + 1]
            begins = self.text.words[sentence.first].text in ifs and sentence.first < hit.first
            follows = bool(after) and after[0].text in ifs and hit.last < sentence.last
            if begins or follows:
                first = sentence.first if begins else hit.first
                hits.append(Hit("apology.conditional", first, hit.last))
        return hits

    def _has_own_word(self, conditional: Hit) -> bool:
        """Whether it says sorry itself: sorry for the delay, and sorry for any trouble."""
        return any(
            conditional.first <= hit.first < conditional.last
            for hit in self.read.all("apology.real")
        )

    def _is_negated(self, hit: Hit) -> bool:
        """A negation in the four words before it in its clause, or right after it."""
        if self.book is None or self._covers("apology.nevertheless", hit):
            return False
        negation = self.book.words("grammar", "negation")
        words, first = self.text.words, self.text.words[hit.first]
        before = [word for word in words[max(0, hit.first - 4) : hit.first] if _same(word, first)]
        after = [word for word in words[hit.last : hit.last + 1] if _same(word, first)]
        return any(word.text in negation for word in (*before, *after))

    def _covers(self, name: str, hit: Hit) -> bool:
        return any(
            other.first < hit.last and hit.first < other.last for other in self.read.all(name)
        )

    @cached_property
    def signed_at(self) -> int | None:
        """Where whoever wrote it has signed; None where nobody has."""
        plain = self.text.plain.rstrip()
        begins = max(0, len(plain) - _LAST)
        words = self.text.words
        links = [(word.start, word.end) for word in words if word.kind == "link"]
        if signed := _SIGNED.search(plain[begins:]):
            place = self.text.place(begins + signed.start(), len(plain))[0]
            if not any(start < place < end for start, end in links):
                return place
        for hit in self.read.all("greeting.farewell"):
            rest = words[hit.last :]
            if 1 <= len(rest) <= _NAMES + 2 and rest[0].is_capital:
                return words[hit.first].start
        return None

    def suggestion(self, name: str) -> str:
        """Words in the reply's language that could be put in."""
        if self.book is None:
            return ""
        return self.book.said("suggest", name)

    @cached_property
    def opening(self) -> int:
        """Where the reply begins once the handles in front of it are passed."""
        words = [word for word in self.text.words if word.kind != "handle"]
        return words[0].start if words else 0

    @cached_property
    def content(self) -> frozenset[str]:
        """Beginnings of the reply's words that say something about a matter."""
        return frozenset(map(stem, filter(self.says_something, self.text.words)))

    @cached_property
    def shared(self) -> frozenset[str]:
        """Those the customer has used too."""
        return self.content & {stem(word) for word in self.matter if self.says_something(word)}

    @cached_property
    def matter(self) -> tuple[Word, ...]:
        """The words of all the posts that the reply answers."""
        others = (Text(post).words for post in self.thread.settles)
        return (*self.mention.words, *(word for words in others for word in words))

    def says_something(self, word: Word) -> bool:
        """Whether a word is about some matter."""
        if word.kind == "number":
            return True
        return (
            word.kind == "word" and len(word.text) > _LONG_ENOUGH and word.text not in self._empty
        )

    @cached_property
    def _empty(self) -> frozenset[str]:
        names = self.draft.names
        ours = [*self.draft.brand, *_words_of(names)]
        stop = self.book.words("grammar", "empty") if self.book else frozenset()
        return self.tongues.common | stop | {word.lower() for text in ours for word in text.split()}


def _same(word: Word, other: Word) -> bool:
    return word.sentence == other.sentence and word.clause == other.clause


def stem(word: Word) -> str:
    """The beginning of a word, which its forms share."""
    return word.text[:5]


def _words_of(names: Names) -> list[str]:
    return [name for name in (names.preferred, names.full, names.handle) if name]
