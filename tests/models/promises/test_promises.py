"""What is a promise and what is none, in five languages; and the labelled texts' due moments."""

import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.reply_check import promises as measure
from benchmarks.reply_check import rows_of
from models.instant import from_rfc3339, to_rfc3339
from models.phrases import LANGUAGES
from models.promises import ACTIONS, Promise, found
from models.settings import OpeningHours

CALENDAR = OpeningHours().calendar()
MONDAY = from_rfc3339("2026-11-23T10:00:00+01:00")
ROWS = rows_of(Path(__file__).parent / "known")


def made(text: str, language: str = "sv", at: str = "2026-11-23T10:00:00+01:00") -> list[Promise]:
    return list(found(text, language, from_rfc3339(at), CALENDAR))


@pytest.mark.parametrize(
    ("language", "text", "action"),
    [
        ("sv", "Jag ringer dig senast kl 15 i dag.", "call"),
        ("sv", "Återkommer i eftermiddag.", "reply"),
        ("sv", "I dag skickar vi en ny.", "send"),
        ("sv", "Du har pengarna på kontot på fredag.", "refund"),
        ("nb", "Vi ringer deg innen 2 timer.", "call"),
        ("nb", "Eg sjekkar det i dag.", "check"),
        ("da", "Vi vender tilbage inden for to hverdage.", "reply"),
        ("da", "Vi sender en ny i dag.", "send"),
        ("fi", "Hyvitämme lipun perjantaihin mennessä.", "refund"),
        ("fi", "Soitan sinulle tänään klo 15.", "call"),
        ("en", "We'll refund you by Friday noon.", "refund"),
        ("en", "I'll call you by 3pm today.", "call"),
        ("en", "An engineer will visit tomorrow.", "visit"),
    ],
)
def test_a_promise_and_what_it_is_about(language: str, text: str, action: str) -> None:
    [one] = made(text, language)
    assert one.action == action
    assert one.due_at is not None
    assert text[slice(*one.span)]
    assert one.text == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sv", "Jag ringde dig i går kl 15."),
        ("sv", "Vi har skickat en ny i dag."),
        ("sv", "Ska jag ringa dig i dag?"),
        ("sv", "När du ringer oss i dag, säg Saga."),
        ("sv", "Vi ringer aldrig och frågar efter koder."),
        ("sv", "Vi skickar inte fler i dag."),
        ("sv", "Du kan ringa oss i dag före kl 15."),
        ("sv", "Vi har öppet till kl 18 i dag."),
        ("nb", "Vi lovet å ringe i går."),
        ("nb", "Skal vi ringe deg i dag?"),
        ("da", "Jeg har sendt den i dag."),
        ("da", "Skal jeg ringe i dag?"),
        ("fi", "Soitin sinulle tänään."),
        ("fi", "Soitanko sinulle tänään?"),
        ("fi", "Emme soita tänään."),
        ("en", "I rang you at 3 today."),
        ("en", "Shall we call you today?"),
        ("en", "We won't call you today."),
        ("en", "You'll need to call us by 3pm."),
        ("en", "We're open until 4 tomorrow."),
    ],
)
def test_past_questions_negations_and_the_customers_own_acts_are_none(
    language: str, text: str
) -> None:
    assert made(text, language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sv", "Vi återkommer så snart vi kan."),
        ("nb", "Vi kommer tilbake snarest."),
        ("da", "Vi vender tilbage hurtigst muligt."),
        ("fi", "Palaamme asiaan mahdollisimman pian."),
        ("en", "We'll get back to you as soon as possible."),
    ],
)
def test_soon_is_vague(language: str, text: str) -> None:
    [one] = made(text, language)
    assert one.due_at is None
    assert one.is_vague


