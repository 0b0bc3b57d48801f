"""The demo's first steps: any order, by the keys of the screen one is on, gone for good by F2."""

from dataclasses import replace

import pytest
from rich.cells import cell_len

from models.words import LANGUAGES, speaking
from tests.tui.house import Hand, House, sat_down
from tests.world import post
from tui.desk import Desk
from tui.guide import STEPS, Guide
from tui.header import guide_bar
from tui.screens.composer import Composer
from tui.screens.ledger import LedgerScreen
from tui.screens.page import PageScreen
from tui.screens.waiting import Waiting
from tui.screens.why import Why

EVERY = {name for step in STEPS for name in step.way}
LOST = post("britta", "Mitt paket är borta sedan tre veckor.", lang="sv")
PARCEL = post("kund2", "Var är paketet?", lang="sv")


def demo(house: House, **keymap: str) -> Desk:
    house.take(LOST, PARCEL)
    house.judge(0.95)
    return house.desk(replace(house.place(), demo=True, keymap=keymap))


def line(hand: Hand) -> str:
    """The guide's line, or nothing."""
    return next((one for one in hand.lines()[:4] if "F2" in one or f"of {len(STEPS)}" in one), "")


def test_the_steps_come_in_order_and_each_is_done_once() -> None:
    guide, seen = Guide(), []
    while not guide.is_through:
        step, _way = guide.next(EVERY)
        seen.append(step.name)
        guide = guide.did(step.name).did(step.name)
    assert seen == [step.name for step in STEPS]


def test_what_is_done_early_is_not_asked_for_later() -> None:
    guide = Guide().did("page").did("why")
    assert guide.number == 3
    assert guide.next(EVERY)[0].name == "read"
    assert guide.did("read").next(EVERY)[0].name == "reply"


def test_only_what_the_keys_here_lead_to_is_told_and_from_here_on() -> None:
    guide = Guide().did("reply")
    queue, composer, review = {"open", "reply", "why"}, {"mend", "review", "stop_writing"}, {"send"}
    assert [guide.next(keys)[0].name for keys in (queue, composer, review)] == [
        "read",
        "mend",
        "send",
    ]
    reading = guide.did("read").did("why")
    assert reading.next(queue)[1] == ("reply", "mend")
    assert reading.next(composer)[1] == ("mend",)
    assert guide.did("mend").next(composer)[1] == ("review", "send")


def test_where_nothing_can_be_done_the_way_back_comes_first() -> None:
    guide = Guide(frozenset({"reply", "mend", "send", "read", "why", "take_back"}))
    step, way = guide.next({"stop_writing", "mend", "review"})
    assert (step.name, way) == ("ledger", ("stop_writing", "ledger"))


def test_nothing_can_be_taken_back_before_it_is_sent() -> None:
    before = Guide(frozenset({"read", "why", "reply", "mend"}))
    assert before.next({"take_back", "ledger"})[0].name == "ledger"
    assert before.saw(False) == before
    sent = before.saw(True)
    assert sent.next({"take_back", "ledger"})[0].name == "take_back"
    assert sent.saw(True) == sent
    assert sent.saw(False).next({"take_back", "ledger"})[0].name == "ledger"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_fits_eighty_columns_from_where_it_is_told(house: House, language: str) -> None:
    desk, ways = (
        demo(house),
        [("read", EVERY), ("mend", EVERY - {"mend", "review"}), ("send", {"review"})],
    )
    ways += [(name, EVERY) for name in ("why", "reply", "take_back", "ledger", "page")]
    with speaking(language):
        for name, acting in ways:
            others = frozenset(step.name for step in STEPS) - {name}
            cells = guide_bar(desk, Guide(others), acting, language, 80).cells
            assert sum(cell_len(text) for text, _style in cells) == 80
            assert not any("…" in text for text, _style in cells), name


async def test_who_does_what_it_says_comes_to_its_end(house: House) -> None:
    async with sat_down(demo(house), 80, 24) as hand:
        assert "1 of 8" in line(hand)
        assert "Enter" in line(hand)
        await hand.press("enter")
        await hand.until(lambda: "2 of 8  E " in line(hand), "E")
        await hand.press("E")
        await hand.until_on(Why)
        await hand.press("escape")
        await hand.until(lambda: "3 of 8  r " in line(hand), "r")
        await hand.compose("Tack för ditt meddelande!")
        await hand.until(lambda: "4 of 8  Ctrl-N " in line(hand), "Ctrl-N")
        assert isinstance(hand.desk.screen, Composer)
        screen = hand.desk.screen
        await hand.until(lambda: screen._remarks, "remarks")
        await hand.press("ctrl+n")
        await hand.until(lambda: "5 of 8  Ctrl-S y " in line(hand), "Ctrl-S")
        await hand.review()
        await hand.until(lambda: "5 of 8  y " in line(hand), "y")
        await hand.press("y")
        await hand.until_on(Waiting)
        await hand.until(lambda: "6 of 8  u " in line(hand), "u")
        await hand.press("u")
        await hand.until(lambda: "7 of 8  L " in line(hand), "L")
        await hand.press("L")
        await hand.until_on(LedgerScreen)
        await hand.until(lambda: "8 of 8  D " in line(hand), "D")
        await hand.press("D")
        await hand.until_on(PageScreen)
        await hand.until_said("?", "how you answer")
        await hand.rest()
        assert line(hand) == ""
    assert [reply.state for reply in house.replies()] == ["cancelled"]


async def test_it_stands_below_the_banner_and_never_takes_a_key(house: House) -> None:
    async with sat_down(demo(house), 80, 24) as hand:
        assert "DEMO" in hand.lines()[0]
        assert "1 of 8" in hand.lines()[2]
        await hand.press("j", "8")
        assert hand.waiting.rows.cursor == 1
        await hand.until(lambda: hand.desk.screen is not hand.waiting, "the outbox")
        assert "1 of 8  Esc Enter" in line(hand) or "1 of 8  Enter" in line(hand)


@pytest.mark.parametrize("key", ["f2", "f9"])
async def test_one_key_ends_it_for_good_also_while_one_writes(house: House, key: str) -> None:
    desk = demo(house) if key == "f2" else demo(house, guide=key)
    async with sat_down(desk, 80, 24) as hand:
        composer = await hand.compose("Jag")
        assert f"{key.upper()} hides" in hand.text()
        await hand.press(key)
        await hand.rest()
        assert composer.text == "Jag"
        assert " of 8" not in hand.text()
        await hand.press("escape")
        await hand.until_on(Waiting)
        await hand.press("E")
        await hand.until_on(Why)
        assert " of 8" not in hand.text()
        assert desk.guide is None


async def test_a_moved_key_is_told_as_it_is_now(house: House) -> None:
    async with sat_down(demo(house, open="f7"), 80, 24) as hand:
        assert "1 of 8  F7 " in line(hand)


async def test_the_words_to_try_are_in_the_customers_language(house: House) -> None:
    async with sat_down(demo(house), 120, 30) as hand:
        await hand.press("r")
        composer = await hand.until_on(Composer)
        await hand.until(lambda: composer._thread, "the thread")
        assert composer.customers_language == "sv"
        hand.desk.did("read")
        hand.desk.did("why")
        await hand.rest()
        assert "type “" in line(hand)


async def test_a_desk_of_ones_own_has_no_guide(house: House) -> None:
    house.take(LOST)
    async with sat_down(house.desk(), 80, 24) as hand:
        assert " of 8" not in hand.text()
        await hand.press("f2", "question_mark")
        await hand.rest()
        assert "first steps" not in hand.text()
