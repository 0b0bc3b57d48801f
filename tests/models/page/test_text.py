"""The page as text: what others wrote stays words, and every line stays on the paper."""

from models.page import WIDTH, Bar, Figure, Page, Quote, Say, Section, Trend
from models.page.text import lines

HOSTILE = "\x1b[2J\u202e\r\nSubject: x " + "ä" * 200


def test_hostile_words_change_nothing_but_words() -> None:
    items = (
        Say(HOSTILE),
        Figure(HOSTILE, "1", HOSTILE),
        Bar(HOSTILE, "2", 0.5, HOSTILE),
        Quote(HOSTILE, HOSTILE, 3),
        Trend(HOSTILE, (0.5, None), "50 %"),
    )
    page = Page("sv", HOSTILE, HOSTILE, HOSTILE, False, (Section("Heading", items),), (HOSTILE,))
    told = lines(page)
    assert all(line.isprintable() for line in told)
    assert max(map(len, told)) <= WIDTH
    assert "Heading" in told


def test_an_endless_value_leaves_its_note_a_narrow_column() -> None:
    section = Section("H", (Figure("label", "9" * 100, "a note of some words"),))
    assert lines(Page("sv", "s", "t", "whole", True, (section,)))
