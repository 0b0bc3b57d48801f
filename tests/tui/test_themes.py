"""How the desk looks: light enough to read in every theme, and told apart without colour."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from itertools import product
from typing import Any, get_args

import pytest
from rich.color import Color
from rich.style import Style
from textual.screen import Screen

from models.instant import HOUR
from models.settings import Desk as DeskSettings
from tests.tui.house import Hand, House, sat_down
from tests.world import post
from tui.desk import Desk
from tui.screens.dialog import Dialog
from tui.screens.ledger import LedgerScreen
from tui.screens.outbox import OutboxScreen, Seen
from tui.screens.promises import PromisesScreen
from tui.screens.review import Review
from tui.screens.why import Why
from tui.themes import STYLES, THEMES
from tui.widgets.lines import Lines

LEAST = {"dark": 4.5, "light": 4.5, "contrast": 7.0}
"""WCAG 2.1, 1.4.3 and 1.4.6; of the terminal's own colours nobody knows any."""
SENTENCE = "Vi beklagar om du känner så. Det ordnar sig nog."


def luminance(colour: Color) -> float:
    """WCAG's relative luminance, 0 to 1."""
    assert colour.triplet is not None, f"{colour} is the terminal's"
    parts = [part / 255 for part in colour.triplet]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(style: Style) -> float:
    """How letters stand out, 1 to 21."""
    assert style.color is not None
    assert style.bgcolor is not None
    dark, light = sorted((luminance(style.color), luminance(style.bgcolor)))
    return (light + 0.05) / (dark + 0.05)


def dressed(house: House, theme: str) -> Desk:
    return house.desk(replace(house.place(), theme=theme))


def staged(house: House) -> House:
    """One that burns and is late, one that is neither, a doubt, a refusal, a promise."""
    house.take(post("kasper", "Der er røg fra varmeren!", external_id="p1"))
    house.judge(complaint=0.9, cues=("safety",))
    house.take(*(post(name, "Var är mitt paket?", external_id=name) for name in "abc"))
    house.judge(complaint=0.1, question=0.9)
    house.doubt(post("a", external_id="a"))
    house.refuse(post("b", external_id="b"))
    house.pass_time(HOUR)
    return house


async def every_screen(hand: Hand) -> AsyncIterator[Screen[Any]]:
    """Each with something on it, a toast among them."""
    hand.desk.say("Taken back.")
    hand.desk.say("Refused.", alarming=True)
    ways: tuple[tuple[type[Screen[Any]], tuple[str, ...], int], ...] = (
        (Why, ("E",), 1),
        (LedgerScreen, ("L",), 1),
        (PromisesScreen, ("9",), 1),
        (OutboxScreen, ("8",), 1),
        (Seen, ("8", "j", "t"), 2),
    )
    yield hand.waiting
    for kind, keys, back in ways:
        await hand.press(*keys)
        yield await hand.until_on(kind)
        await hand.press(*["escape"] * back)
        await hand.until(lambda: hand.desk.screen is hand.waiting)
    composer = await hand.compose(SENTENCE)
    await hand.until(lambda: composer._remarks, "the check has read it")
    await hand.rest()
    yield composer
    await hand.review()
    page = await hand.until_on(Review)
    await hand.until(page._looked.is_set)
    await hand.rest()
    yield page


def test_the_config_knows_the_themes_there_are() -> None:
    assert get_args(DeskSettings.model_fields["theme"].annotation) == tuple(THEMES)
    tones = [set(theme.variables) & set(THEMES["dark"].variables) for theme in THEMES.values()]
    assert all(named == tones[0] for named in tones)


def letters(screen: Screen[Any]) -> Iterator[tuple[str, Style]]:
    """What is drawn and meant to be read: what lies behind a dialog is not."""
    strips = list(screen._compositor.render_strips())
    if isinstance(screen, Dialog):
        box = screen.query_one("#box").region
        strips = [strip.crop(box.x, box.right) for strip in strips[box.y : box.bottom]]
    for text, style, _control in (segment for strip in strips for segment in strip):
        if style is not None and any(letter.isalnum() for letter in text):
            yield text, style


@pytest.mark.parametrize("theme", LEAST)
async def test_every_letter_is_read_on_its_ground(house: House, theme: str) -> None:
    least, drawn = LEAST[theme], set[str]()
    async with sat_down(dressed(staged(house), theme)) as hand:
        async for screen in every_screen(hand):
            await hand.rest()
            for text, style in letters(screen):
                drawn.add(text.strip())
                assert ratio(style) >= least, f"{screen}: {text!r} {style}"
            for lines, name, base in product(screen.query(Lines), STYLES, ("plain", "cursor")):
                style = lines._style("") + lines._style(name) + lines._style(base)
                assert ratio(style) >= least, f"{screen}: {lines} {name} {base} {style}"
    assert {"Taken back.", "Refused.", "urgent", "ttps://… of the reply, then Enter"} <= drawn


def colours(screen: Screen[Any]) -> set[str]:
    """What reaches the terminal: all but its own ground and letters."""
    styles: list[Style | None] = []
    for strip in screen._compositor.render_strips():
        drawn = list(strip)
        for one in screen.get_line_filters():
            drawn = one.apply(drawn, screen.background_colors[1])
        styles += [style for _text, style, _control in drawn]
    used = [colour for style in styles if style for colour in (style.color, style.bgcolor)]
    return {colour.name for colour in used if colour is not None and not colour.is_default}


async def test_one_key_goes_through_all_of_them_and_says_how_to_keep_one(house: House) -> None:
    house.take(post("britta"))
    async with sat_down(house.desk()) as hand:
        worn, grounds = [hand.desk.theme], [hand.waiting.rows._style("")]
        for _theme in THEMES:
            await hand.press("f8")
            await hand.rest()
            worn.append(hand.desk.theme)
            grounds.append(hand.waiting.rows._style(""))
        assert worn == [*THEMES, "dark"]
        assert len(set(grounds)) == len(THEMES)
        assert grounds[0] == grounds[-1]
        await hand.until_said('theme = "light" below [desk]')


async def test_the_terminals_own_colours_are_left_to_it(house: House) -> None:
    async with sat_down(dressed(staged(house), "terminal")) as hand:
        used = set[str]()
        async for screen in every_screen(hand):
            await hand.rest()
            used |= colours(screen)
    assert {"color(1)", "color(4)"} <= used  # red for what is late, blue for who writes
    assert not [name for name in used if name.startswith("#")], "a colour of ours"


async def test_no_color_leaves_none_and_tells_all_apart(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with sat_down(dressed(staged(house), "light")) as hand:
        async for screen in every_screen(hand):
            await hand.rest()
            assert colours(screen) == set(), screen
            if screen is hand.waiting:
                rows = hand.waiting.rows
                here, next_one = (rows.render_line(y) for y in (0, 1))
                assert all(style and style.reverse for _text, style, _control in here)
                assert not any(style and style.reverse for _text, style, _control in next_one)
                assert here.text.startswith("▌urgent     late ")
            elif isinstance(screen, LedgerScreen):
                await hand.until_shown("! waiting")
            elif isinstance(screen, Review):
                assert "!  " in hand.text()
        await hand.press("f8")
        await hand.until_said("NO_COLOR is set")


async def test_no_color_set_to_nothing_asks_for_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    async with sat_down(house.desk()) as hand:
        assert hand.desk.theme == "dark"
        assert colours(hand.desk.screen)
