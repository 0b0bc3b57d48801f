"""`gensvar check-reply` and `gensvar promise parse`: what a reply says, before it leaves."""

import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from models.instant import from_rfc3339
from models.words import _, deferred
from tui.context import App
from tui.speaking import command, option

_FILE = click.Path(path_type=Path, allow_dash=True)
_LANGUAGES = click.Choice(["sv", "nb", "nn", "da", "fi", "en"])
_INTENTS = click.Choice(["complaint", "question", "praise", "other"])


def _moment(_context: click.Context, _parameter: click.Parameter, value: str | None) -> int | None:
    """A moment on the command line; wrong use where it is none."""
    try:
        return None if value is None else from_rfc3339(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _zone(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    try:
        return value and ZoneInfo(value).key
    except (KeyError, ValueError, OSError):
        raise click.BadParameter(_("there is no such time zone")) from None


@command(
    "check-reply",
    help=deferred(
        "Read a reply as the customer will.\n\n"
        "Exit code 0 whatever is found, 1 where a line of --file could not be read."
    ),
)
@option("--mention", help=deferred("The customer's post."))
@option("--reply", help=deferred("Our reply to it."))
@option("--lang", type=_LANGUAGES, help=deferred("Language of the post (default: told from it)."))
@option("--intent", type=_INTENTS, help=deferred("What the post is (default: a guess)."))
@option("--name", help=deferred("What the customer is called."))
@option("--full-name", help=deferred("The customer's whole name."))
@option("--handle", help=deferred("The customer's handle."))
@option(
    "--at",
    callback=_moment,
    metavar=deferred("TIME"),
    help=deferred("When it is written (default: now)."),
)
@option("--private", is_flag=True, help=deferred("A private message; else it is public."))
@option("--network", help=deferred("Whose greatest length it must keep."))
@option("--file", type=_FILE, help=deferred("Many at once: JSON lines; - reads standard input."))
@option("--json", "as_json", is_flag=True, help=deferred("A JSON array."))
@click.pass_obj
def check_reply(app: App, /, file: Path | None, as_json: bool, **options: Any) -> None:
    from tui import checked

    if file is not None:
        sys.exit(1 if checked.check_file(app.settings, file) else 0)
    if options["reply"] is None:
        raise click.UsageError(_("give --reply, or --file"))
    checked.check_one(app.settings, options, options.pop("at"), as_json)


@command(
    "parse",
    help=deferred(
        "What a text would promise, and by when.\n\n"
        "Exit code 0 whatever is found, 1 where a line of --file could not be read."
    ),
)
@option("--text", help=deferred("A reply."))
@option("--lang", type=_LANGUAGES, help=deferred("Its language (default: told from it)."))
@option(
    "--at",
    callback=_moment,
    metavar=deferred("TIME"),
    help=deferred("When it is written (default: now)."),
)
@option(
    "--tz",
    callback=_zone,
    metavar=deferred("ZONE"),
    help=deferred("Time zone (default: the config's)."),
)
@option("--file", type=_FILE, help=deferred("Many at once: JSON lines; - reads standard input."))
@option("--json", "as_json", is_flag=True, help=deferred("A JSON array."))
@click.pass_obj
def parse(app: App, /, file: Path | None, as_json: bool, **options: Any) -> None:
    from tui import checked

    if file is not None:
        sys.exit(1 if checked.parse_file(app.settings, file) else 0)
    if options["text"] is None:
        raise click.UsageError(_("give --text, or --file"))
    checked.parse_one(app.settings, options, options.pop("at"), as_json)
