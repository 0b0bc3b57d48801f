"""Two real desks and `gensvar listen` on one Postgres: no double reply, each sees the other soon.

Two people take what is next, answer, and now and then reach for the same mention, while new posts
come in. GENSVAR_TWO_DESKS_SECONDS is how long they do (60).
"""

import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from listener.sandbox import SandboxNetwork
from models.records.audit import audit
from models.records.store import Store
from tests.world import line

SECONDS = float(os.environ.get("GENSVAR_TWO_DESKS_SECONDS", "60"))
pytestmark = [pytest.mark.slow, pytest.mark.timeout(SECONDS + 300)]
SEEN_WITHIN = 1.0
GENSVAR = [sys.executable, "-m", "tui.cli"]
POSTS_AT_FIRST, POSTS_A_ROUND = 40, 4
HOME, ESCAPE, REVIEW, SHOW_NEW = b"\x1b[H", b"\x1b", b"\x13", b"\x12"
_NAME = re.compile(r"Kim\d+")
_THINGS = (
    *("lagret", "bilen", "dörren", "lampan", "bordet", "stolen", "hyllan", "porten", "trappan"),
    *("vagnen", "kassan", "listan", "sedeln", "fönstret", "tråden", "burken", "påsen", "lådan"),
    *("kartongen", "rullen", "skruven", "tavlan", "mattan", "sängen", "kudden", "filten"),
)
"""Of which each reply has others, as staff write them: the same words again are held back."""
_LOST = ("is being answered already", "has an answer", "It is answered")


class Shop:
    """The database, the network, and the commands on them."""

    def __init__(self, folder: Path, store: Store, address: str) -> None:
        self.folder, self.store, self.posts = folder, store, 0
        config = folder / "config.toml"
        config.write_text("[outbox]\nundo_seconds = 0\n")
        self.command = [*GENSVAR, "--config", str(config)]
        self._environment = {
            **os.environ,
            "GENSVAR_DATABASE_URL": address,
            "XDG_DATA_HOME": str(folder),
            "TERM": "xterm-256color",
        }

    def environment(self, staff: str) -> dict[str, str]:
        """As it is where this member of staff has signed in."""
        return {**self._environment, "LOGNAME": staff}

    def write_posts(self, number: int) -> None:
        """Customers write."""
        file = self.folder / "posts.jsonl"
        first, self.posts = self.posts, self.posts + number
        file.write_text("".join(map(_line, range(first, self.posts))))
        command = [*self.command, "import", str(file), "--sandbox"]
        subprocess.run(command, env=self.environment("import"), check=True, cwd=self.folder)

    def settle(self, replies: int) -> None:
        """Until so many have been sent."""
        until = time.monotonic() + 60
        while len(self.published()) < replies and time.monotonic() < until:
            time.sleep(0.2)

    def published(self) -> list[dict[str, str]]:
        """What stands on the network of ours."""
        (file,) = self.folder.rglob("*.sandbox.db")
        return SandboxNetwork(file).log("reply")


def _line(number: int) -> str:
    return line(number, f"Kim{number:05d}", f"Mitt paket {number} är borta igen, och ingen svarar.")


class Person:
    """One at a desk of their own, who does one thing at a time."""

    def __init__(self, name: str, terminal: Terminal) -> None:
        self.name, self.terminal, self.written = name, terminal, 0

    def take(self) -> str | None:
        """The next, whose composer is open now; None where nobody is free."""
        self.terminal.press(b".")
        self.terminal.when(lambda screen: _shows(screen, "Reply to", "Nobody waits"))
        return self.whom()

    def reach(self) -> str | None:
        """For the first of the list, whoever has it."""
        self.terminal.press(SHOW_NEW + HOME + b"r")
        self.terminal.when(lambda screen: _shows(screen, "Reply to", *_LOST))
        return self.whom()

    def whom(self) -> str | None:
        """Whom the open composer answers."""
        lines = [line for line in self.terminal.screen if "Reply to" in line]
        found = _NAME.search(lines[0].partition("Reply to")[2]) if lines else None
        return found[0] if found else None

    def write(self) -> None:
        """A reply that nothing is to be said against, up to the page before `y`."""
        self.written += 1
        about = " ".join(random.sample(_THINGS, 5))
        self.terminal.press(f"Förlåt! {about} {self.written}. /{self.name}".encode())
        self.terminal.when(lambda screen: _shows(screen, f" {self.written}. /{self.name}"))
        self.terminal.press(REVIEW)
        self.terminal.when(lambda screen: _shows(screen, "PUBLIC"))

    def send(self) -> bool:
        """Whether it was mine to send; then the list is there again."""
        self.terminal.press(b"y")
        self.terminal.when(lambda screen: not _shows(screen, "PUBLIC"))
        self.terminal.listen(0.3)
        was_sent = not _shows(self.terminal.screen, "Reply to")
        if not was_sent:
            self.back()
        return was_sent

    def back(self) -> None:
        """To the list, from wherever."""
        self.terminal.press(ESCAPE)
        self.terminal.when(lambda screen: _shows(screen, "take") and not _shows(screen, "Reply to"))

    def sees(self, name: str, sign: str, since: float) -> float:
        """Seconds until the row of this customer shows the sign."""
        return self._waits(
            lambda screen: any(name in line and sign in line for line in screen), since
        )

    def misses(self, name: str, since: float) -> float:
        """Seconds until this customer stands in the list no more."""
        return self._waits(lambda screen: not _shows(screen, name), since)

    def _waits(self, shown: Callable[[list[str]], bool], since: float) -> float:
        if shown(self.terminal.screen):
            return 0.0
        return self.terminal.when(shown) - since


