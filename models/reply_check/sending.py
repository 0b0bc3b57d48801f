"""Whether it may leave as it is (RC07, RC08, RC17 to RC21)."""

import re
from collections.abc import Iterator

from models.networks import NETWORKS
from models.phrases.text import LONGEST
from models.reply_check import mending
from models.reply_check.draft import BLOCK, HINT, WARN, Remark
from models.reply_check.reading import Reading
from models.words import _, language_word

_SENTENCES, _WORDS = 3, 60
_LIX, _LONG_WORD = 45, 6
_FEW_WORDS = 12
_PUBLIC = 2
_BRACES = re.compile(r"\{\{?[^{}\n]{0,80}\}?\}|<<[^<>\n]{1,60}>>|«[A-ZÆØÅÄÖ_]{4,40}»")
_NAMED = re.compile(r"[\[<(]\s*([^\W_][^\[\]<>()\n]{0,60})\s*[\]>)](?!\()")
_HOLE = 4
"""Words in square brackets that are a place to fill in."""
_EDITORS = frozenset({"sic", "edit", "red", "anm", "toim", "huom", "ed", "note", "ps", "obs"})
_BLANK = re.compile(
    r"(?<!\w)X{3,}(?!\w)|(?<!\w)XX(?!\w)|_{3,}|(?<!\w)(?:ÅÅ|YY|PP)MMDD|%[A-Za-z_]{3,30}%"
    r"|(?<!\w)\$[A-Z_]{3,30}|(?<!\w)(?:TODO|TBD|FIXME|TBC)(?!\w)|(?:\.\s?){5,}|…{2,}"
)


def length(reading: Reading) -> Iterator[Remark]:
    """RC07: empty, longer than the network takes, or long for a public answer."""
    draft, reply = reading.draft, reading.draft.reply
    if not reading.text.plain.strip():
        yield Remark("RC07", BLOCK, None, _("There is nothing in it."), _("Write an answer."))
        return
    network = NETWORKS.get(draft.network or "")
    limit = draft.limit or (network.limit if network else LONGEST)
    count = network.count(reply) if network and len(reply) <= LONGEST else len(reply)
    if count > limit:
        why = _("{count} signs; the most there is {limit}.").format(count=count, limit=limit)
        yield Remark("RC07", BLOCK, None, why, _("Shorten it; it is never split for you."))
        return
    words = len(reading.text.words)
    if not draft.is_private and (len(_full(reading)) > _SENTENCES or words > _WORDS):
        why = _("{words} words in public; few read so far.").format(words=words)
        yield Remark("RC07", HINT, None, why, _("Say it in three sentences; the rest in private."))


def _full(reading: Reading) -> list[int]:
    """Sentences that are more than a greeting or a name."""
    cuts = reading.text.sentences
    return [number for number, cut in enumerate(cuts) if cut.last - cut.first > 2]


def language(reading: Reading) -> Iterator[Remark]:
    """RC08: another language than the customer's; or one we have no phrases for."""
    tongues = reading.tongues
    if tongues.differ:
        why = _("The customer wrote in another language: {language}.").format(
            language=language_word(tongues.customer)
        )
        yield Remark("RC08", WARN, None, why, _("Answer in the customer's language."))
    elif reading.book is None and reading.text.words:
        why = _("The language is none of ours: rules that need its words were not applied.")
        yield Remark("RC08", HINT, None, why, _("Read it once more yourself."))


def placeholder(reading: Reading) -> Iterator[Remark]:
    """RC17: something a template wanted filled in."""
    for start, end in sorted(_holes(reading)):
        yield Remark(
            "RC17",
            BLOCK,
            reading.text.place(start, end),
            _("A place of a template was never filled in."),
            _("Write what belongs there, or take it out."),
        )
        return


def _holes(reading: Reading) -> Iterator[tuple[int, int]]:
    plain = reading.text.plain
    for pattern in (_BRACES, _BLANK):
        yield from (match.span() for match in pattern.finditer(plain))
    names = _words_for_holes(reading)
    for match in _NAMED.finditer(plain):
        words = re.findall(r"\w+", match[1].lower())
        if any(word.isdigit() for word in words):
            continue  # (ordre 40017): it was filled in
        if plain[match.start()] != "[":  # (…) and «…» are also ordinary signs of a sentence
            if words and len(words) <= 2 and names.issuperset(words):
                yield match.span()
            continue
        if words and len(words) <= _HOLE and not _EDITORS.issuperset(words):
            yield match.span()


def _words_for_holes(reading: Reading) -> frozenset[str]:
    own = reading.book.words("placeholder", "names") if reading.book else frozenset()
    return own | {"name", "namn", "navn", "nimi", "insert"}


def moved(reading: Reading) -> Iterator[Remark]:
    """RC18: the thread is no longer what the draft answers."""
    if reading.thread.moved:
        why = _("The conversation has moved on: {what}").format(what=reading.thread.moved)
        yield Remark("RC18", BLOCK, None, why, _("Read what is new, then send."))


def permission(reading: Reading) -> Iterator[Remark]:
    """RC19: this person may not be written to in private."""
    if reading.draft.is_private and reading.thread.forbidden:
        why = _("No private message may go there: {reason}").format(reason=reading.thread.forbidden)
        yield Remark("RC19", BLOCK, None, why, _("Answer in public, or wait until they write."))


def third(reading: Reading) -> Iterator[Remark]:
    """RC20: the third public reply to the same person."""
    if reading.draft.is_private or reading.thread.public_replies < _PUBLIC:
        return
    why = _("{count} public replies stand there already.").format(
        count=reading.thread.public_replies
    )
    span, over = mending.last(reading, "invite") or (None, reading.suggestion("invite"))
    yield Remark("RC20", HINT, span, why, _("Offer to go on in private."), over)


def heavy(reading: Reading) -> Iterator[Remark]:
    """RC21: hard to read, by Björnsson's LIX; it fits the Scandinavian languages alone."""
    words = [word for word in reading.text.words if word.kind == "word"]
    if reading.language not in ("sv", "nb", "da") or len(words) < _FEW_WORDS:
        return
    long = sum(len(word.text) > _LONG_WORD for word in words)
    lix = round(len(words) / len(reading.text.sentences) + 100 * long / len(words))
    if lix > _LIX:
        why = _("Hard to read: LIX {lix}, and 45 is the most.").format(lix=lix)
        yield Remark("RC21", HINT, None, why, _("Shorter sentences, shorter words."))
