"""What one program takes, from start to memory: the same steps for the desk and its peer."""

import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import changes
from benchmarks.terminal import QUIET, Taken, Terminal

_SIGN = "paketet"
"""A word of the posts."""
_DOWN, _PAGE_DOWN, _HOME, _CTRL_HOME = b"\x1b[B", b"\x1b[6~", b"\x1b[H", b"\x1b[1;5H"
_TAKE, _BACK = b".", b"\x1b"
_KEYS, _PAGES, _CHANGES, _HELD, _TAKEN = 30, 15, 7, 60, 9
_HELD_A_SECOND = 30
_CONVERSATION_STANDS = 0.4
"""Seconds of quiet: more than the cursor must rest before the conversation is read."""
_IDLE = 5.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What one program took on one database; `held` is CPU milliseconds a key."""

    start: Taken
    settled: Taken
    down: Taken
    held: float
    page: Taken
    change: Taken
    slowest_change: float
    new_order: Taken
    idle_bytes: int
    idle_cpu: float
    memory: float


@dataclass(frozen=True, slots=True)
class Program:
    """One of the two on a database: its command, its key to the top, how changes reach it."""

    command: list[str]
    environment: Mapping[str, str]
    to_the_top: bytes
    change: Callable[[Terminal], Taken]
    new_order: Callable[[Terminal], Taken]

    def start(self, columns: int = 120, lines: int = 40) -> Terminal:
        """The program on a terminal of its own."""
        return Terminal(self.command, self.environment, columns, lines)


def the_desk(file: Path, environment: Mapping[str, str]) -> Program:
    """The desk."""
    return Program(
        [sys.executable, "-m", "tui.cli"],
        {**environment, "GENSVAR_DATABASE_URL": f"sqlite:///{file}"},
        _HOME,
        partial(changes.dismiss, file=file),
        partial(changes.turn_around, file=file),
    )


def the_table(file: Path, environment: Mapping[str, str]) -> Program:
    """Its peer."""
    return Program(
        [sys.executable, "-m", "benchmarks.table", str(file)],
        environment,
        _CTRL_HOME,
        changes.tell_to_remove,
        changes.tell_to_sort,
    )


def take_start(program: Program) -> Taken:
    """One start, until the first rows stand."""
    with program.start() as terminal:
        return terminal.take_start(_SIGN)


def take(program: Program, starts: Iterable[Taken]) -> Figures:
    """Everything but the starts, in one run of the program."""
    with program.start() as terminal:
        terminal.take_start(_SIGN)
        settled = terminal.take_settling()
        down = _median(terminal.take_key(_DOWN) for _key in range(_KEYS))
        held = _held(terminal)
        page = _median(terminal.take_key(_PAGE_DOWN) for _key in range(_PAGES))
        terminal.press(program.to_the_top)
        terminal.take_settling()
        changed = [program.change(terminal) for _change in range(_CHANGES)]
        new_order = program.new_order(terminal)
        idle_bytes, idle_cpu = _idle(terminal)
        return Figures(
            start=_median(starts),
            settled=settled,
            down=down,
            held=held,
            page=page,
            change=_median(changed),
            slowest_change=max(change.wall for change in changed),
            new_order=new_order,
            idle_bytes=idle_bytes,
            idle_cpu=idle_cpu,
            memory=terminal.peak_memory,
        )


def take_beside(program: Program) -> Taken:
    """A row down on a wide terminal, until the conversation beside the queue stands."""
    with program.start(160, 45) as terminal:
        terminal.take_start(_SIGN)
        terminal.take_settling()
        return _median(terminal.take_key(_DOWN, _CONVERSATION_STANDS) for _key in range(_KEYS))


def take_composer(program: Program) -> Taken:
    """The next is taken on a wide terminal, until a composer with its conversation stands."""
    with program.start(160, 45) as terminal:
        terminal.take_start(_SIGN)
        terminal.take_settling()
        return _median(_taken(terminal) for _time in range(_TAKEN))


def _taken(terminal: Terminal) -> Taken:
    taken = terminal.take_key(_TAKE, _CONVERSATION_STANDS)
    terminal.press(_BACK)
    terminal.listen(_CONVERSATION_STANDS)
    return taken


def _held(terminal: Terminal) -> float:
    cpu, due = terminal.cpu, time.perf_counter()
    for _key in range(_HELD):
        terminal.press(_DOWN)
        due += 1 / _HELD_A_SECOND
        while (left := due - time.perf_counter()) > 0:
            terminal.listen(left, left)
    terminal.listen(QUIET)
    return (terminal.cpu - cpu) / _HELD


def _idle(terminal: Terminal) -> tuple[int, float]:
    """Bytes and CPU within one minute, whose beginning has been painted.

    Once in these seconds a listener shows up in the database, as in every five.
    """
    while not 2 < time.time() % 60 < 40:
        terminal.listen(0.5, 0.5)
    terminal.take_settling()
    cpu = terminal.cpu
    heard = terminal.listen(_IDLE, _IDLE)
    return sum(len(output.data) for output in heard), terminal.cpu - cpu


def _median(taken: Iterable[Taken]) -> Taken:
    found = list(taken)
    wall = statistics.median(one.wall for one in found)
    return Taken(wall, statistics.median(one.cpu for one in found))
