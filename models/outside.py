"""The one door for outside text: what a database can hold, and what a terminal may be shown.

A post, a handle, a display name or an error body can carry escape sequences, bidi overrides,
zero-width tricks and piles of combining marks. It is stored as it came, except for what no
database holds, and shown only through `visible`.
"""

import re
import unicodedata
from itertools import islice

TEXT_LIMIT = 64_000
"""Characters; a longer post is rejected at the door with a reason."""

_BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C}
_INVISIBLE = {
    *(0x200B, 0xFEFF, 0x00AD, 0x034F, 0x180E),
    *range(0x2060, 0x2065),
    *range(0x206A, 0x2070),
    *range(0xFFF9, 0xFFFC),
    *range(0x1BCA0, 0x1BCA4),
    *range(0x1D173, 0x1D17B),
    *range(0xE0000, 0xE0080),
}
_JOINERS = "\u200c\u200d"
_EMOJI = range(0x1F300, 0x1FB00)
_PLAIN = re.compile("[ -~\u00a1-\u00ac\u00ae-\u017f–—‘’“”…•€−]*")
"""Letters and signs of our languages that need no second look: most posts hold nothing else."""
_MARKS_PER_BASE = 4
_MARKS_TO_NORMALISE = 30
"""More in a row make normalising quadratic (UAX #15, stream-safe text)."""


def storable(text: str) -> tuple[str, list[str]]:
    """The text with NUL and lone surrogates replaced, and the flags that say what was unusual."""
    flags = list[str]()
    if text.isprintable():
        return text, flags
    if "\0" in text:
        text, flags = text.replace("\0", "�"), [*flags, "nul"]
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        text = "".join("�" if "\ud800" <= letter <= "\udfff" else letter for letter in text)
        flags.append("surrogate")
    if any(_is_control(letter) for letter in text):
        flags.append("control characters")
    if any(ord(letter) in _BIDI for letter in text):
        flags.append("bidi")
    return text, flags


def visible(text: str, *, lines: bool = False) -> str:
    """The text with every control made visible; line breaks kept only where `lines` asks for them.

    C0 controls become their pictures (␛), C1 and other unprintables �, bidi marks ◊;
    zero-width characters vanish except the joiners emoji and some scripts need.
    """
    if _PLAIN.fullmatch(text):
        return text
    text = text.replace("\r", "") if lines else text
    composed = unicodedata.normalize("NFC", _pruned(text, _MARKS_TO_NORMALISE))
    return "".join(_picture(letter, lines) for letter in _pruned(composed, _MARKS_PER_BASE))


def first_line(text: str, width: int) -> str:
    """The beginning of a post on one line of at most `width` characters, safe to show."""
    flat = " ".join(visible("".join(islice(text, 4 * width)), lines=True).split())
    return flat if len(flat) <= width else flat[: width - 1] + "…"


def _pruned(text: str, most: int) -> str:
    """The text without invisible letters and with at most `most` marks on a base."""
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for letter in text:
        if ord(letter) in _INVISIBLE:
            continue
        if unicodedata.category(letter) in {"Mn", "Me"}:
            marks += 1
        elif letter not in _JOINERS:
            marks = 0
        if marks <= most or letter in _JOINERS:
            kept.append(letter)
    return "".join(kept)


def _picture(letter: str, lines: bool) -> str:
    code = ord(letter)
    if letter in "\n\t":
        return letter if lines else " "
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if code in _BIDI:
        return "◊"
    if unicodedata.category(letter) in {"Cc", "Cs", "Cn", "Co", "Zl", "Zp"} and code not in _EMOJI:
        return "�"  # an emoji may be newer than this Python's tables
    return letter


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) == "Cc" and letter not in "\n\r\t\0"
