"""Numbers, days and lengths of time as the reader's language writes them (Babel's CLDR)."""

from datetime import date, datetime

from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency, format_decimal, format_percent

from models.words import _

_HOUR, _DAY = 60, 24 * 60
_COUNTRIES = {"nb": "nb_NO", "sv": "sv_SE", "da": "da_DK", "fi": "fi_FI", "en": "en_GB"}


def locale(language: str) -> str:
    """The country's way of writing, by the language."""
    return _COUNTRIES.get(language, "en_GB")


def number(value: float, language: str) -> str:
    """1 042 or 1,042."""
    return format_decimal(value, locale=locale(language))


def percent(part: int, whole: int, language: str) -> str:
    """89 %, or 89%."""
    return format_percent(part / whole, locale=locale(language)) if whole else "–"


def dollars(millionths: int, language: str) -> str:
    """What a network bills, in its own currency."""
    return format_currency(millionths / 1_000_000, "USD", locale=locale(language))


def long_day(day: date, language: str) -> str:
    """lördag 21 november 2026"""
    return format_date(day, "full", locale=locale(language))


def short_day(day: date, language: str) -> str:
    """21 nov. or 21.11."""
    return format_skeleton("MMMd", day, locale=locale(language))


def clock(at: datetime, language: str) -> str:
    """14:05 or 14.05; `at` in the reader's zone."""
    return format_time(at, "short", locale=locale(language))


def quoted(text: str) -> str:
    """Somebody's words between the language's own quotation marks."""
    return _("“{text}”").format(text=text)


def span(minutes: int | None) -> str:
    """A length of time in its two largest units."""
    if minutes is None:
        return "–"
    if minutes < _HOUR:
        return _("{minutes} min").format(minutes=minutes)
    if minutes < 2 * _DAY:
        hours, rest = divmod(minutes, _HOUR)
        told = _("{hours} h {minutes} min") if rest else _("{hours} h")
        return told.format(hours=hours, minutes=rest)
    days, rest = divmod(minutes, _DAY)
    told = _("{days} d {hours} h") if rest // _HOUR else _("{days} d")
    return told.format(days=days, hours=rest // _HOUR)


def weak_word(name: str) -> str:
    """One of the seven ways to let a customer down."""
    return {
        "elsewhere": _("sent elsewhere instead of answered"),
        "offer": _("an offer instead of help"),
        "data": _("asked in public for personal data"),
        "promise": _("a promise without a time, or too far off"),
        "copied": _("copied and pasted"),
        "apology": _("no apology, or thanks instead of one"),
        "silence": _("no answer at all for three days"),
    }[name]
