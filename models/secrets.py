"""Keys and passwords: from the environment, else from the system's keyring; never from a file.

Nothing here keeps or shows a value: whoever asks for one hands it to a library and forgets it.
"""

import os
from collections.abc import Iterable, Mapping, Sequence

from models.errors import UserError
from models.words import _

_SERVICE = "gensvar"

WANTED: Mapping[str, Sequence[str]] = {
    "x": ("consumer_key", "consumer_secret", "access_token", "access_token_secret"),
    "reddit": ("client_id", "client_secret", "password"),
    "mastodon": ("access_token",),
    "bluesky": ("app_password",),
}
"""What each network needs to know us by, in its library's own words."""


class NoKeyring(UserError):
    """This system has no keyring that works; the environment is the other way."""


def variable(channel: str, name: str) -> str:
    """The environment variable of a key."""
    return f"GENSVAR_{channel}_{name}".upper()


def missing(channel: str) -> list[str]:
    """The variables of the keys that are nowhere."""
    return [variable(channel, name) for name in WANTED[channel] if not _found(channel, name)]


def without_keys(channels: Iterable[str]) -> list[str]:
    """Of these networks, those that cannot be spoken to."""
    return sorted(name for name in {*channels} & WANTED.keys() if missing(name))


def keys(channel: str) -> dict[str, str]:
    """All keys of a network by name, empty where missing; ask `missing` first."""
    return {name: _found(channel, name) for name in WANTED[channel]}


def keep(channel: str, values: Mapping[str, str]) -> None:
    """Put keys into the keyring. Raises NoKeyring where there is none."""
    import keyring
    from keyring.errors import KeyringError

    try:
        for name, value in values.items():
            keyring.set_password(_SERVICE, variable(channel, name), value)
    except KeyringError:
        told = _("this system has no keyring; set {names} in the environment instead")
        names = ", ".join(variable(channel, name) for name in values)
        raise NoKeyring(told.format(names=names)) from None


def put(called: str, value: str) -> bool:
    """Whether the keyring now holds this; some take a value and keep nothing."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_SERVICE, called, value)
    except KeyringError:
        return False
    return found(called) == value


def _found(channel: str, name: str) -> str:
    called = variable(channel, name)
    return os.environ.get(called) or found(called)


def found(called: str) -> str:
    """What the keyring holds under this name; empty where nothing, or where there is none."""
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(_SERVICE, called) or ""
    except KeyringError:
        return ""
