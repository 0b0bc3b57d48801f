"""A text as words: nothing unseen hides one, and every place leads back to what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.phrases import Text


def words(text: str) -> list[str]:
    return [word.text for word in Text(text).words]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vi ri\u200bnger di\u00adg", ["vi", "ringer", "dig"]),
        ("\u202eso\u2066rry\u2069", ["sorry"]),
        ("fo\u0308rla\u030at", ["förlåt"]),
        ("𝐬𝐨𝐫𝐫𝐲 ｓｏｒｒｙ", ["sorry", "sorry"]),
        ("kl.15.30, 3pm", ["kl", "15.30", "3", "pm"]),
        ("DM:a oss på e-post", ["dm:a", "oss", "på", "e-post"]),
        (
            "see www.example.org/a?b or kommun.se/x now",
            ["see", "www.example.org/a?b", "or", "kommun.se/x", "now"],
        ),
        ("@elsa.k: 20 % av", ["@elsa.k", "20", "%", "av"]),
        ("anna.k@example.com.", ["anna.k@example.com"]),
        ("", []),
        ("…!?", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_places_lead_back_to_the_text_as_written() -> None:
    text = "Å\u0308 fo\u0308r\u200blåt mig"
    found = [text[word.start : word.end] for word in Text(text).words]
    assert found[1:] == ["fo\u0308r\u200blåt", "mig"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Hej! Vi ringer kl. 15 i dag. Mvh Eva", 3),
        ("Den 24. december ringer vi. Ja.", 2),
        ("Vi ringer\nMvh", 2),
        ("Mr. Smith, we call", 2),
        ("Really?! Yes", 2),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(Text(text).sentences) == count


def test_a_question_is_known() -> None:
    assert [cut.asks for cut in Text("Ringer vi? Ja! Nej").sentences] == [True, False, False]


@given(st.text(max_size=400))
def test_any_text_has_its_words_in_place(text: str) -> None:
    read = Text(text)
    reached = 0
    for word in read.words:
        assert reached <= word.start < word.end <= len(text)
        reached = word.start
    assert sum(cut.last - cut.first for cut in read.sentences) == len(read.words)
