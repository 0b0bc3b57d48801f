"""The desk on a real terminal, beside the same rows in Textual's own DataTable.

At most so many rows as `--peer-rows` are given to the DataTable: it takes minutes for a million.
"""

import argparse
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks import changes, figures
from benchmarks.figures import Figures, Program
from benchmarks.queue import fill
from benchmarks.terminal import Taken

_LINES: tuple[tuple[str, Callable[[Figures], float], str], ...] = (
    ("start until the first rows, s", lambda one: one.start.wall / 1000, ".2f"),
    ("start until the first rows, CPU s", lambda one: one.start.cpu / 1000, ".2f"),
    ("start until all is read and at rest, s", lambda one: one.settled.wall / 1000, ".2f"),
    ("start until all is read and at rest, CPU s", lambda one: one.settled.cpu / 1000, ".2f"),
    ("row down, ms", lambda one: one.down.wall, ".1f"),
    ("row down, CPU ms", lambda one: one.down.cpu, ".1f"),
    ("down held at 30/s, CPU ms a key", lambda one: one.held, ".1f"),
    ("page down, ms", lambda one: one.page.wall, ".1f"),
    ("page down, CPU ms", lambda one: one.page.cpu, ".1f"),
    ("a row goes, ms", lambda one: one.change.wall, ".0f"),
    ("a row goes, slowest, ms", lambda one: one.slowest_change, ".0f"),
    ("a row goes, CPU ms", lambda one: one.change.cpu, ".0f"),
    ("another order, ms", lambda one: one.new_order.wall, ".0f"),
    ("another order, CPU ms", lambda one: one.new_order.cpu, ".0f"),
    ("idle 5 s, bytes written", lambda one: one.idle_bytes, ".0f"),
    ("idle 5 s, CPU ms", lambda one: one.idle_cpu, ".0f"),
    ("memory, MB", lambda one: one.memory, ".0f"),
)
_RATIOS = ("start", "row down", "page down", "down held")


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of one database."""

    ours: Figures
    beside: Taken
    composer: Taken
    theirs: Figures | None
    yardsticks: tuple[float, float]
    """Before and after."""


def main() -> None:
    """Print a table for each database, and what must be reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=5, help="starts of each (default: 5)")
    parser.add_argument("--peer-rows", type=int, default=100_000)
    chosen = parser.parse_args()
    found: dict[int, Measured] = {}
    for rows in chosen.rows:
        found[rows] = _measured(rows, chosen.runs, rows <= chosen.peer_rows)
        print("\n".join(_table(rows, found[rows])), flush=True)
    print("\n".join(_musts(found)))


def _measured(rows: int, runs: int, with_peer: bool) -> Measured:
    before = _yardstick()
    with tempfile.TemporaryDirectory() as folder:
        file, environment = Path(folder) / "desk.db", _environment(Path(folder))
        _prepare(file, rows)
        programs = [figures.the_desk(file, environment)]
        if with_peer:
            programs.append(figures.the_table(file, environment))
        with changes.listener(file):
            starts = _starts(programs, runs)
            beside = figures.take_beside(programs[0])
            composer = figures.take_composer(programs[0])
            both = [figures.take(program, taken) for program, taken in starts]
    theirs = both[1] if with_peer else None
    return Measured(both[0], beside, composer, theirs, (before, _yardstick()))


def _prepare(file: Path, rows: int) -> None:
    """Everybody has a name, and everything is judged."""
    fill(file, rows)
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("update identity set name = 'Kim Kund 1' where id = 1")
        db.execute("update mention set judged_at = posted_at where id = 1")


def _starts(programs: list[Program], runs: int) -> list[tuple[Program, list[Taken]]]:
    """They take turns, so that both have the machine as it is; the first of each counts not."""
    taken = [[figures.take_start(program) for program in programs] for _run in range(runs + 1)]
    return [(program, [run[n] for run in taken[1:]]) for n, program in enumerate(programs)]


def _environment(folder: Path) -> dict[str, str]:
    """A terminal of many colours, and nobody's own settings."""
    homes = {
        f"XDG_{name}_HOME": str(folder / name) for name in ("CONFIG", "DATA", "STATE", "CACHE")
    }
    return {**os.environ, **homes, "TERM": "xterm-256color", "COLORTERM": "truecolor"}


def _table(rows: int, found: Measured) -> list[str]:
    lines = [
        f"### {rows:,} waiting",
        "",
        "| | desk | DataTable | ratio |",
        "| --- | --- | --- | --- |",
    ]
    for told, value, form in _LINES:
        ours = value(found.ours)
        theirs = value(found.theirs) if found.theirs else None
        ratio = "–"
        if theirs is not None and told.startswith(_RATIOS):
            ratio = f"{theirs / ours:.1f}×"
        lines.append(f"| {told} | {ours:{form}} | {_or_dash(theirs, form)} | {ratio} |")
    wide = "160×45, row down until the conversation stands"
    lines.append(f"| {wide}, ms | {found.beside.wall:.1f} | – | – |")
    lines.append(f"| {wide}, CPU ms | {found.beside.cpu:.1f} | – | – |")
    taken = "160×45, `.` until a composer with the conversation stands"
    lines.append(f"| {taken}, ms | {found.composer.wall:.0f} | – | – |")
    lines.append(f"| {taken}, CPU ms | {found.composer.cpu:.0f} | – | – |")
    before, after = found.yardsticks
    return [*lines, "", f"Yardstick: {before:.2f} s CPU before, {after:.2f} s after.", ""]


def _or_dash(value: float | None, form: str) -> str:
    return "–" if value is None else f"{value:{form}}"


def _musts(found: dict[int, Measured]) -> list[str]:
    """What must be reached, as far as the databases for it were measured."""
    lines = ["### Must reach", "", "| | must | is | |", "| --- | --- | --- | --- |"]
    if 100_000 in found:
        lines += _musts_at_100_000(found[100_000])
    if 1_000 in found and 1_000_000 in found:
        later = found[1_000_000].ours.start.wall - found[1_000].ours.start.wall
        lines.append(_must("1,000,000: start later than at 1,000, s", later / 1000, 1, ".2f"))
    return lines


def _musts_at_100_000(found: Measured) -> list[str]:
    ours, theirs = found.ours, found.theirs
    lines = [_must("100,000: start, CPU s", ours.start.cpu / 1000, 0.9, ".2f")]
    if theirs is not None:
        ratio = theirs.start.cpu / ours.start.cpu
        word = _word(ratio >= 10)
        lines.append(f"| 100,000: start, CPU, × quicker | ≥ 10 | {ratio:.1f} | {word} |")
    return [
        *lines,
        _must("100,000: row down, CPU ms", ours.down.cpu, 4, ".1f"),
        _must("100,000: `.` to a composer, CPU ms", found.composer.cpu, 100, ".0f"),
        _must("100,000: a row goes, slowest, s", ours.slowest_change / 1000, 0.5, ".2f"),
        _must("100,000: idle, bytes written", ours.idle_bytes, 0, ".0f"),
        _must("100,000: memory, MB", ours.memory, 120, ".0f"),
    ]


def _must(told: str, value: float, most: float, form: str) -> str:
    return f"| {told} | ≤ {most:g} | {value:{form}} | {_word(value <= most)} |"


def _word(reached: bool) -> str:
    return "reached" if reached else "**missed**"


def _yardstick() -> float:
    """CPU seconds of an import that never changes: how quick the machine is just now."""
    found = []
    for _run in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", "import textual.app, sqlmodel"], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return statistics.median(found)


if __name__ == "__main__":
    main()
