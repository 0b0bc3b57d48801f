"""What is promised where a sentence holds two acts, or an object tells more than its verb."""

from itertools import pairwise

import pytest

from tests.models.promises.test_promises import made

KINDS = {
    "sv": [
        ("Jag kollar med lagret och ringer dig före 15.", "check call"),
        ("Jag ringer lagret och skickar en ny i dag.", "check send"),
        ("Vi undersöker felet och återbetalar pengarna i dag.", "check refund"),
        ("Jag pratar med chefen och mejlar dig i morgon.", "check reply"),
        ("Vi lagar lampan och skickar en ny i morgon.", "fix send"),
        ("Vi hör med chauffören och återkommer kl 15.", "check reply"),
        ("Jag ska kolla med lagret och ringa dig före 15.", "check call"),
        ("Vi kommer att byta skärmen och skicka tillbaka den i morgon.", "fix send"),
        ("Jag ser till att lagret skickar en ny i dag.", "send"),
        ("Jag ber teknikern ringa dig i dag.", "call"),
        ("Vi skickar en tekniker i morgon.", "visit"),
        ("Jag tar reda på vad som hänt och skriver till dig i dag.", "check reply"),
        ("Vi återbetalar köpet och skickar en bekräftelse i dag.", "refund send"),
        ("Jag kontaktar banken och ringer dig i dag.", "check call"),
        ("Jag ska se till att du får pengarna tillbaka i dag.", "refund"),
        ("Jag skickar pengarna i dag.", "refund"),
        ("Jag skickar ett mejl i dag.", "reply"),
        ("Vi ringer dig och bokar en ny tid i dag.", "call fix"),
        ("Jag lovar att kolla upp det och skicka svar i morgon.", "check reply"),
        ("Vi ska byta ut displayen och ringa dig när den är klar i morgon.", "fix call"),
        ("Jag frågar kollegan på lagret och mejlar svaret före lunch.", "check reply"),
        ("Vi kommer att utreda det och återbetala avgiften på fredag.", "check refund"),
        ("Jag kontaktar leverantören och återkommer i eftermiddag.", "check reply"),
        ("Vi skickar ut en elektriker på onsdag.", "visit"),
        ("Jag ska höra med butiken och skicka ett sms i dag.", "check reply"),
        ("Vi ser till att pengarna betalas tillbaka i dag.", "refund"),
        ("Jag ringer dig i dag och skickar en ny kabel i morgon.", "call send"),
        ("Jag skickar dig ett mejl och ringer på måndag.", "reply call"),
    ],
    "nb": [
        ("Jeg sjekker med lageret og ringer deg før kl. 15.", "check call"),
        ("Vi undersøker feilen og refunderer pengene i dag.", "check refund"),
        ("Jeg snakker med sjefen og sender deg en e-post i morgen.", "check reply"),
        ("Vi reparerer lampen og sender en ny i morgen.", "fix send"),
        ("Vi hører med sjåføren og kommer tilbake til deg kl. 15.", "check reply"),
        ("Jeg skal sjekke med lageret og ringe deg før kl. 15.", "check call"),
        ("Jeg sørger for at lageret sender en ny i dag.", "send"),
        ("Jeg ber montøren ringe deg i dag.", "call"),
        ("Vi sender en montør i morgen.", "visit"),
        ("Vi refunderer kjøpet og sender en bekreftelse i dag.", "refund send"),
        ("Jeg kontakter banken og ringer deg i dag.", "check call"),
        ("Vi skal bytte skjermen og sende den tilbake i morgen.", "fix send"),
        ("Jeg finner ut hva som skjedde og skriver til deg i dag.", "check reply"),
        ("Vi skal bytte skjermen og ringe deg i morgen.", "fix call"),
        ("Jeg spør kollegaen og sender deg en e-post før lunsj.", "check reply"),
        ("Vi skal undersøke det og refundere gebyret på fredag.", "check refund"),
        ("Jeg kontakter leverandøren og gir deg svar i ettermiddag.", "check reply"),
        ("Vi sender ut en elektriker på onsdag.", "visit"),
        ("Vi sørger for at pengene blir refundert i dag.", "refund"),
        ("Jeg ringer deg i dag og sender en ny kabel i morgen.", "call send"),
        ("Jeg skal sjekke saken og sende deg en melding i dag.", "check reply"),
    ],
    "da": [
        ("Jeg tjekker med lageret og ringer til dig inden kl. 15.", "check call"),
        ("Vi undersøger fejlen og refunderer pengene i dag.", "check refund"),
        ("Jeg taler med chefen og skriver til dig i morgen.", "check reply"),
        ("Vi reparerer lampen og sender en ny i morgen.", "fix send"),
        ("Vi spørger chaufføren og vender tilbage kl. 15.", "check reply"),
        ("Jeg vil tjekke med lageret og ringe til dig inden kl. 15.", "check call"),
        ("Jeg sørger for, at lageret sender en ny i dag.", "send"),
        ("Jeg beder teknikeren ringe til dig i dag.", "call"),
        ("Vi sender en tekniker i morgen.", "visit"),
        ("Vi refunderer købet og sender en bekræftelse i dag.", "refund send"),
        ("Jeg kontakter banken og ringer til dig i dag.", "check call"),
        ("Vi skal bytte skærmen og sende den retur i morgen.", "fix send"),
        ("Vi skal skifte skærmen og ringe til dig i morgen.", "fix call"),
        ("Jeg spørger kollegaen og sender dig en mail inden frokost.", "check reply"),
        ("Vi vil undersøge det og refundere gebyret på fredag.", "check refund"),
        ("Jeg kontakter leverandøren og giver dig svar i eftermiddag.", "check reply"),
        ("Vi sender en elektriker ud på onsdag.", "visit"),
        ("Jeg ringer til dig i dag og sender et nyt kabel i morgen.", "call send"),
        ("Vi sørger for, at pengene bliver refunderet i dag.", "refund"),
    ],
    "fi": [
        ("Tarkistan asian varastolta ja soitan sinulle klo 15 mennessä.", "check call"),
        ("Selvitämme vian ja palautamme rahat tänään.", "check refund"),
        ("Puhun esimiehen kanssa ja kirjoitan sinulle huomenna.", "check reply"),
        ("Korjaamme lampun ja lähetämme uuden huomenna.", "fix send"),
        ("Kysymme kuljettajalta ja palaamme asiaan klo 15.", "check reply"),
        ("Asentaja tulee huomenna ja vaihtaa reitittimen.", "visit fix"),
        ("Pyydän asentajaa soittamaan sinulle tänään.", "call"),
        ("Lähetämme asentajan huomenna.", "visit"),
        ("Hyvitämme ostoksen ja lähetämme vahvistuksen tänään.", "refund send"),
        ("Otan yhteyttä pankkiin ja soitan sinulle tänään.", "check call"),
        ("Vaihdamme näytön ja lähetämme sen takaisin huomenna.", "fix send"),
        ("Selvitän, mitä on tapahtunut, ja vastaan sinulle tänään.", "check reply"),
        ("Soitamme sinulle ja varaamme uuden ajan tänään.", "call fix"),
        ("Vaihdamme näytön ja soitamme sinulle huomenna.", "fix call"),
        ("Kysyn kollegalta ja lähetän sinulle sähköpostin tänään.", "check reply"),
        ("Selvitämme asian ja hyvitämme maksun perjantaina.", "check refund"),
        ("Lähetämme sähköasentajan keskiviikkona.", "visit"),
        ("Soitan sinulle tänään ja lähetän uuden kaapelin huomenna.", "call send"),
        ("Tarkistamme tilauksen ja palautamme rahat tänään.", "check refund"),
    ],
    "en": [
        ("I'll check with the warehouse and call you by 3pm.", "check call"),
        ("We'll look into the fault and refund you today.", "check refund"),
        ("I'll speak to my manager and email you tomorrow.", "check reply"),
        ("We'll repair the lamp and send you a new one tomorrow.", "fix send"),
        ("I'll ask the driver and get back to you by 3pm.", "check reply"),
        ("I'll make sure the warehouse sends a new one today.", "send"),
        ("I'll ask the engineer to call you today.", "call"),
        ("We'll send an engineer tomorrow.", "visit"),
        ("We'll refund the order and send a confirmation today.", "refund send"),
        ("I'll contact the bank and call you today.", "check call"),
        ("We're going to replace the screen and send it back tomorrow.", "fix send"),
        ("I'll find out what happened and write to you today.", "check reply"),
        ("We'll call you and book a new time today.", "call fix"),
        ("I will get this checked and ring you before 5.", "check call"),
        ("Let me check the order, then I'll refund it today.", "check refund"),
        ("We'll swap the screen and call you tomorrow.", "fix call"),
        ("I'll ask my colleague and send you an email before lunch.", "check reply"),
        ("We will investigate and refund the fee on Friday.", "check refund"),
        ("I'll contact the supplier and reply this afternoon.", "check reply"),
        ("We'll send out an electrician on Wednesday.", "visit"),
        ("I'll ring you today and post a new cable tomorrow.", "call send"),
        ("I'm going to check the order and send you a text today.", "check reply"),
    ],
}
ALONE = {
    "sv": [
        ("Jag kollar om vi kan skicka en ny i dag.", "check"),
        ("Vi ser till att det blir bra i dag.", "fix"),
        ("Vi ska kolla så du kan ringa i dag.", "check"),
        ("Jag kontaktar dig i dag.", "reply"),
        ("Vi skickar en ny router i dag.", "send"),
    ],
    "nb": [
        ("Jeg kontakter deg i dag.", "reply"),
        ("Vi sender en ny ruter i dag.", "send"),
        ("Vi skal sjekke og se på det i dag.", "check"),
    ],
    "da": [("Jeg kontakter dig i dag.", "reply"), ("Vi sender en ny router i dag.", "send")],
    "fi": [
        ("Otan sinuun yhteyttä tänään.", "reply"),
        ("Lähetämme uuden reitittimen tänään.", "send"),
    ],
    "en": [
        ("I'll contact you today.", "reply"),
        ("We'll send you a new router today.", "send"),
        ("I'll check if we can send one today.", "check"),
    ],
}


def each(texts: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str, str]]:
    return [(language, *row) for language, rows in texts.items() for row in rows]


@pytest.mark.parametrize(("language", "text", "kinds"), [*each(KINDS), *each(ALONE)])
def test_each_act_is_of_its_own_kind(language: str, text: str, kinds: str) -> None:
    found = made(text, language)
    assert " ".join(one.action for one in found) == kinds
    assert all(one.due_at is not None for one in found)
    spans = [one.span for one in found]
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
