"""The catalogues: whole, up to date, and every placeholder in its place.

`make words` collects the messages, carries them into the catalogues and compiles those.
"""

import ast
import io
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from models.words import CATALOGUES, LANGUAGES, counted, speaking

ROOT = Path(__file__).parents[2]
CODE = ("models", "listener", "tui")
OTHERS = LANGUAGES[1:]
SAME = frozenset(
    (
        "TEXT",
        "alarm: {text}",
        "database",
        "id",
        "installation",
        "send",
        "Test: {subject}",
        "spam",
        "text",
        "{days}d",
        "{file}: {key}: {reason}",
        "…",
    )
)
"""What is written alike in English and in one of the four."""

LEFT_OUT = {"{value!r} is not a valid {number_type}.": "{number_type}"}
"""Places that a translation does without: click fills this one with an English word."""

ELSEWHERE = ("invariant.says", "key.told", "metavar", "piece", "self._help")
"""What is collected where it is written, and translated where it is shown."""

_PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\w")


@cache
def catalogue(language: str) -> Catalog:
    with (CATALOGUES / language / "LC_MESSAGES" / "gensvar.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def template() -> Catalog:
    with (CATALOGUES / "gensvar.pot").open("rb") as file:
        return read_po(file)


def messages(catalog: Catalog) -> dict[str, Message]:
    """All but the header, by the singular."""
    return {forms(message.id)[0]: message for message in catalog if message.id}


def forms(told: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (told,) if isinstance(told, str) else tuple(told or ())


def extracted(*folders: str) -> set[tuple[str, ...]]:
    """What the options of the Makefile find in the code."""
    options = re.findall(r" -k (\S+)", (ROOT / "Makefile").read_text())
    found = set()
    for folder in folders:
        for _file, _line, told, _comments, _context in extract_from_dir(
            ROOT / folder, [("**.py", "python")], keywords=parse_keywords(options)
        ):
            found.add(forms(told))
    return found


def said(path: Path) -> list[ast.expr]:
    """The first argument of every call of _ and counted."""
    return [
        call.args[0]
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("_", "counted")
    ]


def test_the_template_holds_what_the_code_says() -> None:
    assert extracted(*CODE) == {forms(message.id) for message in messages(template()).values()}


def test_every_message_can_be_collected() -> None:
    """pybabel reads no call inside an f-string, and no variable."""
    known, lost = messages(template()), []
    for path in sorted(path for folder in CODE for path in (ROOT / folder).rglob("*.py")):
        for told in said(path):
            text = str(told.value) if isinstance(told, ast.Constant) else ast.unparse(told)
            if text not in known and text not in ELSEWHERE:
                lost.append(f"{path.relative_to(ROOT)}:{told.lineno}: {text}")
    assert lost == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_follows_the_template_and_is_compiled(language: str) -> None:
    assert list(messages(catalogue(language))) == list(messages(template()))
    made = io.BytesIO()
    write_mo(made, catalogue(language))
    assert (CATALOGUES / language / "LC_MESSAGES" / "gensvar.mo").read_bytes() == made.getvalue()


@pytest.mark.parametrize("language", OTHERS)
def test_every_placeholder_is_in_its_translation(language: str) -> None:
    wrong = [
        (english, translated)
        for message in messages(catalogue(language)).values()
        for english, translated in zip(forms(message.id), forms(message.string), strict=True)
        if translated
        and (places(english) != places(translated) or edges(english) != edges(translated))
    ]
    assert wrong == []


def places(text: str) -> list[str]:
    """What is filled in."""
    return sorted(_PLACEHOLDER.findall(text.replace(LEFT_OUT.get(text, ""), "")))


def edges(text: str) -> tuple[str, str]:
    """The spaces at both ends: cells and sentences are put together by them."""
    return text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]


@pytest.mark.parametrize("language", OTHERS)
def test_the_leaders_page_is_whole_in_every_language(language: str) -> None:
    known = messages(catalogue(language))
    missing = [told for told in extracted("models/page") if not all(forms(known[told[0]].string))]
    assert missing == []
    assert not any(message.fuzzy for message in known.values())


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_in_english(language: str) -> None:
    same = [
        english
        for english, message in messages(catalogue(language)).items()
        if english in forms(message.string) and english not in SAME
    ]
    assert same == []


@pytest.mark.parametrize(
    ("language", "one", "more"),
    [
        ("sv", "1 brutet löfte", "2 brutna löften"),
        ("nb", "1 brutt løfte", "2 brutte løfter"),
        ("da", "1 brudt løfte", "2 brudte løfter"),
        ("fi", "1 rikottu lupaus", "2 rikottua lupausta"),
        ("en", "1 promise broken", "2 promises broken"),
    ],
)
def test_one_and_more_are_told_apart(language: str, one: str, more: str) -> None:
    with speaking(language):
        told = [
            counted("{number} promise broken", "{number} promises broken", number)
            for number in (1, 2, 0, 21)
        ]
    assert told == [one, more, f"0{more[1:]}", f"21{more[1:]}"]
