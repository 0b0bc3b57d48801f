"""The command line, one's own editor, and what is copied through the terminal."""

import os
import stat
from pathlib import Path

import pytest

from models.errors import Refused
from tests.tui.house import House, sat_down
from tests.world import post
from tui.editor import edited
from tui.keymap import FIXED, SCREENS, every
from tui.screens.closing import Closing
from tui.screens.commands import Commands
from tui.screens.composer import Composer
from tui.screens.ledger import LedgerScreen


def script(folder: Path, monkeypatch: pytest.MonkeyPatch, lines: str) -> None:
    file = folder / "my editor"
    file.write_text(f"#!/bin/sh\n{lines}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"'{file}' -x")


async def test_what_is_typed_chooses_and_enter_does_it(house: House) -> None:
    house.take(post("kund", "Paketet är borta"))
    async with sat_down(house.desk(), 100, 30) as hand:
        await hand.press("colon")
        await hand.until_on(Commands)
        await hand.write("led")
        await hand.until_shown("▸ ledger")
        await hand.press("enter")
        await hand.until_on(LedgerScreen)


async def test_the_arrows_choose_among_those_that_fit(house: House) -> None:
    house.take(post("kund", "Paketet är borta"))
    async with sat_down(house.desk(), 100, 30) as hand:
        await hand.press("ctrl+p")
        await hand.until_on(Commands)
        await hand.write("page")
        await hand.until_shown("▸ page for the leaders")
        await hand.press("down")
        await hand.until_shown("▸ what we learn from it")
        await hand.press("up", "enter")
        await hand.until(lambda: "Page for the leaders" in hand.text())


async def test_words_behind_a_name_stand_in_the_field_that_opens(house: House) -> None:
    house.take(asked := post("kund", "Paketet är borta"))
    async with sat_down(house.desk(), 100, 30) as hand:
        await hand.press("colon")
        await hand.until_on(Commands)
        await hand.write("close sold in another shop")
        await hand.press("enter")
        await hand.until_on(Closing)
        await hand.until_shown("sold in another shop")
        assert house.state(asked) == "open"
        await hand.press("enter")
        await hand.until(lambda: house.state(asked) == "dismissed")
        assert house.mention(asked).dismissed_reason == "sold in another shop"


async def test_nothing_that_sends_is_a_command(house: House) -> None:
    house.take(post("kund", "Paketet är borta"))
    async with sat_down(house.desk(), 100, 30) as hand:
        await hand.compose("Hej")
        await hand.review()
        assert "send" in {key.name for key in hand.desk.screen.known_keys()}  # type: ignore[attr-defined]
        await hand.press("colon")
        dialog = await hand.until_on(Commands)
        assert not {key.name for key in dialog._keys} & FIXED


async def test_what_fits_nothing_is_said_and_does_nothing(house: House) -> None:
    async with sat_down(house.desk(), 100, 30) as hand:
        await hand.press("colon")
        await hand.until_on(Commands)
        await hand.write("xyzzy")
        await hand.until_shown("Nothing here is called that.")
        await hand.press("enter", "down", "up", "escape")
        await hand.until(lambda: hand.desk.screen is hand.waiting)


async def test_every_key_of_the_queue_is_a_command(house: House) -> None:
    async with sat_down(house.desk(), 100, 30) as hand:
        await hand.press("colon")
        dialog = await hand.until_on(Commands)
        assert {key.name for key in dialog._keys} == every(*SCREENS["queue"]).keys() - FIXED - {
            "guide"
        }


def test_the_editor_gives_its_text_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path, monkeypatch, 'test "$1" = -x && printf "Hej Åsa!\\033[2J\\n" >> "$2"')
    assert edited("Ja. ") == "Ja. Hej Åsa![2J"


def test_only_we_can_read_what_is_edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path, monkeypatch, f'stat -c %a "$(dirname "$2")" > {tmp_path}/mode')
    edited("hemligt")
    assert (tmp_path / "mode").read_text().strip() == "700"


@pytest.mark.parametrize("editor", ["/nowhere/vi", "'", "   "])
def test_an_editor_that_is_none(monkeypatch: pytest.MonkeyPatch, editor: str) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", editor)
    with pytest.raises(Refused, match="EDITOR"):
        edited("Hej")


def test_an_editor_that_gives_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path, monkeypatch, 'printf "half" > "$2"; exit 3')
    with pytest.raises(Refused, match="your text is as it was"):
        edited("Hej")


async def test_where_no_editor_can_be_given_the_terminal_it_is_said(house: House) -> None:
    house.take(post("kund", "Paketet är borta"))
    async with sat_down(house.desk(), 100, 30) as hand:
        await hand.compose("Hej")
        await hand.press("ctrl+e")
        await hand.until_said("cannot be given to an editor")
        assert isinstance(hand.desk.screen, Composer)
        assert hand.desk.screen.text == "Hej"


async def test_over_ssh_the_link_is_shown_and_copied(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")
    house.take(post("kund", "Paketet är borta", url="https://example.com/1"))
    async with sat_down(house.desk(), 100, 30) as hand:
        await hand.press("o")
        await hand.until_said("https://example.com/1", "ssh")
        assert hand.desk.clipboard == "https://example.com/1"


async def test_the_words_are_copied(house: House) -> None:
    house.take(post("kund", "Paketet är borta"))
    async with sat_down(house.desk(), 100, 30) as hand:
        await hand.press("Y")
        await hand.until_said("copied")
        assert hand.desk.clipboard == "Paketet är borta"
