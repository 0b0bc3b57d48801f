"""kill -9 at random moments, while importing and while two senders and a listener work.

After every kill the audit must find nothing; at the end the sandbox network's own log is the
witness: every reply published exactly once, every post a mention exactly once.
"""

import json
import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from sqlmodel import select

from listener.channels.sandbox import SandboxChannel
from listener.collect import collect
from listener.deliver import deliver
from listener.importing import import_file
from listener.worker import Worker
from models.answer import Answer
from models.errors import ChannelError, Refused, StoreError
from models.instant import HOUR, SECOND
from models.post import Outgoing, Receipt
from models.records import desk, queue
from models.records.audit import audit
from models.records.store import open_store
from models.records.tables import Mention, Reply
from models.sentiment import open_judge
from models.settings import Brand, Listening, Outbox, Settings

BRAND = Brand(name="Tallkotte", handle="tallkotte")
POSTS, IMPORT_KILLS, SEND_KILLS = 300, 30, 90
FORK = multiprocessing.get_context("fork")


class Impatient(SandboxChannel):
    """Waits just longer than the network's listing delay; the way there and back takes time, so
    that most kills hit a call under way."""

    look_waits = (0.6, 0.6)
    call_seconds = 1.0

    def reply(self, outgoing: Outgoing) -> Receipt:
        time.sleep(random.uniform(0, 0.05))
        receipt = super().reply(outgoing)
        time.sleep(random.uniform(0, 0.05))
        return receipt


def open_worker(address: str, network: Path) -> Worker:
    settings = Settings(
        brand=BRAND,
        listen=Listening(every_seconds=0.05),
        outbox=Outbox(undo_seconds=0, lease_seconds=3),
    )
    return Worker(
        open_store(address, create=True), settings, {"sandbox": Impatient(network, BRAND)}
    )


def importer(address: str, network: Path, file: Path) -> None:
    worker = open_worker(address, network)
    import_file(worker, open_judge(), file, "care", sandbox=True)
    worker.store.close()


def sender(address: str, network: Path, _file: Path) -> None:
    worker = open_worker(address, network)
    while True:
        with suppress(StoreError, ChannelError):
            deliver(worker)
        time.sleep(0.01)


def listener(address: str, network: Path, _file: Path) -> None:
    worker = open_worker(address, network)
    while True:
        with suppress(StoreError, ChannelError):
            collect(worker)
        time.sleep(0.05)


class Round:
    """One database, one network, and the processes on them."""

    def __init__(self, address: str, folder: Path, chance: random.Random) -> None:
        self.address, self.network, self.file = address, folder / "net.db", folder / "care.jsonl"
        self.chance, self.kills = chance, 0
        self._write()
        self.worker = open_worker(address, self.network)
        sandbox = self.worker.channels["sandbox"]
        assert isinstance(sandbox, SandboxChannel)
        self.sandbox = sandbox.network
        self.sandbox.configure(listing_delay=int(0.3 * SECOND))

    def start(self, work: Callable[[str, Path, Path], None]) -> multiprocessing.process.BaseProcess:
        process = FORK.Process(target=work, args=(self.address, self.network, self.file))
        process.start()
        return process

    def kill(self, process: multiprocessing.process.BaseProcess, within: float) -> bool:
        """kill -9 after a random moment; False if it had ended by itself."""
        process.join(self.chance.uniform(0.0, within))
        ended = not process.is_alive()
        process.kill()
        process.join()
        self.kills += not ended
        self.check()
        return not ended

    def check(self) -> None:
        with self.worker.store.read() as session:
            found = audit(session, self.worker.store.now(), HOUR)
        assert found.violations == []

    def _write(self) -> None:
        with self.file.open("w", encoding="utf-8") as stream:
            for number in range(POSTS):
                author = {"external_id": f"u{number % 200}", "handle": f"kund{number % 200}"}
                post = {
                    "channel": "x",
                    "external_id": f"care{number}",
                    "author": author,
                    "text": f"Paket {number} har inte kommit",
                    "posted_at": "2026-11-20T10:00:00Z",
                    "conversation": f"care{number % 200}",
                }
                stream.write(json.dumps(post) + "\n")

    def answer_everybody(self) -> int:
        """Queue an answer for everybody who waits; how many."""
        queued = 0
        with self.worker.store.read() as session:
            ids = list(queue.order(session))
        for mention_id in ids:
            try:
                with self.worker.store.write() as session:
                    answer = Answer.by("Anna", f"Jag beklagar. /Anna {mention_id}")
                    at = self.worker.store.now()
                    desk.reply(session, mention_id, answer, at, 0, self.worker.can_send())
                queued += 1
            except Refused:
                continue  # answered along with an earlier word of the same person
        return queued

    def left(self) -> int:
        with self.worker.store.read() as session:
            rows = session.exec(select(Reply.state)).all()
        return sum(state != "sent" for state in rows)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_random_nothing_is_lost_or_doubled(
    address: str, tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    now = Round(address, tmp_path, random.Random(seed))
    for _kill in range(IMPORT_KILLS):
        if not now.kill(now.start(importer), within=0.6):
            break
    importer(address, now.network, now.file)
    with now.worker.store.read() as session:
        stored = Counter(session.exec(select(Mention.external_id)))
    assert stored == Counter({f"care{number}": 1 for number in range(POSTS)})

    queued = now.answer_everybody()
    assert queued == 200
    heard = now.start(listener)
    senders = [now.start(sender), now.start(sender)]
    goal = now.kills + SEND_KILLS
    while now.kills < goal:
        place = now.chance.randrange(2)
        now.kill(senders[place], within=0.25)
        senders[place] = now.start(sender)
        if now.chance.random() < 0.1:
            now.kill(heard, within=0.05)
            heard = now.start(listener)
        if now.left() == 0:
            break
    deadline = time.monotonic() + 120
    while now.left() and time.monotonic() < deadline:
        time.sleep(0.2)
    for process in (*senders, heard):
        now.kill(process, within=0.01)

    assert now.left() == 0
    published = Counter(entry["key"] for entry in now.sandbox.log("reply"))
    with now.worker.store.read() as session:
        replies = session.exec(select(Reply)).all()
        states = Counter(session.exec(select(Mention.state)))
    assert published == Counter({reply.idem_key: 1 for reply in replies})
    assert states == {"answered": POSTS}
    now.check()
    now.worker.store.close()
    attempts = sum(reply.attempts for reply in replies)
    with capsys.disabled():
        told = f"\nkills {now.kills}, replies {len(replies)}, attempts {attempts}"
        sys.stdout.write(told)
