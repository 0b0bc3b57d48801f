"""How the desk looks: every colour a style of `Lines` has, by theme, and no colour elsewhere."""

import os
from collections.abc import Mapping
from functools import cache

from rich.color import Color as Ink
from rich.style import Style
from textual.color import Color
from textual.theme import Theme

_CONTRAST = {"tone": "#ffffff", "loud": "#ffff00", "ground": "#000000"}


def _variables(**tones: str) -> dict[str, str]:
    """What desk.tcss calls `$tone-…`; Textual has names of its own for nearly all else."""
    return {f"tone-{name}": colour for name, colour in tones.items()}


def _dark() -> Theme:
    return Theme(
        "dark",
        primary="#0178d4",
        secondary="#004578",
        accent="#fea62b",
        warning="#fea62b",
        error="#ba3c5b",
        success="#4ebf71",
        foreground="#e0e0e0",
        background="#121212",
        surface="#1e1e1e",
        variables=_variables(
            dim="#a2a2a2",
            late="#ee7890",
            good="#4ebf71",
            warn="#fea62b",
            ours="#fea62b",
            theirs="#6db2ff",
            row="#2d2d2d",
            chosen="#002f6b",
            rule="#3e3e3e",
            box="#0178d4",
            toast="#1e1e1e",
        ),
    )


def _light() -> Theme:
    return Theme(
        "light",
        primary="#0a4a96",
        secondary="#0a4a96",
        accent="#7d4300",
        warning="#7d4300",
        error="#b3001f",
        success="#17602e",
        foreground="#1c1c1c",
        background="#fafafa",
        surface="#e9e9e9",
        panel="#dddddd",
        dark=False,
        variables={
            **_variables(
                dim="#555555",
                late="#b3001f",
                good="#17602e",
                warn="#7d4300",
                ours="#7d4300",
                theirs="#0a4a96",
                row="#dcdcdc",
                chosen="#bcd7ff",
                rule="#b5b5b5",
                box="#0a4a96",
                toast="#ffffff",
            ),
            "input-selection-background": "#bcd7ff",
        },
    )


def _contrast() -> Theme:
    tone, loud, ground = _CONTRAST.values()
    return Theme(
        "contrast",
        primary=tone,
        secondary=tone,
        accent=loud,
        warning=loud,
        error=loud,
        success=tone,
        foreground=tone,
        background=ground,
        surface=ground,
        panel=ground,
        variables={
            **_variables(
                dim=tone,
                late=loud,
                good=tone,
                warn=loud,
                ours=tone,
                theirs=loud,
                row=tone,
                chosen=loud,
                rule=tone,
                box=tone,
                toast=ground,
            ),
            "input-selection-background": loud,
            "input-selection-foreground": ground,
        },
    )


def _terminal() -> Theme:
    """What the terminal's owner has chosen: its own ground and letters, and its sixteen colours.

    Which those are nobody knows, so the row under the cursor is reversed and has no colour.
    """
    default = "ansi_default"
    return Theme(
        "terminal",
        primary="ansi_blue",
        secondary="ansi_cyan",
        accent="ansi_yellow",
        warning="ansi_yellow",
        error="ansi_red",
        success="ansi_green",
        foreground=default,
        background=default,
        surface=default,
        panel=default,
        ansi=True,
        variables={
            **_variables(
                dim=default,
                late="ansi_red",
                good="ansi_green",
                warn="ansi_yellow",
                ours="ansi_yellow",
                theirs="ansi_blue",
                row=default,
                chosen=default,
                rule=default,
                box=default,
                toast=default,
            ),
            "ansi-background": default,
            "ansi-foreground": default,
            "border": default,
            "border-blurred": default,
        },
    )


THEMES: Mapping[str, Theme] = {
    theme.name: theme for theme in (_dark(), _light(), _contrast(), _terminal())
}
"""By the name that config.toml has for it, in the order in which one key goes through them."""
STYLES = frozenset(
    {"plain", "strong", "dim", "urgent", "late", "good", "warn", "ours", "theirs"}
    | {"cursor", "chosen"}
)
"""What a text or a line can be; `chosen` is the row under the cursor of the list in focus."""
PLAIN = "terminal"
"""What is left of it without colours tells everything by words, signs, bold and reverse."""


def is_colourless() -> bool:
    """Whether NO_COLOR asks for no colour at all: set, and not to nothing (no-color.org)."""
    return bool(os.environ.get("NO_COLOR"))


@cache
def looks(name: str) -> Mapping[str, Style]:
    """How each of `STYLES` looks in a theme. A table, and not Textual's component classes: those
    are matched with every rule for every widget, a fifth of what a screen took to open."""
    theme = THEMES[name]
    ink = {tone: _ink(colour) for tone, colour in theme.variables.items()}
    is_loud = theme.name == "contrast"
    ground = _ink(str(theme.background if is_loud else theme.foreground))
    chosen = ink["tone-chosen"]
    row = Style(color=ground if is_loud or theme.ansi else None, bgcolor=ink["tone-row"])
    reversed_row = Style(reverse=True, dim=False) if theme.ansi else Style()
    return {
        "plain": Style(),
        "strong": Style(bold=True),
        "dim": Style(color=ink["tone-dim"], dim=True if theme.ansi else None),
        "urgent": Style(color=ink["tone-late"], bold=True),
        "late": Style(color=ink["tone-late"], bold=True if is_loud or theme.ansi else None),
        "good": Style(color=ink["tone-good"]),
        "warn": Style(color=ink["tone-warn"], bold=True if is_loud else None),
        "ours": Style(color=ink["tone-ours"]),
        "theirs": Style(color=ink["tone-theirs"], bold=True),
        "cursor": row + reversed_row,
        "chosen": row + Style(bgcolor=chosen) + reversed_row,
    }


def _ink(colour: str) -> Ink:
    return Color.parse(colour).rich_color


def after(name: str) -> str:
    """The name of the next theme."""
    names = list(THEMES)
    return names[(names.index(name) + 1) % len(names)]
