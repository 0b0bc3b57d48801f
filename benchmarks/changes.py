"""What another process does to the rows on the screen, and how long until they stand there anew.

The desk has to notice a commit by itself, on a database it reads again. Its peer knows of no such
thing and is told by a signal what to do with the rows it holds.
"""

import re
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from benchmarks.table import REMOVED
from benchmarks.terminal import Taken, Terminal
from models.records import desk, presence
from models.records.store import open_store

_NAMES = re.compile(r"Kim Kund \d+")
_TURNED = 1000
_COMPARED = 20
_AFTERWARDS = 1.2
"""Seconds of quiet until the next change: the desk rests a second at most after it has looked."""
_IN_ORDER = "where m.state = 'open' order by m.rank, m.due_at, m.id limit ?"
_ON_TOP = f"select m.id, m.due_at from mention m {_IN_ORDER}"
_NAMES_IN_ORDER = f"""
select i.name from mention m join identity i on i.id = m.identity_id {_IN_ORDER} offset ?
"""


@contextmanager
def listener(file: Path) -> Iterator[None]:
    """Somebody listens, and shows up every few seconds; else the desk would start one itself."""
    stopped = threading.Event()

    def show_up() -> None:
        with store.write() as session:
            presence.show_up(session, "bench:1:x", store.now())

    def keep_showing_up() -> None:
        while not stopped.wait(presence.SHOWS_UP_EVERY):
            show_up()

    with closing(open_store(f"sqlite:///{file}")) as store:
        show_up()
        thread = threading.Thread(target=keep_showing_up)
        thread.start()
        try:
            yield
        finally:
            stopped.set()
            thread.join()


def dismiss(terminal: Terminal, file: Path) -> Taken:
    """A mention near the top is closed; measured from just before the commit."""
    expected = _without_one(terminal)
    with closing(sqlite3.connect(file)) as db:
        mention_id, _due = db.execute(_ON_TOP, (REMOVED + 1,)).fetchall()[-1]
    with closing(open_store(f"sqlite:///{file}")) as store:
        cpu = terminal.cpu
        with store.write() as session:
            desk.dismiss(session, mention_id, "measured", "bench", store.now())
            began = time.perf_counter()
        return _shown(terminal, began, cpu, lambda names: _begin_with(names, expected))


def turn_around(terminal: Terminal, file: Path) -> Taken:
    """The due times of the first thousand are mirrored; measured from just before the commit.

    The cursor stays with the row it stands on, which was the first, and that where it is.
    """
    with closing(sqlite3.connect(file)) as db:
        first = db.execute(_ON_TOP, (_TURNED,)).fetchall()
        both = min(due for _id, due in first) + max(due for _id, due in first)
        mirrored = [(both - due, mention_id) for mention_id, due in first]
        db.executemany("update mention set due_at = ? where id = ?", mirrored)
        ids = [mention_id for mention_id, _due in db.execute(_ON_TOP, (_TURNED,))]
        place = ids.index(first[0][0])
        expected = [name for (name,) in db.execute(_NAMES_IN_ORDER, (_COMPARED, place))]
        cpu, began = terminal.cpu, time.perf_counter()
        db.commit()
        return _shown(terminal, began, cpu, lambda names: _begin_with(names, expected))


def tell_to_remove(terminal: Terminal) -> Taken:
    """The peer removes a row near the top."""
    expected, cpu, began = _without_one(terminal), terminal.cpu, time.perf_counter()
    terminal.tell(signal.SIGUSR1)
    return _shown(terminal, began, cpu, lambda names: _begin_with(names, expected))


def tell_to_sort(terminal: Terminal) -> Taken:
    """The peer sorts its rows by another column."""
    before, cpu, began = _names(terminal.screen), terminal.cpu, time.perf_counter()
    terminal.tell(signal.SIGUSR2)
    return _shown(terminal, began, cpu, lambda names: names != before)


def _shown(
    terminal: Terminal, began: float, cpu: float, shown: Callable[[list[str]], bool]
) -> Taken:
    """Until these names stand on the screen; the CPU until all is quiet again."""
    at = terminal.when(lambda screen: shown(_names(screen)))
    terminal.listen(_AFTERWARDS)
    return Taken((at - began) * 1000, terminal.cpu - cpu)


def _without_one(terminal: Terminal) -> list[str]:
    names = _names(terminal.screen)
    return names[:REMOVED] + names[REMOVED + 1 :]


def _begin_with(names: list[str], expected: list[str]) -> bool:
    return names[: len(expected)] == expected


def _names(screen: list[str]) -> list[str]:
    """Of whom the rows are, from top to bottom."""
    return [found[0] for line in screen if (found := _NAMES.search(line))]
