"""`gensvar connect`: a network's keys asked for, tried, and put into the keyring."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from pydantic import ValidationError

from models import secrets
from models.errors import Refused, SettingsError
from models.post import Author
from models.settings import AccountEntry, Mastodon, Settings
from models.words import _
from tui import config_file
from tui.beginning import program


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whose keys they are, by the network's own word."""

    author: Author
    is_read_only: bool


def connect(
    settings: Settings, file: Path, channel: str, sign_in: Callable[[Settings], SignedIn]
) -> None:
    """Ask, try, keep; nothing is kept that the network does not accept."""
    click.echo(_needs(channel), err=True)
    settings, text = _placed(settings, config_file.text_of(file), channel)
    handle = _handle(settings, channel)
    typed = [name for name in secrets.WANTED[channel] if not _from_environment(channel, name)]
    values = {name: _asked_for(channel, name) for name in secrets.WANTED[channel]}
    for name, value in values.items():
        os.environ[secrets.variable(channel, name)] = value
    entry = AccountEntry.model_validate({"channel": channel, "handle": handle})
    found = sign_in(settings.model_copy(update={"account": [entry]}))
    if found.is_read_only:
        raise Refused(
            _("These keys may only read: give the app read and write, then make new keys.")
        )
    is_kept = _keep(channel, values)
    told = _("{handle} is connected.") if is_kept else _("The keys of {handle} work.")
    click.echo(told.format(handle=found.author.handle), err=True)
    is_named = _name(settings, text, file, channel, found.author)
    if typed and not is_kept:
        _say_how_to_export(typed, channel)
    elif is_named:
        told = _("Next: {desk} opens the desk, {doctor} says what works.")
        click.echo(told.format(desk=program(), doctor=f"{program()} doctor"), err=True)


def _placed(settings: Settings, text: str, channel: str) -> tuple[Settings, str]:
    """The settings, and the config's text, with what the network must be known by besides keys."""
    if settings.is_allowed(channel):
        return settings, text
    if channel == "mastodon":
        key, value = "server", _asked_server()
    else:
        told = _("Reddit's reference for its approval")
        key, value = "approval", str(click.prompt(told, err=True)).strip()
    placed = getattr(settings, channel).model_copy(update={key: value})
    return settings.model_copy(update={channel: placed}), config_file.put(
        text, channel, {key: value}
    )


def _asked_server() -> str:
    """With https:// in front, also where nobody has typed it."""
    while True:
        typed = str(click.prompt(_("your server, such as mastodon.example"), err=True)).strip()
        address = typed if "://" in typed else f"https://{typed}"
        try:
            return Mastodon(server=address).server
        except ValidationError:
            click.echo(_("{server} is no server's address.").format(server=address), err=True)


def _name(settings: Settings, text: str, file: Path, channel: str, author: Author) -> bool:
    """Put the account into the config; where that cannot be, say which lines belong there."""
    known = [entry for entry in settings.account if entry.channel == channel]
    block = _block(channel, author)
    if not known:
        text = config_file.append(text, block)
    is_there = not known or (author.handle, author.external_id) in (
        (entry.handle, entry.external_id) for entry in known
    )
    try:
        config_file.parsed(text, file)
        if is_there and text != config_file.text_of(file):
            config_file.save(text, file)
    except (SettingsError, OSError) as error:
        click.echo(str(error), err=True)
        is_there = False
    told = _("{file} has these lines:") if is_there else _("In {file} there must be these lines:")
    click.echo(told.format(file=file), err=True)
    click.echo(block)
    return is_there


def _say_how_to_export(names: Sequence[str], channel: str) -> None:
    """Lines for the shell that show no key."""
    click.echo(_("Each time before you start Gensvar, type the keys into your shell:"), err=True)
    for name in names:
        called = secrets.variable(channel, name)
        click.echo(f"  read -rsp '{called}: ' {called}; export {called}", err=True)
    click.echo(_("Then, in the same shell: {desk}").format(desk=program()), err=True)


def _needs(channel: str) -> str:
    if channel == "x":
        return _(
            "X asks for an app in its developer console with read and write permission, and for"
            " your account's own four keys (OAuth 1.0a)."
        )
    if channel == "mastodon":
        return _(
            "Mastodon asks for a token: on your server under Preferences, Development, make an app"
            " with the scopes read and write:statuses, and copy its access token."
        )
    if channel == "bluesky":
        return _(
            "Bluesky asks for an app password: bsky.app, Settings, Privacy and security, App"
            " passwords. The account's name is its handle, such as tallkotte.bsky.social."
        )
    return _(
        "Reddit asks for an app of the kind script, for the account's password, and since November"
        " 2025 for its approval of your use."
    )


def _handle(settings: Settings, channel: str) -> str:
    """Where one signs in by name; X and Mastodon tell whose keys they are."""
    known = [entry.handle for entry in settings.account if entry.channel == channel]
    if known or channel in ("x", "mastodon"):
        return known[0] if known else settings.brand.handle
    return str(click.prompt(_("account's name, without @"), err=True)).strip().removeprefix("@")


def _asked_for(channel: str, name: str) -> str:
    if found := _from_environment(channel, name):
        told = _("{variable} of the environment is used; unset it to type another.")
        click.echo(told.format(variable=secrets.variable(channel, name)), err=True)
        return found
    typed = ""
    while not typed:
        asked = _("{key} (what you type is not shown)").format(key=name.replace("_", " "))
        typed = str(click.prompt(asked, hide_input=True, err=True)).strip()
    return typed


def _from_environment(channel: str, name: str) -> str:
    return os.environ.get(secrets.variable(channel, name), "")


def _keep(channel: str, values: dict[str, str]) -> bool:
    try:
        secrets.keep(channel, values)
    except secrets.NoKeyring as error:
        click.echo(_("Nothing is kept: {reason}.").format(reason=error), err=True)
        return False
    return True


def _block(channel: str, author: Author) -> str:
    handle, number = config_file.quoted(author.handle), config_file.quoted(author.external_id)
    return f'[[account]]\nchannel = "{channel}"\nhandle = {handle}\nexternal_id = {number}'
