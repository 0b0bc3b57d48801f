"""Changes: a desk hears of every commit, and of nothing else."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from queue import Empty, SimpleQueue
from threading import Thread

import pytest
from sqlalchemy import create_engine, text
from sqlmodel import Session

from models.records import presence, queue
from models.records.changes import Changes
from models.records.store import Store, open_store
from tests.world import START, post, take

SOON = 2.0
"""Seconds: generous, and well below the slow poll of Postgres."""
QUIET = 0.8

_times = count()


class Watched:
    """A watch in a thread of its own, as a desk keeps it, and what it has noticed."""

    def __init__(self, store: Store) -> None:
        self.changes = Changes(store)
        self._noticed = SimpleQueue[float]()
        self.thread = Thread(target=self._run)
        self.thread.start()
        self.changes.poke()
        assert self.notices(SOON)

    def notices(self, within: float) -> bool:
        """Whether it notices a change before so many seconds have passed."""
        try:
            self._noticed.get(timeout=within)
        except Empty:
            return False
        return True

    def settle(self) -> None:
        """Let it notice all there is until now."""
        while self.notices(0.3):
            pass

    def _run(self) -> None:
        while self.changes.wait():
            self._noticed.put(time.monotonic())


@contextmanager
def watched(store: Store) -> Iterator[Watched]:
    watch = Watched(store)
    try:
        yield watch
    finally:
        watch.changes.stop()
        watch.thread.join(SOON)
    assert not watch.thread.is_alive()


def write(store: Store) -> None:
    """Change something: to show up at another time."""
    with store.write() as session:
        presence.show_up(session, "ahti:7:a", START + next(_times))


def test_a_commit_of_ones_own_store_is_noticed_each_time(store: Store) -> None:
    with watched(store) as watch:
        for _time in range(3):
            take(store, post("ylva", "Fick aldrig någon kvittens på returen."))
            assert watch.notices(SOON)


def test_a_commit_over_another_connection_is_noticed(store: Store, address: str) -> None:
    other = open_store(address)
    with watched(store) as watch:
        write(other)
        assert watch.notices(SOON)
    other.close()


def test_a_commit_of_another_process_is_noticed(store: Store, address: str) -> None:
    script = (
        "import sys\n"
        "from models.records import presence\n"
        "from models.records.store import open_store\n"
        "store = open_store(sys.argv[1])\n"
        "input()\n"
        "with store.write() as session:\n"
        "    presence.show_up(session, 'ahti:7:a', 1)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script, address],
        stdin=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )
    time.sleep(1)  # for what it imports
    with watched(store) as watch:
        child.communicate(b"\n")
        assert watch.notices(SOON)
    assert child.returncode == 0


def test_what_is_committed_during_a_look_is_noticed_after_it(store: Store) -> None:
    """Also during the very first look, which nothing but a poke has asked for."""
    changes = Changes(store)
    changes.poke()
    for _look in range(3):
        assert changes.wait()
        write(store)  # while the caller looks, or rests from it
        began = time.monotonic()
        Thread(target=_after(SOON, changes.poke), daemon=True).start()
        assert changes.wait()
        assert time.monotonic() - began < SOON
        changes.poke()
    changes.stop()
    assert not changes.wait()


def _after(seconds: float, deed: Callable[[], None]) -> Callable[[], None]:
    def wait() -> None:
        time.sleep(seconds)
        deed()

    return wait


def idle(store: Store) -> None:
    """A transaction that may write and finds nothing to do."""
    with store.write() as session:
        queue.newest(session)


def undone(store: Store) -> None:
    def half(session: Session) -> None:
        presence.show_up(session, "ahti:7:a", START)
        raise KeyError

    with pytest.raises(KeyError), store.write() as session:
        half(session)


def looked(store: Store) -> None:
    with store.read() as session:
        queue.order(session)


@pytest.mark.parametrize("deed", [idle, undone, looked])
def test_where_nothing_was_changed_nothing_is_noticed(
    store: Store, deed: Callable[[Store], None]
) -> None:
    with watched(store) as watch:
        watch.settle()
        for _time in range(3):
            deed(store)
        assert not watch.notices(QUIET)
        write(store)
        assert watch.notices(SOON)


def test_a_quiet_database_stays_quiet(sqlite_address: str) -> None:
    """Longer than any poll: on SQLite nothing but a change counts."""
    store = open_store(sqlite_address, create=True)
    with watched(store) as watch:
        assert not watch.notices(6.0)
    store.close()


def test_a_change_by_hand_past_gensvar_is_noticed_within_seconds(
    store: Store, address: str
) -> None:
    engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
    with watched(store) as watch:
        watch.settle()
        with engine.begin() as connection:
            connection.execute(text("insert into presence values ('psql', 1, 1)"))
        assert watch.notices(7.0)
    engine.dispose()


def test_a_poke_counts_at_once(store: Store) -> None:
    with watched(store) as watch:
        watch.settle()
        for _time in range(3):
            began = time.monotonic()
            watch.changes.poke()
            assert watch.notices(SOON)
            assert time.monotonic() - began < 0.5


def test_a_storm_of_commits_ends_and_loses_nothing(store: Store) -> None:
    with watched(store) as watch:
        for _commit in range(60):
            write(store)
        assert watch.notices(SOON)
        watch.settle()
        write(store)
        assert watch.notices(SOON)


def test_stopped_from_another_thread_it_ends_at_once_for_good(store: Store) -> None:
    with watched(store) as watch:
        began = time.monotonic()
        watch.changes.stop()
        watch.thread.join(SOON)
        assert time.monotonic() - began < 0.5
        write(store)
        watch.changes.poke()
        assert not watch.changes.wait()


def test_to_stop_ends_a_rest_too(store: Store) -> None:
    changes = Changes(store)
    thread = Thread(target=changes.rest, args=(60,))
    thread.start()
    changes.stop()
    thread.join(SOON)
    assert not thread.is_alive()


def test_watches_that_ended_hold_no_connection(store: Store) -> None:
    """More of them than a pool would give."""
    for _watch in range(20):
        changes = Changes(store)
        changes.poke()
        assert changes.wait()
        changes.stop()
        assert not changes.wait()


def test_a_connection_postgres_cuts_is_made_anew(postgres_address: str) -> None:
    store = open_store(postgres_address)
    cut = "select pg_terminate_backend(pid) from pg_stat_activity where datname ="
    with watched(store) as watch:
        watch.settle()
        with store.read() as session:
            me = session.connection()
            others = "current_database() and pid <> pg_backend_pid()"
            assert me.execute(text(f"{cut} {others}")).all()
        assert watch.notices(7.0)  # it counts as a change: what came meanwhile is not known
        watch.settle()
        write(store)
        assert watch.notices(SOON)
    store.close()
