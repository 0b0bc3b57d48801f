"""Personal data in public: told or asked for (RC10)."""

import re
from collections.abc import Iterator

from models.personal import NUMBERS, Personal, found
from models.phrases import Text
from models.reply_check.draft import BLOCK, WARN, Remark
from models.reply_check.reading import Reading
from models.words import _

_BEFORE = 15
"""Characters between the words that say whose it is and the address or number itself."""
_MINE = re.compile(
    r"\b(?:mig|meg|me|mitt|min|mit|my|mine|minulle|mulle|minut|numeroni)\b", re.IGNORECASE
)
_OFFICES = frozenset(
    (
        *("info", "hej", "hei", "kontakt", "contact", "kundservice", "kundeservice", "hello"),
        *("reklamation", "reklamasjon", "faktura", "salg", "butik", "butikk", "kundtjanst"),
        *("support", "help", "kund", "post", "mail", "asiakaspalvelu", "service", "order", "press"),
        *(
            "care",
            "office",
            "gdpr",
            "privacy",
            "personvern",
            "tietosuoja",
            "palaute",
            "team",
            "shop",
        ),
    )
)
_PRIVATE_MAIL = (
    *("gmail.", "hotmail.", "outlook.", "live.", "yahoo.", "icloud.", "msn.", "telia.", "proton."),
    *("online.no", "me.com", "kolumbus.fi", "luukku.", "jubii.", "mail.dk", "bredband."),
)


def leak(reading: Reading) -> Iterator[Remark]:
    """RC10, block: a number or an address of somebody stands in a public reply."""
    if reading.draft.is_private:
        return
    for one in found(reading.text):
        if one.kind in NUMBERS or (one.kind in ("email", "phone") and _is_theirs(reading, one)):
            yield Remark(
                "RC10",
                BLOCK,
                (one.start, one.end),
                _("Personal data in public: {kind}.").format(kind=_kind(one.kind)),
                _("Take it out; continue in private."),
                reading.suggestion("private"),
            )


def invitation(reading: Reading) -> str | None:
    """The sentence of a public reply that asks for something in private; None if there is none."""
    if reading.draft.is_private or reading.book is None:
        return None
    private = {reading.read.sentence(hit) for hit in reading.read.all("data.private")}
    asked = {reading.read.sentence(hit) for hit in reading.read.all("data.ask")}
    for number in sorted(private & asked):
        sentence = reading.text.sentences[number]
        start, end = reading.text.place(sentence.start, sentence.end)
        return reading.text.original[start:end].strip()
    return None


def ask(reading: Reading) -> Iterator[Remark]:
    """RC10, warn: asks for personal data where all can read the answer."""
    if reading.draft.is_private:
        return
    private = {reading.read.sentence(hit) for hit in reading.read.all("data.private")}
    openly = {reading.read.sentence(hit) for hit in reading.read.all("data.openly")}
    for hit in reading.read.all("data.ask"):
        number = reading.read.sentence(hit)
        near = {number - 1, number, number + 1} & private
        if not near or (number in openly and number not in private):
            yield Remark(
                "RC10",
                WARN,
                reading.read.span(hit),
                _("It asks for personal data where everybody can read the answer."),
                _("Ask in private, for as little as you need."),
                reading.suggestion("private"),
            )
            return


def _is_theirs(reading: Reading, one: Personal) -> bool:
    """Whether an address or a phone number is the customer's and not one we publish."""
    text = reading.draft.reply
    if _digits(text[one.start : one.end]) in _said(reading):
        return True
    near = [
        hit
        for hit in reading.read.all("data.theirs")
        if 0 <= one.start - reading.read.span(hit)[1] <= _BEFORE
    ]
    if near:
        return True
    return one.kind == "email" and _is_private_mail(text[one.start : one.end].lower())


def _said(reading: Reading) -> set[str]:
    """Addresses and numbers of the customer's own, by what they wrote: not those of an office,
    nor the switchboard they called."""
    post, own = reading.draft.mention, set[str]()
    for one in found(Text(post)):
        written = post[one.start : one.end]
        name = written.partition("@")[0].lower()
        is_own = one.kind == "email" and name not in _OFFICES
        before = post[max(0, one.start - 25) : one.start]
        if is_own or (one.kind == "phone" and _MINE.search(before)):
            own.add(_digits(written))
    return own


def _digits(text: str) -> str:
    """A phone number's last eight digits, or an address as it stands."""
    return text.lower() if "@" in text else "".join(filter(str.isdigit, text))[-8:]


def _is_private_mail(address: str) -> bool:
    name, _at, domain = address.partition("@")
    return name not in _OFFICES and domain.startswith(_PRIVATE_MAIL)


def _kind(kind: str) -> str:
    return {
        "identity": _("an identity number"),
        "card": _("a card number"),
        "iban": _("an account number"),
        "email": _("an e-mail address"),
        "phone": _("a phone number"),
    }[kind]
