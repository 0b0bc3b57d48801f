"""Copy and paste (RC04): the same words to other people, or twice to the same one; and what is
somebody else's."""

import re
from collections.abc import Iterator

from models.phrases import Text
from models.reply_check.copies import ALIKE, ALIKE_IN_AN_INCIDENT, SIGNATURE, similarity
from models.reply_check.draft import BLOCK, WARN, Names, Remark
from models.reply_check.marks import Mark, bare, is_somebodys, marks
from models.reply_check.reading import Reading
from models.saved_replies import SEAM, filled
from models.words import _

_OTHERS = 2
_GREETING = 4
"""Words before and after a saved reply that are no more than a greeting and a farewell."""


def copy(reading: Reading) -> Iterator[Remark]:
    """RC04: near-identical to replies of the last seven days, or a saved one left as it was."""
    thread = reading.thread
    least = ALIKE_IN_AN_INCIDENT if thread.is_incident else ALIKE
    names = tuple(name for one in _everybody(reading) for name in _called(one))
    alike = [
        sent for sent in thread.sent if similarity(reading.draft.reply, sent.text, names) >= least
    ]
    if any(sent.is_same_person for sent in alike):
        why = _("This person has had the same answer already.")
        yield Remark("RC04", BLOCK, None, why, _("Say what is new, in your own words."))
    elif len(alike) >= _OTHERS:
        why = _("{count} others have had the same words within seven days.").format(
            count=len(alike)
        )
        yield Remark("RC04", WARN, None, why, _("Say what is this customer's own matter."))
    elif thread.saved is not None and _is_untouched(thread.saved, reading.draft.reply):
        why = _("A saved reply, and nothing in it was written for this customer.")
        yield Remark("RC04", WARN, None, why, _("Fill its open place with their matter."))


def stray(reading: Reading) -> Iterator[Remark]:
    """RC04: a number, a handle or a name that stood in a reply to one other person alone."""
    spans = [*map(_span, _stray_marks(reading)), *_stray_names(reading)]
    for span in sorted(spans)[:1]:
        why = _("This stood in a reply to somebody else, and this customer has not written it.")
        yield Remark("RC04", WARN, span, why, _("Make sure that it is theirs, or take it out."))


def _stray_marks(reading: Reading) -> Iterator[Mark]:
    """What two or more others have been told is nobody's own."""
    carried = marks(reading.text) if reading.thread.sent else ()
    told = [({one.key for one in marks(Text(sent.text))}, sent) for sent in reading.thread.sent]
    for mark in carried:
        those = [sent for keys, sent in told if mark.key in keys]
        is_one = len({sent.names for sent in those}) == 1
        has_had_it = any(sent.is_same_person for sent in those) or _is_theirs(mark, reading)
        if is_one and not has_had_it and is_somebodys(mark, reading.read):
            yield mark


def _is_theirs(mark: Mark, reading: Reading) -> bool:
    """Whether the customer has written it, or is called so; or we are."""
    draft, handle = reading.draft, (reading.draft.names.handle or "").lstrip("@")
    if mark.key.startswith("@"):
        ours = [handle, handle.partition("@")[0], *draft.brand]
        return mark.key in {f"@{bare(one).replace('@', '')}" for one in ours} or any(
            mark.key in bare(text) for text in reading.theirs
        )
    return any(mark.key in bare(text).replace("@", "") for text in reading.theirs)


def _stray_names(reading: Reading) -> Iterator[tuple[int, int]]:
    """Where somebody else is called by first and last name."""
    theirs = " ".join((*reading.theirs, *_called(reading.draft.names))).lower()
    for sent in reading.thread.sent:
        full = (sent.names.full or "").split()
        if sent.is_same_person or len(full) < len(("first", "last")):
            continue
        if " ".join(full).lower() in theirs:
            continue
        name = r"(?<!\w)" + r"\s+".join(map(re.escape, full)) + r"(?!\w)"
        for found in re.finditer(name, reading.text.plain, re.IGNORECASE):
            yield reading.text.place(*found.span())


def _span(mark: Mark) -> tuple[int, int]:
    return mark.start, mark.end


def _everybody(reading: Reading) -> list[Names]:
    """This customer and who else had these words: a draft may still call one by another's name."""
    return [reading.draft.names, *dict.fromkeys(sent.names for sent in reading.thread.sent)]


def _called(names: Names) -> tuple[str, ...]:
    return tuple(name for name in (names.preferred, names.full, names.handle) if name)


def _is_untouched(saved: str, reply: str) -> bool:
    """Whether a reply is the saved one with its seams as they were, or simply taken out."""
    found = filled(saved, SIGNATURE.sub(" ", reply)) if SEAM.search(saved) else None
    if found is None:
        return False
    before, between, after = found
    return not any(map(_words, between)) and max(_words(before), _words(after)) <= _GREETING


def _words(text: str) -> int:
    return len(Text(text).words)
