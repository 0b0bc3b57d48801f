"""A language's phrase file: its lists ready to be looked for, and what is wrong with it.

A file is TOML: [groups], whose lists stand for their names in braces, [number] with what number
words count for, and sections of lists. A list called `x_not` holds look-alikes: what they cover
counts for no phrase of `x`.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.phrases.phrase import BadPhrase, Grammar, Phrase
from models.phrases.text import Sentence, Text, Word
from models.words import _

LANGUAGES = ("sv", "nb", "da", "fi", "en")
_NOT = "_not"
_ENTRY = re.compile(r"^(\[|\"?\w[\w-]*\"?\s*=)")


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of `list` in words `first` to `last` (exclusive)."""

    list: str
    first: int
    last: int


class Book:
    """The lists of one file; `problems` says what could not be read, with file and line.

    With `only`, no other lists are made ready than those called so: a file may hold five
    languages, of which a text needs one.
    """

    def __init__(self, file: Path, only: Collection[str] | None = None) -> None:
        self._file = file
        self._written, self._content, self.problems = _read(file)
        sections = _sections(self._content)
        groups = sections.pop("groups", {})
        self._grammar = Grammar(groups | {"number": sorted(self.values("number"))})
        self._index = _Index()
        for section, lists in sections.items():
            for name, phrases in lists.items():
                left_out = only is not None and name.removesuffix(_NOT) not in only
                for written in () if left_out else phrases:
                    self._add(f"{section}.{name}", written)

    def _add(self, name: str, written: str) -> None:
        try:
            for phrase in self._grammar.parse(written):
                self._index.add(name, phrase)
        except BadPhrase as error:
            line = _line_of(self._written, written)
            self.problems.append(_told(self._file, line, f"{written!r}: {error}"))

    @property
    def lists(self) -> frozenset[str]:
        """The names of its lists of phrases, each with its section's."""
        sections = _sections(self._content)
        return frozenset(f"{one}.{name}" for one in sections for name in sections[one]) - {
            f"groups.{name}" for name in sections.get("groups", {})
        }

    @property
    def sections(self) -> tuple[str, ...]:
        """The names of its sections, in the order of the file."""
        return tuple(name for name, lists in self._content.items() if isinstance(lists, dict))

    def said(self, section: str, name: str) -> str:
        """A single text of the file, such as a suggestion; empty where there is none."""
        return str(self._content.get(section, {}).get(name, ""))

    def words(self, section: str, name: str) -> frozenset[str]:
        """A list as plain words."""
        return frozenset(self._content.get(section, {}).get(name, ()))

    def values(self, section: str) -> dict[str, int]:
        """A section of words and what they count for: two = 2."""
        entries = self._content.get(section, {})
        return {name: value for name, value in entries.items() if isinstance(value, int)}

    def read(self, text: Text) -> "Read":
        """What this book finds in a text."""
        return Read(text, self._index.hits(text))


class Read:
    """What a book has found in a text, list by list, look-alikes taken out."""

    def __init__(self, text: Text, hits: Iterator[Hit]) -> None:
        self.text = text
        self._hits = dict[str, list[Hit]]()
        for hit in hits:
            self._hits.setdefault(hit.list, []).append(hit)

    def all(self, name: str) -> list[Hit]:
        """The hits of a list, in order, without those that a look-alike covers."""
        hits = self._hits.get(name, [])
        excused = self._hits.get(name + _NOT, [])
        if not excused:
            return hits
        return [hit for hit in hits if not any(_meet(hit, other) for other in excused)]

    def any(self, *names: str) -> bool:
        """Whether any of these lists is in it."""
        return any(self.all(name) for name in names)

    def within(self, name: str, sentence: int) -> list[Hit]:
        """The hits of a list in one sentence."""
        cut = self.text.sentences[sentence]
        return [hit for hit in self.all(name) if cut.first <= hit.first < cut.last]

    def span(self, hit: Hit) -> tuple[int, int]:
        """Where a hit stands in the text as it was written."""
        return self.text.words[hit.first].start, self.text.words[hit.last - 1].end

    def sentence(self, hit: Hit) -> int:
        """The number of the sentence a hit stands in."""
        return self.text.words[hit.first].sentence


