"""The database: SQLite for one desk, Postgres for a team, opened, checked and kept up to date here.

SQLite writes run under BEGIN IMMEDIATE, since a transaction that reads first and writes later
loses every second race; synchronous=FULL, since a forgotten claim would send a reply twice.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import PoolProxiedConnection
from sqlmodel import Session

from models import instant
from models.errors import NoDatabase, StoreError
from models.records import schema
from models.words import _

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "secure_delete=ON",
    "cache_size=-64000",
)
BUSY_SECONDS = 5.0
CHANGED = "gensvar"
"""The channel on which Postgres tells desks that something was written."""
_TELL = f"select pg_notify('{CHANGED}', '') where pg_current_xact_id_if_assigned() is not null"
"""Unless nothing was: the listener's idle ticks are no news."""


class Store:
    """A database that is there and of our version; use `open_store` to get one."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._file: tuple[int, int] | None = None
        self._writer = _sqlite_engine(url, "BEGIN IMMEDIATE") if self.is_sqlite else _postgres(url)
        self._reader = (
            _sqlite_engine(url, "BEGIN")
            if self.is_sqlite
            else self._writer.execution_options(
                postgresql_readonly=True, isolation_level="REPEATABLE READ"
            )
        )

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction that may write: all of it, or after any error none of it."""
        with self._session(self._writer) as session:
            yield session
            if not self.is_sqlite:  # told at commit, and only then
                session.flush()
                session.connection().exec_driver_sql(_TELL)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent look; nothing is kept. Keep it short: an open reader lets the WAL grow."""
        with self._session(self._reader) as session:
            yield session

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        self._check_still_there()
        try:
            with Session(engine, expire_on_commit=False) as session, session.begin():
                session.connection()  # begin now: whoever may not write hears it before reading
                yield session
        except SQLAlchemyError as error:
            raise _in_words(error, self.url) from error

    def _check_still_there(self) -> None:
        """What is written into a file that was moved away is lost: refuse it."""
        if not self.is_sqlite:
            return
        file = Path(self.url.database or "")
        try:
            found = (file.stat().st_dev, file.stat().st_ino)
        except OSError:
            found = None
        self._file = self._file or found
        if found is None or found != self._file:
            raise StoreError(
                _("The database {file} was moved or replaced. Nothing was changed.").format(
                    file=file
                )
            )

    def now(self) -> int:
        """The clock all workers on this database share."""
        if self.is_sqlite:
            return instant.now()
        with self.read() as session:
            micros = session.connection().execute(
                text("select (extract(epoch from clock_timestamp()) * 1000000)::bigint")
            )
            return int(micros.scalar_one())

    def watching(self) -> PoolProxiedConnection:
        """A driver's own connection, outside any transaction, for whoever waits for changes."""
        raw = (self._reader if self.is_sqlite else self._writer).raw_connection()
        if not self.is_sqlite:
            driver: Any = raw.dbapi_connection
            driver.autocommit = True
        return raw

    def driver_error(self) -> type[Exception]:
        """What the driver raises where SQLAlchemy does not stand between."""
        error: type[Exception] = self._writer.dialect.loaded_dbapi.Error
        return error

    def writer(self) -> Engine:
        """The engine that writes, for migrations."""
        return self._writer

    def close(self) -> None:
        """Let go of every connection."""
        self._writer.dispose()
        self._reader.dispose()


def open_store(address: str, *, create: bool = False) -> Store:
    """The store at a database URL, migrated to this version.

    An absent SQLite database is made only with `create`; else StoreError says how to make one.
    StoreError too when the database is newer than this program, damaged or not reachable.
    """
    url = _parsed(address)
    if url.get_backend_name() == "sqlite":
        _check_file(Path(url.database or ""), create)
    store = Store(url)
    try:
        schema.bring_up_to_date(store._reader, store._writer)
    except SQLAlchemyError as error:
        store.close()
        raise _in_words(error, url) from error
    except BaseException:
        store.close()
        raise
    return store


def _parsed(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        url = None
    backend = url.get_backend_name() if url is not None else ""
    if url is None or backend not in {"sqlite", "postgresql"}:
        raise StoreError(_("The database address must begin with sqlite:/// or postgresql://."))
    if backend == "sqlite" and url.database in (None, "", ":memory:"):
        raise StoreError(_("The database must be a file: an SQLite address is sqlite:///FILE."))
    return url.set(drivername="postgresql+psycopg") if backend == "postgresql" else url


def _check_file(file: Path, create: bool) -> None:
    if file.exists() or create:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                _("The folder {folder} cannot be made: {reason}.").format(
                    folder=file.parent, reason=error.strerror
                )
            ) from None
        return
    raise NoDatabase(
        _(
            "There is no database at {file} yet. `gensvar demo` shows the whole on invented posts;"
            " `gensvar`, `gensvar import FILE` or `gensvar listen` makes one."
        ).format(file=file)
    )


def _sqlite_engine(url: URL, begin: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.create_function("lower", 1, _lower, deterministic=True)  # its own knows ASCII
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        if begin == "BEGIN":
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _postgres(url: URL) -> Engine:
    """A server that no longer answers is given up after some seconds, not waited for for ever."""
    limits = {
        "connect_timeout": 5,
        "tcp_user_timeout": 8000,
        "keepalives_idle": 10,
        "options": "-c statement_timeout=60s",
    }
    return create_engine(url, pool_pre_ping=True, connect_args=limits)


def _in_words(error: SQLAlchemyError, url: URL) -> StoreError | SQLAlchemyError:
    """The sentence for a fault of the database; a broken law of ours passes through unchanged."""
    reason = str(getattr(error, "orig", error)).strip().partition("\n")[0]
    where = url.database if url.get_backend_name() == "sqlite" else url.render_as_string()
    for sign, sentence in _sentences():
        if sign in reason:
            return StoreError(sentence.format(where=where, reason=reason))
    if isinstance(error, (DBAPIError, PoolTimeout)) and not isinstance(error, IntegrityError):
        return StoreError(
            _("The database {where} cannot be used: {reason}.").format(where=where, reason=reason)
        )
    return error


def _sentences() -> tuple[tuple[str, str], ...]:
    """What a driver's words hold, and the sentence for it."""
    return (
        (
            "database is locked",
            _(
                "The database {where} is busy: another program has held it for five seconds."
                " Nothing was changed; try again."
            ),
        ),
        (
            "database or disk is full",
            _("The disk of {where} is full. Nothing was lost; free some space and it goes on."),
        ),
        (
            "disk I/O error",
            _("The disk of {where} did not take the write. Nothing was lost; check its space."),
        ),
        ("readonly", _("The database {where} is read-only here: check who may write to it.")),
        (
            "read-only transaction",
            _("The database {where} is read-only just now. Nothing was changed."),
        ),
        (
            "unable to open database file",
            _(
                "The database {where} cannot be opened:"
                " check that the folder is there and writable."
            ),
        ),
        (
            "malformed",
            _("The database {where} is damaged. Restore a backup; nothing was changed."),
        ),
        ("not a database", _("{where} is not a Gensvar database. Nothing was changed.")),
        ("encrypted", _("{where} is not a Gensvar database. Nothing was changed.")),
    )
