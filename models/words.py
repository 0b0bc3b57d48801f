"""The words on the screen, in the language of whoever sits in front of it (gettext)."""

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "sv", "nb", "da", "fi")
CATALOGUES = Path(__file__).parent / "catalogues"

_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_reader: ContextVar[gettext.NullTranslations | None] = ContextVar("reader", default=None)
"""Of somebody who reads another language than the screen's, while a page is made for them."""
_language = "en"


def speak(language: str | None) -> None:
    """Choose the language for this process; None takes it from the environment's locale.

    gettext is process-wide by nature, so these are the one piece of global state in the house.
    """
    global _catalogue, _language
    wanted = [language] if language else _from_environment()
    _catalogue = gettext.translation("gensvar", CATALOGUES, languages=wanted, fallback=True)
    _language = language_of(language)


def spoken() -> str:
    """The language chosen, whether or not its catalogue is there."""
    return _language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within it, words are in this language: for a mail to somebody who is not at the screen."""
    token = _reader.set(_translations(language))
    try:
        yield
    finally:
        _reader.reset(token)


@cache
def _translations(language: str) -> gettext.NullTranslations:
    return gettext.translation("gensvar", CATALOGUES, languages=[language], fallback=True)


def language_of(chosen: str | None) -> str:
    """The language that `speak` would take, one of ours."""
    wanted = [chosen] if chosen else _from_environment()
    return next((code for code in wanted if code in LANGUAGES), "en")


def _from_environment() -> list[str]:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            code = value.split(".")[0].split("_")[0]
            return ["nb" if code in {"no", "nn"} else code]
    return []


def _(message: str) -> str:
    """The message in the chosen language, or as it stands."""
    return (_reader.get() or _catalogue).gettext(message)


def deferred(message: str) -> str:
    """The message as it stands; whoever shows it translates it. `make words` collects it here."""
    return message


def deferred_plural(one: str, many: str) -> tuple[str, str]:
    """Both forms as they stand, in the same way."""
    return one, many


def plural(one: str, many: str, number: int) -> str:
    """The singular or plural message for `number`, with its places still open."""
    return (_reader.get() or _catalogue).ngettext(one, many, number)


def counted(one: str, many: str, number: int, **others: str) -> str:
    """The singular or plural message for `number`, which the message names as {number}."""
    return plural(one, many, number).format(number=number, **others)


def language_word(code: str | None) -> str:
    """A language by its name, in small letters as in the middle of a sentence."""
    return {
        "sv": _("Swedish"),
        "nb": _("Norwegian"),
        "da": _("Danish"),
        "fi": _("Finnish"),
        "en": _("English"),
    }.get(code or "", _("in an unknown language"))
