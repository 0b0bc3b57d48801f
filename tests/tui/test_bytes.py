"""The bytes that reach a real terminal, whatever customers, networks and staff have written."""

import codecs
import os
import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from sqlalchemy import update

from benchmarks.terminal import Output, Terminal
from models.outside import storable
from models.post import Post
from models.records import drafts
from models.records.tables import Reply
from tests.tui.hostile import BIDI, tricky
from tests.tui.house import House
from tests.tui.test_hostile import told_by

ESCAPE, LEAVE, REVIEW, HAND, TEXT = b"\x1b", b"\x11", b"\x13", b"\x02", b"\x1bOQ"
OURS = re.compile(
    rb"\x1b\[[0-9;]*m"  # colours
    rb"|\x1b\[[0-9;]*[HJK]"  # the cursor's place, erasing
    rb"|\x1b\[\?[0-9;]+[hl]"  # modes
    rb"|\x1b\[\?[0-9]+\$p|\x1b\[[>=<]?[0-9]*u|\x1b\[c"  # questions about the keyboard and modes
    rb"|\x1b\]22;(?:default|text|pointer)\x07"  # the mouse pointer
    rb"|\x1b\]52;c;[A-Za-z0-9+/=]*\x07"  # what we copied ourselves
)
"""Everything that Textual itself says to a terminal."""
NEVER = re.compile(f"[\0-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f{BIDI}\u200b\u2060\ufeff\u2028\u2029]")


class Heard(Terminal):
    """A terminal that keeps every byte, and reads what has a width: pyte stops at all else."""

    def __init__(self, *where: Any) -> None:
        super().__init__(*where)
        self.heard = b""
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def _hear(self, patience: float) -> Output | None:
        output = super()._hear(patience)
        if output is None:
            return None
        self.heard += output.data
        text = self._decoder.decode(output.data)
        wide = "".join(letter for letter in text if letter.isascii() or cell_len(letter))
        return replace(output, data=wide.encode())

    def until(self, *words: str) -> None:
        """Until these words stand on the screen, blanks and margins aside."""
        last = time.monotonic() + 30
        while True:
            self.listen(0.03, 1)
            shown = re.sub("[ ▎│]", "", "".join(self.screen))
            if all(word in shown for word in words):
                return
            assert time.monotonic() < last, "never shown:\n" + "\n".join(self.screen)

    def turn(self, key: bytes) -> None:
        """Press a key and see what it changes; Escape with the next key would be Alt."""
        before, last = list(self.screen), time.monotonic() + (10 if key == ESCAPE else 0.5)
        self.press(key)
        self.listen(0.05, 2)
        while self.screen == before and time.monotonic() < last:
            self.listen(0.05, 2)


def environment(folder: Path, address: str) -> Mapping[str, str]:
    config = folder / "config" / "gensvar"
    config.mkdir(parents=True)
    (config / "config.toml").write_text("[outbox]\nundo_seconds = 3600\n", encoding="utf-8")
    return {
        **os.environ,
        "GENSVAR_DATABASE_URL": address,
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "TERM": "xterm-256color",
        "LC_ALL": "C.UTF-8",
        "BROWSER": "true",
    }


def stage(house: House, words: list[str]) -> list[Post]:
    """Posts, a doubt, a refusal, a closing and a colleague, all of hostile words."""
    posts = [told_by(words, number) for number in range(9)]
    house.take(*posts)
    house.doubt(posts[0])
    house.refuse(posts[1], why=words[2])
    text = {"body": f"före {words[1]} efter", "staff": words[0], "error": words[3]}
    house.act(lambda s: s.connection().execute(update(Reply).values(**text)))
    house.dismiss(posts[2], staff=words[3])
    mention_id = house.id_of(posts[4])
    house.act(lambda s: drafts.take_up(s, mention_id, words[4], 10**17))
    return posts


def walk(terminal: Heard, posts: list[Post], pasted: str) -> None:
    """Through every screen by its keys; the words after each trick are there to read."""
    terminal.until("waiting7")
    terminal.press(b"g")
    for number in (1, *range(3, len(posts))):
        terminal.press(b"\r")
        terminal.until(f"efter{number}", "attachment")  # in the conversation, not in the list
        terminal.press(b"hj")
    paste = b"\x1b[200~" + pasted.replace("\x1b[201~", "").encode() + b"\x1b[201~"
    for key in (
        *(b"E", ESCAPE, b"c", ESCAPE, b"b", TEXT, ESCAPE, b"y", b"u", b"o", b"R", b"\t", b"\x1b[Z"),
        *(b"L", b"j", b"p", b"G", b"p", b"\r", ESCAPE, ESCAPE),
        *(b"8", b"j", b"s", ESCAPE, b"t", ESCAPE, b"x", ESCAPE, b"e", ESCAPE, ESCAPE),
        *(b"1", b"r", paste, b"hej", REVIEW, ESCAPE, HAND, TEXT, ESCAPE, ESCAPE),
    ):
        terminal.turn(key)


@settings(
    max_examples=2,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(words=st.lists(tricky.map(lambda text: storable(text)[0]), min_size=6, max_size=6))
def test_a_terminal_hears_only_what_textual_says_and_printable_text(words: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        address = f"sqlite:///{folder / 'g.db'}"
        house = House(address)
        posts = stage(house, words)
        house.store.close()
        with closing(sqlite3.connect(folder / "g.db")) as db, db:  # nobody listens beside
            db.execute("insert into presence values (?, 1, 9000000000000000000)", (words[5],))
        desk = [sys.executable, "-m", "tui.cli"]
        with Heard(desk, environment(folder, address), 80, 70) as terminal:
            walk(terminal, posts, " ".join(words))
            terminal.press(b"?")
            terminal.until("Ctrl-Q")  # it lives
            terminal.press(LEAVE)
            terminal._see_off()  # who does not read keeps it from ending
            assert terminal._process.wait(20) == 0
        told = OURS.sub(b"", terminal.heard)
        assert b"\x1b" not in told, told[max(0, told.find(b"\x1b") - 40) :][:120]
        found = NEVER.search(told.decode())
        assert not found, ascii(told.decode()[max(0, found.start() - 40) :][:120])
