"""`gensvar check-reply` and `gensvar promise parse`: what a reply says, before it leaves."""

import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from models.instant import from_rfc3339
from models.words import _
from tui.context import App

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


@click.command("check-reply")
@click.option("--mention", help="The customer's post.")
@click.option("--reply", help="Our reply to it.")
@click.option("--lang", type=_LANGUAGES, help="Language of the post (default: told from it).")
@click.option("--intent", type=_INTENTS, help="What the post is (default: a guess).")
@click.option("--name", help="What the customer is called.")
@click.option("--full-name", help="The customer's whole name.")
@click.option("--handle", help="The customer's handle.")
@click.option("--at", callback=_moment, metavar="TIME", help="When it is written (default: now).")
@click.option("--private", is_flag=True, help="A private message; else it is public.")
@click.option("--network", help="Whose greatest length it must keep.")
@click.option("--file", type=_FILE, help="Many at once: JSON lines; - reads standard input.")
@click.option("--json", "as_json", is_flag=True, help="A JSON array.")
@click.pass_obj
def check_reply(app: App, /, file: Path | None, as_json: bool, **options: Any) -> None:
    """Read a reply as the customer will.

    Exit code 0 whatever is found, 1 where a line of --file could not be read.
    """
    from tui import checked

    if file is not None:
        sys.exit(1 if checked.check_file(app.settings, file) else 0)
    if options["reply"] is None:
        raise click.UsageError(_("give --reply, or --file"))
    checked.check_one(app.settings, options, options.pop("at"), as_json)


@click.command("parse")
@click.option("--text", help="A reply.")
@click.option("--lang", type=_LANGUAGES, help="Its language (default: told from it).")
@click.option("--at", callback=_moment, metavar="TIME", help="When it is written (default: now).")
@click.option("--tz", callback=_zone, metavar="ZONE", help="Time zone (default: the config's).")
@click.option("--file", type=_FILE, help="Many at once: JSON lines; - reads standard input.")
@click.option("--json", "as_json", is_flag=True, help="A JSON array.")
@click.pass_obj
def parse(app: App, /, file: Path | None, as_json: bool, **options: Any) -> None:
    """What a text would promise, and by when.

    Exit code 0 whatever is found, 1 where a line of --file could not be read.
    """
    from tui import checked

    if file is not None:
        sys.exit(1 if checked.parse_file(app.settings, file) else 0)
    if options["text"] is None:
        raise click.UsageError(_("give --text, or --file"))
    checked.parse_one(app.settings, options, options.pop("at"), as_json)
