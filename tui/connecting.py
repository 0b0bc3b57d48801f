"""`gensvar connect`: a network's keys asked for, tried, and put into the keyring."""

import os
from collections.abc import Callable
from dataclasses import dataclass

import click

from models import secrets
from models.errors import Refused
from models.post import Author
from models.settings import AccountEntry, Settings
from models.words import _


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whose keys they are, by the network's own word."""

    author: Author
    is_read_only: bool


def connect(settings: Settings, channel: str, sign_in: Callable[[Settings], SignedIn]) -> None:
    """Ask, try, keep; nothing is kept that the network does not accept."""
    click.echo(_needs(channel), err=True)
    if channel == "reddit" and not settings.reddit.approval:
        raise Refused(_("First put Reddit's reference into config.toml, [reddit] approval."))
    if channel == "mastodon" and not settings.mastodon.server:
        raise Refused(_("First put your server's address into config.toml, [mastodon] server."))
    handle = _handle(settings, channel)
    values = {name: _asked_for(channel, name) for name in secrets.WANTED[channel]}
    for name, value in values.items():
        os.environ[secrets.variable(channel, name)] = value
    entry = AccountEntry.model_validate({"channel": channel, "handle": handle})
    found = sign_in(settings.model_copy(update={"account": [entry]}))
    if found.is_read_only:
        raise Refused(
            _("These keys may only read: give the app read and write, then make new keys.")
        )
    told = _("{handle} is connected. In config.toml:")
    if not _keep(channel, values):
        told = _("The keys of {handle} work. In config.toml:")
    click.echo(told.format(handle=found.author.handle), err=True)
    click.echo(_block(channel, found.author))


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


def _keep(channel: str, values: dict[str, str]) -> bool:
    try:
        secrets.keep(channel, values)
    except secrets.NoKeyring as error:
        click.echo(_("Nothing is kept: {reason}.").format(reason=error), err=True)
        return False
    return True


def _block(channel: str, author: Author) -> str:
    return (
        f'[[account]]\nchannel = "{channel}"\nhandle = "{author.handle}"'
        f'\nexternal_id = "{author.external_id}"'
    )