@pytest.mark.parametrize(
    ("text", "at", "due"),
    [
        ("Jag ringer i dag.", "2026-11-23T10:00:00+01:00", "2026-11-23T17:00:00Z"),
        ("Jag ringer i dag.", "2026-11-28T10:00:00+01:00", "2026-11-30T17:00:00Z"),
        ("Jag ringer i morgon.", "2026-11-27T10:00:00+01:00", "2026-11-30T17:00:00Z"),
        ("Jag ringer kl 15 i dag.", "2026-11-23T10:00:00+01:00", "2026-11-23T14:00:00Z"),
        ("Jag ringer före kl 9.", "2026-11-23T16:00:00+01:00", "2026-11-24T08:00:00Z"),
        ("Jag ringer halv tre.", "2026-11-23T10:00:00+01:00", "2026-11-23T13:30:00Z"),
        ("Jag ringer i eftermiddag.", "2026-11-23T10:00:00+01:00", "2026-11-23T17:00:00Z"),
        ("Jag ringer före lunch.", "2026-11-23T10:00:00+01:00", "2026-11-23T11:00:00Z"),
        ("Jag ringer i morgon bitti.", "2026-11-23T10:00:00+01:00", "2026-11-24T11:00:00Z"),
        ("Jag ringer i kväll.", "2026-11-23T10:00:00+01:00", "2026-11-23T20:00:00Z"),
        ("Jag ringer inom två timmar.", "2026-11-23T10:00:00+01:00", "2026-11-23T11:00:00Z"),
        ("Jag ringer om 20 minuter.", "2026-11-23T10:00:00+01:00", "2026-11-23T09:20:00Z"),
        ("Jag ringer om en halvtimme.", "2026-11-23T10:00:00+01:00", "2026-11-23T09:30:00Z"),
        ("Jag ringer inom två arbetsdagar.", "2026-11-27T10:00:00+01:00", "2026-12-01T17:00:00Z"),
        ("Jag ringer inom en arbetsdag.", "2026-12-23T10:00:00+01:00", "2026-12-28T17:00:00Z"),
        ("Jag ringer inom två dagar.", "2026-11-26T10:00:00+01:00", "2026-11-30T17:00:00Z"),
        ("Jag ringer inom en vecka.", "2026-11-23T10:00:00+01:00", "2026-11-30T17:00:00Z"),
        ("Jag ringer på fredag.", "2026-11-27T10:00:00+01:00", "2026-12-04T17:00:00Z"),
        ("Jag ringer på fredag kl 10.", "2026-11-23T10:00:00+01:00", "2026-11-27T09:00:00Z"),
        ("Jag ringer före helgen.", "2026-11-23T10:00:00+01:00", "2026-11-27T17:00:00Z"),
        ("Jag ringer nästa vecka.", "2026-11-23T10:00:00+01:00", "2026-12-04T17:00:00Z"),
        ("Jag ringer den 3 december.", "2026-11-23T10:00:00+01:00", "2026-12-03T17:00:00Z"),
        ("Jag ringer 3/12.", "2026-11-23T10:00:00+01:00", "2026-12-03T17:00:00Z"),
        ("Jag ringer på måndag.", "2026-10-24T10:00:00+02:00", "2026-10-26T17:00:00Z"),
        ("Jag ringer inom 24 timmar.", "2026-10-24T12:00:00+02:00", "2026-10-25T11:00:00Z"),
        ("Jag ringer tio över fyra.", "2026-11-23T10:00:00+01:00", "2026-11-23T15:10:00Z"),
        ("Jag ringer tio i två.", "2026-11-23T10:00:00+01:00", "2026-11-23T12:50:00Z"),
        ("Jag ringer i morgon bitti kl 12.", "2026-11-23T10:00:00+01:00", "2026-11-24T11:00:00Z"),
        ("Jag ringer kl 6 i morgon bitti.", "2026-11-23T10:00:00+01:00", "2026-11-24T05:00:00Z"),
        ("Teknikern kommer i morgon kl 8-12.", "2026-11-23T10:00:00+01:00", "2026-11-24T11:00:00Z"),
        ("Jag ringer i dag 13–15.", "2026-11-23T10:00:00+01:00", "2026-11-23T14:00:00Z"),
        ("Vi skickar 2-4 varor i dag.", "2026-11-23T10:00:00+01:00", "2026-11-23T17:00:00Z"),
        ("Jag ringer i morgon kl 9.", "2027-03-27T10:00:00+01:00", "2027-03-28T07:00:00Z"),
    ],
)
def test_due_moments(text: str, at: str, due: str) -> None:
    [one] = made(text, at=at)
    assert one.due_at is not None
    assert to_rfc3339(one.due_at) == due


