"""What a suggestion leads to: put in as the desk does, its remark is gone and no other has come."""

import pytest

from models.phrases import LANGUAGES
from models.reply_check import PHRASES, Remark, Thread, opening, promised
from tests.models.reply_check.drafts import draft, remarks

AGAIN = Thread(public_replies=2)
WEAK = {
    "RC01": {
        "sv": "Paketet till Luleå är på väg i dag. /Bo",
        "nb": "Strømmen på Bislett er tilbake i dag. /Bo",
        "da": "Pakken til Aarhus er sendt i dag. /Bo",
        "fi": "Juna Tampereelle on korjattu tänään. /Bo",
        "en": "Your parcel to Leeds was sent today. /Bo",
    },
    "RC02": {
        "sv": "Vi beklagar om du har upplevt besvär. Paketet till Luleå är skickat i dag. /Bo",
        "nb": "Vi beklager hvis du opplever dette som dumt. Strømmen er rettet i dag. /Bo",
        "da": "Undskyld, hvis du blev ked af det. Pakken til Aarhus er sendt i dag. /Bo",
        "fi": "Pahoittelemme, jos koit tilanteen ikävänä. Juna on korjattu tänään. /Bo",
        "en": "We apologise for any inconvenience. Your parcel to Leeds was sent today. /Bo",
    },
    "RC03": {
        "sv": "Tack för ditt meddelande! Förlåt. Paketet till Luleå är skickat i dag. /Bo",
        "nb": "Tusen takk for meldingen, så hyggelig! Beklager. Strømmen er rettet i dag. /Bo",
        "da": "Tak for din besked, hvor dejligt. Undskyld. Pakken er sendt i dag. /Bo",
        "fi": "Kiitos viestistäsi, mukava kuulla. Anteeksi. Juna on korjattu tänään. /Bo",
        "en": "Thanks for reaching out! Sorry. Your parcel to Leeds was sent today. /Bo",
    },
    "RC05": {
        "sv": "Hej Anna! Förlåt att paketet är sent. Det är skickat i dag. /Bo",
        "nb": "Hei kunde! Beklager at strømmen er borte. Den er rettet i dag. /Bo",
        "da": "Hej Anna! Undskyld, at pakken ikke er kommet. Den er sendt i dag. /Bo",
        "fi": "Hei Anna! Anteeksi, että juna oli myöhässä. Se on korjattu tänään. /Bo",
        "en": "Dear customer, sorry your parcel is late. It was sent today. /Bo",
    },
    "RC06": {
        "sv": "Förlåt att paketet är sent. Vi skickar ett nytt till dig. /Bo",
        "nb": "Beklager at strømmen er borte. Jeg ringer deg. /Bo",
        "da": "Undskyld, at pakken ikke er kommet. Vi sender en ny til dig. /Bo",
        "fi": "Anteeksi, että juna oli myöhässä. Soitan sinulle. /Bo",
        "en": "Sorry your parcel is late. We'll send you a new one. /Bo",
    },
    "RC06 soon": {
        "sv": "Förlåt att paketet är sent. Vi återkommer så snart vi kan till dig. /Bo",
        "nb": "Beklager at strømmen er borte. Snarest mulig ringer vi deg. /Bo",
        "da": "Undskyld, at pakken ikke er kommet. Vi vender tilbage hurtigst muligt. /Bo",
        "fi": "Anteeksi, että juna oli myöhässä. Palaamme asiaan mahdollisimman pian. /Bo",
        "en": "Sorry your parcel is late. We'll get back to you shortly. /Bo",
    },
    "RC06 late": {
        "sv": "Förlåt att paketet är sent. Vi skickar ett nytt inom fem arbetsdagar. /Bo",
        "nb": "Beklager at strømmen er borte. Vi ringer deg innen fem virkedager. /Bo",
        "da": "Undskyld, at pakken ikke er kommet. Vi sender en ny inden for fem hverdage. /Bo",
        "fi": "Anteeksi, että juna oli myöhässä. Hyvitämme lipun viiden arkipäivän kuluessa. /Bo",
        "en": "Sorry your parcel is late. We'll send a new one within five working days. /Bo",
    },
    "RC09": {
        "sv": "Förlåt att paketet är sent. Kontakta kundtjänst på 0771-12 34 56. /Bo",
        "nb": "Beklager at strømmen er borte. Ta kontakt med kundeservice. /Bo",
        "da": "Undskyld, at pakken ikke er kommet. Ring til os på 70 10 20 30. /Bo",
        "fi": "Anteeksi, juna. Suosittelemme olemaan yhteydessä suoraan kuluttajapalveluumme. /Bo",
        "en": "Sorry your parcel is late. Please fill in our form. /Bo",
    },
    "RC10": {
        "sv": "Förlåt att paketet är sent. Skriv ditt personnummer. /Bo",
        "nb": "Beklager at strømmen er borte. Oppgi fødselsnummer. /Bo",
        "da": "Undskyld, at pakken ikke er kommet. Skriv dit CPR-nummer. /Bo",
        "fi": "Anteeksi, että juna oli myöhässä. Kirjoita henkilötunnuksesi. /Bo",
        "en": "Sorry your parcel is late. What's your date of birth? /Bo",
    },
    "RC15": {
        "sv": "Förlåt att paketet till Luleå är sent. /Bo",
        "nb": "Beklager at strømmen er borte på Bislett. /Bo",
        "da": "Undskyld, at pakken ikke er kommet til Aarhus. /Bo",
        "fi": "Anteeksi, että juna Tampereelle oli myöhässä. /Bo",
        "en": "Sorry your parcel to Leeds is five days late. /Bo",
    },
}
CASES = [(rule, language) for rule in WEAK for language in LANGUAGES]
FIRST = ("RC01", "RC03")
"""What the desk puts before all but the greeting."""


