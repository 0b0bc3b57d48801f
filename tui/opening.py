"""Opening the desk: a terminal, a database, somebody who listens; and the last words afterwards."""

import gc
import shlex
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from platformdirs import user_log_path

from models import instant
from models.errors import Refused, UserError
from models.records.glance import glance
from models.settings import DATABASE_VARIABLE, Settings
from models.words import _, counted
from tui import remapping
from tui.beginning import advice, program
from tui.beside import Beside
from tui.context import App
from tui.place import Place

if TYPE_CHECKING:
    from tui.seat import Seat

_STAGE_SECONDS = 60.0
_GOODBYE_SECONDS = 5.0
_FIRST_ROWS = 100


def open_desk(app: App) -> None:
    """The desk on the database of the settings."""
    _need_terminal()
    place = Place.of(app.settings, app.can_send(), _keymap(app))
    place = replace(place, advice=advice(app.settings, app.config))
    log = user_log_path("gensvar") / "listener.log"
    _run(app, place, Beside(_command(app, "listen", "--beside"), log))
    _last_words(app)


def open_demo(app: App, settings: Settings) -> None:
    """The desk on the demo's database, once the stage is set."""
    _need_terminal()
    keymap = _keymap(app)
    file = settings.database.removeprefix("sqlite:///")
    log = settings.sandbox_file().with_suffix(".log")
    beside = Beside(_command(app, "demo-stage", file), log, **{DATABASE_VARIABLE: ""})
    beside.start()
    try:
        click.echo(_("Setting the stage …"), err=True)
        staged = App(app.config, app.probe, app.post, settings)
        _wait_for_the_stage(staged, beside)
        _run(staged, Place.of(settings, app.can_send(), keymap, demo=True), beside)
    finally:
        beside.close(_GOODBYE_SECONDS)


def after_demo(keep: Path | None) -> None:
    """What comes next, for whoever has seen it."""
    if keep is not None:
        again = f"{program()} demo --keep {shlex.quote(str(keep))}"
        told = _("The demo is kept in {file}; {command} goes on with it.")
        click.echo(told.format(file=keep.absolute(), command=again), err=True)
    told = _("Next, a desk of your own: {command} asks three questions.")
    click.echo(told.format(command=f"{program()} init"), err=True)
    told = _("Then {command} says what works and what is missing.")
    click.echo(told.format(command=f"{program()} doctor"), err=True)


def _keymap(app: App) -> Mapping[str, str]:
    file = remapping.find_keymap(app.config)
    return remapping.read(file) if file else {}


def _run(app: App, place: Place, beside: Beside) -> None:
    from tui.desk import Desk
    from tui.terminal import guard_terminal

    address = app.settings.database_url()
    first = None
    if address.startswith("sqlite:///"):
        first = glance(Path(address.removeprefix("sqlite:///")), _FIRST_ROWS, instant.now())
    desk = Desk(place, _loader(app, place), first, beside)
    guard_terminal(desk.hang_up)
    try:
        error = desk.run()
    finally:
        beside.close(_GOODBYE_SECONDS)
    if error is not None:
        raise error
    if desk.return_code:
        sys.exit(desk.return_code)


def _loader(app: App, place: Place) -> "Callable[[], Seat]":
    def load() -> "Seat":
        from models.records.answering import House
        from models.records.press import Press
        from tui.seat import Seat

        store = app.open_store(create=True)
        house, press = House.of(app.settings), Press.of(app.settings)
        gc.freeze()  # what was imported stays: no key waits while it is searched for garbage
        return Seat(store, place, house, press, partial(app.post.send_test, app.settings))

    return load


def _last_words(app: App) -> None:
    """Replies that have not left need somebody who listens."""
    from models.records import outbox, presence
    from models.records.kinds import ReplyState

    with app.store() as store, store.read() as session:
        at = store.now()
        pending = outbox.pending(session, at)
        heard = presence.listeners(session, at)
    waiting = [reply for reply in pending if reply.state == ReplyState.QUEUED]
    if waiting and not heard:
        told = counted(
            "{number} reply has not left yet. It leaves when `gensvar listen` or the desk runs.",
            "{number} replies have not left yet."
            " They leave when `gensvar listen` or the desk runs.",
            len(waiting),
        )
        click.echo(told, err=True)


def _wait_for_the_stage(app: App, beside: Beside) -> None:
    """Until the first posts are there and judged."""
    from models.records import presence

    with app.store(create=True) as store:
        until = time.monotonic() + _STAGE_SECONDS
        while beside.runs and time.monotonic() < until:
            with store.read() as session:
                if presence.listeners(session, store.now()):
                    return
            time.sleep(0.05)
    raise UserError(_("The stage of the demo could not be set; see {log}.").format(log=beside.log))


def _command(app: App, *arguments: str) -> list[str]:
    config = ["--config", str(app.config)] if app.config else []
    return [sys.executable, "-m", "tui.cli", *config, *arguments]


def _need_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Refused(
            _(
                "The desk needs a terminal. Without one there are `gensvar queue` and"
                " `gensvar demo --headless 20`."
            )
        )
