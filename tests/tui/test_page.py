"""The leaders' page at the desk: yesterday's first, today as far as it went."""

from datetime import timedelta

from models.instant import DAY, HOUR, to_datetime
from tests.tui.house import House, sat_down
from tests.world import post
from tui.screens.page import PageScreen
from tui.screens.waiting import Waiting


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
        yesterday = to_datetime(now, house.place().zone).date() - timedelta(days=1)
        assert page.day == yesterday
        await hand.press("right")
        await hand.until_shown("Ola on")
        await hand.press("right")  # never beyond today
        await hand.until(lambda: page.day == yesterday + timedelta(days=1), "today")
        await hand.press("escape")
        await hand.until_on(Waiting)