def mended(reply: str, remark: Remark, language: str) -> str:
    """The reply with the suggestion as Ctrl-N of the desk puts it in."""
    if remark.rule in FIRST:
        here = opening(draft(reply, language))
        return f"{reply[:here]}{remark.insert} {reply[here:]}"
    if remark.span is None:
        return f"{reply} {remark.insert}"
    start, end = remark.span
    end += remark.insert.endswith(".") and reply[end : end + 1] in tuple(".!?")
    return reply[:start] + remark.insert + reply[end:]


@pytest.mark.parametrize(("case", "language"), CASES)
def test_a_suggestion_mends_what_it_is_for_and_nothing_else_is_said(
    case: str, language: str
) -> None:
    reply, rule = WEAK[case][language], case[:4]
    before = remarks(reply, language)
    [remark] = [one for one in before if one.rule == rule]
    assert remark.insert
    better = mended(reply, remark, language)
    after = {one.rule for one in remarks(better, language)}
    assert rule not in after, better
    assert after <= {one.rule for one in before}, better
    assert "  " not in better
    assert ".." not in better
    assert better.endswith(" /Bo")


GREETED = {
    "sv": ("@eva Hej Patrik! ", "Paketet till Luleå är på väg i dag. /Bo"),
    "nb": ("Hei Patrik, ", "strømmen på Bislett er tilbake i dag. /Bo"),
    "da": ("Kære Patrik.\n\n", "Pakken til Aarhus er sendt i dag. /Bo"),
    "fi": ("Hei Patrik! ", "Juna Tampereelle on korjattu tänään. /Bo"),
    "en": ("Dear Patrik,\n", "your parcel to Leeds left today. /Bo"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_apology_goes_behind_the_greeting(language: str) -> None:
    greeting, reply = GREETED[language]
    assert opening(draft(greeting + reply, language)) == len(greeting)


@pytest.mark.parametrize("written", ["", " ", "Hej!", "@eva", "/Bo"])
def test_where_nothing_but_a_greeting_stands_there_is_a_place_all_the_same(written: str) -> None:
    assert 0 <= opening(draft(written, "sv")) <= len(written)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_offer_to_go_on_in_private_raises_nothing(language: str) -> None:
    reply = WEAK["RC15"][language]
    [remark] = [one for one in remarks(reply, language, AGAIN) if one.rule == "RC20"]
    better = mended(reply, remark, language)
    assert {one.rule for one in remarks(better, language, AGAIN)} == {"RC20"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_suggested_alone_promises_what_it_says(language: str) -> None:
    book = PHRASES[language]
    for name, number in (("apology", 0), ("due", 1), ("private", 0), ("invite", 0)):
        made = promised(draft(book.said("suggest", name), language))
        assert len(made) == number
        assert all(one.due_at and not one.is_too_long for one in made)


@pytest.mark.parametrize(
    ("reply", "better"),
    [
        ("Vi skickar ett nytt, Patrik. /Bo", "Vi skickar ett nytt {by}, Patrik. /Bo"),
        ("Inom kort ringer jag dig. /Bo", "Senast i morgon kl 15 ringer jag dig. /Bo"),
        ("Jag ringer dig så snart vi kan om det. /Bo", "Jag ringer dig {by} om det. /Bo"),
        ("Jag ringer så fort jag vet mer.\n/Bo", "Jag ringer {by}.\n/Bo"),
        ("Jag ringer dig\n/Bo", "Jag ringer dig {by}\n/Bo"),
    ],
)
def test_a_time_goes_where_it_belongs(reply: str, better: str) -> None:
    [remark] = [one for one in remarks(reply) if one.rule == "RC06"]
    assert mended(reply, remark, "sv") == better.format(by="senast i morgon kl 15")


def test_a_sentence_that_says_more_is_left_to_its_writer() -> None:
    for reply in (
        "Vi beklagar om du upplevt besvär men ringer dig i dag kl 15. /Bo",
        "Vi beklagar om paketet till Luleå blev sent. /Bo",
    ):
        [remark] = [one for one in remarks(reply) if one.rule == "RC02"]
        assert remark.insert == ""
    for reply in ("Förlåt. Skriv ditt personnummer här. /Bo", "Vi ser 811218-9876 i registret."):
        [remark] = [one for one in remarks(reply) if one.rule == "RC10"]
        assert remark.insert == ""
    [greeting] = [one for one in remarks("Hej och förlåt!") if one.rule == "RC05"]
    assert greeting.insert == ""


def test_a_first_word_in_time_lets_the_rest_take_longer() -> None:
    late = "Förlåt att paketet är sent. Vi skickar ett nytt inom fem arbetsdagar."
    assert "RC06" in {one.rule for one in remarks(late)}
    assert "RC06" not in {one.rule for one in remarks(f"{late} Jag återkommer i morgon kl 15.")}
