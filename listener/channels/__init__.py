"""The networks, one file each; a network's library is imported only when it is used."""

from listener.channels.channel import Channel
from listener.channels.sandbox import SandboxChannel
from models.settings import Settings


def open_channels(settings: Settings) -> dict[str, Channel]:
    """The channels this installation can use, by name; the sandbox always."""
    return {"sandbox": SandboxChannel(settings.sandbox_file(), settings.brand)}
