"""The lines above and below every screen: how much waits, who listens, which keys there are."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from models.instant import MINUTE
from models.outside import first_line, visible
from models.records.kinds import Cause, ReplyState
from models.words import _, counted
from tui import saying
from tui.guide import STEPS, Guide
from tui.widgets.bars import spread
from tui.widgets.lines import Cell, Drawn, fitted

if TYPE_CHECKING:
    from models.records.silence import Silence
    from tui.desk import Desk

_LOUD = (Cause.SIGNED_OUT, Cause.STALE)
"""What does not end by itself at a time we know."""


def pressure_bar(desk: "Desk", width: int) -> list[Drawn]:
    """The banner of the demo, any trouble, who is not heard, and the queue in numbers."""
    bars = []
    if desk.place.demo:
        banner = _("DEMO – nothing leaves this machine. The posts are invented; reply as you like.")
        bars.append(Drawn(((fitted(" " + banner, width), "warn"),), "warn"))
    if desk.trouble:
        bars.append(Drawn(((fitted(" " + visible(desk.trouble), width), "late"),)))
    if silences := desk.snapshot.silences:
        bars.append(_silence(desk, silences, width))
    bars.append(spread(_numbers(desk), _listening(desk), width))
    return bars


def _silence(desk: "Desk", silences: "Sequence[Silence]", width: int) -> Drawn:
    """The worst of them in a sentence, and how many more."""
    worst = silences[0]
    style = "late" if worst.cause in _LOUD else "warn"
    more = _("  +{number} more ").format(number=len(silences) - 1) if silences[1:] else ""
    told = f" ! {_told(desk, worst)}"
    return Drawn(((fitted(told, max(0, width - cell_len(more))), style), (more, style)))


def _told(desk: "Desk", one: "Silence") -> str:
    """In words; the key leads to the system's status."""
    name, key = saying.network(one.channel), desk.label("status")
    if one.cause == Cause.SIGNED_OUT:
        told = _("{network} waits for you to sign in: gensvar connect {name}")
        return told.format(network=name, name=one.channel)
    if one.feeds:
        name += f" ({', '.join(map(saying.feed, one.feeds))})"
    if one.cause == Cause.CAPPED:
        told = _("{network}: today's cap is spent, nothing is read until midnight UTC")
        return told.format(network=name)
    if one.cause == Cause.STALE:
        time = saying.span(max(0, desk.now - one.since) // MINUTE)
        told = _("{network} has not been heard for {time}: {key} tells more")
        return told.format(network=name, time=time, key=key)
    since = saying.moment(one.since, desk.now, desk.place.zone)
    told = _("{network} fails since {since}: {error}")
    return told.format(network=name, since=since, error=first_line(one.error, 200))


def _numbers(desk: "Desk") -> list[Cell]:
    snapshot = desk.snapshot
    cells: list[Cell] = [(f" {first_line(desk.place.brand, 20)} ", "strong")]
    pressure = snapshot.pressure
    if pressure is None:
        return cells
    cells.append((_("  waiting {number}").format(number=pressure.waiting), "plain"))
    late = _("  late {number}").format(number=pressure.late)
    cells.append((late, "late" if pressure.late else "good"))
    if pressure.oldest is not None:
        longest = saying.span(max(0, desk.now - pressure.oldest) // MINUTE)
        cells.append((_("  longest wait {time}").format(time=longest), "plain"))
    return [*cells, *_outbox(desk), *_promises(desk)]


def _outbox(desk: "Desk") -> list[Cell]:
    pending = desk.snapshot.pending
    doubtful = sum(reply.state == ReplyState.UNKNOWN for reply in pending)
    refused = sum(reply.state == ReplyState.FAILED for reply in pending)
    cells, key = [], desk.label("outbox")
    if doubtful:
        cells.append((_("  {number} in doubt ({key})").format(number=doubtful, key=key), "late"))
    if refused:
        cells.append((_("  {number} refused ({key})").format(number=refused, key=key), "warn"))
    return cells


def _promises(desk: "Desk") -> list[Cell]:
    soon, broken = desk.snapshot.owed
    cells, key = [], desk.label("promises")
    if broken:
        told = counted(
            "  {number} promise broken ({key})",
            "  {number} promises broken ({key})",
            broken,
            key=key,
        )
        cells.append((told, "late"))
    if soon:
        told = counted(
            "  {number} promise due soon ({key})",
            "  {number} promises due soon ({key})",
            soon,
            key=key,
        )
        cells.append((told, "warn"))
    return cells


def _listening(desk: "Desk") -> list[Cell]:
    """Who listens; nobody is said loudly, since then nothing comes in and nothing leaves."""
    listeners = desk.snapshot.listeners
    if listeners and desk.beside_runs:
        return [(_("● listening") + " ", "good")]
    if listeners:
        host = first_line(listeners[0].name.partition(":")[0], 20)
        return [(_("● {host} listens").format(host=host) + " ", "good")]
    if desk.snapshot.pressure is None or (desk.beside and not desk.beside.stopped):
        return [(_("○ starting to listen") + " ", "dim")]
    told = _("○ nobody listens")
    if desk.beside:
        told = _("○ nobody listens, see {log}").format(log=first_line(str(desk.beside.log), 60))
    return [(told + " ", "late")]


def guide_bar(
    desk: "Desk", guide: Guide, acting: Collection[str], language: str, width: int
) -> Drawn:
    """The next of the demo's first steps: its number, its keys, what it is, and the way out."""
    step, way = guide.next(acting)
    number = _("{number} of {all}").format(number=guide.number, all=len(STEPS))
    keys = " ".join(desk.label(name) for name in way)
    right = _("{key} hides").format(key=desk.label("guide")) + " "
    left: list[Cell] = [(f" {number}  ", "dim"), (f"{keys}  ", "strong")]
    room = width - cell_len(right) - sum(cell_len(text) for text, _style in left)
    left.append((fitted(step.told(language), max(0, room - 1)), "good"))
    return spread(left, [(right, "dim")], width)


def keys_bar(
    hints: Sequence[tuple[str, str]], helped: tuple[str, str], countdown: str, width: int
) -> Drawn:
    """`key what`, as many as fit and always the last, which leads away; at the right what cannot
    wait, and the way to all keys."""
    right: list[Cell] = [(countdown + "  ", "warn")] if countdown else []
    right.append((" ".join(helped) + " ", "dim"))
    room = width - 1 - sum(cell_len(text) for text, _style in right)
    cells: list[Cell] = [(" ", "plain")]
    *others, last = ([(f"{key} ", "strong"), (f"{told}   ", "dim")] for key, told in hints)
    room -= sum(cell_len(text) for text, _style in last)
    for hint in others:
        room -= sum(cell_len(text) for text, _style in hint)
        if room < 0:
            break
        cells += hint
    return spread([*cells, *last], right, width)
