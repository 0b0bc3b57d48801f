"""Any text is answered, in time that grows no faster than the text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.phrases import LANGUAGES
from models.reply_check import INTENTS, Names, check
from tests.models.reply_check.drafts import MENTION, draft

_PIECES = [
    "förlåt om du ",
    "vi ringer dig ",
    "sorry if you ",
    "kl 15 ",
    "[namn ",
    "{{",
    "a",
    "0",
    "1 ",
    "@",
    "a@b.",
    "\u200b",
    "\u0301",
    "!",
    "vi ska ",
    "within 5 days ",
    "Hej Anna, ",
    "\n",
    "soitan ja ",
    "🙂",
    "+46 7 ",
    "/A ",
    "___ ",
    "\u202e",
    "den 3 maj ",
    "ＡＢ",
    "du borde ",
]


@settings(deadline=None, max_examples=150)
@given(
    st.text(max_size=300) | st.lists(st.sampled_from(_PIECES), max_size=40).map("".join),
    st.sampled_from([*LANGUAGES, "de", "", None]),
    st.sampled_from(INTENTS),
    st.booleans(),
)
def test_no_text_breaks_it(reply: str, language: str | None, intent: str, private: bool) -> None:
    one = draft(reply, "sv", intent=intent, is_private=private, full="Patrik Stig Lund")
    for remark in check(one):
        assert remark.why
        assert remark.fix
        if remark.span is not None:
            assert 0 <= remark.span[0] <= remark.span[1] <= len(reply)


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=200))
def test_no_name_or_post_breaks_it(name: str, handle: str, mention: str) -> None:
    assert check(draft(f"Hej {name}! Förlåt.", mention=mention, name=name, handle=handle))
    assert Names(name).preferred == name


@pytest.mark.parametrize("piece", _PIECES)
def test_a_hundred_kilobytes_are_read_in_time(piece: str) -> None:
    reply = piece * (100_000 // len(piece))
    check(draft("Hej!"))
    began = time.process_time()
    assert any(one.rule == "RC07" for one in check(draft(reply)))
    assert time.process_time() - began < 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reply_takes_milliseconds(language: str) -> None:
    one = draft(MENTION[language] * 4, language)
    check(one)
    began = time.process_time()
    for _ in range(20):
        check(one)
    assert (time.process_time() - began) / 20 < 0.1
