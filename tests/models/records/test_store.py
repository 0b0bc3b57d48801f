"""Opening a database, refusing one, and what a fault of it sounds like."""

import os
import resource
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, SQLModel, select

from models.errors import LeaseLost, StoreError
from models.instant import MINUTE
from models.records import schema, sources, versions
from models.records.store import CHANGED, Store, open_store
from models.records.tables import Account, Source
from tests.world import START, broken, post, take

_INDEX = "mention_search"
"""The search's own tables, which the migrations alone describe: they differ by database."""


def test_the_migrations_make_the_tables_of_the_code(store: Store) -> None:
    with store.writer().connect() as connection:
        options = {"include_name": lambda name, *_where: not (name or "").startswith(_INDEX)}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_head_is_the_newest_migration() -> None:
    folder = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))
    assert [step.revision for step in folder.walk_revisions()][::-1] == list(versions.KNOWN)


def test_an_absent_database_is_made_only_when_asked(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'new' / 'g.db'}"
    with pytest.raises(StoreError, match="no database at"):
        open_store(address)
    open_store(address, create=True).close()
    open_store(address).close()


def test_a_newer_database_is_left_alone(address: str) -> None:
    store = open_store(address, create=True)
    with store.write() as session:
        session.connection().execute(text("update alembic_version set version_num = '9999'"))
    store.close()
    with pytest.raises(StoreError, match="newer Gensvar"):
        open_store(address)


