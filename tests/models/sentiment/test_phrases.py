"""Phrase lists: what a phrase finds, what it leaves alone, and that no post makes one slow."""

import re
import time
import tomllib
import unicodedata
from functools import cache
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.outside import TEXT_LIMIT
from models.sentiment.phrases import FOLDER, LANGUAGES, compiled, lists, plain

HOSTILE = {
    "letters": "a",
    "blanks": " ",
    "line ends": "\n",
    "exclamation": "!",
    "full stops": ".",
    "stars": "*",
    "single letters": "a ",
    "letters and stops": "a.",
    "words at the limit": "a" * 40 + " ",
    "words and blanks at the limit": "a" * 40 + " " * 20,
    "words and blanks past the limit": "a" * 41 + " " * 21,
    "underlines": "_ ",
    "marks": "e\u0301",
    "surrogates": "\ud800 ",
}


def found(phrase: str, post: str) -> bool:
    return bool(compiled([phrase]).search(plain(post)))


@cache
def raw(language: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("post", ["trasig", "En trasigt!", "(trasiga)", "TRASIG", "helt-trasig"])
def test_a_stem_finds_its_endings(post: str) -> None:
    assert found("trasig*", post)


@pytest.mark.parametrize("post", ["otrasig", "tras", "tra sig", "", "trasig" + "a" * 41])
def test_a_stem_needs_its_beginning_and_a_word_of_sane_length(post: str) -> None:
    assert not found("trasig*", post)


def test_a_stem_may_stand_anywhere_in_a_phrase() -> None:
    assert found("fungera* inte all*", "Den fungerar inte alls")
    assert not found("fungera* inte all*", "Den fungerar inte")


@pytest.mark.parametrize(
    ("phrase", "post"),
    [("arn", "mitt barn"), ("arn", "arne"), ("stöt", "stötigt"), ("fel", "felfri"), ("a", "å")],
)
def test_whole_words_are_compared(phrase: str, post: str) -> None:
    assert found(phrase, f"x, {phrase}. y")
    assert not found(phrase, post)


@pytest.mark.parametrize(
    "post",
    [
        "kontot hackat",
        "kontot är hackat",
        "Kontot – det är väl – hackat!",
        "kontot\nblev igår kväll alltså hackat",
        "kontot kontot x hackat",
    ],
)
def test_a_gap_spans_nought_to_four_words(post: str) -> None:
    assert found("kontot .. hackat", post)


@pytest.mark.parametrize(
    "post",
    [
        "kontot ett två tre fyra fem hackat",
        "kontothackat",
        "hackat kontot",
        "kontot är hackats",
        "bankkontot är hackat",
        "kontot" + " " * 21 + "hackat",
    ],
)
def test_a_gap_spans_no_more(post: str) -> None:
    assert not found("kontot .. hackat", post)


def test_two_gaps_in_a_phrase_count_each() -> None:
    assert found("ladda* .. blev .. varm", "laddaren jag köpte blev i går kväll så varm")
    assert not found("ladda* .. blev .. varm", "laddaren jag köpte i går blev")


@pytest.mark.parametrize(
    "post", ["inte alls", "inte  alls", "inte\nalls", "inte, alls", "inte … alls"]
)
def test_blanks_and_signs_between_words_do_not_matter(post: str) -> None:
    assert found("inte alls", post)


def test_words_written_together_are_another_word() -> None:
    assert not found("inte alls", "intealls")


def test_signs_in_a_phrase_are_signs() -> None:
    assert found("f.ing", "so f.ing late")
    assert not found("f.ing", "fling")
    assert found("10/10", "10/10!")
    assert found("(sic", "well (sic that")


def test_the_longer_phrase_wins_and_counts_once() -> None:
    both = compiled(["god", "god morgon", "go*"])
    assert both.findall("god morgon god natt") == ["god morgon", "god"]


def test_an_empty_list_finds_nothing() -> None:
    assert not compiled([]).search("")
    assert not compiled([]).search("hej hej")


def test_capitals_apostrophes_and_composition_make_no_difference() -> None:
    assert plain("DON’T ÅÄÖ ÆØ") == "don't åäö æø"
    assert plain(unicodedata.normalize("NFD", "Förlåt")) == "förlåt"
    assert found("can’t", "I CAN'T")
    assert found("förlåt", unicodedata.normalize("NFD", "FÖRLÅT"))


words = st.text("abcå+([?|^$\\.'-", min_size=1, max_size=5).map(lambda word: word.strip("."))
stems = st.tuples(words, st.sampled_from(["", "", "*"])).map("".join)
written = st.lists(stems, min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from([" ", " .. "]).map(lambda between: between.join(parts))
)
said = st.lists(words, max_size=8).map(" ".join)


@settings(deadline=None, max_examples=400)
@given(st.lists(written, max_size=12), said)
def test_a_list_finds_what_any_of_its_phrases_finds(phrases: list[str], post: str) -> None:
    phrases = [phrase for phrase in phrases if phrase.strip(" .*")]
    alone = any(compiled([phrase]).search(post) for phrase in phrases)
    assert bool(compiled(phrases).search(post)) == alone


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_that_ships_is_written_as_the_file_asks(language: str) -> None:
    for entries in raw(language).values():
        for phrases in entries.values():
            for phrase in phrases:
                words = phrase.split(" ")
                assert phrase == plain(phrase), phrase
                assert all(words), phrase
                assert words[0] != ".." != words[-1], phrase
                assert not any("*" in word[:-1] or word == "*" for word in words), phrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_that_ships_finds_itself(language: str) -> None:
    for section, entries in raw(language).items():
        for name, phrases in entries.items():
            pattern = lists(language, section)[name]
            for phrase in phrases:
                post = phrase.replace("*", "").replace(" .. ", " hm ")
                assert pattern.search(f"Xx {post}, yy."), (section, name, phrase)
                assert pattern.search(post.replace(" ", "\n")), (section, name, phrase)


def slowest(pattern: re.Pattern[str], post: str) -> float:
    """Seconds of processor time to find all there is in the longest post of these letters."""
    longest = (post * (TEXT_LIMIT // len(post) + 1))[:TEXT_LIMIT]
    started = time.process_time()
    sum(1 for _found in pattern.finditer(longest))
    return time.process_time() - started


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("unit", HOSTILE)
def test_no_post_makes_a_list_slow(language: str, unit: str) -> None:
    for section in raw(language):
        for name, pattern in lists(language, section).items():
            assert slowest(pattern, HOSTILE[unit]) < 2, (section, name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_not_even_the_beginnings_of_its_own_phrases_make_a_list_slow(language: str) -> None:
    for section, entries in raw(language).items():
        for name, phrases in entries.items():
            gapped = [phrase for phrase in phrases if " .. " in phrase] or phrases
            heads = sorted({phrase.split(" ")[0].strip("*") for phrase in gapped})
            pattern = lists(language, section)[name]
            for head in islice(heads, 3):
                assert slowest(pattern, f"{head} ") < 2, (section, name, head)
            assert slowest(pattern, " ".join(heads) + " ") < 2, (section, name)
