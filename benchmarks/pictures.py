"""Draw the pictures of README and docs from the demo: `python -m benchmarks.pictures [FOLDER]`.

With a folder, every screen at both sizes in the dark and the light theme, to be looked at; without,
the chosen ones, into docs/pictures.
"""

import asyncio
import sys
import tempfile
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from textual.pilot import Pilot

from listener.demo.run import place as staged
from listener.demo.run import run_headless
from listener.digest import posting
from models import words
from models.records import presence
from models.records.answering import House
from models.records.press import Press
from models.records.store import open_store
from models.settings import Settings, load
from tui.desk import Desk
from tui.place import Place
from tui.seat import Seat

DOCS = Path(__file__).parent.parent / "docs" / "pictures"
SMALL, LARGE = (80, 24), (160, 45)
_STAGE_SECONDS, _SETTLES = 3.0, 0.6
_WRITTEN = "Thank you for your message! We will get back to you as soon as possible."
WAYS: dict[str, tuple[str, ...]] = {
    "queue": (),
    "conversation": ("enter",),
    "composer": ("r", "f7", "delete", _WRITTEN),
    "saved": ("r", "ctrl+o"),
    "review": ("r", "f7", "delete", _WRITTEN, "ctrl+s"),
    "why": ("E",),
    "search": ("slash", "~late ~complaint"),
    "commands": ("colon",),
    "keys": ("question_mark",),
    "ledger": ("L",),
    "promises": ("9",),
    "outbox": ("8",),
    "page": ("D", "right"),
    "status": ("0",),
}
"""The keys to a screen; what is longer than a key's name is typed."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture."""

    screen: str
    size: tuple[int, int] = LARGE
    theme: str = "dark"
    language: str = "en"

    @property
    def file(self) -> str:
        """What it is called."""
        return f"{self.screen}-{self.size[0]}-{self.theme}-{self.language}.svg"


CHOSEN = (
    Shot("queue"),
    Shot("composer"),
    Shot("page", theme="light", language="sv"),
    Shot("search", (100, 30), "light"),
)
EVERY = tuple(
    Shot(screen, size, theme)
    for screen in WAYS
    for size in (SMALL, LARGE)
    for theme in ("dark", "light")
)


def draw(shots: tuple[Shot, ...], folder: Path) -> None:
    """All of these, each on a demo of its own time, into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "demo.db"
        run_headless(load(), _STAGE_SECONDS, file)
        with staged(load(), file, 20.0) as settings:
            for shot in shots:
                asyncio.run(_draw(shot, settings, folder))


async def _draw(shot: Shot, settings: Settings, folder: Path) -> None:
    words.speak(shot.language)
    seen = Place.of(settings, frozenset({"sandbox"}), {}, demo=True)
    here = replace(seen, theme=shot.theme)
    desk = Desk(here, partial(_seat, settings, here))
    async with desk.run_test(size=shot.size) as pilot:
        await _settled(desk, pilot)
        await pilot.press("f2")
        for key in WAYS[shot.screen]:
            await pilot.press(*(key if " " in key else (key,)))
            await _settled(desk, pilot)
        svg = desk.export_screenshot(title="Gensvar")
    (folder / shot.file).write_text(svg, encoding="utf-8")
    print(folder / shot.file)


def _seat(settings: Settings, here: Place) -> Seat:
    store = open_store(settings.database_url())
    with store.write() as session:
        presence.show_up(session, "demo", store.now())
    mail = partial(posting.send_test, settings)
    return Seat(store, here, House.of(settings), Press.of(settings), mail)


async def _settled(desk: Desk, pilot: Pilot[Exception | None]) -> None:
    """Once the database is read and the last look has been drawn."""
    while desk.snapshot.pressure is None:
        await pilot.pause(0.05)
    await pilot.pause(_SETTLES)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        draw(EVERY, Path(sys.argv[1]))
    else:
        draw(CHOSEN, DOCS)
