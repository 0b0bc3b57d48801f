"""One phrase of a list: its syntax, and where it stands in a row of words.

    vi ringer            these words next to each other, in one sentence
    ring*  *kort  *x*    a word that begins so, ends so, holds this
    a .. b               nought to four words in between
    (a|b c|)             one of these; an empty one may be missing
    {we}                 any of the file's [groups] list of that name
    <n>                  a number, in digits or as a word of the group `number`
    <name>               a word with a capital
    ^a                   a sentence begins with it

Every part takes a bounded number of words, so matching is linear in the text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from models.phrases.text import Word

GAP = 4
_PARTS, _GAPS = 16, 3
_MOST_ROWS = 400
_PART = re.compile(r"\s*(\.\.|\{[^{}]*\}|<n>|<name>|[^\s(){}<>|]+)")
_INNER = re.compile(r"\(([^()]*)\)")
_MARKED = re.compile(r"[(){}|]|(?<!\S)(?:\.\.|<n>|<name>)(?!\S)")
Groups = Mapping[str, Sequence[str]]


class BadPhrase(ValueError):
    """A phrase breaks the syntax; the text says how."""


@dataclass(frozen=True, slots=True)
class Single:
    """One word, or one of many."""

    exact: frozenset[str] = frozenset()
    stems: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()
    middles: tuple[str, ...] = ()
    number: bool = False
    name: bool = False
    is_open: bool = False
    """Whether it takes more than the exact words."""

    def takes(self, word: Word) -> bool:
        """Whether this word is one of them."""
        text = word.text
        if text in self.exact:
            return True
        if not self.is_open:
            return False
        return (
            text.startswith(self.stems)
            or text.endswith(self.tails)
            or (self.number and word.kind == "number")
            or (self.name and word.kind == "word" and word.is_capital)
            or any(middle in text for middle in self.middles)
        )


Row = tuple[Single, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One step of a phrase: a gap, or alternatives of one or more words."""

    one: Single = Single()
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    """Alternatives of several words by their first; under "" those that begin with a star."""
    optional: bool = False
    gap: bool = False

    def ends(self, words: Sequence[Word], at: int, last: int) -> Iterator[int]:
        """Where the next part may begin, the longest alternatives first."""
        if self.gap:
            yield from range(at, min(at + GAP, last) + 1)
            return
        if at < last:
            if self.rows:
                for row in (*self.rows.get(words[at].text, ()), *self.rows.get("", ())):
                    end = at + len(row)
                    if end <= last and all(map(Single.takes, row, words[at:end])):
                        yield end
            if self.one.takes(words[at]):
                yield at + 1
        if self.optional:
            yield at


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase ready to be looked for."""

    parts: tuple[Part, ...]
    opens: bool = False
    """Only at the beginning of a sentence."""

    def end(self, words: Sequence[Word], at: int, last: int) -> int | None:
        """Where it ends if it stands at `at` before `last`, else None."""
        return self._end(words, at, last, 0)

    def _end(self, words: Sequence[Word], at: int, last: int, step: int) -> int | None:
        if step == len(self.parts):
            return at
        for after in self.parts[step].ends(words, at, last):
            end = self._end(words, after, last, step + 1)
            if end is not None:
                return end
        return None


class Grammar:
    """Reads phrases; remembers each part, as most come again and again."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups
        self._parts = dict[str, Part]()

    def parse(self, written: str) -> list[Phrase]:
        """The phrase, as several where its beginning may be missing; BadPhrase in words."""
        text = written.strip().lower()
        opens = text.startswith("^")
        parts = [self._part(token) for token in _tokens(text.removeprefix("^"))]
        if len(parts) > _PARTS or sum(part.gap for part in parts) > _GAPS:
            raise BadPhrase(f"more than {_PARTS} parts or {_GAPS} gaps")
        variants = list[Phrase]()
        while parts and parts[0].optional:
            variants.append(Phrase((Part(parts[0].one, parts[0].rows), *parts[1:]), opens))
            parts = parts[1:]
        if not parts or parts[0].gap or parts[-1].gap:
            raise BadPhrase("a phrase needs words at its beginning and its end")
        return [*variants, Phrase(tuple(parts), opens)]

    def _part(self, token: str) -> Part:
        if token not in self._parts:
            self._parts[token] = _part(token, self._groups)
        return self._parts[token]


