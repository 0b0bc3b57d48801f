"""Which replies only hold the line: they answer, and the matter runs on."""

import pytest

from models.reply_check import COMPLAINT, OTHER, PRAISE, QUESTION, is_holding
from tests.models.reply_check.drafts import draft


@pytest.mark.parametrize(
    ("language", "reply"),
    [
        ("sv", "Vi återkommer."),
        ("sv", "Jag beklagar, vi återkommer i morgon kl 10."),
        ("nb", "Vi kommer tilbake til deg i morgen."),
        ("da", "Vi vender tilbage hurtigst muligt."),
        ("fi", "Palaamme asiaan huomenna."),
        ("en", "Sorry. We'll get back to you."),
        ("en", "https://help.tallkotte.example/parcels"),
    ],
)
def test_who_only_says_that_more_will_come_concludes_nothing(language: str, reply: str) -> None:
    assert is_holding(draft(reply, language, intent=COMPLAINT))


@pytest.mark.parametrize(
    ("language", "reply", "intent"),
    [
        ("sv", "Förlåt. De 240 kronorna är återbetalda i dag.", COMPLAINT),
        ("nb", "Unnskyld. Jeg ringer deg i dag kl. 15.", COMPLAINT),
        ("da", "Ja, butikken i Aarhus har åbent til kl. 18 i dag.", QUESTION),
        ("sv", "Tack, Anna!", PRAISE),
        ("fi", "Kiitos!", OTHER),
    ],
)
def test_what_settles_it_concludes_and_so_do_thanks_for_praise(
    language: str, reply: str, intent: str
) -> None:
    assert not is_holding(draft(reply, language, intent=intent))
