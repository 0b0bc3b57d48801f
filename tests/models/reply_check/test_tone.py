"""RC01, RC02, RC03, RC13: what is an apology, what only sounds like one, and what hurts."""

import pytest

from models.reply_check import HINT
from tests.models.reply_check.drafts import remarks, rules

WHOLE = {
    "sv": "Hej Patrik, jag beklagar att paketet till Luleå är fem dagar sent. Jag spårar det nu och"
    " ringer dig senast kl 15 i dag. /Anna",
    "nb": "Hei Patrik, vi beklager at strømmen er borte på Bislett."
    " Vi ringer deg innen 2 timer. /Anna",
    "da": "Hej Patrik, vi beklager, at pakken ikke kom til Aarhus."
    " Vi sender en ny i dag. Venlig hilsen Anna",
    "fi": "Hei Patrik, pahoittelemme, että juna Tampereelle myöhästyi."
    " Hyvitämme lipun huomiseen mennessä. T. Anna",
    "en": "Hi Patrik, I'm sorry your parcel to Leeds is late. I'll call you by 3pm today. – Anna",
}


@pytest.mark.parametrize("language", WHOLE)
def test_a_good_reply_is_let_through(language: str) -> None:
    assert remarks(WHOLE[language], language) == []


APOLOGIES = {
    "sv": [
        "Jag beklagar.",
        "Vi ber så mycket om ursäkt.",
        "Förlåt!",
        "Ursäkta dröjsmålet.",
        "Sorry.",
        "Jag är ledsen för väntan.",
        "Det här var helt vårt fel.",
        "Vi klantade oss.",
        "Vi kan inte nog be om ursäkt.",
        "Den tar jag på mig.",
        "Så ska det inte gå till, förlåt.",
    ],
    "nb": [
        "Vi beklager.",
        "Unnskyld!",
        "Vi er lei oss for dette.",
        "Så leit at det ble slik.",
        "Dette er vår feil.",
        "Vi orsakar.",
        "Vi kan ikke få beklaget nok.",
        "Her sviktet vi.",
    ],
    "da": [
        "Vi beklager.",
        "Undskyld!",
        "Jeg er ked af, at pakken blev væk.",
        "Det er vores fejl.",
        "Vi kan ikke undskylde nok.",
        "Det var ikke godt nok af os.",
        "Vi har dummet os.",
    ],
    "fi": [
        "Pahoittelemme.",
        "Anteeksi!",
        "Olen pahoillani.",
        "Mokasimme.",
        "Virhe on meidän.",
        "Näin ei saa käydä.",
        "Pyydän anteeksi.",
        "Tää meni meiltä pieleen.",
    ],
    "en": [
        "I'm sorry.",
        "We apologise.",
        "Our mistake.",
        "We got this wrong.",
        "That's on us.",
        "I can't apologise enough.",
        "Please forgive us.",
        "We messed up.",
    ],
}
NO_APOLOGIES = {
    "sv": [
        "Tyvärr.",
        "Beklagligtvis blev det så.",
        "Tråkigt att höra.",
        "Vi beklagar inte detta.",
        "Du behöver inte be om ursäkt.",
        "Det är inte vårt fel.",
    ],
    "nb": [
        "Dessverre.",
        "Beklageligvis ble det slik.",
        "Kjedelig å høre.",
        "Vi beklager ikke dette.",
    ],
    "da": [
        "Desværre.",
        "Beklageligvis blev det sådan.",
        "Det er rart at høre, Patrik!",
        "Vi beklager ikke.",
        "Trist at høre.",
    ],
    "fi": ["Valitettavasti.", "Ikävä kuulla.", "Emme pahoittele tätä.", "Harmi."],
    "en": [
        "Unfortunately.",
        "Sad to hear that.",
        "We don't apologise.",
        "I won't say sorry.",
        "You needn't be sorry, no apology is needed.",
    ],
}


def each(texts: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, text) for language, listed in texts.items() for text in listed]


@pytest.mark.parametrize(("language", "text"), each(APOLOGIES))
def test_an_apology_counts(language: str, text: str) -> None:
    assert "RC01" not in rules(text, language)


