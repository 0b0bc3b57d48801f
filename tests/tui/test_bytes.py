"""The bytes that reach a real terminal, whatever customers, networks and staff have written."""

import os
import re
import sqlite3
import sys
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from benchmarks.terminal import Output, Terminal
from models.instant import DAY
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
    """A terminal that keeps every byte."""

    heard = b""

    def _hear(self, patience: float) -> Output | None:
        output = super()._hear(patience)
        if output is not None:
            self.heard += output.data
        return output


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
