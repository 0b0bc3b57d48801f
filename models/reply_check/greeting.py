"""Whom it greets and who signs it (RC05, RC16)."""

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher

from models.phrases import Books, Word
from models.reply_check.draft import HINT, WARN, Names, Remark
from models.reply_check.reading import Reading
from models.words import _

_SEPARATE = re.compile(r"[\s._-]+")
_NAMES = 3
_ALIKE = 0.6


def wrong_name(reading: Reading) -> Iterator[Remark]:
    """RC05: the name after the greeting is not the customer's; a general word is a hint."""
    called = _called(reading)
    if called is None:
        return
    span = called[0].start, called[-1].end
    if reading.book is not None and called[0].text in reading.book.words("greeting", "generic"):
        why = _("A general greeting: it could go to anybody.")
        # in Hi there a name may stand for the second word, in Hi and thanks it may not
        over = "" if called[0].text in reading.tongues.common else _first(reading)
        yield Remark("RC05", HINT, span, why, _("Greet by name, or not at all."), over)
        return
    names = reading.draft.names
    if not _is_name(called, names) and not _is_theirs(called, reading):
        why = _("The customer is called {name}.").format(name=_shown(names))
        if _parts(names.full or "") & {word.text for word in called}:
            why = _("That is not the name they go by: {name}.").format(name=_shown(names))
        fix = _("Use the name they go by, or none.")
        yield Remark("RC05", WARN, span, why, fix, _first(reading))


def salutation(names: Names, language: str, books: Books) -> str:
    """How an answer in this language greets: by the first name, where they have told one."""
    name = _shown(names)
    greeting = books[language].said("suggest", "greeting")
    is_name = name.replace("-", "").isalpha() and name[:1].isupper()
    return greeting.replace("{name}", name) if is_name else greeting.replace(" {name}", "")


def signature(reading: Reading) -> Iterator[Remark]:
    """RC16: nobody has signed it."""
    if reading.signed_at is not None:
        return
    why = _("Nobody stands behind it: it is not signed.")
    yield Remark("RC16", HINT, None, why, _("End with your first name."))


def _called(reading: Reading) -> list[Word] | None:
    """The words that name somebody: after the greeting, else where somebody is spoken to."""
    for hit in reading.read.all("greeting.opening"):
        words = reading.text.words
        begins = [word for word in words[: hit.first] if word.kind != "handle"]
        if begins or hit.last >= len(words):
            continue
        title = reading.book.words("greeting", "title") if reading.book else frozenset()
        last, rest = hit.last, words[hit.last : hit.last + _NAMES + 1]
        while rest and rest[0].text in title:
            last, rest = last + 1, rest[1:]
        found = _name(reading, words[hit.last - 1], list(rest))
        if found and not _is_ours(reading, words[hit.last - 1], found):
            return found
    if any(_bare(word.text) in _firsts(reading) for word in reading.text.words):
        return None  # who is called by the right name somewhere is not mistaken for another
    return next(_spoken_to(reading), None)


def _is_ours(reading: Reading, greeting: Word, found: list[Word]) -> bool:
    """Whether a name tells who writes: behind a comma, and the sentence runs on."""
    at = reading.text.words.index(found[-1]) + 1
    following = reading.text.words[at] if at < len(reading.text.words) else None
    runs_on = following is not None and not _apart(found[-1], following)
    return runs_on and found[0].clause != greeting.clause


def _firsts(reading: Reading) -> set[str]:
    """What this customer is called, by the name they prefer or the first of all."""
    names = reading.draft.names
    first = names.preferred or (names.full or "").partition(" ")[0]
    return {_bare(part) for part in first.split()}


def _spoken_to(reading: Reading) -> Iterator[list[Word]]:
    """Names that stand as when one turns to somebody: Thanks Ingela, or: our fault, Anders."""
    after = {hit.last for hit in reading.read.all("greeting.before_name")}
    for at, word in enumerate(reading.text.words):
        if _may_be_a_name(reading, word) and _is_addressed(reading, at, after):
            yield [word]


def _is_addressed(reading: Reading, at: int, after: set[int]) -> bool:
    """Whether somebody is spoken to by the word at `at`; `after` are the ends of Thanks, Sorry."""
    words, word = reading.text.words, reading.text.words[at]
    following = words[at + 1] if at + 1 < len(words) else None
    if at == 0:
        return following is not None and _opens(reading, word, following)
    before = words[at - 1]
    if at in after and before.sentence == word.sentence:
        return following is None or _apart(word, following)
    if following is None:
        return False
    return _ends_sentence(before, word, following) or _is_called(reading, before, word, following)


