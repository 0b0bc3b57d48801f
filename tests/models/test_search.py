"""What somebody types into the search, told apart into words and filters."""

import unicodedata
from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.instant import DAY, HOUR, from_rfc3339
from models.search import Filters, Query, Sought, parse


def words(text: str) -> list[str]:
    return [" ".join(sought.words) for sought in parse(text).words]


def test_words_phrases_and_filters_stand_in_one_line() -> None:
    query = parse('~late ~sv ~mine paket "ny soffa"')
    assert query.words == (Sought(("paket",)), Sought(("ny", "soffa"), is_whole=True))
    assert query.filters == Filters(is_late=True, languages=frozenset({"sv"}), is_mine=True)
    assert query.unknown == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Paket på ÖLAND", ["paket", "på", "öland"]),
        ("paket-id #4711, tallkotte.se/retur", ["paket", "id", "4711", "tallkotte", "se", "retur"]),
        ("a_b", ["a", "b"]),
        ("paket paket PAKET", ["paket"]),
        (unicodedata.normalize("NFD", "smörgås"), ["smörgås"]),
        ("”ny soffa” „gammal stol“", ["ny soffa", "gammal stol"]),
        (
            'AND OR NOT NEAR(a b) -x * text:y "',
            ["and", "or", "not", "near", "a", "b", "x", "text", "y"],
        ),
        ("\0\ud800 ☃ !? () \"\" ''", []),
        ("~ ~~ ~!", []),
    ],
)
def test_words_are_letters_and_digits(text: str, found: list[str]) -> None:
    assert words(text) == found
    assert parse(text).unknown == ()


def test_a_quotation_that_is_still_being_typed_may_go_on() -> None:
    assert parse('"ny sof').words == (Sought(("ny", "sof")),)
    assert parse('"ny sof"').words == (Sought(("ny", "sof"), is_whole=True),)


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("~open ~GONE", Filters(states=frozenset({"open", "gone"}))),
        ("~answered ~dismissed", Filters(states=frozenset({"answered", "dismissed"}))),
        ("~urgent ~complaint ~question", Filters(lanes=frozenset({0, 1, 2}))),
        ("~other ~noreply ~praise", Filters(lanes=frozenset({3, 4}), is_praise=True)),
        ("~nb ~da ~fi ~en", Filters(languages=frozenset({"nb", "da", "fi", "en"}))),
        (
            "~x ~reddit ~mastodon ~bluesky ~sandbox",
            Filters(networks=frozenset({"x", "reddit", "mastodon", "bluesky", "sandbox"})),
        ),
        ("~topic:late_delivery ~topic:price", Filters(topics=("late_delivery", "price"))),
        ("~from:@Anna.B", Filters(authors=(Sought(("anna", "b"), is_whole=True),))),
        (
            '~unassigned ~pinned ~snoozed ~noted ~team:kundtjänst ~tag:"ny soffa"',
            Filters(
                is_unassigned=True,
                is_pinned=True,
                is_snoozed=True,
                is_noted=True,
                teams=("kundtjänst",),
                tags=("ny soffa",),
            ),
        ),
    ],
)
def test_every_filter_has_its_field(text: str, filters: Filters) -> None:
    assert parse(text) == Query(filters=filters)


def test_a_filter_that_means_nothing_is_handed_back() -> None:
    query = parse('~late ~later ~topic: ~sv:x ~sv:"" ~from:!! ~topic paket')
    assert query.unknown == ("~later", "~topic:", "~sv:x", '~sv:""', "~from:!!", "~topic")
    assert query.filters == Filters(is_late=True)
    assert [sought.words for sought in query.words] == [("paket",)]


def test_days_begin_at_local_midnight() -> None:
    at, zone = from_rfc3339("2026-11-16T23:30:00Z"), timezone(timedelta(hours=1))
    midnight = from_rfc3339("2026-11-16T23:00:00Z")  # it is the 17th there already
    assert parse("~today").filters.since(at, zone) == midnight
    assert parse("~today").filters.since(at, UTC) == midnight - 23 * HOUR
    assert parse("~week").filters.since(at, zone) == midnight - 6 * DAY
    assert parse("paket").filters.since(at, zone) is None


def test_nothing_asked_is_an_empty_query() -> None:
    assert parse("").is_empty
    assert parse("?! ~nonsense").is_empty
    assert not parse("~late").is_empty
    assert not parse("a").is_empty


def test_so_many_words_are_looked_for_and_no_more() -> None:
    assert len(words(" ".join(f"ord{number}" for number in range(1000)))) == 16
    assert len(words('"' + "ord " * 1000 + '"')) == 1
    assert words("x" * 10_000) == ["x" * 64]


@given(st.text(max_size=300))
def test_any_text_is_a_query(text: str) -> None:
    query = parse(text)
    for sought in query.words:
        assert sought.words
        assert all(word.isalnum() and word == word.lower() for word in sought.words)


@given(st.text('~"”:a å-\0\ud800*(', max_size=200))
def test_any_signs_are_a_query(text: str) -> None:
    assert sum(len(sought.words) for sought in parse(text).words) <= 16