def _tokens(text: str) -> list[str]:
    tokens, at, text = list[str](), 0, text.rstrip()
    while at < len(text):
        bracket = text[at:].lstrip().startswith("(")
        end = _closing(text, at) if bracket else None
        match = None if bracket else _PART.match(text, at)
        if end is None and match is None:
            raise BadPhrase(f"cannot be read from {text[at:].strip()!r} on")
        stop = end or (match.end() if match else at)
        tokens.append(text[at:stop].strip())
        at = stop
    return tokens


def _closing(text: str, at: int) -> int | None:
    """Where the bracket that opens next is closed."""
    first = text.find(")", at)
    if first >= 0 and text.count("(", at, first) == 1:
        return first + 1
    depth = 0
    for place in range(at, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0 and text[place] == ")":
            return place + 1
    return None


def _rows(alternatives: str) -> list[str]:
    """Alternatives as plain rows of words, those within those spread out."""
    rows = [alternatives]
    while any("(" in row for row in rows):
        spread = list[str]()
        for row in rows:
            inner = _INNER.search(row)
            if inner is None:
                spread.append(row)
                continue
            inside = inner[1].split("|")
            spread += [f"{row[: inner.start()]}{one}{row[inner.end() :]}" for one in inside]
        rows = spread
        if len(rows) > _MOST_ROWS:
            raise BadPhrase(f"more than {_MOST_ROWS} alternatives")
    return rows


def _split(inside: str) -> list[str]:
    """The alternatives between brackets, at the outermost level."""
    if "(" not in inside:
        return inside.split("|")
    parts, depth, start = list[str](), 0, 0
    for place, sign in enumerate(inside):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "|" and depth == 0:
            parts.append(inside[start:place])
            start = place + 1
    return [*parts, inside[start:]]


def _part(written: str, groups: Groups) -> Part:
    if written == "..":
        return Part(gap=True)
    if written == "<n>":
        return _choice(list(groups.get("number", ())), number=True)
    if written == "<name>":
        return Part(Single(name=True, is_open=True))
    if written.startswith("{"):
        name = written[1:-1].strip()
        if name not in groups:
            raise BadPhrase(f"there is no group called {name!r}")
        return _choice(_spread(groups[name], groups))
    if written.startswith("("):
        return _choice(_spread(_split(written[1:-1]), groups))
    return _choice([written])


def _spread(alternatives: Sequence[str], groups: Groups) -> list[str]:
    """Alternatives with the groups they name in their place, one level deep."""
    spread = list[str]()
    for one in alternatives:
        name = one.strip().removeprefix("{").removesuffix("}")
        inner = groups.get(name) if one.strip() == f"{{{name}}}" else None
        spread.extend(one.strip() for one in (inner or [one]))
    return spread


def _choice(alternatives: Sequence[str], number: bool = False) -> Part:
    rows = [row.split() for alternative in alternatives for row in _rows(alternative.lower())]
    if _MARKED.search(" ".join(chain.from_iterable(rows))):
        raise BadPhrase("alternatives hold plain words only")
    longs = dict[str, tuple[Row, ...]]()
    for row in sorted((row for row in rows if len(row) > 1), key=len, reverse=True):
        head = "" if "*" in row[0] else row[0]
        longs[head] = (*longs.get(head, ()), tuple(_single([word]) for word in row))
    return Part(
        _single([row[0] for row in rows if len(row) == 1], number),
        longs,
        optional=any(not row for row in rows),
    )


def _single(words: Sequence[str], number: bool = False) -> Single:
    if not any("*" in word for word in words):
        return Single(frozenset(words), number=number, is_open=number)
    bare = [(word.strip("*"), word.startswith("*"), word.endswith("*")) for word in words]
    if any(not text for text, _tail, _stem in bare):
        raise BadPhrase("a star needs letters beside it")
    return Single(
        frozenset(text for text, tail, stem in bare if not tail and not stem),
        tuple(text for text, tail, stem in bare if stem and not tail),
        tuple(text for text, tail, stem in bare if tail and not stem),
        tuple(text for text, tail, stem in bare if tail and stem),
        number,
        is_open=number or any(tail or stem for _text, tail, stem in bare),
    )
