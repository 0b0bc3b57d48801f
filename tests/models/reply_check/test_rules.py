"""The other rules, one by one, with the traps that were met."""

from pathlib import Path
from typing import Any

import pytest

from models.phrases import Books
from models.reply_check import BLOCK, HINT, Draft, Names, Sent, Thread, check
from models.words import speaking
from tests.models.reply_check.drafts import AT, CALENDAR, draft, remarks, rules

SORRY = "Jag beklagar att paketet till Luleå är sent, Patrik."


def of(rule: str, reply: str, language: str = "sv", **more: Any) -> list[str]:
    """The levels at which a rule is raised."""
    return [one.level for one in remarks(reply, language, **more) if one.rule == rule]


@pytest.mark.parametrize(
    ("reply", "level"),
    [
        ("Hej Patrik!", None),
        ("Hej patrik_82, förlåt.", None),
        ("Bästa Stig!", "warn"),
        ("Hej Anna, förlåt.", "warn"),
        ("Förlåt Anna, det är vårt fel.", "warn"),
        ("Det är vårt fel, Anna. Vi ringer i dag.", "warn"),
        ("Bästa kund!", "hint"),
        ("Hej, vi beklagar.", None),
        ("Hej! Paketet är på väg.", None),
        ("@pat82 Hej Anna!", "warn"),
        ("Förlåt! Jag pratade med Anna på lagret. /Karin", None),
        ("Mvh Anna", None),
    ],
)
def test_rc05_greets_by_the_right_name(reply: str, level: str | None) -> None:
    found = of("RC05", reply, full="Patrik Stig Lund", handle="pat82")
    assert found == ([level] if level else [])


def test_rc05_who_goes_by_a_later_name_is_not_called_by_the_first() -> None:
    assert of("RC05", "Hej Stig!", full="Stig Patrik Lund") == ["warn"]
    assert of("RC05", "Hej Bo!", name="Bosse", full="Bo Ek") == []
    assert of("RC05", "Bästa herr Lund!", full="Patrik Lund") == []
    assert of("RC05", "Hej Anna!", name=None) == []


@pytest.mark.parametrize(
    ("reply", "language", "raised"),
    [
        ("Jag ringer dig.", "sv", True),
        ("Vi återkommer inom kort.", "sv", True),
        ("Vi återkommer inom fem arbetsdagar.", "sv", True),
        ("Jag ringer dig senast kl 15 i dag.", "sv", False),
        ("Jag har ringt dig.", "sv", False),
        ("Jag kollar nu och ringer dig före kl 15.", "sv", False),
        ("Vi sender ny ruter så snart som mulig.", "nb", True),
        ("Vi ringer deg innen 2 timer.", "nb", False),
        ("Vi vender tilbage hurtigst muligt.", "da", True),
        ("Vi sender en ny i dag.", "da", False),
        ("Palaamme asiaan pian.", "fi", True),
        ("Viiden arkipäivän kuluessa saat vastauksen.", "fi", True),
        ("Soitan sinulle tänään klo 15.", "fi", False),
        ("We'll get back to you shortly.", "en", True),
        ("I'll call you by 3pm today.", "en", False),
        ("We'll send it within five working days.", "en", True),
    ],
)
def test_rc06_a_promise_needs_a_near_time(reply: str, language: str, raised: bool) -> None:
    assert ("RC06" in rules(reply, language)) is raised


def test_rc06_an_overdue_promise_must_be_spoken_of() -> None:
    thread = Thread(overdue=("Jag ringer i dag",))
    assert "RC06" in rules("Paketet är på väg nu.", thread=thread)
    assert "RC06" not in rules("Vi lovade att ringa och missade det.", thread=thread)


@pytest.mark.parametrize(
    ("network", "reply", "levels"),
    [
        ("x", "å" * 280, []),
        ("x", "å" * 281, ["block"]),
        ("bluesky", "👩‍👩‍👧‍👦" * 300, []),
        (None, "a" * 10_001, ["block"]),
        (None, "", ["block"]),
        (None, "\u200b \n", ["block"]),
    ],
)
def test_rc07_length(network: str | None, reply: str, levels: list[str]) -> None:
    found = of("RC07", reply, network=network)
    assert [level for level in found if level == BLOCK] == levels


