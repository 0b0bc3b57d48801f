"""A listener beside a desk: it shows up, and goes when the desk is gone, however that ended."""

import logging
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlmodel import select

from listener.channels.sandbox import SandboxChannel
from listener.collect import collect
from listener.deliver import deliver
from listener.judge import judge_waiting
from listener.schedule import Listener
from listener.worker import Worker
from models.instant import DAY
from models.post import Author
from models.records import judging, presence
from models.records.changes import Changes
from models.records.store import Store, open_store
from models.records.tables import Presence
from models.sentiment.judgement import Judgement

STARTS, ENDS = 60.0, 10.0
"""Seconds: generous, since the machine may be busy."""
BESIDE = [sys.executable, "-m", "tui.cli", "listen", "--beside"]


class PlainJudge:
    name = "plain"

    def judge(self, texts: Sequence[tuple[str, str | None]]) -> list[Judgement]:
        return [Judgement("sv", 0.8, 0.1, 0.1, 0.9, 0.1, ()) for _text in texts]


@contextmanager
def started(
    command: Sequence[str], address: str, folder: Path, stdin: int = subprocess.PIPE
) -> Iterator["subprocess.Popen[str]"]:
    """A program in a folder of its own; what it still runs at the end is killed with its group."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.getcwd(),
        "GENSVAR_DATABASE_URL": address,
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "LC_ALL": "C",
    }
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=stdin,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def listening(store: Store) -> list[str]:
    """Every listener that has not left, however long it has been silent."""
    with store.read() as session:
        return list(session.exec(select(Presence.name)))


def appears(store: Store) -> str:
    """The name of the listener, once it is there."""
    until = time.monotonic() + STARTS
    while time.monotonic() < until:
        if found := listening(store):
            return found[0]
        time.sleep(0.05)
    raise AssertionError("nobody shows up")


def test_it_ends_in_good_order_when_its_standard_input_closes(
    store: Store, address: str, tmp_path: Path
) -> None:
    with started(BESIDE, address, tmp_path) as process:
        assert f":{process.pid}:" in appears(store)
        assert process.stdin is not None
        process.stdin.write("words are no end\n")
        process.stdin.flush()
        time.sleep(1)
        assert process.poll() is None
        process.stdin.close()
        process.stdin = None
        said = process.communicate(timeout=ENDS)[1]
    assert process.returncode == 0
    assert listening(store) == []
    assert said == "Listening. Ctrl-C stops.\n"


def test_it_ends_in_good_order_when_its_desk_is_killed(
    store: Store, address: str, tmp_path: Path
) -> None:
    """Killed by force, the desk has no time to say anything; the system closes the pipe."""
    desk = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE)\n"
        "time.sleep(600)\n"
    )
    with started([sys.executable, "-c", desk, *BESIDE], address, tmp_path) as process:
        appears(store)
        process.kill()
        said = process.communicate(timeout=ENDS)[1]  # which is its child's too: both have ended
    assert listening(store) == []
    assert said == "Listening. Ctrl-C stops.\n"


def test_asked_to_stop_while_its_desk_lives_it_ends_in_good_order(
    store: Store, address: str, tmp_path: Path
) -> None:
    with started(BESIDE, address, tmp_path) as process:
        appears(store)
        process.terminate()
        code = process.wait(ENDS)
        assert process.stderr is not None
        said = process.stderr.read()
    assert (code, said) == (0, "Listening. Ctrl-C stops.\n")
    assert listening(store) == []


def test_a_listener_of_its_own_needs_no_standard_input(
    store: Store, address: str, tmp_path: Path
) -> None:
    with started(BESIDE[:-1], address, tmp_path, stdin=subprocess.DEVNULL) as process:
        appears(store)
        time.sleep(1)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(ENDS) == 0
    assert listening(store) == []


def test_it_is_there_from_its_first_moment_and_until_it_is_closed(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "SHOWS_UP_EVERY", 0.1)
    listener = Listener(worker, PlainJudge())
    listener.start()
    with worker.store.read() as session:
        (first,) = presence.listeners(session, worker.store.now())
    assert first.name == worker.name
    until = time.monotonic() + ENDS
    seen = first
    while seen.seen_at == first.seen_at and time.monotonic() < until:
        time.sleep(0.05)
        with worker.store.read() as session:
            (seen,) = presence.listeners(session, worker.store.now())
    assert seen.seen_at > first.seen_at
    listener.close()
    assert listening(worker.store) == []


def test_a_busy_database_is_said_and_ends_no_listener(
    sqlite_address: str,
    worker: Worker,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("models.records.store.BUSY_SECONDS", 0.1)
    store = open_store(sqlite_address, create=True)
    listener = Listener(replace(worker, store=store), PlainJudge())
    holder = sqlite3.connect(sqlite_address.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("begin immediate")
    with caplog.at_level(logging.WARNING, "gensvar.listener"):
        listener.start()
        listener.close()
    assert len(caplog.messages) == 2
    assert all("is busy" in message for message in caplog.messages)
    holder.execute("rollback")
    holder.close()
    listener.show_up()
    assert listening(store) == [worker.name]
    store.close()


def waiting(worker: Worker, sandbox: SandboxChannel, number: int) -> None:
    for place in range(number):
        sandbox.network.post(Author(f"c{place}", f"kund{place}"), f"@tallkotte fråga {place}")
    time.sleep(0.01)
    collect(worker)


def left(worker: Worker) -> int:
    with worker.store.read() as session:
        return len(judging.unjudged(session, 1000))


def test_judging_stops_between_two_batches_and_goes_on_later(
    worker: Worker, sandbox: SandboxChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("listener.judge.BATCH", 5)
    waiting(worker, sandbox, 13)
    stop = Event()

    class Stopping(PlainJudge):
        def judge(self, texts: Sequence[tuple[str, str | None]]) -> list[Judgement]:
            stop.set()
            return super().judge(texts)

    assert judge_waiting(worker, Stopping(), stop.is_set) == 5
    assert left(worker) == 8
    assert judge_waiting(worker, PlainJudge(), stop.is_set) == 0
    assert judge_waiting(worker, PlainJudge()) == 8
    assert left(worker) == 0


def test_an_idle_pass_is_no_news_to_the_desks(worker: Worker, sandbox: SandboxChannel) -> None:
    waiting(worker, sandbox, 1)
    judge_waiting(worker, PlainJudge())
    changes, noticed = Changes(worker.store), Event()
    changes.poke()
    assert changes.wait()

    def watch() -> None:
        if changes.wait():
            noticed.set()

    thread = Thread(target=watch)
    thread.start()
    for _tick in range(3):
        deliver(worker)
        judge_waiting(worker, PlainJudge())
    assert not noticed.wait(0.8)
    with worker.store.write() as session:
        presence.show_up(session, worker.name, DAY)
    assert noticed.wait(2.0)
    changes.stop()
    thread.join(2.0)
    assert not changes.wait()
