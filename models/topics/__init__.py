"""What a mention is about: the topics of a trade, told by words.

One file a trade; docs/topics.md says how to edit one or write one's own.
"""

import os
from functools import cache
from pathlib import Path

from models.topics.topic import Topic
from models.topics.topics import TRADES, Topics

__all__ = ("FOLDER", "TRADES", "Topic", "Topics", "load")

FOLDER = Path(__file__).parent / "sets"
_SHARED = FOLDER / "shared.toml"


@cache
def load(trade: str = "retail", file: str = "") -> Topics:
    """The topics of a trade, or of a file of one's own; `problems` says what is broken in it."""
    return Topics(Path(os.path.expanduser(file)) if file else FOLDER / f"{trade}.toml", _SHARED)
