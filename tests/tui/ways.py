"""The ways to every screen and dialog, by key and mouse; which there are is asked of the code."""

from importlib import import_module
from inspect import getmembers, isclass, isfunction
from pkgutil import walk_packages
from typing import Any

from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

import tui
from models.answer import Promised
from models.instant import HOUR, MINUTE
from models.mailing import Recipient
from tests.tui.house import Hand, House
from tests.world import START, post
from tui.screens.about import About
from tui.screens.asking import Asking
from tui.screens.by_hand import ByHand
from tui.screens.closing import Closing
from tui.screens.commands import Commands
from tui.screens.composer import Composer
from tui.screens.keys import Keys
from tui.screens.ledger import LedgerScreen
from tui.screens.outbox import GivingUp, OutboxScreen, Seen
from tui.screens.overriding import Overriding
from tui.screens.page import PageScreen
from tui.screens.promises import Noting, PromisesScreen
from tui.screens.promising import Promising
from tui.screens.reading import Reading
from tui.screens.review import Review
from tui.screens.saved import Saved
from tui.screens.search import SearchScreen
from tui.screens.status import Status
from tui.screens.to_me import ToMe
from tui.screens.waiting import Waiting
from tui.screens.why import Why

WRITE = ("r", *"Hej")
LAST_LOOK = (*WRITE, "ctrl+s")
WARNED = ("r", *"Skriv ditt personnummer.", "ctrl+s")
PROMISING = ("r", *"Vi ringer i morgon.", "ctrl+s")
FOUND = ("slash", *"paket", "down")
WAYS: dict[str, tuple[type[Screen[Any]], tuple[str, ...]]] = {
    "queue": (Waiting, ()),
    "conversation in the queue": (Waiting, ("enter",)),
    "composer": (Composer, WRITE),
    "conversation in the composer": (Composer, (*WRITE, "@#thread")),
    "saved replies": (Saved, (*WRITE, "ctrl+o")),
    "review": (Review, LAST_LOOK),
    "keys over the review": (Keys, (*LAST_LOOK, "question_mark")),
    "command line over the review": (Commands, (*LAST_LOOK, "colon")),
    "in spite of a warning": (Overriding, (*WARNED, "exclamation_mark")),
    "what a reply promises": (Promising, (*PROMISING, "t")),
    "by hand from the composer": (ByHand, (*WRITE, "ctrl+b")),
    "by hand": (ByHand, ("b",)),
    "closing": (Closing, ("c",)),
    "a note": (Asking, ("n",)),
    "a question to a team": (Asking, ("H",)),
    "a colleague's name": (Asking, ("A",)),
    "tags": (Asking, ("plus",)),
    "a time to put it off": (Asking, ("s",)),
    "an insight": (Asking, ("I",)),
    "command line": (Commands, ("L", "colon")),
    "why": (Why, ("E",)),
    "topics": (About, ("number_sign",)),
    "keys": (Keys, ("question_mark",)),
    "status": (Status, ("0",)),
    "search": (SearchScreen, ("slash",)),
    "what was found": (SearchScreen, FOUND),
    "conversation that was found": (Reading, (*FOUND, "enter")),
    "ledger": (LedgerScreen, ("L",)),
    "conversation of the ledger": (Reading, ("L", "enter")),
    "page for the leaders": (PageScreen, ("D",)),
    "test of the page": (ToMe, ("D", "s")),
    "promises": (PromisesScreen, ("9",)),
    "a promise kept": (Noting, ("9", "k")),
    "a promise handed over": (Noting, ("9", "m")),
    "a promise taken back": (Noting, ("9", "w")),
    "outbox": (OutboxScreen, ("8",)),
    "a doubt sent again": (Review, ("8", "s")),
    "a doubt found": (Seen, ("8", "t")),
    "a doubt given up": (GivingUp, ("8", "x")),
}
"""Keys one after the other; what begins with @ is clicked."""
Stand = tuple[Screen[Any], Widget | None, bool]
"""What the next key meets: the screen, what has the focus, whether a conversation is read."""


def classes() -> list[type[DOMNode]]:
    """Every screen and widget of ours."""
    modules = [import_module(one.name) for one in walk_packages(tui.__path__, "tui.")]
    found = {kind for module in modules for _name, kind in getmembers(module, isclass)}
    ours = {kind for kind in found if kind.__module__.startswith("tui.")}
    return sorted((kind for kind in ours if issubclass(kind, DOMNode)), key=str)


def screens() -> set[type[Screen[Any]]]:
    """Those that are opened, since nothing of them is left to be said by another class."""
    return {kind for kind in classes() if issubclass(kind, Screen) and not _is_unfinished(kind)}


def _is_unfinished(kind: type[DOMNode]) -> bool:
    methods = (method for _name, method in getmembers(kind, isfunction))
    return any("NotImplementedError" in method.__code__.co_names for method in methods)


def stage(house: House) -> None:
    """Many who wait, replies in doubt, promises, readers of the page: every way leads there."""
    posts = [post(f"kund{n}", f"Paket {n} är borta", at=START + n * MINUTE) for n in range(30)]
    house.take(*posts)
    for asked in posts[:3]:
        house.doubt(asked)
    for asked in posts[3:6]:
        house.owe(asked, Promised("call", "Jag ringer dig.", house.start + 6 * HOUR))
    house.readers = (Recipient("ceo@tallkotte.example", "en"),)


async def do(hand: Hand, deed: str) -> None:
    """Press a key; or click, `@60,12` or `@#thread`. All that follows from it is done."""
    target = deed.removeprefix("@")
    if target == deed or not target:
        await hand.press(deed)
    elif target.startswith("#"):
        await hand.click(*hand.desk.screen.query_one(target).region.offset)
    else:
        await hand.click(*map(int, target.split(",")))
    await hand.rest()


async def go(hand: Hand, name: str) -> Stand:
    """To a screen, from wherever."""
    await _back_in_the_queue(hand)
    kind, way = WAYS[name]
    for deed in way:
        await do(hand, deed)
        if deed == "8":
            await hand.until(lambda: hand.desk.snapshot.pending)
        if isinstance(last_look := hand.desk.screen, Review):
            await hand.until(last_look._looked.is_set, "the check has read it")
    await hand.until_on(kind)
    return stand(hand)


def stand(hand: Hand) -> Stand:
    screen = hand.desk.screen
    return screen, screen.focused, screen.has_class("-reading")


async def _back_in_the_queue(hand: Hand) -> None:
    """On the first of all who wait, whatever the last key has led to."""
    while hand.desk.screen is not hand.waiting:
        hand.desk.screen.dismiss(None)
        await hand.pilot.pause(0)
    await hand.press("escape", "1")
    while hand.waiting._lane is not None:
        await hand.press("tab")
    await hand.press("j", "g")
    await hand.until(
        lambda: hand.waiting.rows.ids and hand.desk.snapshot.lane is None, "somebody who waits"
    )
