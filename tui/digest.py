"""`gensvar digest`: the leaders' page, shown, written into files or explained."""

import json
import sys
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from pathlib import Path

import click

from models.instant import to_datetime
from models.words import LANGUAGES, _, deferred, speaking, spoken
from tui.context import ROW_ID, App, done
from tui.speaking import argument, command, option

_DAY = click.DateTime(["%Y-%m-%d"])


@command(
    help=deferred(
        "One honest page for the leaders: do we keep what we promise, do we answer in time?"
    )
)
@option(
    "--date",
    "day",
    type=_DAY,
    metavar="YYYY-MM-DD",
    help=deferred("A local day (default: yesterday)."),
)
@option(
    "--lang", type=click.Choice(LANGUAGES), help=deferred("Of the page (default: the screen's).")
)
@option("--define", is_flag=True, help=deferred("What every figure means."))
@option(
    "--rows", metavar=deferred("NAME"), help=deferred("The ids behind a figure, as a JSON array.")
)
@option(
    "--preview",
    type=click.Path(path_type=Path, file_okay=False),
    metavar=deferred("DIR"),
    help=deferred("Write digest.txt, digest.html and digest.eml into a folder."),
)
@option(
    "--send", is_flag=True, help=deferred("Send the mails that are due now, to whom they are due.")
)
@option(
    "--test",
    metavar=deferred("ADDRESS"),
    help=deferred("Send this page to an address, once, as a test."),
)
@click.pass_obj
def digest(
    app: App,
    day: datetime | None,
    lang: str | None,
    define: bool,
    rows: str | None,
    preview: Path | None,
    send: bool,
    test: str | None,
) -> None:
    if define:
        with speaking(lang) if lang else nullcontext():
            _define()
        return
    if send:
        with app.store() as store:
            _tell(app.post.send_due(app.settings, store))
        return
    from models.page import text
    from models.records.press import Press

    press = Press.of(app.settings)
    with app.store() as store, store.read() as session:
        at = store.now()
        days = [_day(day, to_datetime(at, press.calendar.zone).date())]
        if rows is not None:
            _list(press.figures(session, days, at).rows(), rows)
            return
        page = press.page(session, days, lang or spoken(), at)
    if test is not None:
        app.post.send_test(app.settings, page, days[-1], test, at)
        click.echo(_("Sent to {address}.").format(address=test), err=True)
    elif preview is not None:
        app.post.write(app.settings, page, days[-1], preview, at)
        click.echo(_("Written into {folder}.").format(folder=preview), err=True)
    else:
        click.echo("\n".join(text.lines(page)))


@command(help=deferred("What you have learnt from a mention, in a sentence for the leaders' page."))
@argument("mention_id", metavar="ID", type=ROW_ID)
@argument("sentence", metavar=deferred("SENTENCE"))
@option("--named", is_flag=True, help=deferred("Your name stands under it on the page."))
@click.pass_obj
def insight(app: App, mention_id: int, sentence: str, named: bool) -> None:
    from models.records import insights

    with app.store() as store, store.write() as session:
        staff = app.settings.member_of_staff()
        insights.note(session, mention_id, sentence, named, staff, store.now())
    done(_("Noted for the page of today, from mention {id}."), mention_id)


def _tell(done: dict[str, int]) -> None:
    """One pass of the mail, in a sentence; exit 1 where somebody has not got it."""
    told = _("Written: {written}, sent: {sent}, held: {held}, refused: {failed}, doubt: {unknown}.")
    click.echo(told.format(**done), err=True)
    if done["held"] or done["failed"] or done["unknown"]:
        sys.exit(1)


def _day(asked: datetime | None, today: date) -> date:
    if asked is None:
        return today - timedelta(days=1)
    if not 1970 < asked.year < 9998:
        raise click.BadParameter(_("there were no mentions in that year"))
    return asked.date()


def _define() -> None:
    from models.page.definitions import VERSION, definitions

    click.echo(_("Definitions {version}").format(version=VERSION))
    for name, meaning in definitions().items():
        click.echo(f"\n{name}\n    {meaning}")


def _list(rows: dict[str, tuple[int, ...]], name: str) -> None:
    if name not in rows:
        told = _("There is no figure {name}; there are: {names}").format(
            name=name, names=", ".join(sorted(rows))
        )
        click.echo(told, err=True)
        sys.exit(2)
    click.echo(json.dumps(rows[name]))
