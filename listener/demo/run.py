"""Where the demo lives: a throw-away database, or one the user keeps."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from listener.demo.play import demo_settings, play, play_beside
from listener.schedule import stop_with_input
from models.errors import Refused
from models.records import sources
from models.records.store import Store, open_store
from models.sentiment import LateJudge
from models.settings import Settings
from models.words import _


def _is_ours(file: Path) -> bool:
    """Whether the demo made this database: it has no source but the sandbox."""
    store = open_store(f"sqlite:///{file}")
    try:
        with store.read() as session:
            return sources.channels(session) <= {"sandbox"}
    finally:
        store.close()


UNDO_SECONDS = 10.0
"""Beside a desk; without one nobody waits for it."""


@contextmanager
def place(settings: Settings, keep: Path | None, undo_seconds: float) -> Iterator[Settings]:
    """The demo's settings, with a database that goes when it is over unless it is kept.

    Refused for a database the demo did not make: invented posts do not belong among real ones.
    """
    if keep is not None and keep.exists() and not _is_ours(keep):
        raise Refused(
            _("{file} is not a database of the demo; it was left alone.").format(file=keep)
        )
    with tempfile.TemporaryDirectory(prefix="gensvar-demo-", ignore_cleanup_errors=True) as folder:
        file = keep or Path(folder) / "demo.db"
        chosen = demo_settings(settings, undo_seconds)
        yield chosen.model_copy(update={"database": f"sqlite:///{file.absolute()}"})


def run_headless(settings: Settings, seconds: float, keep: Path | None) -> dict[str, Any]:
    """The demo without a screen: a summary that can be checked."""
    with place(settings, keep, 1.0) as chosen, _store(chosen) as store:
        return play(store, chosen, LateJudge(), seconds)


def run_beside(settings: Settings, keep: Path) -> None:
    """The stage and the listener for a desk that waits for its first posts."""
    stop = threading.Event()
    stop_with_input(stop)
    with place(settings, keep, UNDO_SECONDS) as chosen, _store(chosen) as store:
        play_beside(store, chosen, LateJudge(), stop)


@contextmanager
def _store(settings: Settings) -> Iterator[Store]:
    store = open_store(settings.database, create=True)
    try:
        yield store
    finally:
        store.close()
