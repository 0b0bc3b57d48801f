"""Every key and click on every screen: nothing crashes, and only `y` in the review sends."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from string import ascii_letters, digits, punctuation

import pytest
from textual.dom import DOMNode
from textual.keys import _character_to_key

from tests.listener.mailroom import Room, opened
from tests.tui.house import Hand, House, here, sat_down
from tests.tui.ways import WAYS, do, go, screens, stage, stand
from tui.desk import Desk
from tui.keymap import KEYS
from tui.screens.review import Review

LETTERS = (*ascii_letters, *digits, *punctuation, *"åäöæøÅÄÖÆØé€")
FURTHER = ("f12", "ctrl+y", "ctrl+j", "insert", "shift+enter", "ctrl+enter", "alt+y", "shift+y")
DECIDES = ("enter", "y")
"""Last, since they may use up what the walk stands on."""
MAPPED = {one for key in KEYS.values() for one in key.keys.split(",")}
WIDTH, HEIGHT = 130, 24
CLICKS = tuple(f"@{65 if y % 2 else 30},{y}" for y in range(HEIGHT))
"""On every line: of a list, of the conversation beside it, of a dialog over both."""


def keys(hand: Hand) -> list[str]:
    """Every letter, and every key that is bound anywhere: ours, the fields' and Textual's."""
    nodes: set[DOMNode] = {hand.desk}
    for screen in hand.desk.screen_stack:
        nodes.update(screen.walk_children(with_self=True))
    bound = {key for node in nodes for key in node._bindings.key_to_bindings}
    letters = {one if one.isalnum() else _character_to_key(one) for one in LETTERS}
    known = sorted((bound | MAPPED | letters | {*FURTHER}) - {*DECIDES, "ctrl+q"})
    return [*known, *DECIDES]


def underway(house: House) -> set[int]:
    """Replies that have left, are leaving or will."""
    with closing(sqlite3.connect(house.address.removeprefix("sqlite:///"))) as db:
        states = "('queued', 'sending', 'sent')"
        return {row for (row,) in db.execute(f"select id from reply where state in {states}")}


async def walk(house: House, desk: Desk, name: str, deeds: Sequence[str] = ()) -> dict[str, int]:
    """Do this on a screen, or press every key; how many replies each one made leave.

    Each is done where the way leads, not where the one before has led.
    """
    room = Room()
    with opened(room) as port:
        house.smtp = here(port)
        async with sat_down(desk, WIDTH, HEIGHT) as hand:
            sent = await _walk(house, hand, name, deeds)
    assert room.transactions == 0, "a mail has left"
    return sent


async def _walk(house: House, hand: Hand, name: str, deeds: Sequence[str]) -> dict[str, int]:
    sent, place, known = dict[str, int](), await go(hand, name), underway(house)
    for deed in [*(deeds or keys(hand)), "ctrl+q"]:
        if stand(hand) != place and deed != "ctrl+q":
            place = await go(hand, name)
        if deed == "q" and name == "queue":
            continue  # it leaves the desk, as the last key does
        await do(hand, deed)
        assert hand.desk.is_running or deed == "ctrl+q", f"{deed} ends the desk"
        now = underway(house)  # whatever left late counts for the next one
        sent[deed], known = len(now - known), now
        hand.desk.clear_notifications()
    return sent


def senders(sent: dict[str, int]) -> dict[str, int]:
    return {deed: number for deed, number in sent.items() if number}


def test_there_is_a_way_to_every_screen() -> None:
    assert {kind for kind, _way in WAYS.values()} == screens()


@pytest.mark.parametrize("name", WAYS)
async def test_no_key_crashes_and_only_y_in_the_review_sends(house: House, name: str) -> None:
    stage(house)
    sent = await walk(house, house.desk(), name)
    assert senders(sent) == ({"y": 1} if WAYS[name][0] is Review else {})
    assert sent.keys() >= MAPPED - {"q"}


@pytest.mark.parametrize("name", WAYS)
async def test_no_click_crashes_or_sends(house: House, name: str) -> None:
    stage(house)
    sent = await walk(house, house.desk(), name, CLICKS)
    assert senders(sent) == {}
    assert sent.keys() >= {*CLICKS}


async def test_the_walk_finds_the_key_that_sends_wherever_it_is(house: House) -> None:
    stage(house)
    desk = house.desk(replace(house.place(), keymap={"send": "f12"}))
    assert senders(await walk(house, desk, "review")) == {"f12": 1}
