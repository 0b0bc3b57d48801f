"""`gensvar connect`: a network's keys asked for, tried, and put into the keyring."""

import os
from collections.abc import Callable

import click

from models import secrets
from models.errors import Refused
from models.post import Author
from models.settings import AccountEntry, Settings
from models.words import _

Whoami = Callable[[Settings], Author]
"""Whose keys they are that a network with these settings is called with."""


def connect(settings: Settings, channel: str, whoami: Whoami) -> None:
    """Ask, try, keep; nothing is kept that the network does not accept."""
    click.echo(_needs(channel), err=True)
    if channel == "reddit" and not settings.reddit.approval:
        raise Refused(_("First put Reddit's reference into config.toml, [reddit] approval."))
    handle = _handle(settings, channel)
    values = {name: _asked_for(channel, name) for name in secrets.WANTED[channel]}
    for name, value in values.items():
        os.environ[secrets.variable(channel, name)] = value
    entry = AccountEntry.model_validate({"channel": channel, "handle": handle})
    author = whoami(settings.model_copy(update={"account": [entry]}))
    _keep(channel, values)
    click.echo(_("{handle} is connected. In config.toml:").format(handle=author.handle), err=True)
    click.echo(_block(channel, author))


def _needs(channel: str) -> str:
    if channel == "x":
        return _(
            "X asks for an app in its developer console with read and write permission, and for"
            " your account's own four keys (OAuth 1.0a)."
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
    known = [entry.handle for entry in settings.account if entry.channel == channel]
    return known[0] if known else str(click.prompt(_("account's name, without @"), err=True))


def _asked_for(channel: str, name: str) -> str:
    if found := os.environ.get(secrets.variable(channel, name)):
        told = _("{variable} of the environment is used; unset it to type another.")
        click.echo(told.format(variable=secrets.variable(channel, name)), err=True)
        return found
    typed = ""
    while not typed:
        typed = str(click.prompt(name.replace("_", " "), hide_input=True, err=True)).strip()
    return typed


def _keep(channel: str, values: dict[str, str]) -> None:
    try:
        secrets.keep(channel, values)
    except secrets.NoKeyring as error:
        click.echo(str(error), err=True)


def _block(channel: str, author: Author) -> str:
    return (
        f'[[account]]\nchannel = "{channel}"\nhandle = "{author.handle}"'
        f'\nexternal_id = "{author.external_id}"'
    )
