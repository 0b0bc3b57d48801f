"""Every action has a key that is listed, can be moved, and stands in the help of its screen."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from textual.dom import DOMNode

from models.words import _
from tests.tui.house import Hand, House, sat_down
from tests.tui.ways import WAYS, classes, go, stage
from tui.desk import Desk
from tui.keymap import FIXED, KEYS
from tui.remapping import read
from tui.screens.framed import Framed
from tui.screens.keys import Keys

NOT_ACTS = {(Desk, "leave_hint")}
"""Ctrl-C is the terminal's key: it only says how one leaves."""


def begun(kind: type[DOMNode]) -> set[str]:
    """The actions that begin with this class: above it there are none of these names."""
    above = {name for base in kind.__mro__[1:] for name in vars(base)}
    names = {name for name in vars(kind) if name.startswith("action_")} - above
    return {name.removeprefix("action_") for name in names}


def bound(kind: type[DOMNode]) -> set[str]:
    """The actions its own keys and those of its bases do."""
    groups = [base.__dict__["KEYS"] for base in kind.__mro__ if "KEYS" in base.__dict__]
    return {key.action.partition("(")[0] for group in groups for key in group}


@pytest.fixture
def moved(tmp_path: Path) -> Mapping[str, str]:
    """A keymap.toml in which every key is another one."""
    held = ("ctrl", "alt", "shift", "ctrl+shift")
    fresh = (f"{one}+f{number}" for one, number in product(held, range(1, 25)))
    file = tmp_path / "keymap.toml"
    file.write_text("".join(f'{name} = "{next(fresh)}"\n' for name in KEYS if name not in FIXED))
    return read(file)


def active(hand: Hand) -> dict[str, str]:
    """The keys of the keymap that do something now, and their names in it."""
    found = hand.desk.screen.active_bindings
    return {key: one.binding.id for key, one in found.items() if one.binding.id is not None}


def held(hand: Hand) -> set[str]:
    """The names that have a key here, also those whose key a nearer widget takes first."""
    bound = [
        (node, one) for node, keys in hand.desk.screen._modal_binding_chain for _key, one in keys
    ]
    can = hand.desk._check_action_state
    return {one.id for node, one in bound if one.id and can(one.action, node) is not False}


def move(desk: Desk, chosen: Mapping[str, str]) -> None:
    """The keymap of a desk that stands already."""
    desk.place = replace(desk.place, keymap=chosen)
    desk.set_keymap(dict(chosen))


@pytest.mark.parametrize("kind", classes(), ids=lambda kind: kind.__name__)
def test_every_action_has_a_key_where_it_begins_or_below(kind: type[DOMNode]) -> None:
    of_the_desk = {key.action.removeprefix("app.") for key in KEYS.values() if kind is Desk}
    heirs = [heir for heir in classes() if issubclass(heir, kind)]
    keyed = of_the_desk.union(*map(bound, heirs))
    assert {(kind, name) for name in begun(kind) - keyed} <= NOT_ACTS


@pytest.mark.parametrize("name", WAYS)
async def test_every_key_can_be_moved_and_stands_in_the_help(
    house: House, moved: Mapping[str, str], name: str
) -> None:
    stage(house)
    async with sat_down(house.desk(), 130, 100) as hand:
        await go(hand, name)
        before = held(hand)
        move(hand.desk, moved)
        names = active(hand)
        assert before <= set(names.values()), "a moved key does nothing"
        assert all(key == moved.get(one, key) for key, one in names.items())
        if isinstance(hand.desk.screen, Framed):
            await hand.press(moved["help"])
            await hand.until_on(Keys)
            await hand.rest()
            listed(hand, set(names.values()) - {"guide"})


def listed(hand: Hand, names: set[str]) -> None:
    """Each by its key and what it does; the guide is the demo's."""
    lines = hand.lines()
    for name in names:
        key = f" {hand.desk.label(name)} "
        told = _(KEYS[name].told).split()[0]
        assert any(key in line and told in line.partition(key)[2] for line in lines), name
