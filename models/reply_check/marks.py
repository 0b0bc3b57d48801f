"""Marks: numbers and handles that belong to one customer's matter, such as an order or @somebody.

What many customers are told is none: telephone numbers, dates, hours, prices, laws, links, train
and model numbers. The shape of a number tells most of it, the words beside it the rest.
"""

import re
from dataclasses import dataclass
from itertools import islice

from models.personal import found
from models.phrases import Read, Text
from models.phrases.text import LONGEST
from models.reply_check.copies import key

_LEAST, _BARE = 4, 5
"""Letters and figures of a number, and its figures where no word says what it is."""
_NEAR = 2
"""Words before a number that tell what it is."""
_MOST = 20
_TOKEN = re.compile(r"[^\W_]{1,60}(?:(?:[-/.]|(?<=\d):)[^\W_]{1,60}){0,6}")
_HANDLE = re.compile(r"(?<![\w@.])@\w[\w.-]{0,60}(?:@\w[\w.-]{0,60})?")
_ENDING = re.compile(r"(?<=\d)[:-][^\W\d_]{1,12}$")
"""The ending that Finnish and Swedish hang on a number: 40017:n, 23:e, 90-talet."""
_SHARED = re.compile(
    r"\d{1,2}(?:[-./:]\d{1,2})*"  # an hour, from and to, a day and its month
    r"|\d{1,2}[-./]\d{1,2}[-./]\d{4}|(?:19|20)\d\d(?:-\d\d-\d\d|[-/]\d{2,4})?"  # dates, years
    r"|\d{4}:\d+|\d+/(?:19|20)\d\d"  # laws
    r"|\d{1,3}(?:\.\d{3})+|\d+\.\d{1,2}|\d{1,5}[^\W\d_]{1,8}"  # prices and quantities
)
_MONEY = r"(?:kr|kronor|kroner|sek|nok|dkk|eur|euro\w*|pounds?|[€£$%])"
_PRICE = re.compile(rf"(?:[.,]\d\d?)?\s?(?:{_MONEY}(?!\w)|:-|,[-–])", re.IGNORECASE)
_PRICED = re.compile(rf"(?<!\w){_MONEY}\s?$", re.IGNORECASE)
_ROUND = re.compile(r"\d+00")
_TOWN = re.compile(r"\s[A-ZÅÄÖÆØ][a-zåäöæø]")
"""What follows a postal code."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One number or handle: `key` without its signs, and where it stands as it was written."""

    key: str
    start: int
    end: int


def marks(text: Text) -> tuple[Mark, ...]:
    """The numbers and handles that by their shape may be one customer's."""
    places = [(one.start, one.end) for one in found(text) if one.kind in ("phone", "email")]
    places += [(word.start, word.end) for word in text.words if word.kind in ("link", "mail")]
    handles = [_mark(text, match, "@") for match in _HANDLE.finditer(text.plain[:LONGEST])]
    places += [(one.start, one.end) for one in handles]
    numbers = [
        _mark(text, match)
        for match in _TOKEN.finditer(text.plain[:LONGEST])
        if _may_be_one(text.plain, match)
    ]
    free = [one for one in numbers if not any(a < one.end and one.start < b for a, b in places)]
    return tuple(islice((*handles, *free), _MOST))


def keys(body: str) -> tuple[int, ...]:
    """What a reply shares with others that carry the same numbers, as `copies.fingerprint`."""
    return tuple({key(one.key, 4) for one in marks(Text(body))})


def is_somebodys(mark: Mark, read: Read) -> bool:
    """Whether the words beside it let it be one customer's; `read` knows their language."""
    if mark.key.startswith("@"):
        return True
    words = read.text.words
    at = next((place for place, word in enumerate(words) if word.end > mark.start), len(words))
    if "#" in read.text.original[words[at - 1].end if at else 0 : mark.start]:
        return True
    for place in range(at - 1, max(0, at - _NEAR) - 1, -1):
        for name in ("mark.named", "mark.shared"):
            if any(hit.first <= place < hit.last for hit in read.all(name)):
                return name == "mark.named"
    return _is_long(mark, read.text)


def bare(text: str) -> str:
    """A text as its letters and figures, in which the key of a number is looked for."""
    return "".join(sign for sign in text.lower() if sign.isalnum() or sign == "@")


def _mark(text: Text, match: re.Match[str], sign: str = "") -> Mark:
    written = match.group().rstrip(".-") if sign else _ENDING.sub("", match.group())
    start, end = text.place(match.start(), match.start() + len(written))
    return Mark(sign + bare(written).replace("@", ""), start, end)


def _may_be_one(plain: str, match: re.Match[str]) -> bool:
    written = _ENDING.sub("", match.group())
    if len(bare(written)) < _LEAST or not any(sign.isdigit() for sign in written):
        return False
    before, after = plain[max(0, match.start() - 9) : match.start()], plain[match.end() :][:12]
    priced = written[-1].isdigit() and (_PRICE.match(after) or _PRICED.search(before))
    return not (priced or _SHARED.fullmatch(written))


def _is_long(mark: Mark, text: Text) -> bool:
    """Whether a number that nothing names is long enough, and neither round nor a postal code."""
    if sum(sign.isdigit() for sign in mark.key) < _BARE:
        return False
    is_town = len(mark.key) == _BARE and _TOWN.match(text.original[mark.end :][:3])
    return not (_ROUND.fullmatch(mark.key) or is_town)
