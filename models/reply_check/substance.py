"""Whether it says anything: promises, deflection, detail, next step (RC06, RC09, RC14, RC15)."""

from collections.abc import Iterator

from models.personal import found
from models.promises import Promise, numbers
from models.reply_check import disclosure, mending
from models.reply_check.draft import HINT, OTHER, PRAISE, QUESTION, WARN, Remark
from models.reply_check.reading import Reading
from models.words import _

_A_FACT, _A_LONG_FACT = 3, 7
"""Words that say something: beyond set phrases, and in a sentence that sends elsewhere."""
_ANSWERS = frozenset({"check", "reply", "other"})
_UNDER_WAY = frozenset({"fix", "visit"})
"""Often what is being done this very moment; the time given elsewhere is that of its result."""
_SET = ("away.elsewhere", "away.empty")
_KIND = ("apology.real", "apology.conditional", "apology.sympathy", "cheer.opening")


def promise(reading: Reading) -> Iterator[Remark]:
    """RC06: a promise without a time, or a late one; a broken one not spoken of."""
    for one in _weak(_to_somebody(reading)):
        span, over = _mended(reading, one)
        yield Remark("RC06", WARN, span, *_weakness(one), over)
        break
    if reading.thread.overdue and not (reading.apologies or reading.read.any("apology.broken")):
        why = _("A promise here is overdue, and the reply does not mention it: {text}").format(
            text=reading.thread.overdue[0]
        )
        fix = _("Say that you are late, and when it will be done now.")
        yield Remark("RC06", WARN, None, why, fix)


def _mended(reading: Reading, one: Promise) -> mending.Mending:
    if not one.is_too_long:
        return mending.timed(reading, one.span, one.soon)
    number = next(word.sentence for word in reading.text.words if word.end > one.span[0])
    return mending.behind(reading, one.span[0], number, "due")


def _to_somebody(reading: Reading) -> tuple[Promise, ...]:
    """What is promised to this person: an answer to a question also tells how things are done."""
    if reading.draft.intent != QUESTION:
        return reading.promises
    return tuple(one for one in reading.promises if one.action in _ANSWERS or one.due_at)


def _weak(promises: tuple[Promise, ...]) -> Iterator[Promise]:
    """Promises with no good time, but for a step on the way to one that has it; a late one may
    stand where a first word is promised in time."""
    timed = [one for one in promises if one.due_at is not None and not one.is_too_long]
    has_first_word = any(one.is_step for one in timed)
    for one in promises:
        if one.is_too_long and has_first_word:
            continue
        if one.due_at is None and timed and (one.is_step or one.action in _UNDER_WAY):
            continue
        if one.due_at is None or one.is_too_long:
            yield one


def _weakness(one: Promise) -> tuple[str, str]:
    if one.is_too_long:
        return (
            _("It promises something later than the end of the next working day."),
            _("Promise a first word within one working day, even if the rest takes longer."),
        )
    if one.is_vague:
        return _("Soon is no time: nobody can hold you to it."), _("Name a day or an hour.")
    return _("It promises something and does not say by when."), _("Name a day or an hour.")


def is_holding(reading: Reading) -> bool:
    """Whether it answers and concludes nothing: nothing done, no fact, nothing owed but a word."""
    if reading.book is None or reading.read.any("away.done"):
        return False
    if any(not one.is_step for one in reading.promises):
        return False
    if reading.draft.intent in (PRAISE, OTHER) and not reading.read.any("away.elsewhere"):
        return bool(reading.promises)  # thanks for praise conclude: nobody waits for more
    return bool(reading.promises) or not _has_fact(reading)


def deflection(reading: Reading) -> Iterator[Remark]:
    """RC09: the customer is sent somewhere else, and that is all."""
    away = reading.read.all("away.elsewhere")
    spans = [reading.read.span(hit) for hit in away]
    spans += [(word.start, word.end) for word in reading.text.words if word.kind == "link"]
    if not spans or reading.promises or reading.read.any("away.done") or _has_fact(reading):
        return
    start = min(spans)[0]
    number = next(word.sentence for word in reading.text.words if word.end > start)
    span, over = mending.behind(reading, start, number, "due")
    yield Remark(
        "RC09",
        WARN,
        span,
        _("It only sends the customer elsewhere: no answer, no deed, no promise."),
        _("Answer here, or say what you do yourself and by when."),
        over,
    )


def _has_fact(reading: Reading) -> bool:
    """Whether some sentence says something from our side that is no set phrase."""
    words, covered, sent_away = reading.text.words, _covered(reading), _sending_away(reading)
    numbers = _number_words(reading)
    kind = {reading.read.sentence(hit) for name in _KIND for hit in reading.read.all(name)}
    for number, sentence in enumerate(reading.text.sentences):
        if sentence.asks or number in kind or _is_signature(reading, number):
            continue
        left = [
            at
            for at in range(sentence.first, sentence.last)
            if at not in covered and (reading.says_something(words[at]) or at in numbers)
        ]
        if len(left) >= (_A_LONG_FACT if number in sent_away else _A_FACT):
            return True
    return False


def _number_words(reading: Reading) -> set[int]:
    """Where numbers stand in words: five years is as much of a fact as 5 years."""
    named = numbers(reading.language)
    return {at for at, word in enumerate(reading.text.words) if word.text in named}


def _sending_away(reading: Reading) -> set[int]:
    """Sentences that send the customer elsewhere."""
    links = {word.sentence for word in reading.text.words if word.kind == "link"}
    return links | {reading.read.sentence(hit) for hit in reading.read.all("away.elsewhere")}


def _covered(reading: Reading) -> set[int]:
    """Words of set phrases, and addresses and telephone numbers."""
    hits = [hit for name in _SET for hit in reading.read.all(name)]
    places = [(one.start, one.end) for one in found(reading.text)]
    words = reading.text.words
    return {at for hit in hits for at in range(hit.first, hit.last)} | {
        at
        for at, word in enumerate(words)
        if word.kind in ("link", "mail") or any(a <= word.start < b for a, b in places)
    }


def _is_signature(reading: Reading, number: int) -> bool:
    last = number == len(reading.text.sentences) - 1
    return last and len(reading.text.within(number)) <= _A_FACT


def detail(reading: Reading) -> Iterator[Remark]:
    """RC14: nothing in it is about this customer's matter."""
    if reading.shared or not reading.matter or reading.book is None:
        return
    why = _("Nothing in it is about this matter: no word, number or place of the customer's.")
    yield Remark("RC14", HINT, None, why, _("Name the thing they wrote about."))


def next_step(reading: Reading) -> Iterator[Remark]:
    """RC15: a complaint, and nothing done, promised or asked; or only a question."""
    if reading.book is None:
        return
    asks = any(sentence.asks for sentence in reading.text.sentences)
    does = bool(reading.promises) or reading.read.any("away.done") or _goes_on(reading)
    if does or (asks and _has_fact(reading)):
        return
    why = _("It only asks; to ask alone calms nobody.") if asks else _("It leads to no next step.")
    span, over = mending.last(reading, "due") or (None, reading.suggestion("due"))
    yield Remark("RC15", HINT, span, why, _("Say what you do now."), over)


def _goes_on(reading: Reading) -> bool:
    """Whether it is to go on in private, which we owe as much as a promise."""
    return disclosure.invitation(reading) is not None
