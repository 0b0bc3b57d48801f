"""`gensvar listen` on five networks at once, with faults and kill -9: nothing lost or doubled.

The command runs as a process of its own, on one SQLite database, while customers and staff go
about their business. At the end each server's own data are compared with the records.
GENSVAR_TORTURE_SECONDS is how long they do (120).
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlmodel import col, select, update

from models.errors import Refused
from models.instant import HOUR, MINUTE
from models.records import desk
from models.records.audit import audit
from models.records.kinds import LIVE, ReplyState
from models.records.store import Store, open_store
from models.records.tables import Mention, OwnPost, Reply
from models.secrets import variable
from tests.torture.crowd import Crowd, mark
from tests.torture.open_sides import open_sides
from tests.torture.sides import Side
from tests.torture.witness import compared

SECONDS = float(os.environ.get("GENSVAR_TORTURE_SECONDS", "120"))
KILLS = 3
PATIENCE = 900.0
"""Seconds until every doubt must be over: a dead sender's lease, looks, and a second sending."""
GENSVAR = [sys.executable, "-c", "from tui.cli import main; main()"]


class Listening:
    """The process of `gensvar listen`, which is killed and started again."""

    def __init__(self, command: Sequence[str], log: Path) -> None:
        self.command, self.log, self.kills = [*command, "listen"], log, 0
        self._process = self._start()

    def kill(self) -> None:
        assert self._process.poll() is None, "it has ended by itself"
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self.kills += 1
        self._process = self._start()

    def stop(self) -> int:
        """As a service manager does; its exit code."""
        self._process.terminate()
        return self._process.wait(120)

    def _start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(self.command, stdout=log, stderr=log)


@contextmanager
def a_brand(folder: Path, chance: random.Random) -> Iterator[tuple[list[Side], Store, list[str]]]:
    """Its networks, its database and its command line."""
    database = f"sqlite:///{folder / 'gensvar.db'}"
    with (
        open_sides(folder / "gensvar.sandbox.db", chance) as sides,
        pytest.MonkeyPatch.context() as at,
    ):
        config = folder / "config.toml"
        config.write_text(
            f'database = "{database}"\n[brand]\nname = "Tallkotte"\nhandle = "tallkotte"\n'
            '[listen]\nevery_seconds = 2\nwords = ["tallkotte"]\n[outbox]\nundo_seconds = 0\n'
            + "".join(side.config for side in sides)
        )
        at.delenv("GENSVAR_DATABASE_URL", raising=False)
        for side in sides:
            for name, key in side.keys.items():
                at.setenv(variable(side.channel, name), key)
        store = open_store(database, create=True)
        yield sides, store, [*GENSVAR, "--config", str(config)]
        store.close()


@pytest.mark.slow
@pytest.mark.timeout(SECONDS + PATIENCE + 600)
def test_nothing_is_lost_or_doubled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(6)
    with a_brand(tmp_path, chance) as (sides, store, gensvar):
        crowd = Crowd(sides, store, gensvar, chance)
        listening = Listening(gensvar, tmp_path / "listen.log")
        try:
            _live(crowd, listening, chance)
            _settle(crowd)
            time.sleep(15)  # whatever is doubled now would be seen
        finally:
            code = listening.stop()
        assert code == 0
        lines = [compared(side, crowd.done[side.channel], store) for side in sides]
        told = subprocess.run([*gensvar, "audit", "--json"], capture_output=True, text=True)
        assert (told.returncode, json.loads(told.stdout)["violations"]) == (0, [])
        assert "Traceback" not in listening.log.read_text()
    with capsys.disabled():
        ends = f"{SECONDS:g} s, kills {listening.kills}, faults {crowd.troubles}"
        sys.stdout.write("\n".join(["", *lines, ends, ""]))


def _live(crowd: Crowd, listening: Listening, chance: random.Random) -> None:
    """Everybody about their business, and the listener killed now and then while it sends."""
    begun = time.monotonic()
    moments = [SECONDS * (0.2 + 0.5 * number / (KILLS - 1)) for number in range(KILLS)]
    while (gone := time.monotonic() - begun) < SECONDS:
        if moments and gone > moments[0]:
            moments.pop(0)
            crowd.burst()
            _wait_for_a_call(crowd.store)
            time.sleep(chance.uniform(0, 0.03))
            listening.kill()
            _is_right(crowd.store)
        crowd.act()
        time.sleep(chance.uniform(0, 0.8))


def _wait_for_a_call(store: Store) -> None:
    """Until a reply is on its way, so that the kill leaves a doubt behind."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with store.read() as session:
            if session.exec(select(Reply.id).where(Reply.state == ReplyState.SENDING)).first():
                return


def _is_right(store: Store) -> None:
    with store.read() as session:
        found = audit(session, store.now(), HOUR)
    assert found.violations == []
    assert [alarm for alarm in found.alarms if alarm["kind"] == "gap"] == []


def _settle(crowd: Crowd) -> None:
    """Until all is heard, looked at again and decided; a person decides where only one can."""
    store, until = crowd.store, time.monotonic() + PATIENCE
    with store.write() as session:  # ten minutes pass, and every post is due for another look
        session.connection().execute(update(Mention).values(look_at=0))
    while left := _left(crowd):
        assert time.monotonic() < until, left
        _decide(crowd)
        time.sleep(2)


def _left(crowd: Crowd) -> list[str]:
    """What is still to come."""
    with crowd.store.read() as session:
        live = session.exec(select(Reply).where(col(Reply.state).in_(LIVE))).all()
        unseen = select(Mention).where(Mention.look_at == 0, col(Mention.text).is_not(None))
        late = session.exec(unseen).all()
        heard = set(session.exec(select(Mention.channel, Mention.external_id)))
        seen = set(session.exec(select(OwnPost.channel, OwnPost.external_id)))
    left = [f"reply {one.id} on {one.channel} is {one.state}: {one.error}" for one in live]
    left += [f"{one.external_id} was not looked at again" for one in late]
    for channel, done in crowd.done.items():
        left += [
            f"{number} was not heard"
            for number in done.authors
            if number not in done.deleted and (channel, number) not in heard
        ]
        left += [f"{one} was not seen" for one in done.natives if (channel, one) not in seen]
    return left


def _decide(crowd: Crowd) -> None:
    """A person looks for what no look has found: not there it is sent again, or given up."""
    with crowd.store.read() as session:
        later = crowd.store.now() + 30 * MINUTE
        doubtful = select(Reply).where(
            Reply.state == ReplyState.UNKNOWN, col(Reply.look_at) > later
        )
        replies = session.exec(doubtful).all()
    for reply in replies:
        (side,) = (one for one in crowd.sides if one.channel == reply.channel)
        there = [
            post.id for post in side.posts() if post.own and mark(post.text) == mark(reply.body)
        ]
        assert there == [], f"reply {reply.id} is there, and no look found it"
        decision = (reply.id or 0, "Anna", crowd.store.now())
        try:
            with crowd.store.write() as session:
                desk.send_again(session, *decision)
        except Refused:
            with crowd.store.write() as session:
                desk.give_up(session, *decision)
