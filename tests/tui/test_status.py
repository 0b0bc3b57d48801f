"""The system's status: every feed with its state, what is not read and why, money, judge."""

from dataclasses import replace
from datetime import UTC

import pytest

from models.instant import DAY, HOUR, MINUTE
from models.mailing import Recipient
from models.post import Gap
from models.records import sources, tally
from models.records.alarms import alarms
from models.records.digests import Delivery
from models.records.health import health
from models.records.store import Store
from tests.tui.house import House, sat_down
from tui import saying
from tui.screens.status import Status


def hear(
    store: Store, feed: str, at: int, error: str | None = None, gap: Gap | None = None
) -> None:
    """The listener has read a feed of X, or tried to."""
    with store.write() as session:
        sources.ensure(session, f"x:{feed}", "x", feed)
        held = sources.acquire(session, f"x:{feed}", "t", at, MINUTE)
        assert held is not None
        if gap is not None:
            sources.report_gap(session, held, gap, at)
        sources.finish(session, held, at, at, error)


async def test_0_shows_each_feed_the_money_and_why_the_rest_is_not_read(any_house: House) -> None:
    at = any_house.now()
    hear(any_house.store, "mentions", at)
    hear(any_house.store, "own", at, error="X does not accept the keys")
    hear(any_house.store, "search", at, gap=Gap(at - DAY, at, "seven days"))
    with any_house.store.write() as session:
        tally.add(session, "x:mentions", tally.SPENT, 1_230_000, at)
        tally.add(session, "x:replies", tally.SPENT, 20_000, at)
        tally.add(session, "x:followers", tally.PASSED_OVER, 3, at)
        tally.mark(session, "x:cap", tally.STOPPED, at)
    async with sat_down(any_house.desk()) as hand:
        await hand.press("0")
        screen = await hand.until_on(Status)
        await hand.until(lambda: len(screen.lines(70)) > 3)
        told = "\n".join("".join(text for text, _style in line.cells) for line in screen.lines(70))
    assert "X does not accept the keys" in told
    assert "with a hole" in told
    assert "n/a: on X, answers to our posts come in as mentions" in told
    assert "US$1.25 (UTC day)" in told
    assert "3 posts not about us" in told
    assert "the cap is spent" in told


def test_what_the_config_no_longer_asks_for_is_no_silent_source(any_house: House) -> None:
    store, at = any_house.store, any_house.now()
    for feed in ("mentions", "search"):
        hear(store, feed, at - DAY)
    assert silent(store, at) == ["x:mentions", "x:search"]
    with store.write() as session:
        sources.switch_off(session, ["x:mentions"], [])
    assert silent(store, at) == ["x:mentions"]
    with store.write() as session:
        sources.switch_off(session, [], ["x"])  # its keys are missing: it is silent, not off
    assert silent(store, at) == ["x:mentions"]
    with store.read() as session:
        assert [one.feed for one in health(session, at, None).sources if one.channel == "x"] == [
            "mentions"
        ]
    hear(store, "search", at)  # asked for again
    with store.read() as session:
        assert len(health(session, at, None).sources) == 2


def silent(store: Store, at: int) -> list[str]:
    """The sources of X that an alarm names."""
    with store.read() as session:
        told = [alarm["text"] for alarm in alarms(session, at, HOUR)]
    return [text.split()[0] for text in told if text.startswith("x:")]


async def test_a_house_that_has_heard_nothing_says_so(house: House) -> None:
    async with sat_down(house.desk()) as hand:
        await hand.press("0")
        screen = await hand.until_on(Status)
        await hand.until(lambda: len(screen.lines(70)) > 1)
        told = "\n".join("".join(text for text, _style in line.cells) for line in screen.lines(70))
        assert "nobody has judged yet" in told
        assert "leaders' page   no reader is configured" in told
        await hand.press("escape")
        await hand.until(lambda: not isinstance(hand.desk.screen, Status))


async def test_the_mail_about_yesterday_has_its_line(any_house: House) -> None:
    any_house.readers = (Recipient("ceo@tallkotte.example", "sv"),)
    async with sat_down(any_house.desk()) as hand:
        await hand.press("0")
        screen = await hand.until_on(Status)
        await hand.until(lambda: len(screen.lines(70)) > 1)
        (line,) = (one for one in screen.lines(70) if "leaders' page" in one.cells[0][0])
    told, style = line.cells[1]
    assert told.startswith("yesterday's: ")
    if any_house.store.is_sqlite:  # 11:00 in Stockholm, and nobody has written it
        assert (told, style) == ("yesterday's: 1 mail waits", "late")


WELL = Delivery(3, 3, 0, 0, HOUR, HOUR + MINUTE, None, None)


@pytest.mark.parametrize(
    ("found", "after", "told", "style"),
    [
        (WELL, 2 * HOUR, "sent to 3 of 3 at 01:01", "plain"),
        (replace(WELL, sent=0, sent_at=None), -MINUTE, "leaves at 01:00", "plain"),
        (replace(WELL, sent=0, sent_at=None), MINUTE, "3 mails wait", "plain"),
        (replace(WELL, sent=2), HOUR + 1, "sent to 2 of 3 at 01:01; 1 mail waits", "late"),
        (
            replace(WELL, sent=2, trouble="451 \x1b later"),
            MINUTE,
            "sent to 2 of 3 at 01:01; 1 mail waits: 451 ␛ later",
            "warn",
        ),
        (
            replace(WELL, sent=1, refused=1, doubtful=1, refusal="550 no"),
            MINUTE,
            "sent to 1 of 3 at 01:01; 1 mail refused: 550 no; 1 mail in doubt",
            "late",
        ),
    ],
)
def test_what_became_of_the_mail_is_said(
    found: Delivery, after: int, told: str, style: str
) -> None:
    said = saying.delivery(found, HOUR + after, UTC)
    assert said == (f"yesterday's: {told}", style)
