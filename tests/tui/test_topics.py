"""Topics at the desk and on the command line."""

import json
from pathlib import Path

from click.testing import CliRunner

from tests.tui.house import House, sat_down
from tests.world import mention, post
from tui.cli import gensvar
from tui.screens.about import About

LATE = post("britta", "Paketet har inte kommit och ingen svarar i telefon.")


async def test_the_conversation_says_what_it_is_about(house: House) -> None:
    house.take(LATE)
    house.judge(0.9)
    async with sat_down(house.desk()) as hand:
        await hand.until_shown("Late or lost delivery · Reaching customer service")


async def test_topics_are_ticked_by_letter_and_kept_with_enter(any_house: House) -> None:
    any_house.take(LATE)
    any_house.judge(0.9)
    async with sat_down(any_house.desk()) as hand:
        await hand.press("#")
        await hand.until_on(About)
        await hand.until_shown("a ✓ Late or lost delivery", "b   Wrong or missing items")
        await hand.press("a", "b")
        await hand.until_shown("a   Late or lost delivery", "b ✓ Wrong or missing items")
        assert any_house.mention(LATE).topics == ["late_delivery", "customer_service"]
        await hand.press("enter")
        await hand.until_said("put right")
    found = any_house.mention(LATE)
    assert (found.topics, found.topics_by) == (["incomplete_order", "customer_service"], "Anna")


async def test_topics_are_ticked_and_kept_by_mouse(house: House) -> None:
    house.take(LATE)
    house.judge(0.9)
    async with sat_down(house.desk()) as hand:
        await hand.press("#")
        dialog = await hand.until_on(About)
        await hand.until_shown("b   Wrong or missing items")
        lines = hand.lines()
        words = dialog.query_one("#words")

        async def click(told: str) -> None:
            line = next(number for number, text in enumerate(lines) if told in text)
            at = words.region.x + 3, line
            await hand.pilot.click(offset=at)

        await click("Wrong or missing items")
        await hand.until_shown("b ✓ Wrong or missing items")
        await click("Enter keeps it")
        await hand.until_said("put right")
    assert "incomplete_order" in house.mention(LATE).topics


async def test_escape_changes_nothing(house: House) -> None:
    house.take(LATE)
    house.judge(0.9)
    async with sat_down(house.desk()) as hand:
        await hand.press("#")
        await hand.until_on(About)
        await hand.until_shown("Wrong or missing items")
        await hand.press("b", "escape")
        await hand.until(lambda: not isinstance(hand.desk.screen, About))
    found = house.mention(LATE)
    assert (found.topics, found.topics_by) == (["late_delivery", "customer_service"], None)


def run(address: str, *arguments: str, file: Path | None = None) -> tuple[int, str, str]:
    options = ["--config", str(file)] if file else []
    variables = {"GENSVAR_DATABASE_URL": address}
    done = CliRunner().invoke(gensvar, [*options, "topics", *arguments], env=variables)
    return done.exit_code, done.stdout, done.stderr


def test_the_command_lists_shows_and_puts_right(any_house: House) -> None:
    any_house.take(LATE)
    any_house.judge(0.9)
    row = str(any_house.id_of(LATE))
    code, told, _errors = run(any_house.address)
    assert code == 0
    assert "late_delivery" in told
    listed = json.loads(run(any_house.address, "--json")[1])
    assert len(listed) == 12
    assert json.loads(run(any_house.address, row, "--json")[1]) == [
        "late_delivery",
        "customer_service",
    ]
    assert run(any_house.address, row, "--set", "stock,price")[0] == 0
    assert mention(any_house.store, LATE).topics == ["stock", "price"]
    assert run(any_house.address, row, "--set", "")[1].strip() == "none"
    assert mention(any_house.store, LATE).topics == []


def test_a_topic_that_is_none_is_refused(house: House) -> None:
    house.take(LATE)
    row = str(house.id_of(LATE))
    done = CliRunner().invoke(
        gensvar, ["topics", row, "--set", "shoes"], env={"GENSVAR_DATABASE_URL": house.address}
    )
    assert done.exit_code != 0
    assert "shoes" in str(done.exception)
    assert house.mention(LATE).topics == []


def test_a_set_of_ones_own_is_named_in_the_config(house: House, tmp_path: Path) -> None:
    own, config = tmp_path / "own.toml", tmp_path / "config.toml"
    own.write_text('[shoes]\nname_en = "Shoes"\nen = ["shoe*"]\n[laces\nen = ["lace*"]\n', "utf-8")
    config.write_text(f'[topics]\nfile = "{own}"\n', "utf-8")
    code, told, errors = run(house.address, file=config)
    assert code == 0
    assert "Shoes" in told
    assert "own.toml, line 4" in errors
