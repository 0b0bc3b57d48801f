"""One line of the queue: lane, clock, network, language, who, first words, who writes there."""

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from models.instant import MINUTE
from models.outside import first_line
from models.personal import masked
from models.records.kinds import MentionState
from models.records.views import Line
from models.words import _
from tui import saying
from tui.widgets.lines import Cell, Drawn, fitted

_WORDS = 16
"""Cells that are left to the customer's words, whatever else there is to show."""
_WIDE = 96
"""Cells; below, networks are told by their first letters and names are cut short."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the queue, with who writes or looks there just now and whether I have begun."""

    line: Line
    writers: tuple[str, ...] = ()
    begun: bool = False
    viewers: tuple[str, ...] = ()


def paint(row: Row, width: int, now: int, me: str, *, is_marked: bool = False) -> Drawn:
    """The line in `width` cells; the clock goes by the minute `now`."""
    line, wide = row.line, width >= _WIDE
    lane = saying.lane_word(line.lane) if line.judged else _("not judged")
    style = "plain"
    if line.lane == 4:
        lane, style = _("no need"), "dim"
    if line.state != MentionState.OPEN:
        lane, style = saying.state_word(line.state), "dim"
    urgent = line.lane == 0 and line.state == MentionState.OPEN
    left = line.due_at - now
    waits = line.state in (MentionState.OPEN, MentionState.REPLYING)
    clock = saying.short_clock(left - left % MINUTE if left >= 0 else left) if waits else ""
    network = saying.network(line.channel)
    who = first_line(line.name or line.handle or "?", 40)
    sign = _sign(line, is_marked, urgent)
    cells: list[Cell] = [
        (sign, "urgent" if urgent else "strong" if sign.strip() else style),
        (fitted(lane, 10) + " ", "urgent" if urgent else style),
        (fitted(clock, 10) + " ", "late" if left < 0 and style == "plain" else style),
        (set_cell_size(network, 8 if wide else 2) + " ", "dim"),
        (fitted(line.language or "–", 2) + " ", "dim"),
        (fitted(who, 20 if wide else 14) + " ", "strong" if style == "plain" else style),
    ]
    taken = sum(cell_len(text) for text, _style in cells)
    end = _end(row, me, width - taken - _WORDS)
    room = max(4, width - taken - sum(cell_len(text) for text, _style in end) - 1)
    return Drawn((*cells, (fitted(_words(row, room), room) + " ", style), *end))


def _sign(line: Line, is_marked: bool, is_urgent: bool) -> str:
    if is_marked:
        return "✓"
    return "▲" if line.is_pinned else "▌" if is_urgent else " "


def _words(row: Row, room: int) -> str:
    line = row.line
    marks = "▣ " * bool(line.media) + "≈ " * line.perhaps_answered
    return marks + first_line(masked(line.beginning), max(2, room))


def _end(row: Row, me: str, room: int) -> list[Cell]:
    """Who is at it, and what stands on it: the first always, the others where they fit whole."""
    shown, left_out = list[Cell](), False
    for cell in [*_people(row, me), *_tags(row.line)]:
        room -= cell_len(cell[0])
        if room >= 0 or not shown:
            shown.append(cell)
        else:
            left_out = True
            break
    return [*shown, ("… ", "dim")] if left_out else shown


def _people(row: Row, me: str) -> list[Cell]:
    """Who writes there, or that I have begun; whose it is; which team was asked; who looks."""
    line, found = row.line, list[Cell]()
    writers = [name for name in row.writers if name != me]
    if writers:
        found.append((f"✎ {_short(writers[0])} ", "warn"))
    elif row.begun or me in row.writers:
        found.append(("✎ " + _("draft") + " ", "ours"))
    if line.assigned_to == me:
        found.append(("→" + _("me") + " ", "ours"))
    elif line.assigned_to is not None:
        found.append((f"→{_short(line.assigned_to)} ", "warn"))
    if line.handed_to is not None:
        found.append((f"⇄{_short(line.handed_to)} ", "warn"))
    looking = [name for name in row.viewers if name != me and name not in writers]
    return found + [(f"◉{_short(name)} ", "dim") for name in looking[:1]]


def _tags(line: Line) -> list[Cell]:
    return [(f"#{_short(tag)} ", "dim") for tag in line.tags]


def _short(name: str) -> str:
    """At most ten cells of a name."""
    shown = first_line(name, 10)
    return shown if cell_len(shown) <= 10 else fitted(shown, 10).rstrip()
