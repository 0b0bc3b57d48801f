"""Every key on every screen and dialog: nothing crashes, and only `y` in the review sends."""

import sqlite3
from contextlib import closing
from string import ascii_letters, digits, punctuation
from typing import Any

import pytest
from textual.dom import DOMNode
from textual.keys import _character_to_key
from textual.screen import Screen

from models.instant import MINUTE
from models.mailing import Recipient
from tests.listener.mailroom import Room, opened
from tests.tui.house import Hand, House, here, sat_down
from tests.world import START, post
from tui.screens.about import About
from tui.screens.by_hand import ByHand
from tui.screens.closing import Closing
from tui.screens.commands import Commands
from tui.screens.composer import Composer
from tui.screens.keys import Keys
from tui.screens.ledger import LedgerScreen
from tui.screens.outbox import GivingUp, OutboxScreen, Seen
from tui.screens.page import PageScreen
from tui.screens.reading import Reading
from tui.screens.review import Review
from tui.screens.status import Status
from tui.screens.to_me import ToMe
from tui.screens.waiting import Waiting
from tui.screens.why import Why

WRITE = ("r", "H", "e", "j")
WAYS: dict[str, tuple[type[Screen[Any]], tuple[str, ...]]] = {
    "queue": (Waiting, ()),
    "conversation in the queue": (Waiting, ("enter",)),
    "composer": (Composer, WRITE),
    "conversation in the composer": (Composer, (*WRITE, "tab")),
    "review": (Review, (*WRITE, "ctrl+s")),
    "keys over the review": (Keys, (*WRITE, "ctrl+s", "question_mark")),
    "by hand from the composer": (ByHand, (*WRITE, "ctrl+b")),
    "by hand": (ByHand, ("b",)),
    "closing": (Closing, ("c",)),
    "command line": (Commands, ("colon",)),
    "why": (Why, ("E",)),
    "topics": (About, ("number_sign",)),
    "keys": (Keys, ("question_mark",)),
    "status": (Status, ("0",)),
    "ledger": (LedgerScreen, ("L",)),
    "conversation of the ledger": (Reading, ("L", "enter")),
    "page for the leaders": (PageScreen, ("D",)),
    "test of the page": (ToMe, ("D", "s")),
    "outbox": (OutboxScreen, ("8",)),
    "a doubt sent again": (Review, ("8", "s")),
    "a doubt found": (Seen, ("8", "t")),
    "a doubt given up": (GivingUp, ("8", "x")),
}
LETTERS = (*ascii_letters, *digits, *punctuation, *"åäöæøÅÄÖÆØé€")
FURTHER = ("f12", "ctrl+y", "ctrl+j", "insert", "shift+enter", "ctrl+enter", "alt+y", "shift+y")
DECIDES = ("enter", "y")
"""Last, since they may use up what the walk stands on."""


def keys(hand: Hand) -> list[str]:
    """Every letter, and every key that is bound anywhere: screens, lists, fields and Textual."""
    nodes: set[DOMNode] = {hand.desk}
    for screen in hand.desk.screen_stack:
        nodes.update(screen.walk_children(with_self=True))
    bound = {key for node in nodes for key in node._bindings.key_to_bindings}
    letters = {one if one.isalnum() else _character_to_key(one) for one in LETTERS}
    known = sorted((bound | letters | {*FURTHER}) - {*DECIDES, "ctrl+q"})
    return [*known, *DECIDES]


def underway(house: House) -> int:
    """Replies that have left, are leaving or will."""
    with closing(sqlite3.connect(house.address.removeprefix("sqlite:///"))) as db:
        states = "('queued', 'sending', 'sent')"
        found: int = db.execute(f"select count(*) from reply where state in {states}").fetchone()[0]
    return found


async def back_in_the_queue(hand: Hand) -> None:
    """On the first of all who wait, whatever the last key has led to."""
    while hand.desk.screen is not hand.waiting:
        hand.desk.screen.dismiss(None)
        await hand.pilot.pause(0)
    await hand.press("1")
    while hand.waiting._lane is not None:
        await hand.press("tab")
    await hand.press("j", "g")
    await hand.until(
        lambda: hand.waiting.rows.ids and hand.desk.snapshot.lane is None, "somebody who waits"
    )


async def go(hand: Hand, name: str) -> Screen[Any]:
    """To a screen, by its keys."""
    await back_in_the_queue(hand)
    kind, way = WAYS[name]
    for key in way:
        await hand.press(key)
        if key == "8":
            await hand.until(lambda: hand.desk.snapshot.pending)
        await hand.rest()
    return await hand.until_on(kind)


@pytest.mark.parametrize("name", WAYS)
async def test_no_key_crashes_and_only_y_in_the_review_sends(house: House, name: str) -> None:
    posts = [post(f"kund{n}", f"Paket {n} är borta", at=START + n * MINUTE) for n in range(30)]
    house.take(*posts)
    for asked in posts[:3]:
        house.doubt(asked)
    house.readers = (Recipient("ceo@tallkotte.example", "en"),)
    room = Room()
    with opened(room) as port:
        house.smtp = here(port)
        await walk(house, name)
    assert room.transactions == 0, "a mail has left"


async def walk(house: House, name: str) -> None:
    """Every key on this screen."""
    async with sat_down(house.desk(), 130, 24) as hand:
        screen = await go(hand, name)
        sent, walked = underway(house), 0
        for key in keys(hand):
            if hand.desk.screen is not screen:
                screen = await go(hand, name)
            if key == "q" and screen is hand.waiting and not screen.has_class("-reading"):
                continue  # it leaves the desk
            before, review = underway(house), isinstance(screen, Review)
            await hand.press(key)
            await hand.rest()
            walked += 1
            assert hand.desk.is_running, f"{key} ends the desk"
            if key == "y" and review:
                assert underway(house) == before + 1
            else:
                assert underway(house) <= before, f"{key} sends"
            hand.desk.clear_notifications()
        assert walked > 130
        assert sent == 0
