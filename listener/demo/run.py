"""Where the demo lives: a throw-away database, or one the user keeps."""

import tempfile
from pathlib import Path
from typing import Any

from listener.demo.play import demo_settings, play
from models.records.store import open_store
from models.sentiment import open_judge
from models.settings import Settings


def run_headless(settings: Settings, seconds: float, keep: Path | None) -> dict[str, Any]:
    """The demo without a screen: a summary that can be checked."""
    with tempfile.TemporaryDirectory(prefix="gensvar-demo-") as folder:
        file = keep or Path(folder) / "demo.db"
        chosen = demo_settings(settings).model_copy(update={"database": f"sqlite:///{file}"})
        store = open_store(chosen.database, create=True)
        try:
            return play(store, chosen, open_judge(), seconds)
        finally:
            store.close()
