"""Topics by words: the shipped sets, a set of one's own, a broken one."""

import time
from pathlib import Path

import pytest

from models.errors import Refused
from models.phrases import LANGUAGES
from models.topics import FOLDER, TRADES, Topics, load
from tests.models.topics.labelled import figures, posts

OWN = """
[set]
also = ["promise"]

[shoes]
name_en = "Shoes"
broken_word = true
en = ["(shoe|shoes|boot*)"]
en_not = ["shoe shop"]
en_like = ["My boots came apart.", "Sandals!"]

[laces]
unless = ["shoes"]
en = ["lace*"]
"""


def own(folder: Path, text: str = OWN) -> Topics:
    file = folder / "own.toml"
    file.write_text(text, encoding="utf-8")
    return Topics(file, FOLDER / "shared.toml")


@pytest.mark.parametrize("trade", TRADES)
def test_a_shipped_set_is_whole_in_every_language(trade: str) -> None:
    topics = load(trade)
    assert topics.problems == []
    assert topics.unheard == []
    assert 8 <= len(topics.all) <= 13
    assert any(topic.broken_word for topic in topics.all)
    names = [topic.name for topic in topics.all]
    assert len(set(names)) == len(names)
    for topic in topics.all:
        assert set(topic.labels) == set(LANGUAGES)
        assert all(topic.labels.values()), topic.name


def test_retail_has_twelve() -> None:
    assert len(load().all) == 12


def test_what_was_late_missing_or_promised_in_vain_answers_the_leaders_question() -> None:
    asked = {topic.name for topic in load().all if topic.broken_word}
    assert asked == {"late_delivery", "incomplete_order", "late_refund", "promise"}


@pytest.mark.parametrize(
    ("part", "hands", "precision", "recall"),
    [("known", "", 0.93, 0.93), ("kept", "own", 0.88, 0.8), ("kept", "strangers", 0.8, 0.42)],
)
def test_the_words_find_what_a_reader_finds(
    part: str, hands: str, precision: float, recall: float
) -> None:
    found = figures(posts(part, hands))
    assert found.precision >= precision
    assert found.recall >= recall


def test_a_set_of_ones_own(tmp_path: Path) -> None:
    topics = own(tmp_path)
    assert [topic.name for topic in topics.all] == ["shoes", "laces", "promise"]
    assert topics.assign("Where are my boots? You promised.", "en") == ("shoes", "promise")
    assert topics.assign("The shoe shop", "en") == ()
    assert topics.assign("Blue laces", "en") == ("laces",)
    assert topics.assign("Blue laces for my shoes", "en") == ("shoes",)
    assert topics.label("shoes", "en") == topics.label("shoes", "fi") == "Shoes"
    assert topics.label("gone", "en") == "gone"
    assert len(topics.unheard) == 1
    assert "Sandals!" in topics.unheard[0]


def test_in_an_unknown_language_the_words_of_any_count(tmp_path: Path) -> None:
    assert own(tmp_path).assign("boots", None) == ("shoes",)
    assert own(tmp_path).assign("boots", "sv") == ()


def test_danish_words_count_in_a_post_taken_for_norwegian() -> None:
    said = "Tallerkenerne var smadret"
    assert load().assign(said, "nb") == load().assign(said, "da") == ("faulty_goods",)
    assert load().assign(said, "sv") == ()


def test_a_broken_line_is_named_and_the_rest_works(tmp_path: Path) -> None:
    broken = OWN.replace('"(shoe|shoes|boot*)"]', '"(shoe|shoes", "boot*"]')
    topics = own(tmp_path, broken)
    (problem,) = topics.problems
    assert "own.toml, line 8" in problem
    assert topics.assign("My boots", "en") == ("shoes",)
    topics = own(tmp_path, OWN.replace('name_en = "Shoes"', "name_en = Shoes"))
    (problem,) = topics.problems
    assert "own.toml, line 6" in problem
    assert topics.assign("My boots", "en") == ("shoes",)


def test_a_file_that_is_not_there_and_a_topic_nobody_shares_are_told(tmp_path: Path) -> None:
    absent = Topics(tmp_path / "absent.toml", FOLDER / "shared.toml")
    assert "absent.toml" in absent.problems[0]
    assert absent.assign("You promised", "en") == ()
    other = own(tmp_path, OWN.replace('"promise"', '"promises"'))
    assert "promises" in other.problems[0]
    assert other.assign("My boots", "en") == ("shoes",)


def test_only_names_of_the_set_are_taken(tmp_path: Path) -> None:
    topics = own(tmp_path)
    assert topics.checked(["promise", " shoes", "shoes", ""]) == ("shoes", "promise")
    with pytest.raises(Refused, match="socks"):
        topics.checked(["socks"])


@pytest.mark.parametrize("text", ["", " ", "👍", "a" * 100_000, "paket " * 30_000, "\u0300" * 5000])
def test_any_text_is_read_quickly(text: str) -> None:
    load().assign("", "sv")
    begun = time.perf_counter()
    load().assign(text, "sv")
    assert time.perf_counter() - begun < 2