def test_rc07_a_server_may_take_more() -> None:
    assert of("RC07", "ord " * 200, network="mastodon", is_private=True) == ["block"]
    assert of("RC07", "ord " * 200, network="mastodon", limit=5000, is_private=True) == []


@pytest.mark.parametrize(
    ("reply", "language", "level"),
    [
        ("We are sorry about this and will call you by 3 pm today.", "sv", "warn"),
        ("Vi beklager virkelig at pakken din ble borte, og vi sender en ny i dag.", "sv", "warn"),
        ("Hei Patrik!", "fi", None),
        ("Hvor er pakken?", "nb", None),
        ("Vi tek kontakt i dag, og eg veit ikkje kva som har hendt.", "nb", None),
        ("Det tut uns leid, wir melden uns bis morgen früh bei Ihnen zurück.", "sv", "warn"),
    ],
)
def test_rc08_language(reply: str, language: str, level: str | None) -> None:
    assert of("RC08", reply, language) == ([level] if level else [])


SHORT = {
    "en": ["Thanks, we will check this now.", "Fixed now, thanks Patrik.", "Checking this now."],
    "fi": ["Kiitos, tarkistamme tämän nyt.", "Anteeksi, selvitämme asian heti tänään."],
    "sv": ["Tack, vi kollar det här nu.", "Förlåt, vi kollar nu."],
    "nb": ["Takk, vi sjekker dette nå.", "Vi ringer deg i dag."],
    "da": ["Tak, vi tjekker det nu.", "Undskyld, vi ser på det nu."],
}
NEAR = {"sv", "nb", "da"}


@pytest.mark.parametrize("language", SHORT)
@pytest.mark.parametrize("customers", SHORT)
def test_rc08_a_few_words_are_enough_between_languages_far_apart(
    customers: str, language: str
) -> None:
    for reply in SHORT[language]:
        if customers == language:
            assert of("RC08", reply, customers) == []
        elif not {customers, language} <= NEAR:
            assert of("RC08", reply, customers) == ["warn"]


@pytest.mark.parametrize(
    ("reply", "language"),
    [
        ("Tack!", "en"),
        ("Thanks!", "sv"),
        ("Sorry Patrik!", "nb"),
        ("Mvh Ole Martin Olsen", "nb"),
        ("Black Friday starter fredag!", "nb"),
        ("/Wok To Go", "da"),
        ("Supersorry, Patrik! /Bo", "sv"),
        ("Happy hour börjar klockan 16.", "sv"),
        ("iPhone 15 Pro, Apple Watch Series 9", "fi"),
        ("Kiitos!", "en"),
        ("Storgatan 4, Luleå", "en"),
    ],
)
def test_rc08_names_brands_and_a_single_word_are_in_no_language(reply: str, language: str) -> None:
    assert of("RC08", reply, language) == []


def test_rc08_names_the_language_as_the_reader_does() -> None:
    reply = "Thanks, we will check this now."
    with speaking("sv"):
        [one] = [one for one in remarks(reply, "nb") if one.rule == "RC08"]
        assert one.why.endswith(": norska.")
    [one] = [one for one in remarks(reply, "fi") if one.rule == "RC08"]
    assert one.why.endswith(": Finnish.")


def test_rc08_in_a_language_that_is_not_ours_the_rules_stay_silent_and_say_so() -> None:
    found = check(
        Draft(
            mention="Wo ist mein Paket? Ich warte seit drei Wochen und niemand antwortet mir.",
            reply="Das tut uns sehr leid, wir kümmern uns heute noch darum und melden uns bald.",
            at=AT,
            calendar=CALENDAR,
            language="de",
        )
    )
    assert ("RC08", HINT) in {(one.rule, one.level) for one in found}
    assert {one.rule for one in found if one.level != HINT} == set()