@pytest.mark.parametrize(
    ("text", "at", "late"),
    [
        ("Jag ringer i morgon.", "2026-11-27T10:00:00+01:00", False),
        ("Jag ringer i morgon kväll.", "2026-11-23T10:00:00+01:00", False),
        ("Jag ringer inom en arbetsdag.", "2026-11-23T10:00:00+01:00", False),
        ("Jag ringer inom två arbetsdagar.", "2026-11-23T10:00:00+01:00", True),
        ("Jag ringer på onsdag.", "2026-11-23T10:00:00+01:00", True),
        ("Jag ringer nästa vecka.", "2026-11-23T10:00:00+01:00", True),
    ],
)
def test_longer_than_one_working_day_is_too_long(text: str, at: str, late: bool) -> None:
    [one] = made(text, at=at)
    assert one.is_too_long is late


def test_two_promises_have_a_time_each() -> None:
    both = made("I'll ring you by 2pm and I'll refund the ticket today.", "en")
    assert [one.action for one in both] == ["call", "refund"]
    assert [to_rfc3339(one.due_at or 0)[11:16] for one in both] == ["13:00", "17:00"]


def test_an_hour_is_on_the_day_named_before_it() -> None:
    check, call = made("Jag kollar med lagret i morgon och ringer dig kl 10.")
    assert [check.due_at, call.due_at] == [
        from_rfc3339("2026-11-24T18:00:00+01:00"),
        from_rfc3339("2026-11-24T10:00:00+01:00"),
    ]


def test_opening_hours_are_no_due_moment() -> None:
    [one] = made("Vi ringer dig på torsdag, vi har öppet mån-fre 8-16.")
    assert one.due_at == from_rfc3339("2026-11-26T18:00:00+01:00")


def test_a_finnish_date_before_its_hour_ends_no_sentence() -> None:
    [one] = made("Soitan sinulle 1.12. klo 10.", "fi")
    assert one.due_at == from_rfc3339("2026-12-01T10:00:00+01:00")


def test_no_language_no_promise() -> None:
    assert found("Wir rufen Sie heute an.", "de", MONDAY, CALENDAR) == ()
    assert found("Jag ringer i dag.", None, MONDAY, CALENDAR) == ()


def test_the_labelled_ones_are_enough() -> None:
    assert set(ROWS) == set(LANGUAGES)
    assert all(len(rows) >= 20 for rows in ROWS.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_labelled_due_moments(language: str) -> None:
    figures = measure(ROWS[language], language)
    sys.stdout.write(f"{language}: {figures.right} of {figures.rows}\n")
    assert figures.right / figures.rows >= 0.92, "\n".join(figures.misses)


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=200), st.sampled_from(LANGUAGES), st.integers(0, 4 * 10**15))
def test_any_text_at_any_time(text: str, language: str, at: int) -> None:
    for one in found(text, language, at, CALENDAR):
        assert one.action in ACTIONS


@pytest.mark.parametrize(
    "piece", ["jag ringer kl ", "om 5 ", "den 3 maj ", "inom två ", "på fredag ", "9/"]
)
def test_long_texts_take_no_longer_than_their_length(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    began = time.process_time()
    found(text, "sv", MONDAY, CALENDAR)
    assert time.process_time() - began < 8


@pytest.mark.parametrize(
    ("language", "text", "due"),
    [
        ("da", "Montøren kommer mellem kl. 12 og 14 i dag.", "2026-11-23T13:00:00Z"),
        ("sv", "Jag ringer dig i dag mellan klockan 14 och 16.", "2026-11-23T15:00:00Z"),
        ("nb", "Jeg ringer deg mellom kl 9 og 11 i morgen.", "2026-11-24T10:00:00Z"),
        ("en", "I'll call you between 2 and 4 pm today.", "2026-11-23T15:00:00Z"),
    ],
)
def test_between_two_hours_it_is_owed_by_the_later(language: str, text: str, due: str) -> None:
    [one] = made(text, language)
    assert one.due_at is not None
    assert to_rfc3339(one.due_at) == due
