"""Opening the desk: a terminal, a database, somebody who listens; and the last words afterwards."""

import sys
import time

import click
from platformdirs import user_log_path

from models.errors import Refused, UserError
from models.records import outbox, presence
from models.records.store import Store
from models.records.tables import ReplyState
from models.settings import DATABASE_VARIABLE, Settings
from models.words import _, counted
from tui.beside import Beside
from tui.context import App
from tui.seat import Seat

_STAGE_SECONDS = 60.0
_GOODBYE_SECONDS = 5.0


def open_desk(app: App) -> None:
    """The desk on the database of the settings."""
    _need_terminal()
    log = user_log_path("gensvar") / "listener.log"
    with app.store(create=True) as store:
        seat = Seat.at(store, app.settings, app.can_send(), demo=False)
        beside = Beside(_command(app, "listen", "--beside"), log)
        _run(seat, beside)


def open_demo(app: App, settings: Settings) -> None:
    """The desk on the demo's database, once the stage is set."""
    _need_terminal()
    file = settings.database.removeprefix("sqlite:///")
    log = settings.sandbox_file().with_suffix(".log")
    beside = Beside(_command(app, "demo-stage", file), log, **{DATABASE_VARIABLE: ""})
    beside.start()
    click.echo(_("Setting the stage …"), err=True)
    try:
        from tui.desk import Desk  # noqa: F401  read while the stage is being set

        staged = App(app.config, settings)
        with staged.store(create=True) as store:
            _wait_for(store, beside)
            _run(Seat.at(store, settings, app.can_send(), demo=True), beside)
    finally:
        beside.close(_GOODBYE_SECONDS)


def _run(seat: Seat, beside: Beside) -> None:
    from tui.desk import Desk

    Desk(seat, beside).run()
    beside.close(_GOODBYE_SECONDS)
    _last_words(seat)


def _last_words(seat: Seat) -> None:
    """Replies that have not left need somebody who listens."""
    with seat.store.read() as session:
        at = seat.now()
        waiting = [
            reply for reply in outbox.pending(session, at) if reply.state == ReplyState.QUEUED
        ]
        heard = presence.listeners(session, at)
    if waiting and not seat.demo and not heard:
        one, many = "{number} reply has not left yet.", "{number} replies have not left yet."
        told = counted(one, many, len(waiting))
        click.echo(
            told + " " + _("They leave as soon as `gensvar listen` or the desk runs."), err=True
        )


def _wait_for(store: Store, beside: Beside) -> None:
    """Until the first posts are there and judged."""
    until = time.monotonic() + _STAGE_SECONDS
    while time.monotonic() < until:
        with store.read() as session:
            if presence.listeners(session, store.now()):
                return
        if not beside.runs:
            break
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
