"""`gensvar init`: a config in three questions; and what comes next, wherever somebody stands."""

import os
import shutil
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from models import secrets
from models.errors import Refused
from models.settings import Brand, Settings, find, load
from models.words import _, deferred
from tui import config_file
from tui.context import App
from tui.speaking import command

_ZONES = {
    "SE": "Europe/Stockholm",
    "NO": "Europe/Oslo",
    "DK": "Europe/Copenhagen",
    "FI": "Europe/Helsinki",
    "GB": "Europe/London",
}
_LATER = "none"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the three questions are for."""

    brand: str
    country: str
    network: str


@command(help=deferred("Make a config in three questions."))
@click.pass_obj
def init(app: App) -> None:
    file = config_file.home(app.config)
    text = config_file.text_of(file)
    known = load(file) if file.exists() else Settings()
    if known.brand != Brand():
        told = _("{file} says who you are already; it was left alone. Next: {command}")
        raise Refused(told.format(file=file, command=f"{program()} doctor"))
    answers = _ask()
    text = config_file.put(text, "brand", {"name": answers.brand})
    hours = {"zone": _ZONES[answers.country], "holidays": answers.country}
    text = config_file.put(text, "hours", hours)
    known = config_file.parsed(text, file)
    config_file.save(text, file)
    click.echo(_("Written: {file}").format(file=file), err=True)
    if file == Path("config.toml").absolute():
        click.echo(_("It holds where you start Gensvar in this folder."), err=True)
    click.echo(_("Staff answer on weekdays from 8 to 18; [hours] there says otherwise."), err=True)
    if answers.network == _LATER:
        told = _("Next: {command} takes posts in from a file, {desk} opens the desk.")
        import_, desk = f"{program()} import FILE", program()
        click.echo(told.format(command=import_, desk=desk), err=True)
    else:
        named = {entry.channel for entry in known.account}
        doing = "doctor" if answers.network in named else f"connect {answers.network}"
        command = f"{program()} {doing}"
        click.echo(_("Next: {command}").format(command=command), err=True)


def advice(settings: Settings, named: Path | None) -> str:
    """What to do where nobody is listened to; empty where a network can be heard."""
    entries = {entry.channel for entry in settings.account} & secrets.WANTED.keys()
    ready = {name for name in entries if settings.is_allowed(name)}
    if ready and len(secrets.without_keys(ready)) < len(ready):
        return ""
    if find(named) is None:
        return _(
            "Nobody is listened to yet. Leave with q; `gensvar init` asks three questions,"
            " `gensvar demo` shows the whole on invented posts."
        )
    if entries:
        return _(
            "Nobody is listened to: keys are missing. Leave with q; `gensvar doctor` says which."
        )
    return _(
        "Nobody is listened to yet. Leave with q; `gensvar connect NETWORK` signs in to x, reddit,"
        " mastodon or bluesky, `gensvar import FILE` takes posts in from a file."
    )


def program() -> str:
    """How this shell calls us: by name where it is found, else by its place."""
    here = Path(sysconfig.get_path("scripts")) / "gensvar"
    if shutil.which("gensvar") or not here.exists():
        return "gensvar"
    return os.path.relpath(here) if here.is_relative_to(Path.cwd()) else str(here)


def _ask() -> Answers:
    click.echo(_("Three questions. Enter takes what stands in brackets, Ctrl-C stops."), err=True)
    brand = ""
    while not brand.isprintable() or not brand:
        asked = _("1. What is your brand called, as customers write it?")
        brand = str(click.prompt(asked, prompt_suffix=" ", err=True)).strip()
    asked = _("2. Whose holidays and time zone do you keep?")
    country = _chosen(asked, tuple(_ZONES), _country())
    asked = _("3. Where do customers write to you first?")
    return Answers(brand, country, _chosen(asked, (*sorted(secrets.WANTED), _LATER), _LATER))


def _chosen(asked: str, choices: Sequence[str], default: str) -> str:
    """One of them, as we write it; asked for until it is one."""

    def read(typed: str) -> str:
        written = {choice.casefold(): choice for choice in choices}
        try:
            return written[typed.strip().casefold()]
        except KeyError:
            told = _("write one of these: {choices}")
            raise click.UsageError(told.format(choices=", ".join(choices))) from None

    asked = f"{asked} {', '.join(choices)}"
    return str(click.prompt(asked, default=default, value_proc=read, prompt_suffix=" ", err=True))


def _country() -> str:
    """By the system's locale, such as sv_SE.UTF-8."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            region = value.split(".")[0].partition("_")[2]
            return region if region in _ZONES else "SE"
    return "SE"