@pytest.mark.parametrize(("language", "text"), each(NO_APOLOGIES))
def test_what_only_sounds_like_one_does_not(language: str, text: str) -> None:
    assert "RC01" in rules(text, language)


ON_CONDITION = {
    "sv": [
        "Vi beklagar om du har upplevt besvär.",
        "Ledsen att du känner så.",
        "Vi ber om ursäkt för eventuella besvär.",
    ],
    "nb": [
        "Vi beklager hvis du opplever dette som dumt.",
        "Vi beklager eventuelle ulemper.",
        "Leit at du føler det slik.",
    ],
    "da": [
        "Vi er kede af, at du oplever det sådan.",
        "Vi beklager eventuelle gener.",
        "Undskyld, hvis du blev ked af det.",
    ],
    "fi": [
        "Pahoittelemme, jos koit tilanteen ikävänä.",
        "Pahoittelemme mahdollista vaivaa.",
        "Pahoittelut, että sinusta tuntuu siltä.",
    ],
    "en": [
        "Sorry you feel that way.",
        "We apologise for any inconvenience.",
        "Sorry if this upset you.",
    ],
}


@pytest.mark.parametrize(("language", "text"), each(ON_CONDITION))
def test_sorry_on_a_condition_is_none_and_says_so(language: str, text: str) -> None:
    assert {"RC01", "RC02"} <= rules(text, language)


def test_a_condition_for_something_else_is_fine() -> None:
    assert "RC02" not in rules("Förlåt! Skicka ditt ordernummer i DM om du vill.")
    assert "RC02" not in rules("Sorry, Patrik, and tell me if you need anything.", "en")


STOCK = {
    "sv": [
        "Vi beklagar besväret.",
        "Vi ber om ursäkt för olägenheten.",
        "Förlåt! Ursäkta besväret.",
    ],
    "nb": ["Beklager ulempen.", "Vi beklager ulempene dette har medført.", "Unnskyld bryderiet."],
    "da": ["Vi beklager ulejligheden.", "Undskyld ulejligheden.", "Vi beklager de gener, det gav."],
    "fi": ["Pahoittelemme häiriötä.", "Pahoittelut aiheutuneesta vaivasta.", "Anteeksi vaiva."],
    "en": ["Sorry for the inconvenience.", "Apologies for the inconvenience this has caused you."],
}
NAMED = {
    "sv": [
        "Förlåt att paketet kom bort. Vi beklagar besväret.",
        "Vi beklagar besväret med de tre samtalen.",
        "Jag beklagar att du fick vänta så länge.",
    ],
    "nb": [
        "Unnskyld at strømmen gikk. Vi beklager ulempen.",
        "Vi beklager bryderiet med tre telefoner.",
        "Vi beklager ulempene den ustabile strømmen har gitt deg.",
    ],
    "da": [
        "Undskyld, at pakken blev væk. Vi beklager ulejligheden.",
        "Vi beklager besværet med de tre opkald.",
    ],
    "fi": [
        "Anteeksi, että juna myöhästyi. Pahoittelemme vaivaa.",
        "Pahoittelemme häiriötä, jonka myöhästynyt juna aiheutti.",
    ],
    "en": [
        "Sorry your parcel was lost. We apologise for the inconvenience.",
        "Sorry for the inconvenience of three phone calls.",
    ],
}


@pytest.mark.parametrize(("language", "text"), each(STOCK))
def test_sorry_for_the_inconvenience_counts_and_is_named(language: str, text: str) -> None:
    assert not {"RC01", "RC02"} & rules(text, language)
    [one] = [one for one in remarks(text, language) if one.rule == "RC02"]
    assert one.level == HINT
    assert one.span
    assert "RC02" not in {one.rule for one in remarks(text, language, intent="question")}


@pytest.mark.parametrize(("language", "text"), each(NAMED))
def test_who_says_what_went_wrong_belittles_nothing(language: str, text: str) -> None:
    assert "RC02" not in {one.rule for one in remarks(text, language)}