@pytest.mark.parametrize(
    ("reply", "language", "raised"),
    [
        ("Kontakta kundtjänst på 0771-12 34 56.", "sv", True),
        ("Läs mer här: tallkotte.se/faq", "sv", True),
        (
            "Kontakta kundtjänst om det händer igen. Felet satt i en trasig växel vid Gävle.",
            "sv",
            False,
        ),
        ("Jag ringer dig före kl 15, eller ring oss på 0771-12 34 56.", "sv", False),
        ("Ring til os på 70 10 20 30.", "da", True),
        ("Ta kontakt med kundeservice.", "nb", True),
        ("Suosittelemme olemaan yhteydessä suoraan kuluttajapalveluumme.", "fi", True),
        ("Please fill in our form.", "en", True),
    ],
)
def test_rc09_only_a_deflection(reply: str, language: str, raised: bool) -> None:
    assert ("RC09" in rules(reply, language)) is raised


@pytest.mark.parametrize(
    ("reply", "language", "level"),
    [
        ("Skriv ditt personnummer här.", "sv", "warn"),
        ("Skicka ditt ordernummer i DM.", "sv", None),
        ("Ditt ordernummer hittar du i mejlet.", "sv", None),
        ("Oppgi fødselsnummer.", "nb", "warn"),
        ("Skriv dit CPR-nummer.", "da", "warn"),
        ("Kirjoita henkilötunnuksesi.", "fi", "warn"),
        ("What's your date of birth?", "en", "warn"),
        ("Vi ser 811218-9876 i registret.", "sv", "block"),
        ("Vi ser 811218-9877 i registret.", "sv", None),
        ("Kvittot gick till patrik.lund@example.com.", "sv", "block"),
        ("Mejla oss på hej@tallkotte.se.", "sv", None),
        ("Vi ringer dig på 070-123 45 67 kl 15.", "sv", "block"),
        ("Ring oss på 070-123 45 67.", "sv", None),
    ],
)
def test_rc10_personal_data(reply: str, language: str, level: str | None) -> None:
    assert of("RC10", reply, language) == ([level] if level else [])
    assert of("RC10", reply, language, is_private=True) == []


def test_rc10_what_the_customer_wrote_is_not_repeated() -> None:
    mention = "Ring mig på 070-123 45 67!"
    assert of("RC10", "Ja, 070 123 45 67 är noterat.", mention=mention) == ["block"]


@pytest.mark.parametrize(
    ("reply", "mention", "raised"),
    [
        ("Förlåt! Passa på att handla i helgen.", "Paketet är sent.", True),
        ("Förlåt! Använd VINTER15 i kassan.", "Paketet är sent.", True),
        ("Förlåt! Har du sett våra nya skor?", "Paketet är sent.", True),
        ("Förlåt, rabatten ska gälla.", "Er rabatt gäller inte i kassan!", False),
        ("Förlåt, koden VINTER15 är rättad.", "Koden VINTER15 funkar inte!", False),
        ("Förlåt, vi drar av 100 kr på fakturan.", "Paketet är sent.", False),
    ],
)
def test_rc11_no_offers_to_who_complains(reply: str, mention: str, raised: bool) -> None:
    assert ("RC11" in rules(reply, mention=mention)) is raised
    assert "RC11" not in rules(reply, mention=mention, intent="question")


def test_rc12_rc14_rc15_rc16_are_hints() -> None:
    found = {one.rule: one.level for one in remarks("Förlåt. Du får ett presentkort.")}
    assert {"RC12": HINT, "RC14": HINT, "RC15": HINT, "RC16": HINT}.items() <= found.items()
    assert "RC12" not in {one.rule for one in remarks("Du får ett presentkort.", is_private=True)}
    assert "RC14" not in {one.rule for one in remarks(SORRY)}


