"""What the reply check says, as lines: a level that is read without its colour, and why."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from models.answer import CONCLUDE
from models.instant import to_datetime
from models.words import _
from tui.place import Place
from tui.saying import action_word, weekday
from tui.widgets.lines import Drawn, wrapped

if TYPE_CHECKING:
    from models.answer import Promised
    from models.reply_check import Remark

_MARKS = {"block": ("✖", "late"), "warn": ("!", "warn"), "hint": ("·", "dim")}


def remark_lines(
    remarks: "Sequence[Remark]", width: int, overrides: dict[str, str], limit: int | None = None
) -> list[Drawn]:
    """A remark a paragraph; those overridden with their reason; at most `limit` of them."""
    lines = list[Drawn]()
    shown = remarks[:limit] if limit else remarks
    for remark in shown:
        sign, style = _MARKS[remark.level]
        told = f"{remark.why} {remark.fix}"
        if reason := overrides.get(remark.rule):
            sign, style, told = "✓", "dim", f"{remark.why} ({reason})"
        for number, line in enumerate(wrapped(told, max(10, width - 3))):
            lines.append(Drawn(((f"{sign if number == 0 else ' '}  ", style), (line, style))))
    if len(remarks) > len(shown):
        more = _("and {number} more").format(number=len(remarks) - len(shown))
        lines.append(Drawn(((f"   {more}", "dim"),)))
    return lines


def promise_lines(
    promises: "Sequence[Promised]", place: Place, now: int, width: int
) -> list[Drawn]:
    """What a reply makes us owe: the deed, by when, and who."""
    lines = list[Drawn]()
    for promised in promises:
        told = _("This promises: {action}, {when}, {who}")
        if promised.action == CONCLUDE:
            told = _("This concludes nothing. Still owed afterwards: {action}, {when}, {who}")
        told = told.format(
            action=action_word(promised.action),
            when=due_word(promised.due_at, place, now),
            who=owner_word(promised.owner, place),
        )
        lines += [Drawn(((line, "strong"),)) for line in wrapped(told, width)]
    return lines


def owner_word(owner: str | None, place: Place) -> str:
    """Who owes it; whoever sits here is you."""
    return _("you") if owner in (None, place.staff) else str(owner)


def due_word(at: int | None, place: Place, now: int) -> str:
    """When something is owed: `today 15:00`, `tomorrow 15:00`, `Thu 2026-12-24 18:00`."""
    if at is None:
        return _("no time given")
    local, today = to_datetime(at, place.zone), to_datetime(now, place.zone).date()
    ahead = (local.date() - today).days
    if ahead in (0, 1):
        told = _("tomorrow {time}") if ahead else _("today {time}")
        return told.format(time=f"{local:%H:%M}")
    return f"{weekday(local.weekday())} {local:%Y-%m-%d %H:%M}"
