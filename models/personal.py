"""Personal numbers in a text, known by their check digits: what must not stand in public.

Swedish personnummer and samordningsnummer (Luhn), Norwegian fødselsnummer and D-nummer (modulus
11, both digits), Danish CPR (a date; its modulus 11 no longer holds since 2007), Finnish
henkilötunnus (check character, the separators of 2023 too), British National Insurance numbers (by
their form), payment cards (Luhn), IBAN (modulus 97), e-mail addresses and phone numbers. Spans are
places in the text as it was written.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from models.phrases.text import Text

_FEWEST_DIGITS = 6
"""Below that there is no number of any kind here."""
NUMBERS = ("identity", "card", "iban")
"""Kinds that identify a person or move money; e-mail and phone are the others."""
_DIGIT = r"(?<![\w@])(?<![\d][-.,])"
_AFTER = r"(?![-.]?\d)(?!\w)"
_SWEDISH = re.compile(rf"{_DIGIT}(?:19|20|18)?(\d{{6}})([-+]| - | )?(\d{{4}}){_AFTER}")
_NORWEGIAN = re.compile(rf"{_DIGIT}(\d{{6}})[ .-]?(\d{{5}}){_AFTER}")
_NORWEGIAN_CUT = re.compile(rf"{_DIGIT}(\d\d)[ .](\d\d)[ .](\d\d)[ .-](\d{{5}}){_AFTER}")
_DANISH = re.compile(rf"{_DIGIT}(\d{{6}})(-| - | )(\d{{4}}){_AFTER}")
_CPR = re.compile(
    r"\bcpr(?:[- ]?(?:nr|nummer(?:et)?|no|number))?\.?:?(?: \w{2,8}){0,3}:? "
    rf"(\d{{6}})(\d{{4}}){_AFTER}",
    re.IGNORECASE,
)
_FINNISH = re.compile(
    r"(?<![\w@])(\d{6})([-+A-FU-Y])(\d{3})([0-9A-FHJ-NPR-Y])(?!\w)", re.IGNORECASE
)
_BRITISH = re.compile(
    r"(?<!\w)(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r" ?\d\d ?\d\d ?\d\d ?[A-D](?!\w)"
)
_CARD = re.compile(r"(?<![\w@])(?<!\d[-.,])\d(?:[ -]?\d){12,18}(?![-.]?\d)(?!\w)")
_CARDS = {
    14: ("30|36|38|39",),
    15: ("34|37",),
    16: ("4|5[0-8]|2[2-7]|35|6",),
    17: ("5[06-8]|6",),
    18: ("5[06-8]|6",),
    19: ("4|5[06-8]|6",),
}
"""What cards of so many digits begin with."""
_REFERENCE = re.compile(
    r"(?:\b(?:kid|ocr|ref|viite\w*|sak\w*|case|ticket|arende\w*|ärende\w*|sag\w*)"
    r"|pakke\w*|paket\w*|paketti\w*|sporing\w*|spor\w*|tracking|parcel|forsendel\w*"
    r"|försändelse\w*|kolli\w*|lähety\w*|seuranta\w*|order\w*|ordre\w*|tilau\w*"
    r"|faktura\w*|invoice|referens\w*|referan\w*|reference|kunde?n(?:ummer|r)|kundnummer"
    r"|asiakasnumero\w*|bestilling\w*|beställning\w*)"
    r"(?:[ -]?(?:nummer|nr|no|number|numero|id|kode|koden))?\W{0,3}$",
    re.IGNORECASE,
)
"""What stands before a number of a matter, which may look like a person's or a card's."""
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}(?: ?[A-Z0-9]{1,4})?(?!\w)")
_IBAN_LENGTHS = {"SE": 24, "NO": 15, "DK": 18, "FI": 18, "GB": 22, "DE": 22, "NL": 18, "FR": 27}
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}(?![\w@])")
_PHONE = re.compile(
    r"(?<![\w@/.,:+-])(?<!\d )(?:(?:\+|00)(?:46|47|45|358|44)(?:[ -]?\(0\))?(?:[ /-]?\d){6,11}"
    r"|0\d{1,4}(?:[ /-]{1,3}\d{2,8}){1,4}|0(?:7|4|5)\d{7,9}"
    r"|[2-9]\d(?: \d\d){3}|[2-9]\d{7}|[4-9]\d\d \d\d \d\d\d)(?![-:.,]?\d)(?![\w%])"
)
_PERSON = {
    "identity": "••••••••••",
    "card": "•••• ••••",
    "iban": "••••",
    "email": "•••@•••",
    "phone": "••• •••",
}


@dataclass(frozen=True, slots=True)
class Personal:
    """One number or address; `kind` is identity, card, iban, email or phone."""

    kind: str
    start: int
    end: int


def found(text: str | Text) -> tuple[Personal, ...]:
    """What identifies a person in a text, in order, none over another."""
    read = text if isinstance(text, Text) else Text(text)
    taken = list[Personal]()
    for kind, look in _LOOKS:
        for start, end in look(read.plain):
            if kind in ("identity", "card") and _REFERENCE.search(read.plain[:start][-30:]):
                continue
            if not any(start < other.end and other.start < end for other in taken):
                taken.append(Personal(kind, start, end))
    placed = (Personal(one.kind, *read.place(one.start, one.end)) for one in taken)
    return tuple(sorted(placed, key=lambda one: one.start))


def masked(text: str, kinds: tuple[str, ...] = NUMBERS) -> str:
    """The text with dots where it names such a number."""
    if sum(map(str.isdigit, text)) < _FEWEST_DIGITS:
        return text
    parts, reached = list[str](), 0
    for one in found(text):
        if one.kind in kinds:
            parts += [text[reached : one.start], _PERSON[one.kind]]
            reached = one.end
    return "".join([*parts, text[reached:]])


def _identities(plain: str) -> Iterator[tuple[int, int]]:
    for match in _SWEDISH.finditer(plain):
        is_mobile = match[2] is None and match.group().startswith("07")
        if not is_mobile and _is_date(match[1], "ymd", 60) and _luhn(match[1] + match[3]):
            yield match.span()
    for pattern in (_NORWEGIAN, _NORWEGIAN_CUT):
        for match in pattern.finditer(plain):
            digits = "".join(match.groups())
            if _is_date(digits[:6], "dmy", 40) and _is_norwegian(digits):
                yield match.span()
    for match in _DANISH.finditer(plain):
        if _is_date(match[1], "dmy"):
            yield match.span()
    for match in _CPR.finditer(plain):
        if _is_date(match[1], "dmy"):
            yield match.start(1), match.end()
    for match in _FINNISH.finditer(plain):
        if _is_date(match[1], "dmy") and _finnish_check(match[1] + match[3]) == match[4].upper():
            yield match.span()
    yield from (match.span() for match in _BRITISH.finditer(plain))


def _cards(plain: str) -> Iterator[tuple[int, int]]:
    for match in _CARD.finditer(plain):
        digits = re.sub(r"\D", "", match.group())
        fits = any(re.match(start, digits) for start in _CARDS.get(len(digits), ()))
        if fits and len(set(digits)) > 1 and _luhn(digits):
            yield match.span()


def _ibans(plain: str) -> Iterator[tuple[int, int]]:
    for match in _IBAN.finditer(plain):
        for end in _ends_of_words(match):
            bare = plain[match.start() : end].replace(" ", "")
            if _is_iban(bare):
                yield match.start(), end
                break


def _ends_of_words(match: re.Match[str]) -> Iterator[int]:
    """Where an IBAN may end: a word in capitals may follow it."""
    yield match.end()
    text = match.group()
    yield from (match.start() + place for place, sign in enumerate(text) if sign == " ")


def _mails(plain: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _MAIL.finditer(plain))


def _phones(plain: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _PHONE.finditer(plain))


def _is_iban(bare: str) -> bool:
    if not 15 <= len(bare) <= 34 or _IBAN_LENGTHS.get(bare[:2], len(bare)) != len(bare):
        return False
    return int("".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])) % 97 == 1


def _is_date(digits: str, order: str, shift: int = 0) -> bool:
    """Whether six digits are a date; some numbers add `shift` to the day."""
    parts = dict(zip(order, (int(digits[at : at + 2]) for at in (0, 2, 4)), strict=True))
    day = parts["d"] - shift if shift and parts["d"] > shift else parts["d"]
    return any(_exists(century + parts["y"], parts["m"], day) for century in (1900, 2000))


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _luhn(digits: str) -> bool:
    doubled = (2 * int(digit) for digit in digits[-2::-2])
    total = sum(map(int, digits[-1::-2])) + sum(value - 9 * (value > 9) for value in doubled)
    return total % 10 == 0


def _is_norwegian(digits: str) -> bool:
    numbers = [int(digit) for digit in digits]
    first = sum(map(int.__mul__, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1), numbers))
    second = sum(map(int.__mul__, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), numbers))
    return first % 11 == 0 and second % 11 == 0


def _finnish_check(digits: str) -> str:
    return "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(digits) % 31]


_LOOKS: tuple[tuple[str, Callable[[str], Iterator[tuple[int, int]]]], ...] = (
    ("iban", _ibans),
    ("identity", _identities),
    ("card", _cards),
    ("email", _mails),
    ("phone", _phones),
)
