"""RC04: what belongs to somebody else - their number, handle or name - and what is everybody's."""

import pytest

from models.phrases import Text
from models.reply_check import Names, Remark, Sent, Thread
from models.reply_check.marks import marks
from tests.models.reply_check.drafts import remarks

KARIN = Names("Karin", "Karin Ekdahl", "karin_82")
OLLE = Names("Olle", "Olle Berg", "olle")
TOLD = {
    "sv": "Förlåt, din order {} till Luleå ligger kvar på lagret. Jag ringer dig kl 15 i dag. /Bo",
    "nb": "Beklager, ordren din {} ligger på lageret. Jeg ringer deg kl. 15 i dag. /Bo",
    "da": "Undskyld, din ordre {} ligger på lageret. Jeg ringer til dig kl. 15 i dag. /Bo",
    "fi": "Anteeksi, tilauksesi {} on varastossa. Soitan sinulle tänään klo 15. /Bo",
    "en": "Sorry, your order {} is still with us. I'll call you by 3pm today. /Bo",
}


def strays(reply: str, *sent: Sent, language: str = "sv", **more: object) -> list[Remark]:
    """The warnings that something is somebody else's."""
    thread = Thread(
        sent=sent,
        settles=more.pop("settles", ()),  # type: ignore[arg-type]
        earlier=more.pop("earlier", ()),  # type: ignore[arg-type]
    )
    found = remarks(reply, language, thread, **more)
    return [one for one in found if one.rule == "RC04" and one.level == "warn"]


def marked(reply: str, *sent: Sent, **more: object) -> list[str]:
    return [reply[slice(*one.span)] for one in strays(reply, *sent, **more) if one.span]  # type: ignore[arg-type]


@pytest.mark.parametrize("language", TOLD)
@pytest.mark.parametrize("number", ["40017", "204519-8837", "AB-7712 0", "7F3A91", "#4711"])
def test_a_number_out_of_a_reply_to_one_other_customer_is_marked(
    language: str, number: str
) -> None:
    reply = TOLD[language].format(number)
    [found] = marked(reply, Sent(TOLD[language].format(number), KARIN), language=language)
    assert found.lstrip("#") in number


def test_it_is_found_in_another_wording_and_with_other_signs() -> None:
    sent = Sent("Hej Karin! Paket 2045198837 har kommit fram till ombudet nu.", KARIN)
    assert marked("Förlåt Patrik. Ditt paket 204519-8837 är på väg. /Bo", sent) == ["204519-8837"]
    assert strays("Förlåt Patrik. Ditt paket 204519-8838 är på väg. /Bo", sent) == []


def test_finnish_hangs_its_endings_on_numbers() -> None:
    sent = Sent("Tilaus 40017 on matkalla.", KARIN)
    assert marked("Anteeksi. Tilauksen 40017:n tiedot puuttuvat.", sent, language="fi") == ["40017"]


@pytest.mark.parametrize("language", TOLD)
def test_what_the_customer_has_written_is_theirs(language: str) -> None:
    reply = TOLD[language].format("204519-8837")
    sent = Sent(reply, KARIN)
    assert strays(reply, sent, language=language, mention="2045198837??") == []
    assert strays(reply, sent, language=language, settles=("nr 204519 8837",)) == []
    assert strays(reply, sent, language=language, earlier=("204519-8837.",)) == []


def test_what_we_have_told_this_customer_before_is_theirs() -> None:
    reply = TOLD["sv"].format("40017")
    before = Sent("Order 40017 är packad.", Names("Patrik"), is_same_person=True)
    assert strays(reply, Sent(reply, KARIN), before) == []


@pytest.mark.parametrize("language", TOLD)
def test_what_two_others_were_told_is_nobodys_own(language: str) -> None:
    reply = TOLD[language].format("40017")
    assert strays(reply, Sent(reply, KARIN), language=language)
    twice = (Sent(reply, KARIN), Sent(f"{reply} Hej.", KARIN))
    assert strays(reply, *twice, language=language)
    others = (Sent(reply, KARIN), Sent("40017", OLLE))
    assert [one.span for one in strays(reply, *others, language=language) if one.span] == []


EVERYBODYS = {
    "sv": [
        "Ring oss på 0771-12 34 56.",
        "Vi har öppet 08.00-18.30 och 10-16 den 2026-11-24.",
        "Det kostar 1299 kr, 1 499:- eller 12999,00 kronor.",
        "Enligt SFS 2022:260 har du tre år.",
        "Sedan 2026 gäller det 10000 hushåll.",
        "Läs mer på tallkotte.se/40017.",
        "Tåg 10432 är inställt.",
        "Ordern kommer kl 1430 den 24/11-2026.",
        "Butiken ligger på Storgatan 4, 11346 Stockholm.",
        "Följ @tallkotte för läget.",
        "Skriv till hej40017@tallkotte.se.",
        "5000mAh och 90-talet, 24-timmars.",
    ],
    "nb": [
        "Ring oss på 915 04 800 eller 02800.",
        "Ordren kommer mellom 1430 og 1600.",
        "Det koster kr 12999,- og 4999 kroner.",
        "Toget 10432 er innstilt, se § 4 i lov 2002-06.",
        "Storgata 4, 0150 Oslo.",
    ],
    "da": [
        "Ring på 70 10 20 30.",
        "Det koster 12.999,00 kr. eller DKK 4999.",
        "Vi har åbent fra 1000 til 1800, 8000 Aarhus.",
    ],
    "fi": [
        "Soita 010 123 4567.",
        "Tilaus tulee klo 1430, 1.12.2026.",
        "Hinta on 1299,90 € tai 12999 euroa.",
        "Kuluttajansuojalaki 38/1978, 00100 Helsinki.",
    ],
    "en": [
        "Call us on 0800 123 4567.",
        "It costs £1299 or 12,999.00 pounds.",
        "Train 10432 leaves at 1430, see EU 261/2004.",
    ],
}


@pytest.mark.parametrize(
    ("language", "text"), [(code, text) for code, texts in EVERYBODYS.items() for text in texts]
)
def test_what_many_are_told_is_no_customers_number(language: str, text: str) -> None:
    more = {"brand": ("Tallkotte", "@tallkotte")}
    assert strays(text, Sent(text, KARIN), language=language, **more) == []


def test_a_handle_out_of_a_reply_to_somebody_else() -> None:
    sent = Sent("@karin_82 Förlåt, vi ringer i dag. /Bo", KARIN)
    assert marked("@karin_82 Förlåt, vi ringer i dag. /Bo", sent) == ["@karin_82"]
    assert strays("@pat82 Förlåt, vi ringer i dag. /Bo", sent, handle="pat82") == []
    ours = Sent("@pat82 och @karin_82, vi ringer.", KARIN)
    assert strays("@pat82 Förlåt, vi ringer i dag. /Bo", ours, handle="@pat82@mastodon.nu") == []
    assert strays("Vi ringer @karin_82 också.", sent, mention="Svara även @karin_82!") == []


def test_somebody_else_by_first_and_last_name() -> None:
    sent = Sent("Paketet till dig är på väg, Karin. /Bo", KARIN)
    assert marked("Förlåt. Paketet till Karin Ekdahl är på väg. /Bo", sent) == ["Karin Ekdahl"]
    assert strays("Förlåt. Karin på lagret packar det nu. /Bo", sent) == []
    own = "Paketet till min mamma Karin Ekdahl är borta."
    assert strays("Förlåt. Paketet till Karin Ekdahl är på väg.", sent, mention=own) == []


def test_marks_of_a_long_text_are_few() -> None:
    assert len(marks(Text("order 40017 " * 10_000))) <= 20
