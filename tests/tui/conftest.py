"""Houses for the tests of the screens, of each kind of database."""

from collections.abc import Iterator

import pytest

from tests.tui.house import House


@pytest.fixture
def house(sqlite_address: str) -> Iterator[House]:
    """On SQLite."""
    built = House(sqlite_address)
    yield built
    built.store.close()


@pytest.fixture
def any_house(address: str) -> Iterator[House]:
    """Once on SQLite, once on Postgres."""
    built = House(address)
    yield built
    built.store.close()
