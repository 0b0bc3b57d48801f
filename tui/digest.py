"""`gensvar digest`: the leaders' page, shown, written into files or explained."""

import json
import sys
from datetime import date, datetime, timedelta

import click

from models.instant import MINUTE, to_datetime
from models.words import LANGUAGES, _
from tui.context import App

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option(
    "--date", "day", type=_DAY, metavar="YYYY-MM-DD", help="A local day (default: yesterday)."
)
@click.option("--lang", type=click.Choice(LANGUAGES), help="Of the page (default: the screen's).")
@click.option("--define", is_flag=True, help="What every figure means.")
@click.option("--rows", metavar="NAME", help="The ids behind a figure, as a JSON array.")
@click.pass_obj
def digest(
    app: App, day: datetime | None, lang: str | None, define: bool, rows: str | None
) -> None:
    """One honest page for the leaders: do we keep what we promise, do we answer in time?"""
    if define:
        _define()
        return
    from models.page import build, text
    from models.records.figures import figures

    settings = app.settings
    calendar = settings.calendar()
    with app.store() as store, store.read() as session:
        at = store.now()
        local = _day(day, to_datetime(at, calendar.zone).date())
        stale = settings.listen.stale_minutes * MINUTE
        found = figures(session, [local], calendar, at, stale)
    if rows is not None:
        _list(found.rows(), rows)
        return
    language = lang or settings.language or "en"
    edition = build.Edition(settings.brand.name, language, calendar.zone, lambda name: name)
    click.echo("\n".join(text.lines(build.page(found, edition))))


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