def _shows(screen: list[str], *words: str) -> bool:
    return any(word in line for line in screen for word in words)


class Round:
    """What two people do at once, and how long until each saw what the other did."""

    def __init__(self, anna: Person, bo: Person, threads: ThreadPoolExecutor) -> None:
        self.people, self.threads = (anna, bo), threads
        self.seen = list[float]()
        self.sent, self.lost, self.empty = 0, 0, 0

    def both_take(self) -> None:
        """What is next, at the same moment: never the same."""
        got = list(self.threads.map(Person.take, self.people))
        self.empty += got.count(None)
        names = [name for name in got if name]
        assert len(set(names)) == len(names), got
        busy = [person for person, name in zip(self.people, got, strict=True) if name]
        list(self.threads.map(Person.write, busy))
        self._send(busy)

    def one_looks_on(self) -> None:
        """One takes, writes and sends; the other sees that they have it, and that it is gone."""
        one, other = random.sample(self.people, 2)
        other.terminal.press(SHOW_NEW + HOME + b"jjjjj")  # the row under the cursor would stay
        other.terminal.listen(0.3)
        name = one.take()
        if name is None:
            self.empty += 1
            return
        self.seen.append(other.sees(name, one.name, time.perf_counter()))
        one.write()
        self._send([one])
        self.seen.append(other.misses(name, time.perf_counter()))

    def both_reach(self) -> None:
        """For the same mention: one of them answers it, the other keeps the draft."""
        got = list(self.threads.map(Person.reach, self.people))
        busy = [person for person, name in zip(self.people, got, strict=True) if name]
        list(self.threads.map(Person.write, busy))
        is_same = got[0] is not None and got[0] == got[1]
        sent = self._send(busy)
        assert not is_same or sent == 1, f"{got}: {sent} sent"

    def _send(self, people: list[Person]) -> int:
        sent = list(self.threads.map(Person.send, people)).count(True)
        self.sent, self.lost = self.sent + sent, self.lost + len(people) - sent
        return sent


@pytest.fixture
def shop(tmp_path: Path, postgres_store: Store, postgres_address: str) -> Iterator[Shop]:
    """With a listener, and posts."""
    built = Shop(tmp_path, postgres_store, postgres_address)
    built.write_posts(POSTS_AT_FIRST)
    command = [*built.command, "listen"]
    listener = subprocess.Popen(command, env=built.environment("listener"), cwd=tmp_path)
    try:
        yield built
    finally:
        listener.terminate()
        assert listener.wait(60) == 0


def _sat_down(shop: Shop, name: str) -> Person:
    person = Person(name, Terminal(shop.command, shop.environment(name), 100, 40))
    person.terminal.when(lambda screen: _shows(screen, "Kim"))
    return person


def test_two_desks_answer_everybody_once(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    last = time.monotonic() + SECONDS
    anna, bo = _sat_down(shop, "Anna"), _sat_down(shop, "Bo")
    with anna.terminal, bo.terminal, ThreadPoolExecutor(2) as threads:
        both = Round(anna, bo, threads)
        rounds = 0
        while time.monotonic() < last:
            shop.write_posts(POSTS_A_ROUND)
            (both.both_take, both.one_looks_on, both.both_reach)[rounds % 3]()
            rounds += 1
    slow = sorted(both.seen)[-3:]
    told = f"{rounds} rounds, {both.sent} sent, {both.lost} lost a race, {both.empty} found nobody"
    with capsys.disabled():
        sys.stdout.write(f"\n{told}; {len(both.seen)} looks, slowest {slow} s\n")
    shop.settle(both.sent)
    published = shop.published()
    assert len(published) == both.sent
    assert set(Counter(entry["in_reply_to"] for entry in published).values()) == {1}
    with shop.store.read() as session:
        assert audit(session, shop.store.now(), 10**18).violations == []
    assert both.seen
    assert max(both.seen) <= SEEN_WITHIN
