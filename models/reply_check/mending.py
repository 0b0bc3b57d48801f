"""How a suggestion goes in: what it is put over, so that the words around it still stand.

A suggestion is a whole sentence. Put over a few words in the middle of another one it would leave
halves behind, so it takes a sentence's place or follows it, before whoever has signed.
"""

from models.phrases import Word
from models.reply_check.reading import Reading

Mending = tuple[tuple[int, int], str]
"""Span and words that go over it."""


def opening(reading: Reading) -> int:
    """Where an apology goes: before all else but handles and a greeting."""
    words = [word for word in reading.text.words if word.kind != "handle"]
    return next((word.start for word in words if not _greets(reading, word)), reading.opening)


def instead(reading: Reading, number: int, name: str) -> Mending:
    """In place of this sentence, but for its greeting."""
    words = [word for word in reading.text.within(number) if word.kind != "handle"]
    start = next((word.start for word in words if not _greets(reading, word)), words[0].start)
    return (start, start + len(_rest(reading, start, number))), reading.suggestion(name)


def behind(reading: Reading, start: int, number: int, name: str) -> Mending:
    """Behind this sentence, told from `start` on; in a signature behind what was signed."""
    if reading.signed_at is not None and start >= reading.signed_at:
        return last(reading, name) or ((start, start), "")
    rest, suggestion = _rest(reading, start, number), reading.suggestion(name)
    stop = "" if rest[-1:] in tuple(".!?…") else "."
    return (start, start + len(rest)), f"{rest}{stop} {suggestion}" if suggestion else ""


def last(reading: Reading, name: str) -> Mending | None:
    """Behind what was signed; None where nobody has, or nothing stands before it."""
    signed = reading.signed_at
    before = [word for word in reading.text.words if signed is not None and word.end <= signed]
    if not before:
        return None
    number = before[-1].sentence
    return behind(reading, reading.text.within(number)[0].start, number, name)


def timed(reading: Reading, span: tuple[int, int], soon: tuple[int, int] | None) -> Mending:
    """A promise with its time: over the soon that stands there, or at the end of its clause."""
    by, written = reading.suggestion("by"), reading.draft.reply
    if soon is None:
        end = _end_of_clause(reading, span[1])
        return (span[0], end), f"{written[span[0] : end]} {by}" if by else ""
    start, end = min(span[0], soon[0]), max(span[1], soon[1])
    begins = start == soon[0] and written[start : start + 1].isupper()
    said = by[:1].upper() + by[1:] if begins else by
    over = f"{written[start : soon[0]]}{said}{written[soon[1] : end]}"
    return (start, end), over if by else ""


def _rest(reading: Reading, start: int, number: int) -> str:
    """What stands from `start` to the end of a sentence, without a signature."""
    sentence = reading.text.sentences[number]
    end = reading.text.place(sentence.start, sentence.end)[1]
    if reading.signed_at is not None and reading.signed_at > start:
        end = min(end, reading.signed_at)
    return reading.draft.reply[start:end].rstrip()


def _end_of_clause(reading: Reading, reached: int) -> int:
    signed = len(reading.draft.reply) if reading.signed_at is None else reading.signed_at
    words = [word for word in reading.text.words if word.start < signed]
    reaching = max((word for word in words if word.start < reached), key=lambda one: one.start)
    same = (
        word
        for word in words
        if (word.sentence, word.clause) == (reaching.sentence, reaching.clause)
    )
    return max(reached, *(word.end for word in same))


def _greets(reading: Reading, word: Word) -> bool:
    """Whether a word is in the clause that greets."""
    hits = reading.read.all("greeting.opening")
    begun = [reading.text.words[hit.first] for hit in hits]
    return any((one.sentence, one.clause) == (word.sentence, word.clause) for one in begun)
