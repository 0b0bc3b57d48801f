"""The labelled replies that are known here: precision and recall by language, with a floor.

Another half is kept aside and measured once; these figures only say that nothing has slipped.
"""

import sys
from pathlib import Path

import pytest

from benchmarks.reply_check import replies, rows_of
from models.phrases import LANGUAGES

ROWS = rows_of(Path(__file__).parent / "replies" / "known")


def test_there_are_enough_of_them() -> None:
    assert set(ROWS) == set(LANGUAGES)
    assert all(len(rows) >= 60 for rows in ROWS.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rules_are_raised_where_a_careful_reader_would(language: str) -> None:
    figures = replies(ROWS[language], language)
    told = f"{language}: precision {figures.precision:.3f}, recall {figures.recall:.3f}\n"
    sys.stdout.write(told)
    misses = "\n".join(figures.misses)
    assert figures.false_blocks == 0, misses
    assert figures.precision >= 0.95, misses
    assert figures.recall >= 0.93, misses
