"""What reaches the desk of bytes that are no text, and of pastes that are more than text."""

import pytest
from textual.events import Key, Paste

from tui.terminal import Letters, PlainPastes

HOSTILE = "T \x1b[200~AA \x1b[\x13y \x9b31mBB\u202e\nzwei 👩‍👩‍👧\x1b[201~x"


def read(*chunks: str) -> list[str]:
    """Keys by name, pastes by text."""
    parser = PlainPastes()
    events = [event for chunk in chunks for event in parser.feed(chunk)]
    return [
        event.key if isinstance(event, Key) else event.text
        for event in events
        if isinstance(event, Key | Paste)
    ]


@pytest.mark.parametrize("at", range(len(HOSTILE)))
def test_a_paste_is_only_text_wherever_it_is_cut(at: int) -> None:
    wanted = ["T", "space", "AA [y 31mBB\nzwei 👩‍👩‍👧", "x"]
    assert read(HOSTILE[:at], HOSTILE[at:]) == wanted if at else read(HOSTILE) == wanted
    assert read(*HOSTILE) == wanted


def test_keys_are_what_they_were() -> None:
    assert read("\x1b[20~", "\x1b[A", "a", "\x13") == ["f9", "up", "a", "ctrl+s"]


def test_a_byte_that_is_no_text_is_shown_and_ends_nothing() -> None:
    decode = Letters(list).decode
    assert decode(b"p\xe5 v\xc3") + decode(b"\xa4g") == "p� väg"
