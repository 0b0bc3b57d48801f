"""Saved replies at the desk and on the command line."""

import json
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner

from models.saved_replies import SEAM, SavedReplies, load
from tests.tui.house import Hand, House, sat_down
from tests.world import post
from tui.cli import gensvar
from tui.screens.composer import Composer
from tui.screens.review import Review
from tui.screens.saved import Saved
from tui.screens.waiting import Waiting
from tui.widgets.fields import Text

LATE = post("britta", "Var är paketet? Det skulle ha kommit i måndags.")
SENT = next(one for one in load().all if one.name == "Sent paket")
WORDS = ("din jacka", "spårat paketet", "det står kvar i Örebro", "i morgon kl. 15")


def late(house: House) -> None:
    """A complaint in Swedish about a late parcel."""
    house.take(LATE)
    house.judge(0.9)


async def choose(hand: Hand, *keys: str) -> Composer:
    """Ctrl-O, some keys, Enter."""
    await hand.press("ctrl+o")
    await hand.until_on(Saved)
    await hand.press(*keys, "enter")
    return await hand.until_on(Composer)


def selected(composer: Composer) -> str:
    return composer.query_one("#text", Text).selected_text


async def test_from_the_dialog_to_the_outbox(any_house: House) -> None:
    late(any_house)
    async with sat_down(any_house.desk()) as hand:
        composer = await hand.compose("")
        await choose(hand)
        await hand.until(lambda: composer.text == f"Hej Britta! {SENT.text}")
        assert selected(composer) == "{det kunden väntar på}"
        await hand.until_shown("next open place")
        for number, words in enumerate(WORDS):
            if number:
                await hand.press("tab")
            assert SEAM.fullmatch(selected(composer))
            await hand.write(words)
        await hand.until(lambda: not SEAM.search(composer.text))
        assert "next open place" not in hand.text()
        await hand.press("end")
        await hand.write(" /Anna")
        await hand.send()
        await hand.until_on(Waiting)
    (reply,) = any_house.replies()
    assert reply.body == (
        "Hej Britta! Förlåt att din jacka inte har kommit. Jag har spårat paketet, och det står"
        " kvar i Örebro. Du får besked av mig här senast i morgon kl. 15. /Anna"
    )


async def test_the_customers_language_and_topic_stand_first(house: House) -> None:
    late(house)
    async with sat_down(house.desk()) as hand:
        await hand.compose("")
        await hand.press("ctrl+o")
        await hand.until_on(Saved)
        await hand.until_shown("▸ sv  Sent paket", "sv  Tack för beröm", SENT.text[:40])
        names = [line.split("│")[1] for line in hand.lines() if "  sv  " in line or "▸ sv" in line]
        assert len(names) == 6


async def test_letters_find_one_and_arrows_choose(house: House) -> None:
    late(house)
    async with sat_down(house.desk()) as hand:
        composer = await hand.compose("")
        await hand.press("ctrl+o")
        await hand.until_on(Saved)
        await hand.write("known FAULT")
        await hand.until_shown("▸ en  Known fault")
        assert "Sent paket" not in hand.text()
        await hand.write("x")
        await hand.until_shown("No saved reply")
        await hand.press("enter")
        await hand.rest()
        assert isinstance(hand.desk.screen, Saved)
        await hand.press("ctrl+u", "down", "down", "up", "up", "up", "down")
        await hand.until_shown("▸ sv  Pengarna")
        await hand.press("enter")
        await hand.until(lambda: "pengarna för" in composer.text)


async def test_the_last_of_a_long_list_can_be_reached_and_no_further(house: House) -> None:
    late(house)
    async with sat_down(house.desk()) as hand:
        composer = await hand.compose("")
        await choose(hand, *["down"] * 40)
        await hand.until(lambda: "Thank you for telling us." in composer.text)
        assert composer.text.startswith("Hi Britta.")


async def test_a_click_takes_one(house: House) -> None:
    late(house)
    async with sat_down(house.desk()) as hand:
        composer = await hand.compose("")
        await hand.press("ctrl+o")
        dialog = await hand.until_on(Saved)
        await hand.until_shown("sv  Fel vara")
        line = next(number for number, text in enumerate(hand.lines()) if "sv  Fel vara" in text)
        await hand.pilot.click(offset=(dialog.query_one("#words").region.x + 5, line))
        await hand.until(lambda: "Felet är vårt." in composer.text)


async def test_it_comes_where_the_cursor_stands_and_the_draft_is_kept(house: House) -> None:
    late(house)
    async with sat_down(house.desk()) as hand:
        composer = await hand.compose("Oj {förut}. Hälsningar Anna")
        await hand.press(*["left"] * len(" Hälsningar Anna"))
        await choose(hand)
        await hand.until(lambda: composer.text == f"Oj {{förut}}. {SENT.text} Hälsningar Anna")
        assert selected(composer) == "{det kunden väntar på}"
        await hand.press("tab", "tab", "tab", "tab")
        assert selected(composer) == "{förut}"


