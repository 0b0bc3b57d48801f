"""Promises: what a reply says that we will do, and by when.

Phrases say which words promise; a moment in the same sentence says when. Past tense, questions,
negations and what the customer will do are none.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from models.business import Calendar
from models.phrases import LANGUAGES, Book, Books, Hit, Read, Text, Word
from models.promises.due import due, is_too_long
from models.promises.moment import Moment
from models.promises.promise import ACTIONS, Promise
from models.promises.times import moments

__all__ = ("ACTIONS", "PHRASES", "Promise", "found", "numbers")

PHRASES = Books(Path(__file__).parent / "phrases")
_NEAR = 3
"""Words around a promise in which a negation belongs to it."""
_SHORT = 6
"""Words of a sentence that only adds the time to the promise before."""


def found(
    text: str | Text, language: str | None, at: int, calendar: Calendar, books: Books = PHRASES
) -> tuple[Promise, ...]:
    """The promises of a text, in order; none in a language that is not ours.

    `at` is the instant of writing, which moments are counted from.
    """
    if language not in LANGUAGES:
        return ()
    read = (book := books[language]).read(text if isinstance(text, Text) else Text(text))
    times = moments(read, book)
    made = _made(read, book, times)
    return tuple(
        _promise(read, action, hit, moment, at, calendar)
        for (action, hit), moment in zip(made, _timed(read, made, times), strict=True)
    )


def numbers(language: str | None) -> frozenset[str]:
    """The number words of a language above one: one is also an article."""
    if language not in LANGUAGES:
        return frozenset()
    return frozenset(
        word for word, value in PHRASES[language].values("number").items() if value > 1
    )


def _promise(
    read: Read, action: str, hit: Hit, moment: Moment | None, at: int, calendar: Calendar
) -> Promise:
    number = read.sentence(hit)
    sentence = read.text.sentences[number]
    due_at = due(moment, at, calendar) if moment else None
    start, end = read.text.place(sentence.start, sentence.end)
    return Promise(
        action=action,
        text=read.text.original[start:end].strip(),
        span=_span(read, hit, number),
        due_at=due_at,
        soon=_soon(read, hit, number) if due_at is None else None,
        is_too_long=due_at is not None and is_too_long(due_at, at, calendar),
    )


def _span(read: Read, hit: Hit, number: int) -> tuple[int, int]:
    """The words that promise, with the soon that belongs to them."""
    start, end = read.span(hit)
    soon = [one for one in read.within("time.vague", number) if 0 <= one.first - hit.last <= _NEAR]
    return start, max([end, *(read.span(one)[1] for one in soon)])


def _soon(read: Read, hit: Hit, number: int) -> tuple[int, int] | None:
    """Where the sentence says soon: best behind the words that promise, and all of it."""
    said = read.within("time.vague", number)
    near = min(said, key=lambda one: (one.first < hit.first, one.first), default=None)
    if near is None:
        return None
    meeting = [one for one in said if one.first < near.last and near.first < one.last]
    spans = [read.span(one) for one in meeting]
    return min(start for start, _end in spans), max(end for _start, end in spans)


def _made(read: Read, book: Book, times: list[Moment]) -> list[tuple[str, Hit]]:
    """Actions and the words that promise them, one for each thing done."""
    candidates = sorted(
        (
            (action, hit)
            for action in ACTIONS
            for hit in _tight(_meant(read, book, f"promise.{action}"))
        ),
        key=lambda one: (one[1].first, one[1].last, one[0] == "other"),
    )
    made = list[tuple[str, Hit]]()
    for action, hit in candidates:
        if not made or hit.first >= made[-1][1].last:
            made.append((action, hit))
        elif action not in ("other", made[-1][0]) and (joined := _joined(read, book, made, hit)):
            made.append((action, joined))
    made = [(_kind(read, action, hit), hit) for action, hit in _acts(read, made)]
    clear = {read.sentence(hit) for action, hit in made if action != "other"}
    made = [one for one in made if one[0] != "other" or read.sentence(one[1]) not in clear]
    return sorted([*made, *_loose(read, book, times, made)], key=lambda one: one[1].first)


def _joined(read: Read, book: Book, made: list[tuple[str, Hit]], hit: Hit) -> Hit | None:
    """The second act of one promise: will check with the shop, and call."""
    words, reached = read.text.words, made[-1][1].last
    if read.sentence(hit) != read.sentence(made[-1][1]):
        return None
    also = [at for at in range(reached, hit.last) if words[at].text in book.words("kind", "also")]
    return Hit(hit.list, also[-1], hit.last) if also else None


def _acts(read: Read, made: list[tuple[str, Hit]]) -> Iterator[tuple[str, Hit]]:
    """Without what only leads to the act behind it: I make sure that the shop sends a new one."""
    carriers = {hit.last for hit in read.all("kind.carrier")}
    for place, (action, hit) in enumerate(made):
        behind = made[place + 1][1] if place + 1 < len(made) else None
        leads = range(hit.first, hit.last + _NEAR)
        near = behind is not None and any(
            last in leads and last <= behind.first <= last + _NEAR for last in carriers
        )
        if not near:
            yield action, hit


def _kind(read: Read, action: str, hit: Hit) -> str:
    """What is promised, by the verb and what it is done with: to send a fitter is a visit."""
    for kind in ACTIONS:
        if any(hit.first <= one.first < hit.last for one in read.all(f"kind.{kind}")):
            return kind
    return action


def _meant(read: Read, book: Book, name: str) -> Iterator[Hit]:
    return (hit for hit in read.all(name) if not _is_denied(read, book, hit))


def _tight(hits: Iterable[Hit]) -> Iterable[Hit]:
    """Of hits that end together the shortest: a gap may reach back over another promise."""
    shortest = dict[int, Hit]()
    for hit in hits:
        if hit.last not in shortest or hit.first > shortest[hit.last].first:
            shortest[hit.last] = hit
    return shortest.values()


def _loose(
    read: Read, book: Book, times: list[Moment], made: list[tuple[str, Hit]]
) -> Iterator[tuple[str, Hit]]:
    """Words that promise only beside a time, be it soon, where nothing else was found.

    The time stands in the same sentence, or where that promises something already, in the clause.
    """
    words = read.text.words
    firsts = [moment.first for moment in times if not moment.is_past]
    firsts += [hit.first for hit in read.all("time.vague")]
    sentences = {words[first].sentence for first in firsts}
    clauses = {_clause(words[first]) for first in firsts}
    promised = {read.sentence(hit) for _action, hit in made}
    taken = {_clause(words[at]) for _action, hit in made for at in range(hit.first, hit.last)}
    for action, name in (("other", "takes"), *((action, action) for action in ACTIONS)):
        for hit in read.all(f"loose.{name}"):
            clause = _clause(words[hit.first])
            timed = clause in clauses if clause[0] in promised else clause[0] in sentences
            denied = name != "takes" and _is_denied(read, book, hit)
            if timed and clause not in taken and not denied:
                promised.add(clause[0])
                taken.add(clause)
                yield action, hit


def _clause(word: Word) -> tuple[int, int]:
    return word.sentence, word.clause


def _is_denied(read: Read, book: Book, hit: Hit) -> bool:
    """Whether it asks, denies, or is the customer's own act."""
    words, number = read.text.words, read.sentence(hit)
    if read.text.sentences[number].asks:
        return True
    first, last = words[hit.first], words[hit.last - 1]
    negation = book.words("guard", "negation")
    before = [w for w in words[max(0, hit.first - _NEAR) : hit.first] if _same(w, first)]
    after = [w for w in words[hit.last : hit.last + _NEAR] if _same(w, last)]
    inside = words[hit.first : hit.last]
    if any(word.text in negation for word in (*before, *inside, *after)):
        return True
    if any(_clause(words[h.first]) == _clause(first) for h in read.within("guard.habit", number)):
        return True
    if any(word.text in book.words("guard", "theirs_before") for word in before[-1:]):
        return True
    if any(word.text in book.words("guard", "theirs_after") for word in after[:1]):
        return True
    return any(
        other.first <= hit.first < other.last for other in read.within("guard.unless", number)
    )


def _timed(read: Read, made: list[tuple[str, Hit]], times: list[Moment]) -> Iterator[Moment | None]:
    """For each promise the moment it is bound to, None where there is none."""
    for place, (_action, hit) in enumerate(made):
        number = read.sentence(hit)
        here = [m for m in times if read.text.words[m.first].sentence == number and not m.is_past]
        following = made[place + 1][1] if place + 1 < len(made) else None
        until = following.first if following and read.sentence(following) == number else None
        behind = [m for m in here if m.last > hit.first and (until is None or m.first < until)]
        others = [m for m in here if m.last <= hit.first]
        later = [m for m in here if until is not None and m.first >= until]
        yield next(iter([*behind, *reversed(others), *later, *_added(read, number, times)]), None)


def _added(read: Read, number: int, times: list[Moment]) -> Iterator[Moment]:
    """The moment in the short sentence behind: It is done within ten minutes."""
    if number + 1 < len(read.text.sentences):
        after = read.text.sentences[number + 1]
        if after.last - after.first <= _SHORT:
            yield from (m for m in times if after.first <= m.first < after.last and not m.is_past)


def _same(word: Word, other: Word) -> bool:
    return _clause(word) == _clause(other)
