"""Words of time in a text: days, hours, spans and dates, as values that no clock has touched yet.

Which words mean what is in the phrase files; here stands only how they are put together.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from models.phrases import Book, Read, Word
from models.promises.clocks import clocks, number
from models.promises.moment import WEEKDAYS, Moment

_DAYS = ("today", "tomorrow", "overmorrow", "this_week", "next_week", "next_week_day")
_PARTS = ("noon", "morning", "afternoon", "evening")
_UNITS = ("minutes", "hours", "days", "working_days", "weeks")
_APART = 3
"""Words between a day and its hour."""
_FEW_FIGURES, _MONTHS = 31, 12
_CLOCK_WORDS = frozenset({"kl", "klo", "kello", "klockan", "klokka", "klokken"})
_AND = frozenset({"och", "og", "ja", "and", "eller", "or", "tai", "men", "but", "mutta"})


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
    words = read.text.words
    times = list(_inherited(_joined(kept, words), words))
    return [one for one in times if not one.is_range or _is_one_day(one, kept)]


def _is_one_day(moment: Moment, atoms: list[Moment]) -> bool:
    """Whether hours from and to are of one day: without a day, or from Monday to Friday, they say
    when we are open."""
    if not (moment.day or moment.date):
        return False
    days = [atom for atom in atoms if atom.day in WEEKDAYS]
    near = [day for day in days if moment.first - _APART <= day.first < moment.last]
    return len(near) <= 1


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
    yield from clocks(read, book)
    yield from _dates(read, book)


def _spans(read: Read, book: Book) -> Iterator[Moment]:
    for unit in _UNITS:
        for hit in read.all(f"time.{unit}"):
            count = number(read.text.words[hit.first : hit.last], book)
            yield Moment(hit.first, hit.last, span=(unit, 1 if count is None else count))
    for minutes in (5, 10, 15, 20, 30, 45, 60, 90, 120, 1440):
        for hit in read.all(f"minutes.{minutes}"):
            yield Moment(hit.first, hit.last, span=("minutes", minutes))


def _dates(read: Read, book: Book) -> Iterator[Moment]:
    words, months = read.text.words, book.values("month")
    joint = book.words("time", "ordinal")
    for at, word in enumerate(words):
        if word.text in months:
            day = _day_near(words, at, joint)
            if day is not None:
                first, last, of_month = day
                yield Moment(min(first, at), max(last, at + 1), date=(of_month, months[word.text]))
    for hit in read.all("time.the_day"):
        found = number(words[hit.first : hit.last], book)
        if found is not None and 1 <= found <= _FEW_FIGURES:
            yield Moment(hit.first, hit.last, date=(found, None))
    for at, word in enumerate(words):
        figures = _figures(read, at, word, book)
        if figures is not None:
            yield Moment(at, at + figures[2], date=figures[:2])


def _figures(read: Read, at: int, word: Word, book: Book) -> tuple[int, int, int] | None:
    """Day, month and words of 3/12, and of 3.12. where a full stop has no hours."""
    words = read.text.words
    if word.kind != "number" or (at > 0 and words[at - 1].text in _CLOCK_WORDS):
        return None
    if word.text.isdecimal() and at + 1 < len(words) and words[at + 1].text.isdecimal():
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
        if 0 <= place < len(words) and words[place].text.isdecimal():
            of_month = int(words[place].text)
            if 1 <= of_month <= _FEW_FIGURES and words[place].sentence == words[at].sentence:
                return first, last, of_month
    return None


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


def _inherited(times: list[Moment], words: Sequence[Word]) -> Iterator[Moment]:
    """An hour is on the day that was named just before it in the sentence."""
    before = None
    for one in times:
        if before and words[before.first].sentence == words[one.first].sentence:
            bare = one.clock and not (one.day or one.date or one.span or one.is_past)
            if bare and not before.is_past:
                one = replace(
                    one, day=before.day, date=before.date, is_next_week=before.is_next_week
                )
        yield one
        before = one


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
        is_range=one.is_range or other.is_range,
    )
