"""Pictures of the screens with a clock that stands still; look at them when they change.

`pytest tests/tui/test_pictures.py --snapshot-update` draws them anew.
"""

import re
from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from models.instant import HOUR, MINUTE
from models.post import Media
from models.records import settling
from tests.tui.house import Hand, House, sat_down
from tests.world import START, mention, own, post
from tui.screens.ledger import LedgerScreen
from tui.screens.outbox import OutboxScreen
from tui.screens.review import Review


class Svg(SingleFileSnapshotExtension):
    """One SVG file a picture."""

    file_extension = "svg"
    _write_mode = WriteMode.TEXT


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(Svg)


def drawn(hand: Hand) -> str:
    """The screen as SVG, without the number Textual gives each terminal."""
    return re.sub(r"terminal-\d+", "terminal", hand.desk.export_screenshot())


@pytest.fixture
def staged(house: House) -> House:
    """A thread with everything in it, and a few others who wait."""
    asked = post("britta", "Tredje veckan utan paket.\nVar är det?", external_id="p1")
    seen = post("ola", "Lampa kom knust.", at=START + MINUTE, external_id="p2")
    seen_too = Media("image", "en knust lampe"), Media("image")
    house.take(asked, post("päivi", "Milloin avaatte?", at=START + 2 * MINUTE, external_id="p3"))
    house.judge(complaint=0.9)
    answered = own("Hej Britta, vi söker det.", to="p1", at=START + 5 * MINUTE, external_id="o1")
    again = post("britta", "Och nu?", to="p1", at=START + 9 * MINUTE, external_id="p4")
    other = post("søren", "Mit er også væk.", to="p1", at=START + 3 * MINUTE, external_id="p5")
    changed = post("göran", "Glaset är spräckt.", at=START + 20 * MINUTE, external_id="p6")
    house.take(other, answered, again, changed, replace(seen, media=seen_too))
    house.judge(complaint=0.2, question=0.8)
    with house.store.write() as session:
        gone = session.merge(mention(house.store, changed))
        settling.mark_gone(session, gone, START + 30 * MINUTE)
    burning = post("kasper", "Der er røg fra varmeren!", at=START + 40 * MINUTE, external_id="p7")
    house.take(burning)
    house.judge(complaint=0.9, cues=("safety",))
    return house


async def test_the_queue_and_the_conversation_beside_it(
    staged: House, picture: SnapshotAssertion
) -> None:
    async with sat_down(staged.desk()) as hand:
        await hand.press("G", "k")
        await hand.until(lambda: hand.waiting.thread.mention_id == hand.waiting.current())
        assert drawn(hand) == picture


async def test_the_queue_on_eighty_columns(staged: House, picture: SnapshotAssertion) -> None:
    async with sat_down(staged.desk(), 80, 24) as hand:
        await hand.press("j")
        assert drawn(hand) == picture


async def test_without_colour(
    staged: House, picture: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with sat_down(staged.desk(), 80, 24) as hand:
        assert drawn(hand) == picture


async def test_the_composer(staged: House, picture: SnapshotAssertion) -> None:
    async with sat_down(staged.desk()) as hand:
        composer = await hand.compose("Tak for din besked. Vi vender tilbage hurtigst muligt.")
        await hand.until(lambda: composer._remarks, "the check has read it")
        await hand.until(lambda: composer._saved == composer.text, "the draft is kept")
        await hand.until_shown("draft kept")
        assert drawn(hand) == picture


async def test_the_review(staged: House, picture: SnapshotAssertion) -> None:
    async with sat_down(staged.desk(), 80, 24) as hand:
        await hand.compose("Hej Kasper, det er jeg ked af. Jeg ringer i dag kl. 15. /Anna")
        await hand.review()
        page = await hand.until_on(Review)
        await hand.until(page._looked.is_set, "the check has read it")
        await hand.until_shown("PUBLIC", "This promises")
        assert drawn(hand) == picture


async def test_an_outbox_with_a_reply_in_doubt(staged: House, picture: SnapshotAssertion) -> None:
    staged.doubt(post("x", external_id="p4"))
    async with sat_down(staged.desk(), 100, 24) as hand:
        await hand.press("8")
        await hand.until_on(OutboxScreen)
        await hand.until_shown("Nobody knows")
        assert drawn(hand) == picture


async def test_the_ledger_of_a_day(staged: House, picture: SnapshotAssertion) -> None:
    staged.pass_time(HOUR)
    async with sat_down(staged.desk(), 120, 24) as hand:
        await hand.press("L")
        await hand.until_on(LedgerScreen)
        await hand.until_shown("on the network")
        assert drawn(hand) == picture