async def test_escape_puts_nothing_in(house: House) -> None:
    late(house)
    async with sat_down(house.desk()) as hand:
        composer = await hand.compose("Hej")
        await hand.press("ctrl+o")
        await hand.until_on(Saved)
        await hand.press("escape")
        await hand.until_on(Composer)
        assert composer.text == "Hej"


async def test_tab_in_a_burst_comes_after_the_letters_before_it(house: House) -> None:
    late(house)
    async with sat_down(house.desk()) as hand:
        composer = await hand.compose("")
        await choose(hand)
        await hand.until(lambda: selected(composer))
        hand.strike(*"din jacka", "tab", *"ringt", "tab", *"hört")
        told = "din jacka inte har kommit. Jag har ringt, och hört. Du får"
        await hand.until(lambda: told in composer.text)


async def test_without_an_open_place_tab_stays_where_letters_go(house: House) -> None:
    late(house)
    async with sat_down(house.desk()) as hand:
        composer = await hand.compose("Hej Britta")
        await hand.press("tab")
        await hand.until_said("There is no open place in this text")
        await hand.write("!")
        assert composer.text == "Hej Britta!"


async def test_the_last_look_names_an_open_place_and_keeps_it_from_leaving(house: House) -> None:
    late(house)
    async with sat_down(house.desk()) as hand:
        composer = await hand.compose("")
        await choose(hand)
        await hand.until(lambda: composer.text)
        await hand.review()
        await hand.until_shown("A place of a template was never filled in.", "A saved reply, and")
        await hand.press("y")
        await hand.rest()
        assert isinstance(hand.desk.screen, Review)
    assert house.replies() == []


async def test_after_a_crash_the_check_still_knows_it_began_with_a_saved_reply(
    any_house: House,
) -> None:
    late(any_house)
    bare = "Hej Britta! " + SEAM.sub("", SENT.text)
    async with sat_down(any_house.desk()) as hand:
        await hand.compose(bare)
        await hand.until(lambda: any_house.drafts() == {any_house.id_of(LATE): bare})
    async with sat_down(any_house.desk()) as hand:  # another desk: nothing but the draft is left
        await hand.compose("")
        await hand.review()
        await hand.until_shown("A saved reply, and nothing in it was written for this customer.")


async def test_faults_of_the_file_are_said_and_the_rest_can_be_chosen(
    house: House, tmp_path: Path
) -> None:
    late(house)
    own = tmp_path / "own.toml"
    good = '[[saved]]\nname = "Vårt eget"\nlanguage = "sv"\ntext = "Så här: {vad}"\n'
    own.write_text(good + '[[saved]]\nname = "Fel"\nlanguage = "xx"\ntext = "{a}"\n', "utf-8")
    place = replace(house.place(), saved=SavedReplies(own))
    async with sat_down(house.desk(place)) as hand:
        composer = await hand.compose("")
        await hand.press("ctrl+o")
        await hand.until_said("own.toml", "saved reply Fel")
        await hand.press("enter")
        await hand.until(lambda: composer.text == "Hej Britta! Så här: {vad}")


def run(address: str, *arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(gensvar, arguments, env={"GENSVAR_DATABASE_URL": address})
    return done.exit_code, done.stdout, done.stderr


def test_the_command_lists_them(house: House) -> None:
    code, told, errors = run(house.address, "saved")
    assert (code, errors) == (0, "")
    assert len(told.splitlines()) == 31
    assert "Late parcel" in told
    listed = json.loads(run(house.address, "saved", "--json")[1])
    assert listed[0] == {
        "name": "Sent paket",
        "language": "sv",
        "topics": ["late_delivery"],
        "text": SENT.text,
    }


def test_faults_are_named_by_the_command_and_the_doctor(house: House, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("", "utf-8")
    own = tmp_path / "saved_replies.toml"
    own.write_text('[[saved]]\nname = "Fel"\nlanguage = "sv"\ntext = "Vi beklagar."\n', "utf-8")
    options = ("--config", str(config))
    code, told, errors = run(house.address, *options, "saved")
    assert (code, len(told.splitlines())) == (0, 1)
    assert "saved_replies.toml, saved reply Fel: it has no open place" in errors
    code, told, _errors = run(house.address, *options, "doctor", "--json")
    assert code == 1
    (found,) = [one for one in json.loads(told) if one["what"] == "saved replies"]
    assert "saved reply Fel" in found["says"]
    own.unlink()
    listed = json.loads(run(house.address, *options, "doctor", "--json")[1])
    assert "30 saved replies" in [one["says"] for one in listed]


def test_reply_and_check_reply_know_a_saved_reply_by_its_words(house: House) -> None:
    late(house)
    bare = SEAM.sub("", SENT.text)
    row = str(house.id_of(LATE))
    done = CliRunner().invoke(
        gensvar, ["reply", row, "--text", bare], env={"GENSVAR_DATABASE_URL": house.address}
    )
    assert "RC04" in str(done.exception)
    options = ("--mention", LATE.text, "--reply", bare, "--lang", "sv", "--json")
    found = json.loads(run(house.address, "check-reply", *options)[1])
    assert "RC04" in [one["rule"] for one in found]
