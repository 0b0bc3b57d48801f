"""Outside text: whatever a post holds, a terminal is only shown what cannot drive it."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.outside import TEXT_LIMIT, first_line, storable, visible

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
ZERO_WIDTH = "\u200b\u2060\u2061\u2062\u2063\u2064\u206a\u206f\ufeff\u00ad\u034f\u180e\ufff9\ufffb"
TAGS = "".join(map(chr, range(0xE0020, 0xE0080)))
CONTROLS = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)]))
MARKS = "\u0301\u0316\u0327\u0488\u20dd\u0344"

nasty = st.sampled_from([*CONTROLS, *BIDI, *ZERO_WIDTH, *TAGS[:4], *MARKS, "\u200d", "\ufe0f", "e"])
surrogates = st.characters(categories=["Cs"])
texts = st.lists(st.one_of(nasty, surrogates, st.characters(), st.sampled_from("åäöæø\r\n\t"))).map(
    "".join
)


def tallest(text: str) -> int:
    """The most marks that pile up on one place."""
    most = pile = 0
    for letter in text:
        if unicodedata.category(letter) in ("Mn", "Me"):
            pile += 1
        elif letter not in "\u200c\u200d":
            pile = 0
        most = max(most, pile)
    return most


@settings(deadline=None, max_examples=400)
@given(texts)
def test_nothing_that_drives_a_terminal_is_ever_shown(text: str) -> None:
    for lines, kept in ((False, ""), (True, "\n\t")):
        shown = visible(text, lines=lines)
        controls = [letter for letter in shown if unicodedata.category(letter) in ("Cc", "Cs")]
        assert all(letter in kept for letter in controls)
        assert not set(shown) & {*BIDI, *ZERO_WIDTH, *TAGS, "\u2028", "\u2029"}
        assert tallest(shown) <= 4


@settings(deadline=None)
@given(texts)
def test_line_breaks_and_tabs_stay_only_where_lines_are_asked_for(text: str) -> None:
    assert not set(visible(text)) & {"\n", "\t", "\r"}
    shown = visible(text, lines=True)
    assert shown.count("\n") == text.count("\n")
    assert shown.count("\t") == text.count("\t")
    assert "\r" not in shown


@settings(deadline=None)
@given(texts)
def test_what_is_stored_can_be_stored(text: str) -> None:
    stored, flags = storable(text)
    assert stored.encode("utf-8").count(0) == 0
    assert len(stored) == len(text)
    assert ("nul" in flags) == ("\0" in text)
    assert ("surrogate" in flags) == any("\ud800" <= letter <= "\udfff" for letter in text)
    assert ("bidi" in flags) == bool(set(text) & set(BIDI))
    assert storable(stored)[0] == stored


@settings(deadline=None)
@given(texts, st.integers(2, 60))
def test_a_first_line_is_one_line_of_its_width(text: str, width: int) -> None:
    line = first_line(text, width)
    assert len(line) <= width
    assert len(line.splitlines()) <= 1
    assert visible(line) == line


@pytest.mark.parametrize(
    "text",
    [
        "Hej! Jag väntar på mitt paket sedan i måndags – åtta dagar nu.",
        "Når kommer pakken? Æ e lei av å vente på svar, sjø.",
        "Det er sgu ikke godt nok. Ærgerligt for både Åse og Øjvind.",
        "Missä pakettini viipyy? Tästä on jo viikko, älkää viitsikö!",
        "Šeš žurnál, café, naïve, Zürich, 1 200 kr, 50 €, “quoted” ‘single’ … §",
        "[/red] <b>bold</b> {x} %s \\n & ; '--",
        "שלום \u05e9\u05bc\u05c1 عربي 日本語 한국어 ไทยดี้ हिन्दी",
    ],
)
def test_ordinary_text_comes_through_as_it_was_written(text: str) -> None:
    assert visible(text) == unicodedata.normalize("NFC", text)
    assert storable(text) == (text, [])


@given(st.text("abcdefghijklmnopqrstuvwxyzåäöæøÅÄÖÆØéüšž ,.!?0123456789-"))
def test_decomposed_nordic_letters_are_shown_composed(text: str) -> None:
    assert visible(unicodedata.normalize("NFD", text)) == text


@pytest.mark.parametrize(
    "emoji",
    [
        "🙂",
        "❤️",
        "👩‍👩‍👧‍👦",
        "👩🏽‍❤️‍💋‍👨🏿",
        "🏳️‍🌈",
        "🇸🇪🇳🇴🇩🇰🇫🇮🇬🇧",
        "1️⃣",
        "🧔🏻‍♂️",
        "\U0001fa77",
        "\U0001fae8",
    ],
)
def test_emoji_stay_whole(emoji: str) -> None:
    assert visible(f"tack {emoji}!") == f"tack {emoji}!"


def test_controls_are_shown_as_their_pictures() -> None:
    assert visible("\x1b]0;hej\x07") == "␛]0;hej␇"
    assert visible("a\0b\x7f") == "a␀b␡"
    assert visible("a\x9b31m") == "a�31m"
    assert visible("\u202egnol") == "◊gnol"
    assert visible("en\ud83drad") == "en�rad"
    assert visible("a\u2028b\ue000c\uffff") == "a�b�c�"


def test_what_cannot_be_seen_vanishes() -> None:
    assert visible(f"för{ZERO_WIDTH}bannat{TAGS}") == "förbannat"
    assert visible("x" + "".join(map(chr, range(0xE0000, 0xE0080)))) == "x"


def test_a_pile_of_marks_is_cut_low() -> None:
    assert visible("h" + "\u0336" * 50 + "e" + "\u0324" * 50) == "h" + "\u0336" * 4 + (
        "e" + "\u0324" * 4
    )


@pytest.mark.parametrize("between", ["\u200b", "\u200d", "\u034f", "\U000e0041", "\r"])
def test_invisible_letters_hold_no_pile_of_their_own(between: str) -> None:
    pile = visible("h" + ("\u0336\u0324" + between) * 50 + "ej", lines=True)
    assert sum(map(pile.count, "\u0336\u0324")) == 4
    assert pile.endswith("ej")


def test_windows_line_ends_become_plain_ones() -> None:
    assert visible("ett\r\ntvå\ttre", lines=True) == "ett\ntvå\ttre"
    assert visible("ett\ntvå\ttre") == "ett två tre"


def test_flags_say_what_was_unusual() -> None:
    assert storable("a\0b") == ("a�b", ["nul"])
    assert storable("a\ud800b\udfff") == ("a�b�", ["surrogate"])
    assert storable("\x1b[0m\x85") == ("\x1b[0m\x85", ["control characters"])
    assert storable("\u2067x") == ("\u2067x", ["bidi"])
    assert storable("rad\r\nrad\tcell")[1] == []
    assert storable("\0\ud800\x07\u202e")[1] == ["nul", "surrogate", "control characters", "bidi"]


def test_a_long_post_is_one_short_line() -> None:
    assert first_line("  Hej\n\n  på \t er  ", 20) == "Hej på er"
    assert first_line("a" * 100, 10) == "a" * 9 + "…"
    assert first_line("\n" * 1_000_000, 10) == ""


@pytest.mark.parametrize("pattern", ["\u0316\u0301", "\u0301\u0316", "\u0301\u200d", "e\u0301"])
def test_the_longest_post_of_marks_is_shown_within_the_cpu_gate(pattern: str) -> None:
    text = "a" + pattern * (TEXT_LIMIT // 2)
    started = time.process_time()
    visible(text)
    assert time.process_time() - started < 2
