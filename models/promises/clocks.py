"""Hours and minutes in a text: at three, half past, ten to four, between eight and ten."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from models.phrases import Book, Read, Word
from models.promises.moment import Moment

_PM = frozenset({"pm", "p.m"})
_HALVES = _PM | {"am", "a.m"}
_CLOCK = re.compile(r"(\d{1,2})(?:[.:](\d\d))?")
_MORNING_PEOPLE = 6
"""An hour up to this without further word is in the afternoon: nobody calls at four."""
_BETWEEN = frozenset({"mellan", "mellem", "mellom", "imellom", "between", "välillä"})
_JOINING = frozenset({"och", "og", "ja", "and"})
_DASH = re.compile(r"\s?[-–—]\s?")


def clocks(read: Read, book: Book) -> Iterator[Moment]:
    """The hours of a text, each as a moment without a day."""
    words = read.text.words
    shifts = {"clock": 0, "half_before": -30, "half_past": 30, "quarter_past": 15}
    for name, shift in (*shifts.items(), ("quarter_to", -15)):
        for hit in read.all(f"time.{name}"):
            clock = _clock(words[hit.first : hit.last], book, shift)
            if clock is not None:
                moment = Moment(hit.first, hit.last, clock=clock[0], is_exact=clock[1])
                yield from _ended(_with_half(_until(moment, words, book), words), read, book)
    for at, word in enumerate(words):
        if word.kind == "number" and re.fullmatch(r"[012]?\d:[0-5]\d", word.text):
            clock = _clock([word], book, 0)
            if clock is not None:
                yield from _ended(Moment(at, at + 1, clock=clock[0], is_exact=True), read, book)
        elif word.kind == "number" and (clock := _clock([word], book, 0)) is not None:
            one = Moment(at, at + 1, clock=clock[0], is_exact=clock[1])
            yield from (end for end in _ended(one, read, book) if _is_bare_range(end, one, words))
    yield from _minutes(read, book)


def _is_bare_range(end: Moment, one: Moment, words: Sequence[Word]) -> bool:
    """Whether 13-15 stands for itself: before a noun it counts something."""
    after = words[end.last : end.last + 1]
    is_last = not after or (after[0].sentence, after[0].clause) != _clause(words[one.first])
    return end.last > one.last and is_last


def _clause(word: Word) -> tuple[int, int]:
    return word.sentence, word.clause


def _minutes(read: Read, book: Book) -> Iterator[Moment]:
    """Ten past four, ten to four."""
    words, values = read.text.words, book.values("number")
    for name, way in (("past", 1), ("to", -1)):
        for hit in read.all(f"time.minutes_{name}"):
            said = [word for word in words[hit.first : hit.last] if _counts(word, values)]
            if len(said) != len(("minutes", "hour")):
                continue
            minutes = number(said[:1], book) or 0
            clock = _clock(said[1:], book, way * minutes)
            if clock is not None:
                yield Moment(hit.first, hit.last, clock=clock[0], is_exact=clock[1])


def _counts(word: Word, values: Mapping[str, int]) -> bool:
    return word.text in values or word.text.isdecimal()


def _ended(moment: Moment, read: Read, book: Book) -> Iterator[Moment]:
    """Of 8-12 the end, and only that; whether opening hours are meant is told by the day."""
    words, plain = read.text.words, read.text.original
    start = words[moment.last - 1].start
    if re.search(r"\d\s?[-–—]\s?$", plain[max(0, start - 5) : start]):
        return
    behind = words[moment.last : moment.last + 1]
    between = plain[words[moment.last - 1].end : behind[0].start] if behind else ""
    end = _clock(behind, book, 0) if _DASH.fullmatch(between) else None
    if end is None:
        yield moment
        return
    last = moment.last + 1
    is_range = not _is_between(moment, words)
    yield replace(moment, last=last, clock=end[0], is_exact=end[1], is_range=is_range)


def _until(moment: Moment, words: Sequence[Word], book: Book) -> Moment:
    """Between twelve and two it is owed by two."""
    after = words[moment.last : moment.last + 3]
    if len(after) < 2 or after[0].text not in _JOINING:
        return moment
    if not (_is_between(moment, words) or (after[2:] and after[2].text in _BETWEEN)):
        return moment
    end = _clock(after[1:], book, 0)
    if end is None:
        return moment
    return replace(moment, last=moment.last + 2, clock=end[0], is_exact=end[1])


def _is_between(moment: Moment, words: Sequence[Word]) -> bool:
    before = words[max(0, moment.first - 2) : moment.first + 1]
    return any(word.text in _BETWEEN for word in before)


def _with_half(moment: Moment, words: Sequence[Word]) -> Moment:
    """With the am or pm behind it."""
    after = words[moment.last].text if moment.last < len(words) else ""
    clock = moment.clock
    if clock is None or after not in _HALVES:
        return moment
    hour = clock[0] % 12 + (12 if after in _PM else 0)
    return replace(moment, last=moment.last + 1, clock=(hour, clock[1]), is_exact=True)


def _clock(words: Sequence[Word], book: Book, shift: int) -> tuple[tuple[int, int], bool] | None:
    """Hour and minute of a clock phrase, and whether they need no guess."""
    texts = {word.text for word in words}
    for word in words:
        match = _CLOCK.fullmatch(word.text)
        value = book.values("number").get(word.text)
        if match is None and value is None:
            continue
        hour = int(match[1]) if match else int(value or 0)
        minute = int(match[2] or 0) if match else 0
        if hour > 24 or minute > 59:
            return None
        exact = hour > 12 or hour == 0 or bool(texts & _HALVES) or word.text.startswith("0")
        if texts & _PM and hour < 12:
            hour += 12
        elif texts & _HALVES - _PM and hour == 12:
            hour = 0
        elif not exact and 1 <= hour <= _MORNING_PEOPLE:
            hour += 12
        total = (60 * hour + minute + shift) % 1440
        return (total // 60, total % 60), exact
    return None


def number(words: Sequence[Word], book: Book) -> int | None:
    """The number a phrase names, in digits or in words; the greater one of 5 to 7."""
    values = book.values("number")
    named = [values[word.text] for word in words if word.text in values]
    figures = [int(word.text) for word in words if word.text.isdecimal() and len(word.text) < 4]
    return max(figures or named, default=None)
