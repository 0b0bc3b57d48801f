"""The networks' rules as data: how long a post is, and whether one seen is the one we sent."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.networks import NETWORKS, Weight, same_words, too_heavy, weight

LINK = "https://example.org/" + "a" * 180
SENT = "Hej Britta! Förlåt. Läs mer på https://example.org/hjalp så löser vi det."


def test_every_network_is_known_by_its_own_name() -> None:
    assert list(NETWORKS) == ["sandbox", "x", "reddit", "mastodon", "bluesky"]
    assert all(name == network.name for name, network in NETWORKS.items())
    assert {name: network.limit for name, network in NETWORKS.items()} == {
        "sandbox": 500,
        "x": 280,
        "reddit": 10_000,
        "mastodon": 500,
        "bluesky": 300,
    }


@pytest.mark.parametrize("name", ["x", "mastodon"])
def test_a_link_counts_23_where_the_network_says_so(name: str) -> None:
    assert NETWORKS[name].count(LINK) == 23
    assert NETWORKS[name].count("http://a.se") == 23
    assert NETWORKS[name].count(f"Se {LINK} och {LINK} nu") == 3 + 23 + 5 + 23 + 3


@pytest.mark.parametrize("name", ["sandbox", "reddit", "bluesky"])
def test_elsewhere_a_link_counts_its_letters(name: str) -> None:
    assert NETWORKS[name].count(f"Se {LINK}") == 3 + len(LINK)


@pytest.mark.parametrize("name", NETWORKS)
def test_letters_count_one_however_they_are_composed(name: str) -> None:
    text = "Förlåt för strulet, Åse! Ærlig talt, älä huoli."
    assert NETWORKS[name].count(text) == len(text)
    assert NETWORKS[name].count(unicodedata.normalize("NFD", text)) == len(text)
    assert NETWORKS[name].count("") == 0


@pytest.mark.parametrize(
    ("text", "x", "bluesky"),
    [
        ("👍", 2, 1),
        ("👨\u200d👩\u200d👧\u200d👦", 2, 1),
        ("🇸🇪", 2, 1),
        ("1\ufe0f\u20e3", 2, 1),
        ("👍🏽!", 3, 2),
        ("日本", 4, 2),
        ("Привет", 6, 6),
        ("“ja” – nej…", 12, 11),
        ("cafe\u0301", 4, 4),
        ("se tallkotte.se nu", 3 + 23 + 3, 18),
        ("slut.Nu", 23, 7),
        ("anna@tallkotte.se", 17, 17),
    ],
)
def test_signs_count_as_the_network_counts_them(text: str, x: int, bluesky: int) -> None:
    assert NETWORKS["x"].count(text) == x
    assert NETWORKS["bluesky"].count(text) == bluesky


@pytest.mark.parametrize(
    "seen",
    [
        SENT,
        "@britta " + SENT,
        "@britta @ola@social.example  @kim.kim " + SENT,
        SENT.replace("https://example.org/hjalp", "https://t.co/Xy12"),
        unicodedata.normalize("NFD", SENT),
        "  " + SENT.replace(" ", "\n") + "\n",
    ],
)
def test_our_post_is_known_again_in_the_networks_form(seen: str) -> None:
    assert same_words(SENT, seen)
    assert same_words(seen, SENT)


@pytest.mark.parametrize(
    "seen",
    [
        "",
        SENT + " /Anna",
        SENT.replace("Förlåt. ", ""),
        SENT.replace("Britta", "britta"),
        SENT.replace(" på https://example.org/hjalp", ""),
        SENT + " @britta",
        "Hej @britta " + SENT,
    ],
)
def test_other_words_are_another_post(seen: str) -> None:
    assert not same_words(SENT, seen)


def test_a_post_of_handles_alone_differs_from_one_with_words() -> None:
    assert same_words("@britta", "@ola @britta")
    assert not same_words("@britta", "@britta hej")


@given(st.text(max_size=200))
def test_a_post_always_says_what_it_says(text: str) -> None:
    assert same_words(text, text)
    assert same_words(text, f"  {text}\n")


def test_on_mastodon_a_name_counts_without_its_server() -> None:
    assert NETWORKS["mastodon"].count("Hej @britta@annan.example!") == len("Hej @britta!")
    assert NETWORKS["mastodon"].count("Skriv till info@tallkotte.example") == 33
    assert NETWORKS["x"].count("Hej @britta@annan") == 17


@pytest.mark.parametrize("name", NETWORKS)
def test_a_reply_leaves_room_for_the_name_in_front(name: str) -> None:
    network = NETWORKS[name]
    assert network.room == network.limit - (len(f"@{'n' * 30} ") if name == "mastodon" else 0)


def test_a_server_that_leaves_other_servers_out_shows_the_same_words() -> None:
    assert same_words("Hej, fråga @anna@annan.example!", "@britta Hej, fråga @anna!")
    assert not same_words("Skriv till info@annan.example", "Skriv till info")
    assert not same_words("@anna@annan.example, hej", "@berit, hej")


def test_bytes_are_told_where_they_come_to_their_limit_first() -> None:
    family = "👨\u200d👩\u200d👧\u200d👦"
    assert NETWORKS["bluesky"].count(family * 121) == 121
    assert weight("bluesky", "å" * 300) is None
    assert weight("bluesky", "Hej " + family * 39) is None
    assert weight("bluesky", family * 120) == Weight(3000, 3000)
    assert too_heavy("bluesky", family * 120) is None
    assert "3025 bytes; Bluesky takes 3000" in (too_heavy("bluesky", family * 121) or "")
    assert weight("bluesky", "x" * 4000) is None  # its signs are counted, and are too many
    assert weight("x", family * 121) is None
