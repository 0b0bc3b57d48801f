"""kill -9 of the real desk on a real terminal, while typing and right after `y`.

At most two seconds of typed words may be gone; a reply goes out once or its draft is still there.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from listener.sandbox import SandboxNetwork
from models.records.audit import audit
from models.records.store import open_store
from tests.world import line

GENSVAR = [sys.executable, "-m", "tui.cli"]
WORDS = "Hej! Jag är ledsen för väntan. Jag letar efter paketet nu och ringer i dag. /Anna"
A_LETTER = 0.02
"""Seconds between two typed letters."""
LOST_AT_MOST = int(2.0 / A_LETTER) + 25
ESCAPE, REVIEW = b"\x1b", b"\x13"


class Desk:
    """A database with posts on the sandbox network, and a desk on it that is killed."""

    def __init__(self, folder: Path, posts: int) -> None:
        self.file = folder / "g.db"
        self.environment: Mapping[str, str] = {
            **os.environ,
            "GENSVAR_DATABASE_URL": f"sqlite:///{self.file}",
            "XDG_DATA_HOME": str(folder),
            "TERM": "xterm-256color",
        }
        config = folder / "config.toml"
        config.write_text("[outbox]\nundo_seconds = 0\n")
        self.command = [*GENSVAR, "--config", str(config)]
        lines = folder / "posts.jsonl"
        lines.write_text("".join(map(_line, range(posts))))
        self.run("import", str(lines), "--sandbox")
        with closing(sqlite3.connect(self.file)) as db, db:  # so that no listener is started beside
            db.execute("insert into presence values ('another:1:x', 1, 9000000000000000000)")

    def run(self, *arguments: str) -> None:
        subprocess.run(
            [*self.command, *arguments], env=self.environment, check=True, cwd=self.file.parent
        )

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.file)) as db:
            return db.execute(statement).fetchall()

    def draft(self) -> str:
        """What the top mention's draft holds; there is one writer."""
        found = self.ask("select body from draft where body <> '' order by touched_at desc limit 1")
        return str(found[0][0]) if found else ""

    def replies(self) -> int:
        return int(str(self.ask("select count(*) from reply")[0][0]))


def _line(number: int) -> str:
    return line(number, f"kund{number}", f"Paket {number} är borta igen.")


def _composing(desk: Desk) -> Terminal:
    """A desk with the composer open on the first mention."""
    terminal = Terminal(desk.command, desk.environment, 80, 24)
    terminal.when(lambda screen: any("waiting" in line and "late" in line for line in screen))
    terminal.press(b"r")
    terminal.when(lambda screen: any("Reply to" in line for line in screen))
    return terminal


def _type(terminal: Terminal, text: str) -> None:
    for letter in text:
        terminal.press(letter.encode())
        time.sleep(A_LETTER)


def _killed_while_typing(desk: Desk, chance: random.Random) -> None:
    before = desk.draft()
    typed = WORDS[: chance.randrange(20, len(WORDS))]
    with _composing(desk) as terminal:
        if before:
            terminal.when(lambda screen: any(before[:20] in line for line in screen))
        _type(terminal, typed)
        time.sleep(chance.choice([0.0, 0.7, 2.2]))
        terminal.tell(signal.SIGKILL)
    whole, kept = before + typed, desk.draft()
    assert whole.startswith(kept)
    assert len(whole) - len(kept) <= LOST_AT_MOST
    with _composing(desk) as terminal:  # it is there again
        if kept:
            terminal.when(lambda screen: any(kept[:20] in line for line in screen))
        terminal.tell(signal.SIGKILL)


def _killed_after_yes(desk: Desk, chance: random.Random) -> None:
    replies = desk.replies()
    with _composing(desk) as terminal:
        _type(terminal, WORDS[:12])
        terminal.press(REVIEW)
        terminal.when(lambda screen: any("PUBLIC" in line for line in screen))
        terminal.press(b"y" * chance.choice([1, 1, 3]))
        time.sleep(chance.uniform(0, 0.08))
        terminal.tell(signal.SIGKILL)
    new = desk.replies() - replies
    assert new in (0, 1)
    if new:
        assert desk.draft() == ""
    else:
        assert desk.draft().endswith(WORDS[:12])


def test_a_desk_whose_terminal_is_gone_ends_and_keeps_the_draft(tmp_path: Path) -> None:
    desk = Desk(tmp_path, posts=1)
    with _composing(desk) as terminal:
        _type(terminal, WORDS)
        terminal.when(lambda screen: any("/Anna" in line for line in screen))
        assert terminal.go_away() == 0
    assert desk.draft() == WORDS


@pytest.mark.parametrize("kills", [1, pytest.param(12, marks=pytest.mark.slow)])
def test_a_killed_desk_loses_no_words_and_doubles_no_reply(tmp_path: Path, kills: int) -> None:
    chance, desk = random.Random(kills), Desk(tmp_path, posts=2 * kills)
    for _kill in range(kills):
        _killed_while_typing(desk, chance)
        _killed_after_yes(desk, chance)
    desk.run("listen", "--once")
    network = SandboxNetwork(desk.file.with_suffix(".sandbox.db"))
    published = network.log("reply")
    assert len(published) == desk.replies()
    assert set(Counter(entry["in_reply_to"] for entry in published).values()) <= {1}
    assert set(Counter(entry["key"] for entry in published).values()) <= {1}
    store = open_store(f"sqlite:///{desk.file}")
    with store.read() as session:
        assert audit(session, store.now(), 10**18).violations == []
    store.close()
