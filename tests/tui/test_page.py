"""The leaders' page at the desk: yesterday's first, today as far as it went; a test of its mail."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from models.instant import DAY, HOUR, to_datetime
from models.mailing import Recipient
from models.records.tables import Digest
from models.settings import Smtp
from tests.listener.mailroom import Room, free_port, opened
from tests.tui.house import Hand, House, here, sat_down
from tests.world import post
from tui.screens.page import PageScreen
from tui.screens.to_me import ToMe
from tui.screens.waiting import Waiting

CEO, ME = "ceo@tallkotte.example", "me@tallkotte.example"


async def test_the_page_of_yesterday_and_of_today(house: House) -> None:
    now = house.now()
    house.take(post("britta", "Dag 9. Fortfarande inget paket hemma hos mig.", at=now - DAY))
    house.take(post("ola", "Fel vara i lådan, och ingen svarar i telefon.", at=now - HOUR))
    house.judge(0.9)
    async with sat_down(house.desk()) as hand:
        await hand.press("D")
        page = await hand.until_on(PageScreen)
        await hand.until_shown("DO WE KEEP WHAT WE PROMISE?", "DO WE ANSWER IN TIME?", "Britta on")
        assert "Ola on" not in hand.text()
        assert "SO FAR" not in hand.text()
        yesterday = to_datetime(now, house.place().zone).date() - timedelta(days=1)
        assert page.day == yesterday
        await hand.press("right")
        await hand.until_shown("Ola on", ", SO FAR")
        await hand.press("right")  # never beyond today
        await hand.until(lambda: page.day == yesterday + timedelta(days=1), "today")
        await hand.press("escape")
        await hand.until_on(Waiting)


async def ask(hand: Hand) -> ToMe:
    """From the page to the dialog."""
    await hand.press("s")
    return await hand.until_on(ToMe)


async def test_a_test_goes_to_the_address_that_was_typed_and_to_nobody_else(house: House) -> None:
    house.readers = (Recipient("johtaja@tallkotte.example", "fi"), Recipient(CEO, "en"))
    room = Room()
    with opened(room) as port:
        house.smtp = here(port)
        async with sat_down(house.desk()) as hand:
            await hand.press("D")
            page = await hand.until_on(PageScreen)
            await hand.press("left")
            await ask(hand)
            day = page.day
            await hand.until_shown(CEO, f"{day}", "Enter sends it at once", "nobody else")
            assert room.transactions == 0
            await hand.write(ME)
            await hand.press("enter")
            await hand.until_said("on its way to", ME)
            await hand.until_said("was sent to", ME)
            await ask(hand)
            await hand.until_shown(ME)  # the last one, not the reader
            await hand.press("escape")
            await hand.until_on(PageScreen)
    assert room.readers == [[ME]]
    subject = str(room.mails[0]["Subject"])
    assert subject.startswith("Test: ")
    assert f"{day.day} {day:%b}" in subject
    with house.store.read() as session:
        assert session.exec(select(Digest)).all() == []


async def test_it_goes_on_while_the_person_is_elsewhere(house: House) -> None:
    room = Room()
    room.troubles.append("taken, then silent")
    with opened(room) as port:
        house.smtp = here(port)
        async with sat_down(house.desk()) as hand:
            await hand.press("D")
            await hand.until_on(PageScreen)
            await ask(hand)
            await hand.write(ME)
            await hand.press("enter")
            await hand.until_said("on its way to", ME)
            await hand.press("escape")
            await hand.until_on(Waiting)
            assert not any("was sent" in one for one in hand.told())
            await hand.until_said("was sent to", ME)
    assert room.readers == [[ME]]


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        ("refused", "did not leave: 550"),
        ("not you", "did not leave: 553"),
        ("later", "did not leave: 451"),
        ("taken, then cut", "not known whether the mail left"),
    ],
)
async def test_what_the_server_says_is_told(house: House, trouble: str, told: str) -> None:
    room = Room()
    room.troubles.append(trouble)
    with opened(room) as port:
        house.smtp = here(port)
        async with sat_down(house.desk()) as hand:
            await hand.press("D")
            await hand.until_on(PageScreen)
            await ask(hand)
            await hand.write(ME)
            await hand.press("enter")
            await hand.until_said(told)
            assert not any("was sent" in one for one in hand.told())


@pytest.mark.parametrize(
    ("smtp", "told"),
    [
        (Smtp(), "No mail server: set host and sender under [smtp]"),
        (here(free_port()), "does not answer"),
    ],
)
async def test_without_a_server_it_says_so(house: House, smtp: Smtp, told: str) -> None:
    house.smtp = smtp
    async with sat_down(house.desk()) as hand:
        await hand.press("D")
        await hand.until_on(PageScreen)
        dialog = await ask(hand)
        for wrong in ("", "me@", "Anna <me@tallkotte.example>", "å@tallkotte.example"):
            await hand.write(wrong)
            await hand.press("enter")
            await hand.until_shown("Write an address such as")
            assert hand.desk.screen is dialog
            await hand.press("end", "ctrl+u")
        await hand.write(ME)
        await hand.press("enter")
        await hand.until_said(told)


async def test_nothing_is_asked_in_the_demo(house: House) -> None:
    async with sat_down(house.desk(replace(house.place(), demo=True))) as hand:
        await hand.press("D")
        page = await hand.until_on(PageScreen)
        await hand.press("s")
        await hand.until_said("The demo has no mail server")
        assert hand.desk.screen is page