def _is_called(reading: Reading, before: Word, word: Word, following: Word) -> bool:
    """Whether a word stands alone between two commas behind an apology: I am sorry, Simon, ..."""
    alone = len({before.clause, word.clause, following.clause}) == len((before, word, following))
    in_one = before.sentence == word.sentence == following.sentence
    sorry = any(reading.read.sentence(hit) == word.sentence for hit in reading.apologies)
    return alone and in_one and sorry


def _opens(reading: Reading, word: Word, following: Word) -> bool:
    """Whether the first word is a name: nearly the customer's, or before a greeting."""
    if reading.book is None or following.text in reading.book.words("greeting", "after_name"):
        return True
    return _apart(word, following) and _is_near(word, reading.draft.names)


def _ends_sentence(before: Word, word: Word, following: Word) -> bool:
    """Whether a word stands alone between a comma and the end of its sentence."""
    alone = before.sentence == word.sentence and before.clause != word.clause
    return alone and following.sentence != word.sentence and not before.is_capital


def _may_be_a_name(reading: Reading, word: Word) -> bool:
    if word.kind != "word" or not word.is_capital or reading.book is None:
        return False
    if len(word.raw) > 1 and word.raw.isupper():
        return False
    known = reading.book.words("greeting", "no_name") | reading.tongues.common
    theirs = {one.text for one in reading.mention.words if not one.is_capital}
    return word.text not in known | theirs | reading.book.words("greeting", "generic")


def _is_near(word: Word, names: Names) -> bool:
    """Whether a word is nearly the customer's name, or another of their names."""
    said = _bare(word.text)
    if said in _parts(names.full or ""):
        return True
    name = _bare(_shown(names))
    return bool(name) and SequenceMatcher(None, said, name).ratio() >= _ALIKE


def _apart(word: Word, following: Word) -> bool:
    return word.sentence != following.sentence or word.clause != following.clause


def _name(reading: Reading, before: Word, rest: list[Word]) -> list[Word] | None:
    if not rest or rest[0].sentence != before.sentence or rest[0].kind != "word":
        return None
    generic = reading.book.words("greeting", "generic") if reading.book else frozenset()
    if rest[0].text in generic:
        return rest[:1]
    if not rest[0].is_capital or rest[0].text in reading.tongues.common:
        return None
    name = rest[:1]
    for word in rest[1:_NAMES]:
        if (
            not word.is_capital
            or word.clause != name[-1].clause
            or word.sentence != before.sentence
        ):
            break
        if word.text in reading.tongues.common:
            break
        name.append(word)
    return name


def _is_name(called: list[Word], names: Names) -> bool:
    """Whether these words are what this customer may be called; True where nobody knows."""
    if not (names.preferred or names.full):
        return True
    said = [_bare(word.text) for word in called]
    full = [_bare(part) for part in (names.full or "").split()]
    may = {_bare(part) for part in (names.preferred or "").split()}
    if full and not may & set(full[1:]):  # who goes by a later name is not called by the first
        may.add(full[0])
    if names.preferred:
        may.add(_bare(names.preferred))
    may |= {_bare(names.handle or "").lstrip("@")} - {""}
    surnames = set(full[1:][-1:]) if len(full) > 1 else set()
    whole = _bare("".join(word.text for word in called))
    if _is_another_double(said, names):
        return False
    if whole in may or said[0] in may or _handle_has(said[0], names.handle):
        return True
    return bool(surnames) and set(said) <= surnames and said[0] not in set(full[:-1])


def _is_another_double(said: list[str], names: Names) -> bool:
    """Per Olav, where the customer goes by Per Kristian."""
    preferred = _parts(names.preferred or "")
    second = said[1] if len(said) > 1 else ""
    known = preferred | _parts(names.full or "") | _parts(names.handle or "")
    return len(preferred) > 1 and bool(second) and second not in known


def _is_theirs(called: list[Word], reading: Reading) -> bool:
    """Whether the customer has signed the post with that name, or the greeting names us."""
    words = reading.mention.words[-2:]
    signed = bool(words) and words[-1].is_capital and words[-1].text == called[0].text
    ours = {word.lower() for text in reading.draft.brand for word in text.split()}
    return signed or called[0].text in ours


def _handle_has(name: str, handle: str | None) -> bool:
    return bool(handle) and len(name) > 2 and name in _parts(handle or "")


def _parts(text: str) -> set[str]:
    return {_bare(part) for part in _SEPARATE.split(text.lstrip("@")) if part}


def _bare(text: str) -> str:
    """Without accents and hyphens, so that André is Andre and Anna-Karin is Anna Karin."""
    spread = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in spread if letter.isalnum() or letter == "@")


def _shown(names: Names) -> str:
    return names.preferred or (names.full or "").partition(" ")[0]


def _first(reading: Reading) -> str:
    return _shown(reading.draft.names) or ""
