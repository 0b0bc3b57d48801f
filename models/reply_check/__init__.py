"""The reply check: reads a reply as the customer will, by rules and phrase lists, offline.

Twenty-one rules of three levels: `block` keeps a reply from leaving, `warn` wants a reason, `hint`
is advice. What a customer wants decides which rules apply.
"""

from collections.abc import Callable, Iterable

from models.phrases import Books
from models.promises import Promise
from models.reply_check import (
    disclosure,
    greeting,
    mending,
    offers,
    repeats,
    sending,
    substance,
    tone,
)
from models.reply_check.draft import (
    BLOCK,
    COMPLAINT,
    HINT,
    INTENTS,
    OTHER,
    PRAISE,
    QUESTION,
    WARN,
    Draft,
    Names,
    Remark,
    Sent,
    Thread,
)
from models.reply_check.intent import guess
from models.reply_check.reading import PHRASES, Reading

__all__ = (
    "BLOCK",
    "COMPLAINT",
    "HINT",
    "INTENTS",
    "OTHER",
    "PHRASES",
    "PRAISE",
    "QUESTION",
    "WARN",
    "Draft",
    "Names",
    "Remark",
    "Sent",
    "Thread",
    "check",
    "guess",
    "invitation",
    "is_holding",
    "opening",
    "promised",
    "salutation",
)

Rule = Callable[[Reading], Iterable[Remark]]
_ALWAYS: tuple[Rule, ...] = (
    repeats.copy,
    repeats.stray,
    greeting.wrong_name,
    sending.length,
    sending.language,
    disclosure.leak,
    disclosure.ask,
    greeting.signature,
    sending.placeholder,
    sending.moved,
    sending.permission,
)
_WANTED: tuple[Rule, ...] = (
    substance.promise,
    substance.deflection,
    offers.compensation,
    tone.blame,
    substance.detail,
    sending.third,
    sending.heavy,
)
_COMPLAINED: tuple[Rule, ...] = (
    tone.apology,
    tone.non_apology,
    tone.stock_apology,
    tone.cheer,
    offers.offer,
    substance.next_step,
)
_RULES = {
    COMPLAINT: (*_COMPLAINED, *_WANTED, *_ALWAYS),
    QUESTION: (*_WANTED, *_ALWAYS),
    PRAISE: _ALWAYS,
    OTHER: _ALWAYS,
}
_ORDER = {BLOCK: 0, WARN: 1, HINT: 2}


def promised(draft: Draft, books: Books = PHRASES) -> tuple[Promise, ...]:
    """What a reply promises, in the language it is written in."""
    return Reading(draft, Thread(), books).promises


def invitation(draft: Draft, books: Books = PHRASES) -> str | None:
    """The sentence that asks the customer to go on in private, if there is one."""
    return disclosure.invitation(Reading(draft, Thread(), books))


def opening(draft: Draft, books: Books = PHRASES) -> int:
    """Where in the reply its first words of substance stand, behind handles and a greeting."""
    return mending.opening(Reading(draft, Thread(), books))


def is_holding(draft: Draft, books: Books = PHRASES) -> bool:
    """Whether a reply only holds the line: it answers, but the customer's matter runs on."""
    return substance.is_holding(Reading(draft, Thread(), books))


def salutation(names: Names, language: str, books: Books = PHRASES) -> str:
    """How an answer in this language begins: `Hi Anna.`; without the name where none is known."""
    return greeting.salutation(names, language, books)


def check(draft: Draft, thread: Thread | None = None, books: Books = PHRASES) -> tuple[Remark, ...]:
    """What the rules say of a draft, the hardest first; any text is answered, none raises."""
    reading = Reading(draft, thread or Thread(), books)
    remarks = [remark for rule in _RULES[draft.intent] for remark in rule(reading)]
    return tuple(sorted(remarks, key=lambda remark: (_ORDER[remark.level], remark.rule)))
