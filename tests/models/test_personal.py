"""Personal numbers: found by check digits in any disguise, and no order number taken for one."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.personal import found, masked

FOUND = [
    ("identity", "811218-9876"),
    ("identity", "19811218-9876"),
    ("identity", "198112189876"),
    ("identity", "8112189876"),
    ("identity", "701063-2391"),  # samordningsnummer: the day is raised by 60
    ("identity", "261125+2392"),
    ("identity", "01010750160"),
    ("identity", "010107 50160"),
    ("identity", "131052-308T"),
    ("identity", "131052A308T"),
    ("identity", "131052Y308T"),
    ("identity", "010190-1234"),
    ("identity", "JG 10 37 59 A"),
    ("card", "4111 1111 1111 1111"),
    ("card", "5105105105105100"),
    ("card", "3782-822463-10005"),
    ("iban", "GB82 WEST 1234 5698 7654 32"),
    ("iban", "SE4550000000058398257466"),
    ("iban", "FI21 1234 5600 0007 85"),
    ("email", "anna.karlsson+x@example.com"),
    ("phone", "070-123 45 67"),
    ("phone", "+46 70 123 45 67"),
    ("phone", "0046701234567"),
    ("phone", "70 10 20 30"),
    ("phone", "040 123 4567"),
    ("phone", "020 7946 0112"),
]
NOTHING = [
    "811218-9877",
    "811318-9876",
    "131052-308U",
    "01010750161",
    "order 4111 1111 1111 1112",
    "3528 1190 4471 0025",
    "kolli 73500012345678901234",
    "kl 15.30–16.45 den 2026-11-23",
    "kr 1 299,00",
    "1111 1111 1111 1111",
    "GB83 WEST 1234 5698 7654 32",
    "version 5.2.1",
    "450 kr, 20 %",
    "@anna och x@y",
]


@pytest.mark.parametrize(("kind", "number"), FOUND)
@pytest.mark.parametrize("around", ["{}", "Hej! {}.", "Nr: {}, tack", "({})", "ditt nummer {}?"])
def test_a_number_is_found_where_it_stands(kind: str, number: str, around: str) -> None:
    text = around.format(number)
    [one] = found(text)
    assert (one.kind, text[one.start : one.end]) == (kind, number)


@pytest.mark.parametrize("text", NOTHING)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert [one for one in found(text) if one.kind != "phone"] == []


@pytest.mark.parametrize(
    "text",
    [
        "81\u200b1218-98\u200b76",
        "８１１２１８-９８７６",
        "811218‑9876",
        "811218 - 9876",
        "\u2066811218-9876\u2069",
    ],
)
def test_no_trick_hides_a_number(text: str) -> None:
    assert [one.kind for one in found(text)] == ["identity"]


def test_danish_numbers_without_a_hyphen_only_after_the_word() -> None:
    assert [one.kind for one in found("CPR-nr. 3112991246")] == ["identity"]
    assert found("sag 3112991246") == ()


def test_masked_hides_numbers_and_keeps_the_rest() -> None:
    text = "Jag är 811218-9876, ring 070-123 45 67."
    assert masked(text) == "Jag är ••••••••••, ring 070-123 45 67."
    assert masked(text, ("phone",)) == "Jag är 811218-9876, ring ••• •••."


@given(st.text(alphabet="0123456789 -+.,:ABFIRSTxyz@\u200b", max_size=300))
def test_any_text_gives_places_in_order_and_masks_them_for_good(text: str) -> None:
    places = [(one.start, one.end) for one in found(text)]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)
    hidden = masked(text, ("identity", "card", "iban"))
    assert [one for one in found(hidden) if one.kind == "identity"] == []


@pytest.mark.parametrize("piece", ["1", "1 ", "a@b.", "+46 7 ", "SE12 ", "070-", "cpr ", "01.01."])
def test_long_texts_take_no_longer_than_their_length(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    began = time.process_time()
    found(text)
    assert time.process_time() - began < 3
