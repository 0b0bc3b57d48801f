"""What every command gets: the settings, read once, and the database, open when asked for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from models import networks
from models.finding import Finding
from models.settings import Settings, load

if TYPE_CHECKING:
    from models.page import Page
    from models.records.store import Store

ROW_ID = click.IntRange(1, 2**63 - 1)


class Post(Protocol):
    """What can be done with the leaders' page outside the desk."""

    def write(self, settings: Settings, page: "Page", day: date, folder: Path, at: int, /) -> None:
        """Into files of a folder."""
        ...

    def send_test(
        self, settings: Settings, page: "Page", day: date, address: str, at: int, /
    ) -> None:
        """To one address, now."""
        ...

    def send_due(self, settings: Settings, store: "Store", /) -> dict[str, int]:
        """To whom it is due: how many were written, sent, held, failed, unknown."""
        ...


@dataclass(slots=True)
class App:
    """What every command gets: where the settings are, read once."""

    config: Path | None
    probe: Callable[[Settings], list[Finding]]
    """Asks the networks themselves."""
    post: "Post"
    """Mails the leaders' page."""
    _settings: Settings | None = None

    @property
    def settings(self) -> Settings:
        """The checked settings."""
        if self._settings is None:
            self._settings = load(self.config)
            networks.take("mastodon", self._settings.mastodon.max_characters)
        return self._settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        self._settings = settings

    @contextmanager
    def store(self, *, create: bool = False) -> Iterator["Store"]:
        """The database of the settings, open for one command."""
        store = self.open_store(create=create)
        try:
            yield store
        finally:
            store.close()

    def open_store(self, *, create: bool = False) -> "Store":
        """The same, for whoever closes it later."""
        from models.records import people
        from models.records.store import open_store

        store = open_store(self.settings.database_url(), create=create)
        if self.settings.account:
            with store.write() as session:
                people.apply_entries(session, self.settings.account)
        return store

    def can_send(self) -> frozenset[str]:
        """The networks a reply can leave to."""
        from models import secrets

        ours = {entry.channel for entry in self.settings.account} & secrets.WANTED.keys()
        ready = {name for name in ours if self.settings.is_allowed(name)}
        return frozenset({"sandbox", *(name for name in ready if not secrets.missing(name))})


def done(sentence: str, row_id: int) -> None:
    """Say on standard error that it is done; {id} in the sentence is the row."""
    click.echo(sentence.format(id=row_id), err=True)
