"""Personal data in public: told or asked for (RC10)."""

import re
from collections.abc import Iterator

from models.personal import NUMBERS, Personal, found
from models.phrases import Text
from models.reply_check import mending
from models.reply_check.draft import BLOCK, WARN, Names, Remark
from models.reply_check.reading import Reading
from models.words import _

_BEFORE = 15
"""Characters between the words that say whose it is and the address or number itself."""
_MINE = re.compile(
    r"\b(?:mig|meg|me|mitt|min|mit|my|mine|minulle|mulle|minut|numeroni)\b", re.IGNORECASE
)
_OURS = re.compile(r"(?:från|frå|fra|from|numerosta)\s*(?:nummer|number)?\W*$", re.IGNORECASE)
"""We call from it."""
_OFFICES = frozenset(
    (
        *("info", "hej", "hei", "kontakt", "contact", "kundservice", "kundeservice", "hello"),
        *("reklamation", "reklamasjon", "faktura", "salg", "butik", "butikk", "kundtjanst"),
        *("support", "help", "kund", "post", "mail", "asiakaspalvelu", "service", "order", "press"),
        *("care", "office", "gdpr", "privacy", "personvern", "tietosuoja", "palaute", "team"),
        *("shop", "postmottak", "mottak", "klage", "klager", "booking", "hr", "tuki", "laskut"),
        *("laskutus", "myynti", "asiakastuki", "huolto", "varaukset", "bokning", "kundtjänst"),
        *("ekonomi", "økonomi", "okonomi", "drift", "servicedesk", "helpdesk", "complaints"),
    )
)
"""Names of mailboxes that no person owns."""
_SHORTEST = 3
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
            span, over = mending.behind(reading, reading.read.span(hit)[0], number, "private")
            yield Remark(
                "RC10",
                WARN,
                span,
                _("It asks for personal data where everybody can read the answer."),
                _("Ask in private, for as little as you need."),
                "" if number in openly else over,
            )
            return


def _is_theirs(reading: Reading, one: Personal) -> bool:
    """Whether an address or a phone number is the customer's and not one we publish."""
    text = reading.draft.reply
    written = text[one.start : one.end]
    if _digits(written) in _said(reading):
        return True
    if one.kind == "email" and _mailbox(written) in _OFFICES:
        return False
    if one.kind == "email" and _is_named_for(_mailbox(written), reading.draft.names):
        return True
    ends = [reading.read.span(hit)[1] for hit in reading.read.all("data.theirs")]
    near = [text[end : one.start] for end in ends if 0 <= one.start - end <= _BEFORE]
    if any(not _OURS.search(between) for between in near):
        return True
    return one.kind == "email" and _is_private_mail(written.lower())


def _mailbox(address: str) -> str:
    return address.partition("@")[0].lower()


def _is_named_for(mailbox: str, names: Names) -> bool:
    """Whether a mailbox has the customer's first name or the beginning of it, as a part."""
    first = (names.preferred or names.full or "").partition(" ")[0].lower()
    parts = [part for part in re.split(r"[._+\d-]+", mailbox) if len(part) >= _SHORTEST]
    return len(first) >= _SHORTEST and any(first.startswith(part) for part in parts)


def _said(reading: Reading) -> set[str]:
    """Addresses and numbers of the customer's own, by what they wrote: not those of an office,
    nor the switchboard they called."""
    post, own = reading.draft.mention, set[str]()
    for one in found(Text(post)):
        written = post[one.start : one.end]
        is_own = one.kind == "email" and _mailbox(written) not in _OFFICES
        before = post[max(0, one.start - 25) : one.start]
        if is_own or (one.kind == "phone" and _MINE.search(before)):
            own.add(_digits(written))
    return own


def _digits(text: str) -> str:
    """A phone number's last eight digits, or an address as it stands."""
    return text.lower() if "@" in text else "".join(filter(str.isdigit, text))[-8:]


def _is_private_mail(address: str) -> bool:
    return address.partition("@")[2].startswith(_PRIVATE_MAIL)


def _kind(kind: str) -> str:
    return {
        "identity": _("an identity number"),
        "card": _("a card number"),
        "iban": _("an account number"),
        "email": _("an e-mail address"),
        "phone": _("a phone number"),
    }[kind]
