"""Words of time in a text: days, hours, spans and dates, as values that no clock has touched yet.

Which words mean what is in the phrase files; here stands only how they are put together.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from models.phrases import Book, Hit, Read, Word

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = ("today", "tomorrow", "overmorrow", "this_week", "next_week", "next_week_day")
_PARTS = ("noon", "morning", "afternoon", "evening")
_UNITS = ("minutes", "hours", "days", "working_days", "weeks")
_PM = frozenset({"pm", "p.m"})
_HALVES = _PM | {"am", "a.m"}
_APART = 3
"""Words between a day and its hour."""
_CLOCK = re.compile(r"(\d{1,2})(?:[.:](\d\d))?")
_FEW_FIGURES, _MONTHS = 31, 12
_MORNING_PEOPLE = 6
"""An hour up to this without further word is in the afternoon: nobody calls at four."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A point of time as worded, in words `first` to `last` (exclusive)."""

    first: int
    last: int
    day: str | None = None
    """today, tomorrow, monday ..."""
    is_next_week: bool = False
    part: str | None = None
    """noon, morning, afternoon or evening"""
    clock: tuple[int, int] | None = None
    span: tuple[str, int] | None = None
    """Unit and how many of them."""
    date: tuple[int, int | None] | None = None
    """Day, and month where one is named."""
    is_past: bool = False
    is_exact: bool = False
    """The hour was said with am, pm or in 24 hours."""


def moments(read: Read, book: Book) -> list[Moment]:
    """The moments a text speaks of, in order; a day and its hour are one."""
    found = list(_atoms(read, book))
    days = [atom for atom in found if atom.date or atom.span]
    atoms = sorted(
        (atom for atom in found if not (atom.clock and any(_meet(atom, day) for day in days))),
        key=lambda atom: (atom.first, -atom.last),
    )
    kept = list[Moment]()
    for atom in atoms:
        if kept and atom.first < kept[-1].last:
            longer = atom.last > kept[-1].last or atom.first == kept[-1].first
            if longer and not _same_kind(kept[-1], atom):
                kept[-1] = _merged(kept[-1], atom)
            continue
        kept.append(atom)
    return _joined(kept, read.text.words)


def _meet(one: Moment, other: Moment) -> bool:
    return one.first < other.last and other.first < one.last


def _same_kind(one: Moment, other: Moment) -> bool:
    return any(
        getattr(one, name) and getattr(other, name)
        for name in ("day", "part", "clock", "span", "date")
    )


def _atoms(read: Read, book: Book) -> Iterator[Moment]:
    for hit in read.all("time.past"):
        yield Moment(hit.first, hit.last, is_past=True)
    for day in (*_DAYS, *WEEKDAYS):
        for hit in read.all(f"time.{day}"):
            yield Moment(hit.first, hit.last, day=day)
    for part in _PARTS:
        for hit in read.all(f"time.{part}"):
            yield Moment(hit.first, hit.last, part=part)
    yield from _spans(read, book)
    yield from _clocks(read, book)
    yield from _dates(read, book)


def _spans(read: Read, book: Book) -> Iterator[Moment]:
    for unit in _UNITS:
        for hit in read.all(f"time.{unit}"):
            count = _number(read.text.words[hit.first : hit.last], book)
            yield Moment(hit.first, hit.last, span=(unit, 1 if count is None else count))
    for minutes in (5, 10, 15, 20, 30, 45, 60, 90, 120, 1440):
        for hit in read.all(f"minutes.{minutes}"):
            yield Moment(hit.first, hit.last, span=("minutes", minutes))


def _clocks(read: Read, book: Book) -> Iterator[Moment]:
    words = read.text.words
    shifts = {"clock": 0, "half_before": -30, "half_past": 30, "quarter_past": 15}
    for name, shift in (*shifts.items(), ("quarter_to", -15)):
        for hit in read.all(f"time.{name}"):
            clock = _clock(words[hit.first : hit.last], book, shift)
            if clock is not None and not _is_range(read, hit):
                moment = Moment(hit.first, hit.last, clock=clock[0], is_exact=clock[1])
                yield _with_half(_until(moment, words, book), words)
    for at, word in enumerate(words):
        if word.kind == "number" and re.fullmatch(r"[012]?\d:[0-5]\d", word.text):
            hit = Hit("", at, at + 1)
            clock = _clock([word], book, 0)
            if clock is not None and not _is_range(read, hit):
                yield Moment(at, at + 1, clock=clock[0], is_exact=True)


def _until(moment: Moment, words: Sequence[Word], book: Book) -> Moment:
    """Between twelve and two it is owed by two."""
    before = {word.text for word in words[max(0, moment.first - 2) : moment.first + 1]}
    after = words[moment.last : moment.last + 2]
    if not before & _BETWEEN or len(after) < 2 or after[0].text not in _AND:
        return moment
    end = _clock(after[1:], book, 0)
    if end is None:
        return moment
    return replace(moment, last=moment.last + 2, clock=end[0], is_exact=end[1])


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


