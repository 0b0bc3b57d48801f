"""The search at the desk: found while one types, acted on like the queue."""

import asyncio

from models.instant import MINUTE
from tests.tui.house import House, held_up, sat_down
from tests.world import START, post
from tui.screens.composer import Composer
from tui.screens.reading import Reading
from tui.screens.search import SearchScreen


async def test_it_finds_with_every_letter_and_enter_goes_to_the_list(any_house: House) -> None:
    lamp = post("britta", "Lampan blinkar", at=START)
    any_house.take(lamp, *(post(f"k{n}", "Paketet är borta") for n in range(5)))
    async with sat_down(any_house.desk(), 120, 30) as hand:
        await hand.press("slash")
        screen = await hand.until_on(SearchScreen)
        await hand.write("lamp")
        await hand.until(lambda: list(screen.rows.ids) == [any_house.id_of(lamp)], "the lamp")
        await hand.press("enter", "enter")
        await hand.until_on(Reading)
        await hand.press("escape", "r")
        await hand.until_on(Composer)


async def test_the_list_has_the_keys_once_it_is_that_of_the_words(postgres_address: str) -> None:
    house = House(postgres_address)
    lamp = post("britta", "Lampan blinkar", at=START)
    house.take(*(post(f"k{n}", "Paketet är borta", at=START + MINUTE) for n in range(5)), lamp)
    async with sat_down(house.desk(), 120, 30) as hand:
        await hand.press("slash")
        screen = await hand.until_on(SearchScreen)
        await hand.write("paketet")
        await hand.until(lambda: len(screen.rows.ids) == 5)
        with held_up(postgres_address, "mention_search"):
            hand.strike("ctrl+u", *"lampan", "enter")
            await asyncio.sleep(0.5)
            assert not screen.rows.has_focus
        await hand.until(lambda: screen.rows.has_focus)
        assert list(screen.rows.ids) == [house.id_of(lamp)]
    house.store.close()


async def test_words_behind_its_command_are_looked_for(house: House) -> None:
    house.take(post("britta", "Lampan blinkar"), post("bo", "Paketet är borta"))
    async with sat_down(house.desk(), 120, 30) as hand:
        await hand.press(":")
        await hand.write("search lampan")
        await hand.press("enter")
        screen = await hand.until_on(SearchScreen)
        await hand.until(lambda: len(screen.rows.ids) == 1)


async def test_a_word_of_a_settled_one_is_found_and_it_can_be_reopened(house: House) -> None:
    house.take(asked := post("kund", "Fel färg på soffan"))
    house.dismiss(asked)
    async with sat_down(house.desk(), 120, 30) as hand:
        await hand.press("slash")
        screen = await hand.until_on(SearchScreen)
        await hand.write("soff +dismissed")
        await hand.until(lambda: len(screen.rows.ids) == 1)
        await hand.until_shown("closed")
        await hand.press("down", "R")
        await hand.until(lambda: house.state(asked) == "open")


async def test_letters_are_typed_and_do_nothing_else(house: House) -> None:
    house.take(asked := post("kund", "Paketet är borta", at=START + MINUTE))
    async with sat_down(house.desk(), 120, 30) as hand:
        await hand.press("slash")
        screen = await hand.until_on(SearchScreen)
        await hand.write("raAcxzsnHIDLO1890u?:*")
        await hand.rest()
        assert hand.desk.screen is screen
        assert screen.query_one("#sought").value == "raAcxzsnHIDLO1890u?:*"  # type: ignore[attr-defined]
        assert house.state(asked) == "open"


async def test_an_unknown_filter_is_told_and_hostile_words_find_nothing(house: House) -> None:
    house.take(post("kund", "Paketet är borta"))
    async with sat_down(house.desk(), 120, 30) as hand:
        await hand.press("slash")
        screen = await hand.until_on(SearchScreen)
        await hand.write("~foo paket")
        await hand.until_shown("~foo is no filter.")
        assert len(screen.rows.ids) == 1
        for _letter in "~foo paket":
            await hand.press("backspace")
        await hand.write('" OR * NEAR(')
        await hand.until_shown("Nothing was found.")


async def test_mine_are_those_i_have_claimed(any_house: House) -> None:
    first, second = post("k1", "Paketet är borta"), post("k2", "Lampan är borta")
    any_house.take(first, second)
    async with sat_down(any_house.desk(), 120, 30) as hand:
        await hand.press("a")
        await hand.until_said("yours")
        await hand.press("slash")
        screen = await hand.until_on(SearchScreen)
        await hand.write("~mine borta")
        await hand.until(lambda: list(screen.rows.ids) == [any_house.id_of(first)], "mine alone")
        await hand.press("escape")
        await hand.until(lambda: hand.desk.screen is hand.waiting)
