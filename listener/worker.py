"""What every job of the listener needs: the database, the settings, the channels and a name."""

import os
import socket
import uuid
from dataclasses import dataclass, field
from functools import cached_property

from listener.channels import open_channels
from listener.channels.channel import Channel
from listener.hearing import Ear
from models.records.intake import Policy
from models.records.judging import Bench
from models.records.store import Store
from models.settings import Settings
from models.topics import load as load_topics


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


@dataclass(frozen=True)
class Worker:
    """One process at work on a database; its name is new at every start: no lease is inherited."""

    store: Store
    settings: Settings
    channels: dict[str, Channel]
    name: str = field(default_factory=_name)

    @classmethod
    def on(cls, store: Store, settings: Settings) -> "Worker":
        """A worker with the channels this installation can use."""
        return cls(store, settings, open_channels(settings))

    @cached_property
    def ear(self) -> Ear:
        """What concerns us."""
        return Ear(self.settings)

    def policy(self) -> Policy:
        """The clocks and allowances new mentions start with."""
        return Policy(self.settings.calendar, self.settings.answer_within)

    def bench(self) -> Bench:
        """What turns a judgement into a place in the queue."""
        settings = self.settings
        topics = load_topics(settings.topics.trade, settings.topics.file)
        return Bench(settings.calendar, settings.answer_within, self._alert_ways(), topics)

    def can_send(self) -> frozenset[str]:
        """The networks a reply can leave to."""
        return frozenset(self.channels)

    def _alert_ways(self) -> tuple[str, ...]:
        alert = self.settings.alert
        mails = tuple(f"mail to {address}" for address in alert.mail_to)
        return (("command",) if alert.command else ()) + mails