class Books:
    """The files of a folder, `sv.toml` and so on, each read when first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._books = dict[str, Book]()

    def __getitem__(self, language: str) -> Book:
        if language not in self._books:
            self._books[language] = Book(self.folder / f"{language}.toml")
        return self._books[language]

    @property
    def problems(self) -> list[str]:
        """What could not be read so far."""
        return [problem for book in self._books.values() for problem in book.problems]

    @property
    def every(self) -> tuple[Book, ...]:
        """All the languages."""
        return tuple(self[language] for language in LANGUAGES)


class _Index:
    """Phrases by what their first word may be, so that a word meets only the few it can begin."""

    def __init__(self) -> None:
        self._exact = dict[str, list[tuple[str, Phrase]]]()
        self._stems = dict[str, list[tuple[str, Phrase]]]()
        self._others = list[tuple[str, Phrase]]()
        self._lengths = set[int]()

    def add(self, name: str, phrase: Phrase) -> None:
        first = phrase.parts[0]
        heads = [first.one, *(row[0] for rows in first.rows.values() for row in rows)]
        entry = name, phrase
        for text in {text for head in heads for text in head.exact}:
            self._exact.setdefault(text, []).append(entry)
        for stem in {stem for head in heads for stem in head.stems}:
            self._stems.setdefault(stem, []).append(entry)
            self._lengths.add(len(stem))
        if any(head.tails or head.middles or head.number or head.name for head in heads):
            self._others.append(entry)

    def hits(self, text: Text) -> Iterator[Hit]:
        for sentence in text.sentences:
            opening = _opening(text, sentence)
            for at in range(sentence.first, sentence.last):
                for name, phrase in self._candidates(text.words[at]):
                    if phrase.opens and at != opening:
                        continue
                    end = phrase.end(text.words, at, sentence.last)
                    if end is not None and end > at:
                        yield Hit(name, at, end)

    def _candidates(self, word: Word) -> list[tuple[str, Phrase]]:
        found = [*self._exact.get(word.text, ()), *self._others]
        for length in self._lengths:
            if length <= len(word.text):
                found += self._stems.get(word.text[:length], ())
        return found


def _opening(text: Text, sentence: Sentence) -> int:
    """The first word of a sentence; the handles a network puts in front are passed."""
    places = range(sentence.first, sentence.last)
    return next((at for at in places if text.words[at].kind != "handle"), sentence.first)


def _meet(one: Hit, other: Hit) -> bool:
    return one.first < other.last and other.first < one.last


def _read(file: Path) -> tuple[str, dict[str, Any], list[str]]:
    """A file's text, what it holds and what is wrong with it.

    A broken list does not take the others with it.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return "", {}, [_("{file} cannot be read: {reason}").format(file=file.name, reason=error)]
    try:
        return text, tomllib.loads(text), []
    except tomllib.TOMLDecodeError:
        return text, *_salvaged(file, text.splitlines())


def _salvaged(file: Path, lines: list[str]) -> tuple[dict[str, Any], list[str]]:
    """The lists of a broken file that can be read by themselves."""
    content, problems, section = dict[str, Any](), list[str](), ""
    starts = [number for number, line in enumerate(lines) if _ENTRY.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        try:
            entry = tomllib.loads("\n".join(lines[start:end]))
        except tomllib.TOMLDecodeError as error:
            problems.append(_told(file, start + _line_in(error), str(error)))
            continue
        if lines[start].startswith("["):
            section = next(iter(entry))
            content.setdefault(section, {})
        else:
            content.setdefault(section, {}).update(entry)
    return content, problems


def _line_in(error: tomllib.TOMLDecodeError) -> int:
    found = re.search(r"line (\d+)", str(error))
    return int(found.group(1)) if found else 1


def _sections(content: Mapping[str, Any]) -> dict[str, dict[str, list[str]]]:
    """Sections of lists of phrases; whatever else a file holds is left out."""
    return {
        section: {
            name: [one for one in phrases if isinstance(one, str)]
            for name, phrases in lists.items()
            if isinstance(phrases, list)
        }
        for section, lists in content.items()
        if isinstance(lists, dict)
    }


def _line_of(text: str, written: str) -> int:
    place = text.find(written)
    return text.count("\n", 0, max(0, place)) + 1


def _told(file: Path, line: int, reason: str) -> str:
    return _("{file}, line {line}: {reason}").format(file=file.name, line=line, reason=reason)
