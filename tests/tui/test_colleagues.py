"""Two desks on one database: each sees within a second who reads or writes where at the other."""

import pytest

from models.records import changes
from tests.tui.house import PATIENCE, Hand, House, sat_down
from tests.world import post
from tui import desk, watch
from tui.screens.composer import Composer


def row(hand: Hand, name: str) -> str:
    """The line of the list that this customer stands on."""
    return next((line for line in hand.lines() if name in line), "")


@pytest.mark.parametrize(("key", "sign"), [("enter", "◉Bo"), ("r", "✎ Bo")])
async def test_who_reads_or_writes_stands_on_that_row_and_goes_again(
    any_house: House, monkeypatch: pytest.MonkeyPatch, key: str, sign: str
) -> None:
    monkeypatch.setattr(changes, "_SLOW_POLL", 4 * PATIENCE)  # it is told, not found by chance
    any_house.take(post("britta", "Paketet är borta"), post("ola", "Hvor er pakken?"))
    bo = any_house.desk(any_house.place("Bo"))
    async with sat_down(any_house.desk(), 100, 30) as mine, sat_down(bo, 100, 30) as theirs:
        await mine.until_shown("Britta", "Ola")
        await theirs.press("j", key)
        await mine.until(lambda: sign in row(mine, "Ola"), f"{sign} on that row")
        assert sign not in row(mine, "Britta")
        assert sign not in theirs.text(), "of oneself nothing is told"
        await theirs.press("escape")
        await mine.until(lambda: row(mine, "Ola") and sign not in row(mine, "Ola"), "it goes")


async def test_who_begins_to_write_there_too_is_told_who_does(any_house: House) -> None:
    asked = post("britta", "Paketet är borta")
    any_house.take(asked)
    bo = any_house.desk(any_house.place("Bo"))
    async with sat_down(any_house.desk()) as mine, sat_down(bo) as theirs:
        await theirs.compose("Hej Britta")
        await mine.press("r")
        await mine.until_on(Composer)
        await mine.until_said("Bo is writing here too")
        await theirs.press("escape")
        await mine.press("escape")
        await mine.until(lambda: "✎ Bo" not in mine.text())
        assert any_house.drafts() == {any_house.id_of(asked): "Hej Britta"}


def test_what_is_waited_for_on_the_way_is_half_a_second() -> None:
    stays, looks, rests = desk._STAYS_SECONDS, changes._LOOK_EVERY, watch._LEAST_REST
    assert stays + looks + rests <= 0.5, "the other half is the database's and the screen's"
