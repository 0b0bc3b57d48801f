"""Whom one answers: language, name, how often they wrote lately, what we owe."""

from datetime import tzinfo
from typing import TYPE_CHECKING

from models.outside import first_line
from models.words import _, counted, language_word
from tui import saying
from tui.widgets.lines import Cell, Drawn, wrapped

if TYPE_CHECKING:
    from models.records.customer import Customer


def customer_cells(one: "Customer", now: int, zone: tzinfo) -> list[Cell]:
    """In one line; what does not fit is cut at the end."""
    first, *others = _facts(one, now, zone)
    return [first, *((f" · {told}", style) for told, style in others)]


def customer_lines(one: "Customer", now: int, zone: tzinfo, width: int) -> list[Drawn]:
    """One below the other."""
    facts = _facts(one, now, zone)
    return [Drawn(((line, style),)) for told, style in facts for line in wrapped(told, width)]


def _facts(one: "Customer", now: int, zone: tzinfo) -> list[Cell]:
    """What matters most stands first."""
    cells: list[Cell] = []
    if one.broken:
        told = counted("{number} promise broken", "{number} promises broken", one.broken)
        cells.append((told, "late"))
    if one.owed - one.broken:
        told = counted("{number} promise open", "{number} promises open", one.owed - one.broken)
        cells.append((told, "warn"))
    if one.before_at is not None:
        last = saying.moment(one.before_at, now, zone)
        told = _("contact number {number} in 30 days, the last one {when}")
        cells.append((told.format(number=one.contacts, when=last), "warn"))
    else:
        cells.append((_("first contact in 30 days"), "dim"))
    cells.append((_("writes {language}").format(language=language_word(one.language)), "dim"))
    if one.preferred_name:
        name = first_line(one.preferred_name, 30)
        cells.append((_("wants to be called {name}").format(name=name), "strong"))
    return cells