def test_somebody_elses_database_is_left_alone(sqlite_address: str) -> None:
    file = sqlite_address.removeprefix("sqlite:///")
    with sqlite3.connect(file) as db:
        db.execute("create table customers(id integer)")
    with pytest.raises(StoreError, match="other tables"):
        open_store(sqlite_address)


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 4000]
)
def test_a_file_that_is_no_database_is_said_so(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "g.db"
    file.write_bytes(content)
    with pytest.raises(StoreError):
        open_store(f"sqlite:///{file}")
    assert file.read_bytes() == content


def test_a_truncated_database_is_damaged_not_repaired(sqlite_address: str) -> None:
    open_store(sqlite_address, create=True).close()
    file = Path(sqlite_address.removeprefix("sqlite:///"))
    file.write_bytes(file.read_bytes()[:8192])
    with pytest.raises(StoreError), closing(open_store(sqlite_address)) as store:
        take(store, post("britta"))


@pytest.mark.parametrize("address", ["", "mysql://x/y", "sqlite://", "sqlite:///:memory:", "::"])
def test_an_address_we_cannot_use_is_refused(address: str) -> None:
    with pytest.raises(StoreError):
        open_store(address)


def test_a_postgres_that_is_not_there_is_one_sentence() -> None:
    with pytest.raises(StoreError, match="cannot be used"):
        open_store("postgresql://nobody:secret@127.0.0.1:1/none")


def test_a_password_is_never_said() -> None:
    with pytest.raises(StoreError) as refused:
        open_store("postgresql://nobody:geheim@127.0.0.1:1/none")
    assert "geheim" not in str(refused.value)


def test_a_busy_database_is_said_and_nothing_is_half_done(
    sqlite_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.records.store.BUSY_SECONDS", 0.2)
    store = open_store(sqlite_address, create=True)
    holder = sqlite3.connect(sqlite_address.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("begin immediate")
    with pytest.raises(StoreError, match="busy"):
        take(store, post("britta"))
    holder.execute("rollback")
    holder.close()
    assert take(store, post("britta")).new == 1
    assert broken(store) == []
    store.close()


def test_a_full_disk_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    """The limit on file size stands in for the full disk: the same error from the same call."""
    script = (
        "import resource, signal, sys\n"
        "from models.errors import StoreError\n"
        "from models.records.store import open_store\n"
        "from tests.world import post, take\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "store = open_store(sys.argv[1], create=True)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, 700_000))\n"
        "done = 0\n"
        "try:\n"
        "    for number in range(500):\n"
        "        take(store, post(f'p{number}', 'x' * 5000)); done += 1\n"
        "except StoreError as error:\n"
        "    print(done, error)\n"
    )
    address = f"sqlite:///{tmp_path / 'g.db'}"
    run = subprocess.run(
        [sys.executable, "-c", script, address],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )
    done, _space, sentence = run.stdout.partition(" ")
    assert "Nothing was lost" in sentence
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    store = open_store(address)
    assert broken(store) == []
    with store.read() as session:
        stored = session.connection().execute(text("select count(*) from mention")).scalar_one()
    assert stored == int(done)
    store.close()


def test_readers_cannot_write(store: Store) -> None:
    with pytest.raises((StoreError, DatabaseError)), store.read() as session:
        session.add(Account(channel="x", external_id="1", handle="a"))


def half(session: Session) -> None:
    sources.ensure(session, "half", "x", "mentions")
    raise KeyError


def test_an_error_in_a_transaction_undoes_all_of_it(store: Store) -> None:
    with pytest.raises(KeyError), store.write() as session:
        half(session)
    with store.read() as session:
        assert session.exec(select(Source)).all() == []


def test_a_source_is_held_by_one_worker_and_fenced(store: Store) -> None:
    with store.write() as session:
        sources.ensure(session, "s", "x", "mentions")
        first = sources.acquire(session, "s", "one", START, MINUTE)
        assert first is not None
        assert sources.acquire(session, "s", "two", START + MINUTE, MINUTE) is None
        assert sources.holder(session, "s", START) == "one"
        second = sources.acquire(session, "s", "two", START + MINUTE + 1, MINUTE)
        assert second is not None
    with pytest.raises(LeaseLost), store.write() as session:
        sources.advance(session, first, START, MINUTE, "lost")
    with store.write() as session:
        sources.advance(session, second, START, MINUTE, "kept")
        sources.finish(session, second, START, START + MINUTE)
        assert sources.acquire(session, "s", "one", START + MINUTE - 1, MINUTE) is None
        again = sources.acquire(session, "s", "one", START + MINUTE, MINUTE)
    assert again is not None
    assert again.checkpoint == "kept"


def test_postgres_tells_of_a_commit_when_it_is_one_and_not_before(postgres_address: str) -> None:
    store = open_store(postgres_address)
    ear = store.watching()
    driver: Any = ear.dbapi_connection
    driver.execute(f"listen {CHANGED}")

    def told() -> int:
        return len(list(driver.notifies(timeout=0.3)))

    with store.write() as session:
        session.add(Account(channel="x", external_id="1", handle="ylva"))
        session.flush()
        assert told() == 0
    assert told() == 1
    with store.write() as session:  # which nothing has flushed yet
        session.add(Account(channel="x", external_id="2", handle="otso"))
    assert told() == 1
    with pytest.raises(KeyError), store.write() as session:
        half(session)
    with store.write() as session:
        assert len(session.exec(select(Account)).all()) == 2
    assert told() == 0
    ear.invalidate()
    ear.close()
    store.close()


def test_whoever_watches_is_in_nobodys_way(store: Store) -> None:
    """No transaction stays open, or the WAL would grow and Postgres could not clean up."""
    ear = store.watching()
    driver: Any = ear.dbapi_connection
    if store.is_sqlite:
        driver.execute("pragma data_version").fetchone()
        take(store, post("ylva"))
        with closing(sqlite3.connect(store.url.database or "")) as other:
            assert other.execute("pragma wal_checkpoint(truncate)").fetchone() == (0, 0, 0)
        with pytest.raises(sqlite3.OperationalError):
            driver.execute("insert into presence values ('x', 1, 1)")
    else:
        driver.execute("select 1")
        assert driver.info.transaction_status.name == "IDLE"
    with pytest.raises(store.driver_error()):
        driver.execute("select nonsense")
    ear.invalidate()
    ear.close()
