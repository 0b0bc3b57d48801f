"""Where the demo lives: a throw-away database, or one the user keeps."""

import tempfile
from pathlib import Path
from typing import Any

from listener.demo.play import demo_settings, play
from models.errors import Refused
from models.records import sources
from models.records.store import open_store
from models.sentiment import open_judge
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


def run_headless(settings: Settings, seconds: float, keep: Path | None) -> dict[str, Any]:
    """The demo without a screen: a summary that can be checked.

    Refused for a database the demo did not make: invented posts do not belong among real ones.
    """
    if keep is not None and keep.exists() and not _is_ours(keep):
        raise Refused(
            _("{file} is not a database of the demo; it was left alone.").format(file=keep)
        )
    with tempfile.TemporaryDirectory(prefix="gensvar-demo-") as folder:
        file = keep or Path(folder) / "demo.db"
        chosen = demo_settings(settings).model_copy(update={"database": f"sqlite:///{file}"})
        store = open_store(chosen.database, create=True)
        try:
            return play(store, chosen, open_judge(), seconds)
        finally:
            store.close()