def test_what_the_customer_calls_a_disturbance_is_one() -> None:
    told = [
        one.rule for one in remarks("Pahoittelemme häiriötä.", "fi", mention="Onko netissä häiriö?")
    ]
    assert "RC02" not in told


CHEERFUL = {
    "sv": [
        "Tack för ditt meddelande! Förlåt.",
        "Vad kul att du hör av dig. Förlåt.",
        "Hej!! Förlåt.",
    ],
    "nb": ["Tusen takk for meldingen, så hyggelig! Beklager.", "Hei 😊 Beklager."],
    "da": ["Tak for din besked, hvor dejligt. Undskyld."],
    "fi": ["Kiitos viestistäsi, mukava kuulla. Anteeksi."],
    "en": ["Thanks for reaching out, hope you're having a great day!! Sorry."],
}
THANKS_AFTER = {
    "sv": ["Jag är ledsen för väntan. Tack för att du skrev.", "Det är inte roligt, förlåt."],
    "nb": ["Vi beklager. Takk for at du sa fra."],
    "da": ["Vi beklager. Tak for at du sagde til."],
    "fi": ["Anteeksi. Kiitos, että kerroit.", "Hyvää päivää. Anteeksi."],
    "en": ["I'm sorry. Thank you for telling us."],
}


@pytest.mark.parametrize(("language", "text"), each(CHEERFUL))
def test_cheer_before_the_apology_is_named(language: str, text: str) -> None:
    assert "RC03" in rules(text, language)


@pytest.mark.parametrize(("language", "text"), each(THANKS_AFTER))
def test_thanks_after_it_are_fine(language: str, text: str) -> None:
    assert "RC03" not in rules(text, language)


BLAME = {
    "sv": [
        "Du borde ha läst villkoren.",
        "Enligt våra rutiner går det inte.",
        "Som uppskattad kund vet du det.",
        "Som vi redan skrivit går det inte.",
        "Det är inte vårt fel.",
    ],
    "nb": [
        "Du burde ha lest vilkårene.",
        "I henhold til våre vilkår går det ikke.",
        "Det er ikke vår feil.",
    ],
    "da": ["Du burde have læst betingelserne.", "Ifølge vores betingelser går det ikke."],
    "fi": ["Olisit voinut lukea ehdot.", "Ehtojemme mukaan se ei käy.", "Vika ei ole meidän."],
    "en": [
        "You should have read the terms.",
        "Per our policy we can't.",
        "You are a valued customer.",
    ],
}
NO_BLAME = {
    "sv": ["Du borde ha fått ett sms.", "Det är inte ditt fel."],
    "nb": ["Du burde ha fått beskjed.", "Det er ikke din feil."],
    "da": ["Du burde have fået besked.", "Det er ikke din fejl."],
    "fi": ["Sinun olisi pitänyt saada viesti.", "Se ei ole sinun vikasi."],
    "en": ["You should have received a text.", "None of this is your fault."],
}


@pytest.mark.parametrize(("language", "text"), each(BLAME))
def test_blame_and_process_are_named(language: str, text: str) -> None:
    assert "RC13" in rules(text, language)


@pytest.mark.parametrize(("language", "text"), each(NO_BLAME))
def test_owning_up_is_no_blame(language: str, text: str) -> None:
    assert "RC13" not in rules(text, language)


def test_other_intents_need_no_apology() -> None:
    assert (
        rules("Tack för ditt meddelande! Ja, vi har öppet på lördag.", intent="question") == set()
    )
    assert rules("Härligt!! Tack Patrik 😄", intent="praise") == set()


def test_the_span_marks_the_words_and_a_suggestion_is_in_the_language() -> None:
    reply = "Hej. Vi beklagar om du har upplevt besvär. /Anna"
    [one] = [one for one in remarks(reply) if one.rule == "RC02"]
    assert one.span is not None
    assert reply[slice(*one.span)].startswith("Vi beklagar om du")
    assert one.insert == "Jag beklagar det här."


def test_unseen_letters_hide_nothing() -> None:
    assert "RC01" not in rules("Jag be\u200bkla\u00adgar.")
    assert "RC13" in rules("Det är inte vå\u200brt fel.")
