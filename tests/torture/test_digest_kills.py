"""kill -9 at random moments while two listeners send sixty days of mail to three readers.

The mail server, a process of its own, is the witness: every day reaches every reader once. A mail
whose sender died while the server was taking it may come twice, as the same mail: counted apart.
"""

import asyncio
import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from datetime import time as clock_time
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import RawValue
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as Talk
from sqlmodel import col, select

from listener.digest import look_after_digests
from listener.digest.mail import Rendered
from listener.worker import Worker
from models.errors import ChannelError, StoreError
from models.instant import HOUR, MINUTE, now
from models.mailing import Recipient, days_between
from models.records.audit import audit
from models.records.store import open_store
from models.records.tables import Digest, Event
from models.settings import DigestEntry, Digests, Settings, Smtp
from tests.listener.mailroom import Room, free_port, opened

if TYPE_CHECKING:
    from sqlmodel import Session

KILLS_A_DAY = 2
READERS = ("eva@example.org", "bo@example.org", "liv@example.org")
DATES = days_between(date(2026, 9, 20), date(2026, 11, 18))  # summer time ends among them
FORK = multiprocessing.get_context("fork")


class Witness(Room):
    """Takes its time, and writes down what it took before it says so."""

    def __init__(self, book: Path) -> None:
        super().__init__()
        self.book = book

    async def handle_DATA(self, server: SMTP, session: Talk, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(random.uniform(0, 0.03))
        answer = await super().handle_DATA(server, session, envelope)
        with self.book.open("a", encoding="ascii") as stream:
            stream.write(self.numbers()[-1] + "\n")
        await asyncio.sleep(random.uniform(0, 0.03))
        return answer


def server(book: Path, port: int) -> None:
    with opened(Witness(book), port=port):
        time.sleep(3600)


def render(_session: "Session", days: Sequence[date], reader: Recipient) -> Rendered:
    text = "\n".join(str(day) for day in days)
    return Rendered(f"Tallkotte {days[-1]}", text, f"<p>{text} {reader.mail}</p>")


def open_worker(address: str, port: int, offset: Any) -> Worker:
    smtp = Smtp(host="127.0.0.1", port=port, security="none", sender="desk@tall.example")
    to = [DigestEntry(mail=reader) for reader in READERS]
    store = open_store(address, create=True)
    real = store.now
    store.now = lambda: real() + offset.value  # type: ignore[method-assign]
    digest = Digests(at=clock_time(7, 30), to=to)
    return Worker(store, Settings(smtp=smtp, digest=digest), {})


def listener(address: str, port: int, offset: Any) -> None:
    worker = open_worker(address, port, offset)
    while True:
        with suppress(StoreError, ChannelError):
            look_after_digests(worker, render)
        time.sleep(0.02)


class Season:
    """One database, one mail server, two listeners and a clock that can be put forward."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address, self.port, self.book = address, free_port(), folder / "book"
        self.book.touch()
        self.kills, self.offset = 0, RawValue("q", -now())
        self.witness = FORK.Process(target=server, args=(self.book, self.port), daemon=True)
        self.witness.start()
        self.worker = open_worker(address, self.port, self.offset)
        self.pair = [self.start(), self.start()]

    def wake_on(self, day: date) -> None:
        """It is half past seven after that day: just before, then just after."""
        mailing = self.worker.settings.mailing()
        assert mailing is not None
        self.offset.value = mailing.leaves_at(day) - MINUTE - now()
        time.sleep(0.1 * random.random())
        self.offset.value += 2 * MINUTE

    def start(self) -> BaseProcess:
        process = FORK.Process(target=listener, args=(self.address, self.port, self.offset))
        process.start()
        return process

    def kill(self, place: int, within: float) -> None:
        self.pair[place].join(random.uniform(0, within))
        assert self.pair[place].is_alive()
        self.pair[place].kill()
        self.pair[place].join()
        self.kills += 1
        self.pair[place] = self.start()
        with self.worker.store.read() as session:
            assert audit(session, self.worker.store.now(), HOUR).violations == []

    def until_done(self) -> None:
        """Wait for today's to be settled; where all wait for the lease of a dead one, time goes on
        by itself."""
        at = self.worker.store.now()
        seen, since = self.rows(at), time.monotonic()
        while sum(_is_settled(row, self.worker.store.now()) for row in seen) < len(READERS):
            time.sleep(0.05)
            found = self.rows(at)
            if [row.model_dump() for row in found] != [row.model_dump() for row in seen]:
                seen, since = found, time.monotonic()
            elif time.monotonic() - since > 0.4:
                self.offset.value += 4 * MINUTE
                since = time.monotonic()

    def rows(self, since: int) -> list[Digest]:
        """The mails written down from a while before that instant."""
        lately = col(Digest.made_at) > since - HOUR
        with self.worker.store.read() as session:
            return [*session.exec(select(Digest).where(lately).order_by(Digest.recipient))]

    def close(self) -> None:
        for process in (*self.pair, self.witness):
            process.kill()
            process.join()
        self.worker.store.close()


def _is_settled(row: Digest, at: int) -> bool:
    is_given_up = row.send_after is None and (row.lease_until or 0) < at
    return row.state == "sent" or (row.state == "unknown" and is_given_up)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_at_random_each_day_reaches_each_reader_once(
    address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    season = Season(address, tmp_path)
    for day in DATES:
        season.wake_on(day)
        for _kill in range(KILLS_A_DAY):
            season.kill(random.randrange(2), within=0.2)
        season.until_done()
    rows = season.rows(0)
    with season.worker.store.read() as session:
        events = session.exec(select(Event).where(Event.kind == "sent again")).all()
    again = {event.data["message_id"] for event in events}
    season.close()

    taken = Counter(season.book.read_text(encoding="ascii").split())
    pairs = {row.message_id for row in rows}
    states = Counter(row.state for row in rows)
    doubled = [number for number, times in taken.items() if times > 1 and number not in again]
    attempts = sum(row.attempts for row in rows)
    with capsys.disabled():
        sys.stdout.write(
            f"\nkills {season.kills}, mails {len(pairs)}, states {dict(states)}, attempts"
            f" {attempts}, sent again {len(again)}, of these arrived twice"
            f" {sum(times > 1 for times in taken.values())}, doubled {len(doubled)},"
            f" missing {len(pairs - taken.keys())}\n"
        )
    assert season.kills >= 100
    assert len(rows) == len(pairs) == len(DATES) * len(READERS) == 180
    assert taken.keys() == pairs
    assert doubled == []
    assert max(taken.values()) <= 2
    assert states == {"sent": len(pairs)}
    assert attempts <= len(pairs) + 2 * season.kills  # nobody tries what another one holds