@pytest.mark.parametrize(
    "end", ["/Anna", "– Anna", "^AB", "Mvh Anna", "/Kim på lagret", "// Eva & Bo"]
)
def test_rc16_signed(end: str) -> None:
    assert of("RC16", f"{SORRY} {end}") == []


@pytest.mark.parametrize(
    "reply",
    [
        "Hej {{namn}}!",
        "Hej [namn]!",
        "Kolli XXXX",
        "Öppet ___ till ___",
        "Hej [FÖRNAMN]",
        "<namn>",
        "Kl. XX:XX",
        "Hej {name}",
        "Hej (namn)!",
        "%FIRSTNAME%",
    ],
)
def test_rc17_a_place_that_was_never_filled(reply: str) -> None:
    assert of("RC17", reply) == ["block"]


@pytest.mark.parametrize(
    "reply",
    [
        "Storlek XXL och XXXL",
        "Kram xxx",
        "Så här [1]",
        "Läs [vår sida](https://tallkotte.se)",
        "Vänta...",
        "a < b och c > d",
        "En fråga (eller två)",
        "I <3 it",
    ],
)
def test_rc17_brackets_that_belong_there(reply: str) -> None:
    assert of("RC17", reply) == []


def test_rc18_rc19_rc20() -> None:
    assert of("RC18", SORRY, thread=Thread(moved="the customer has written again")) == ["block"]
    forbidden = Thread(forbidden="opted out")
    assert of("RC19", SORRY, thread=forbidden, is_private=True) == ["block"]
    assert of("RC19", SORRY, thread=forbidden) == []
    assert of("RC20", SORRY, thread=Thread(public_replies=2)) == ["hint"]
    assert of("RC20", SORRY, thread=Thread(public_replies=1)) == []


def test_rc21_heavy_language_in_the_scandinavian_ones_only() -> None:
    heavy = "Fakturahanteringssystemets behandlingsprocedurer omstrukturerades övergripande" * 1
    text = f"{heavy} under kvalitetssäkringsperioden enligt beslutsunderlaget inom organisationen."
    assert of("RC21", f"{text} Ursäkta dröjsmålet.") == ["hint"]
    assert of("RC21", SORRY) == []
    assert of("RC21", text, "fi") == []


COPY = (
    "Vi beklagar att leveransen blev sen och att ingen hörde av sig till dig, {}."
    " Lagret packar i natt. /{}"
)


def test_rc04_the_same_words_to_others() -> None:
    reply = COPY.format("Patrik", "Anna")
    others = tuple(Sent(COPY.format(name, "Bo"), Names(name)) for name in ("Karin", "Olle"))
    assert of("RC04", reply, thread=Thread(sent=others[:1])) == []
    assert of("RC04", reply, thread=Thread(sent=others)) == ["warn"]
    assert of("RC04", "Något helt annat skrivet för just dig.", thread=Thread(sent=others)) == []


def test_rc04_the_same_words_to_the_same_person() -> None:
    before = Thread(sent=(Sent(COPY.format("Patrik", "Anna"), is_same_person=True),))
    assert of("RC04", COPY.format("Patrik", "Anna"), thread=before) == ["block"]


def test_rc04_a_saved_reply_wants_its_seam_filled() -> None:
    saved = "Vi beklagar {vad}. Vi ringer dig i dag."
    assert of("RC04", "Vi beklagar . Vi ringer dig i dag.", thread=Thread(saved=saved)) == ["warn"]
    assert of("RC04", "Vi beklagar väntan. Vi ringer dig i dag.", thread=Thread(saved=saved)) == []


def test_a_broken_phrase_file_leaves_the_rest_at_work(tmp_path: Path) -> None:
    from models.reply_check.reading import PHRASES

    for file in PHRASES.folder.glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        text = text.replace("[cheer]", "[cheer", 1) if file.stem == "sv" else text
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    books = Books(tmp_path)
    found = {one.rule for one in check(draft("Tack för ditt meddelande!"), books=books)}
    assert "RC01" in found
    assert books.problems
    assert books.problems[0].startswith("sv.toml, line ")
