"""Copy and paste (RC04): the same words to other people, or twice to the same one."""

from collections.abc import Iterator

from models.phrases import Text
from models.reply_check.copies import ALIKE, ALIKE_IN_AN_INCIDENT, SIGNATURE, similarity
from models.reply_check.draft import BLOCK, WARN, Names, Remark, Sent
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
    alike = [sent for sent in thread.sent if _likeness(reading, sent) >= least]
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


def _likeness(reading: Reading, sent: Sent) -> float:
    names = (*_called(reading.draft.names), *_called(sent.names))
    return similarity(reading.draft.reply, sent.text, names)


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