def _is_range(read: Read, hit: Hit) -> bool:
    """Whether opening hours are meant: 8-16, from 8 to 16."""
    words, plain = read.text.words, read.text.original
    if hit.last < len(words) and words[hit.last].kind == "number":
        between = plain[words[hit.last - 1].end : words[hit.last].start]
        if re.fullmatch(r"\s?[-–—]\s?", between):
            return True
    start = words[hit.last - 1].start
    return bool(re.search(r"\d\s?[-–—]\s?$", plain[max(0, start - 5) : start]))


def _dates(read: Read, book: Book) -> Iterator[Moment]:
    words, months = read.text.words, book.values("month")
    joint = book.words("time", "ordinal")
    for at, word in enumerate(words):
        if word.text in months:
            day = _day_near(words, at, joint)
            if day is not None:
                first, last, number = day
                yield Moment(min(first, at), max(last, at + 1), date=(number, months[word.text]))
    for hit in read.all("time.the_day"):
        found = _number(words[hit.first : hit.last], book)
        if found is not None and 1 <= found <= _FEW_FIGURES:
            yield Moment(hit.first, hit.last, date=(found, None))
    for at, word in enumerate(words):
        figures = _figures(read, at, word, book)
        if figures is not None:
            yield Moment(at, at + figures[2], date=figures[:2])


def _figures(read: Read, at: int, word: Word, book: Book) -> tuple[int, int, int] | None:
    """Day, month and words of 3/12, and of 3.12. where a full stop has no hours."""
    words = read.text.words
    if word.kind != "number":
        return None
    if word.text.isdigit() and at + 1 < len(words) and words[at + 1].text.isdigit():
        between = read.text.original[word.end : words[at + 1].start]
        day, month = int(word.text), int(words[at + 1].text)
        if between == "/" and 1 <= day <= _FEW_FIGURES and 1 <= month <= _MONTHS:
            return day, month, 2
    match = re.fullmatch(r"(\d{1,2})\.(\d{1,2})", word.text)
    dotted = book.said("time", "dates_with_dots") == "yes"
    led = at > 0 and words[at - 1].text in book.words("time", "before_date")
    closed = read.text.original[word.end : word.end + 1] == "."
    if (
        match
        and dotted
        and (led or closed)
        and 1 <= int(match[2]) <= 12
        and 1 <= int(match[1]) <= 31
    ):
        return int(match[1]), int(match[2]), 1
    return None


def _day_near(words: Sequence[Word], at: int, joint: frozenset[str]) -> tuple[int, int, int] | None:
    """Where the number of a month's day stands, before the month or behind it, and what it is."""
    before = at - 1
    while before >= 0 and words[before].text in joint and at - before <= 3:
        before -= 1
    for place, first, last in ((before, before, at), (at + 1, at, at + 2)):
        if 0 <= place < len(words) and words[place].text.isdigit():
            number = int(words[place].text)
            if 1 <= number <= _FEW_FIGURES and words[place].sentence == words[at].sentence:
                return first, last, number
    return None


def _number(words: Sequence[Word], book: Book) -> int | None:
    """The number a phrase names, in digits or in words; the greater one of 5 to 7."""
    values = book.values("number")
    named = [values[word.text] for word in words if word.text in values]
    figures = [int(word.text) for word in words if word.text.isdigit() and len(word.text) < 4]
    return max(figures or named, default=None)


def _joined(atoms: list[Moment], words: Sequence[Word]) -> list[Moment]:
    """Days with the hours and parts of the day beside them."""
    joined = list[Moment]()
    for atom in atoms:
        last = joined[-1] if joined else None
        if last is not None and _belong(last, atom, words):
            joined[-1] = _merged(last, atom)
        else:
            joined.append(atom)
    return joined


def _belong(one: Moment, other: Moment, words: Sequence[Word]) -> bool:
    if words[one.first].sentence != words[other.first].sentence:
        return False
    if other.first - one.last > _APART or one.span or other.span:
        return False
    if one.is_past or other.is_past:
        return other.first - one.last <= 1
    between = words[one.last : other.first]
    if any(word.text in _AND for word in between):
        return False
    return not any(
        getattr(one, name) and getattr(other, name) for name in ("clock", "part", "date")
    ) and not (one.day and other.day and not _refines(one.day, other.day))


_BETWEEN = frozenset({"mellan", "mellem", "mellom", "between"})
_AND = frozenset({"och", "og", "ja", "and", "eller", "or", "tai", "men", "but", "mutta"})


def _refines(one: str, other: str) -> bool:
    """Whether two day words make one day: next week on Tuesday."""
    return (one in WEEKDAYS) != (other in WEEKDAYS)


def _merged(one: Moment, other: Moment) -> Moment:
    days = [day for day in (one.day, other.day) if day]
    weekday = next((day for day in days if day in WEEKDAYS), None)
    return Moment(
        one.first,
        max(one.last, other.last),
        day=weekday or (days[0] if days else None),
        is_next_week=bool(weekday) and ("next_week" in days or "next_week_day" in days),
        part=one.part or other.part,
        clock=one.clock or other.clock,
        span=one.span or other.span,
        date=one.date or other.date,
        is_past=one.is_past or other.is_past,
        is_exact=one.is_exact or other.is_exact,
    )
