"""The line above every screen while a network is not heard: which, why, how many more."""

from models.errors import SignedOut
from models.instant import DAY, HOUR, MINUTE
from models.records import sources, tally
from models.records.kinds import Cause
from models.records.silence import Silence, silences
from tests.tui.house import House, sat_down
from tests.world import post
from tui.screens.ledger import LedgerScreen

SIGN_IN = str(SignedOut("Bluesky lets nobody in: sign in with `gensvar connect bluesky`"))


def hear(house: House, name: str, at: int, error: str | None = None) -> None:
    """The listener has read a source, or tried to."""
    channel, _colon, feed = name.partition(":")
    with house.store.write() as session:
        sources.ensure(session, name, channel, feed)
        held = sources.acquire(session, name, "t", at, MINUTE)
        assert held is not None
        sources.finish(session, held, at, at, error)


def spend(house: House, channel: str, at: int) -> None:
    """The day's cap of a network is spent."""
    house.act(lambda s: tally.mark(s, f"{channel}:{tally.CAP}", tally.STOPPED, at))


def found(house: House) -> list[tuple[str, tuple[str, ...], Cause]]:
    with house.store.read() as session:
        told = silences(session, house.now(), HOUR)
    return [(one.channel, one.feeds, one.cause) for one in told]


def test_nothing_is_said_where_all_is_well_or_just_beginning(any_house: House) -> None:
    at = any_house.now()
    any_house.take(post("britta"))
    hear(any_house, "x:mentions", at - HOUR + MINUTE)
    hear(any_house, "file:import", at - DAY)
    assert found(any_house) == []


def test_each_cause_and_the_worst_first(any_house: House) -> None:
    at = any_house.now()
    hear(any_house, "reddit:mentions", at, "no route to host")
    hear(any_house, "x:mentions", at, "the day's cap is spent")
    spend(any_house, "x", at)
    hear(any_house, "mastodon:mentions", at - 2 * HOUR)
    hear(any_house, "bluesky:mentions", at - DAY)
    hear(any_house, "bluesky:mentions", at, SIGN_IN)
    assert found(any_house) == [
        ("bluesky", (), Cause.SIGNED_OUT),
        ("mastodon", (), Cause.STALE),
        ("x", (), Cause.CAPPED),
        ("reddit", (), Cause.FAILING),
    ]


def test_of_a_network_that_is_heard_in_part_the_feeds_are_named(any_house: House) -> None:
    at = any_house.now()
    for feed in ("followers", "search"):
        hear(any_house, f"x:{feed}", at, "the day's cap is spent")
    hear(any_house, "x:mentions", at)
    spend(any_house, "x", at)
    assert found(any_house) == [("x", ("followers", "search"), Cause.CAPPED)]


def test_a_cap_of_yesterday_and_a_source_switched_off_are_nothing(any_house: House) -> None:
    at = any_house.now()
    hear(any_house, "x:mentions", at)
    spend(any_house, "x", at - DAY)
    hear(any_house, "mastodon:mentions", at - DAY)
    any_house.act(lambda s: sources.switch_off(s, ["x:mentions"], []))
    assert found(any_house) == []
    spend(any_house, "x", at)
    assert found(any_house) == [("x", (), Cause.CAPPED)]


def test_since_when(any_house: House) -> None:
    at = any_house.now()
    hear(any_house, "x:search", at - 3 * HOUR)
    hear(any_house, "x:mentions", at - 2 * HOUR)
    hear(any_house, "x:mentions", at - HOUR, "no route to host")
    with any_house.store.read() as session:
        told = silences(session, at, HOUR)
    assert told == (Silence("x", (), Cause.STALE, at - 3 * HOUR),)


async def test_the_banner_comes_with_the_trouble_and_goes_with_it(any_house: House) -> None:
    any_house.take(post("britta"))
    at = any_house.now()
    async with sat_down(any_house.desk(), 100, 24) as hand:
        assert hand.lines()[0].startswith(" Tallkotte")
        hear(any_house, "mastodon:mentions", at - 2 * HOUR)
        await hand.until_shown("! Mastodon has not been heard for 2 h 00: 0 tells more")
        assert hand.lines()[0].startswith(" ! Mastodon")
        hear(any_house, "bluesky:mentions", at, SIGN_IN)
        signing_in = "! Bluesky waits for you to sign in: gensvar connect bluesky"
        await hand.until_shown(signing_in, "+1 more")
        await hand.press("L")
        await hand.until_on(LedgerScreen)
        await hand.until_shown(signing_in, "+1 more", "Ledger")
        hear(any_house, "bluesky:mentions", at)
        hear(any_house, "mastodon:mentions", at)
        await hand.until(lambda: hand.lines()[0].startswith(" Tallkotte"), "no banner")


async def test_at_any_width_it_is_one_line(house: House) -> None:
    at = house.now()
    hear(house, "x:mentions", at, "the day's cap is spent")
    spend(house, "x", at)
    hear(house, "reddit:mentions", at, "no route to host " * 20 + "\x1b[2J")
    async with sat_down(house.desk(), 60, 24) as hand:
        await hand.until_shown("! X: today's cap is spent, nothing is read until…  +1 more")
        spent = "delete from tally"
        house.act(lambda s: s.connection().exec_driver_sql(spent))
        hear(house, "x:mentions", at)
        await hand.until_shown("! Reddit fails since 11:00: no route")
        assert hand.lines()[1].startswith(" Tallkotte")
