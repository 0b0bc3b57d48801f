"""Keys: each listed, each movable, no two on one screen alike; keymap.toml and its faults."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from textual.dom import DOMNode

from models.errors import SettingsError
from tests.tui.house import House, sat_down
from tests.tui.ways import classes
from tests.world import post
from tui import keymap
from tui.cli import gensvar
from tui.keymap import KEYS, SCREENS, clashes, every, label
from tui.remapping import find_keymap, read, shipped
from tui.screens.composer import Composer
from tui.screens.keys import Keys
from tui.screens.outbox import OutboxScreen
from tui.screens.search import SearchScreen
from tui.screens.waiting import Waiting

ALTGR = set("@£${[]}\\|~€µ")
"""What Swedish, Norwegian, Danish and Finnish keyboards give only with AltGr."""

SHADOWED = {
    ("k", "keep", "up"),
    ("u", "no_undo", "take_back"),
    ("down", "to_found", "down"),
}
"""Key, what it does, and what it would do elsewhere."""


def written(folder: Path, text: str) -> Path:
    file = folder / "keymap.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("kind", classes(), ids=lambda kind: kind.__name__)
def test_what_a_screen_binds_comes_from_the_keymap(kind: type[DOMNode]) -> None:
    bindings = [one for one in kind.__dict__.get("BINDINGS", ()) if not isinstance(one, tuple)]
    bound = {one.id for one in bindings if not one.system}
    assert bound == {one.name for one in kind.__dict__.get("KEYS", ())}
    assert bound <= KEYS.keys()


@pytest.mark.parametrize("screen", SCREENS)
def test_a_key_does_one_thing_on_a_screen_but_for_those_that_go_before_the_list(
    screen: str,
) -> None:
    first: dict[str, str] = {}
    shadowed = set()
    for name, key in every(*SCREENS[screen]).items():
        for one in key.keys.split(","):
            if first.setdefault(one, name) != name:
                shadowed.add((one, first[one], name))
    assert shadowed <= SHADOWED


def test_a_moved_key_clashes() -> None:
    assert clashes(SCREENS["queue"], {"reply": "c"}) == [("c", "reply", "close")]


def test_a_key_that_needs_altgr_has_a_twin() -> None:
    for name, key in KEYS.items():
        assert any(label(one) not in ALTGR for one in key.keys.split(",")), name


def test_the_same_name_starts_with_the_same_keys_where_lists_and_texts_share_it() -> None:
    assert {"down", "up", "first", "last"} <= every(keymap.LIST).keys() & every(keymap.SHEET).keys()


async def test_a_moved_key_works_and_is_shown_and_the_old_one_does_nothing(house: House) -> None:
    house.take(post("kund", "Paketet är borta"))
    place = replace(house.place(), keymap={"reply": "f6", "help": "ctrl+h"})
    async with sat_down(house.desk(place), 130, 24) as hand:
        assert "F6 reply" in hand.text()
        await hand.press("r")
        assert hand.desk.screen is hand.waiting
        await hand.press("f6")
        await hand.until_on(Composer)


async def test_a_key_moved_off_a_letter_acts_while_one_types(house: House) -> None:
    house.take(post("kund", "Paketet är borta"))
    place = replace(house.place(), keymap={"take_back": "f9", "outbox": "f10"})
    async with sat_down(house.desk(place), 130, 24) as hand:
        composer = await hand.compose("Hej")
        await hand.press("f9", "u")
        await hand.until_said("Nothing to undo")
        assert composer.text == "Heju"
        await hand.press("escape")
        await hand.until_on(Waiting)
        await hand.press("slash")
        await hand.until_on(SearchScreen)
        await hand.press("f10")
        await hand.until_on(OutboxScreen)


async def test_the_help_lists_every_key_of_the_screen(house: House) -> None:
    house.take(post("kund", "Paketet är borta"))
    async with sat_down(house.desk(), 130, 60) as hand:
        await hand.press("question_mark")
        await hand.until_on(Keys)
        await hand.rest()
        shown = hand.text()
        for name in every(*SCREENS["queue"]).keys() - {"guide"}:  # that one is the demo's
            assert f" {label(KEYS[name].keys.split(',')[0])} " in shown, name


def test_the_printed_keymap_is_one_that_is_read(tmp_path: Path) -> None:
    lines = [line.removeprefix("# ") for line in shipped()]
    chosen = read(written(tmp_path, "\n".join(lines)))
    assert chosen == {name: KEYS[name].keys for name in chosen}
    assert len(chosen) == len(KEYS) - len(keymap.FIXED)


def test_the_command_prints_it() -> None:
    printed = CliRunner().invoke(gensvar, ["keys"])
    assert printed.exit_code == 0
    assert '# reply = "r"' in printed.stdout


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('replly = "r"', "Did you mean reply?"),
        ('send = "f9"', "stays where it is"),
        ('reply = "strg+r"', "is no key"),
        ("reply = 7", "is no key"),
        ("reply = []", "is no key"),
        ('reply = "c"', "two things"),
        ('reply = "f6"\nclose = "f6"', "two things"),
        ("reply =", "not valid TOML"),
        ("\xff", "not valid TOML"),
    ],
)
def test_a_fault_is_told_in_a_sentence(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError, match=r"keymap\.toml") as caught:
        read(written(tmp_path, text))
    assert told in str(caught.value)


def test_signs_may_be_written_as_they_are(tmp_path: Path) -> None:
    chosen = read(written(tmp_path, 'reply = ["å", ";"]\nhelp = "ctrl+h"'))
    assert chosen == {"reply": "å,semicolon", "help": "ctrl+h"}


def test_two_names_may_change_places(tmp_path: Path) -> None:
    assert read(written(tmp_path, 'reply = "c"\nclose = "r"'))["reply"] == "c"


def test_it_lies_beside_the_config(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("")
    assert find_keymap(config) is None
    written(tmp_path, "")
    assert find_keymap(config) == tmp_path / "keymap.toml"
