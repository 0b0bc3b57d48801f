"""`gensvar ledger`, `audit` and `doctor`: what shows that every promise is kept."""

import sys
from datetime import datetime

import click

from models.instant import MINUTE, day_bounds, to_datetime
from models.settings import find
from models.words import _, deferred
from tui.context import App
from tui.speaking import command, option

_DAY = click.DateTime(["%Y-%m-%d"])


@command(
    help=deferred("Every mention that was posted, came in or was settled on a day, with its proof.")
)
@option(
    "--date",
    "day",
    type=_DAY,
    metavar="YYYY-MM-DD",
    help=deferred("A local day (default: today)."),
)
@option("--all", "everything", is_flag=True, help=deferred("Every mention there is."))
@option("--json", "as_json", is_flag=True, help=deferred("A JSON array."))
@click.pass_obj
def ledger(app: App, day: datetime | None, everything: bool, as_json: bool) -> None:
    from models.records import ledger as book
    from tui import output

    if day and everything:
        raise click.UsageError(_("--date and --all cannot go together"))
    if day and not 1970 < day.year < 9998:
        raise click.BadParameter(_("there were no mentions in that year"))
    zone = app.settings.calendar().zone
    with app.store() as store, store.read() as session:
        at = store.now()
        local = day.date() if day else to_datetime(at, zone).date()
        entries = book.entries(session, at, None if everything else day_bounds(local, zone))
        if as_json:
            output.print_array(output.ledger_json(entry) for entry in entries)
            return
        headings = [_("id"), _("state"), _("how"), _("waited"), _("proof"), _("text")]
        output.table(headings, [output.ledger_row(entry) for entry in entries])


@command(
    help=deferred(
        "Check every promise of the product against the database; exit 1 if one is broken."
    )
)
@option("--json", "as_json", is_flag=True, help=deferred("A JSON object."))
@click.pass_obj
def audit(app: App, as_json: bool) -> None:
    from models.records import audit as proof
    from tui import output

    stale = app.settings.listen.stale_minutes * MINUTE
    with app.store() as store, store.read() as session:
        found = proof.audit(session, store.now(), stale, app.settings.mailing())
    if as_json:
        output.print_json(found.as_json())
    else:
        for name, number in found.counts.items():
            click.echo(f"{name:20} {number:>8}")
        for alarm in found.alarms:
            output.say(_("alarm: {text}").format(text=alarm["text"]))
        for broken in found.violations:
            output.say(
                _("BROKEN: {text} (rows {rows})").format(text=broken["text"], rows=broken["rows"])
            )
        if not found.violations:
            output.say(_("Every promise holds."))
    sys.exit(1 if found.violations else 0)


@command(help=deferred("What works, what does not, and what to do about it."))
@option("--json", "as_json", is_flag=True, help=deferred("A JSON array."))
@click.pass_obj
def doctor(app: App, as_json: bool) -> None:
    from tui import output
    from tui.doctor import examine

    findings = [*examine(app.settings, find(app.config)), *app.probe(app.settings)]
    if as_json:
        output.print_array(finding.as_json() for finding in findings)
    else:
        rows = [[f.level, f.what, f.says] for f in findings]
        output.table([_("state"), _("what"), _("says")], rows)
    sys.exit(1 if any(finding.level == "fails" for finding in findings) else 0)
