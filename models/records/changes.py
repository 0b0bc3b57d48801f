"""Whether anybody has changed the database, without asking it much.

SQLite: its data version, two microseconds a look. Postgres: NOTIFY, which is a hint and can be
missed, so that every few seconds count as a change too.
"""

import threading
import time
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import PoolProxiedConnection

from models.records.store import CHANGED, Store

_LOOK_EVERY = 0.1
_SLOW_POLL = 5.0


class Changes:
    """A watch on one database; use it from one thread, `stop` from any."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stopped = threading.Event()
        self._poked = threading.Event()
        self._connection: PoolProxiedConnection | None = None
        self._seen: int | None = None

    def wait(self) -> bool:
        """Block until something changed or somebody poked; False once stopped.

        A poked watch looks too, so that from here on no change can come unseen.
        """
        until = time.monotonic() + _SLOW_POLL
        while not self._stopped.is_set():
            if self._has_changed(until) or self._poked.is_set():
                self._poked.clear()
                return True
        self._drop()
        return False

    def poke(self) -> None:
        """Count as a change."""
        self._poked.set()

    def rest(self, seconds: float) -> None:
        """Let a while pass, or less if it ends."""
        self._poked.wait(seconds)

    def stop(self) -> None:
        """End the wait."""
        self._stopped.set()
        self._poked.set()

    def _has_changed(self, until: float) -> bool:
        try:
            if self._store.is_sqlite:
                self._poked.wait(_LOOK_EVERY)
                return self._has_new_version()
            return self._was_notified() or time.monotonic() > until
        except (self._store.driver_error(), SQLAlchemyError):  # whoever reads next says it in words
            self._drop()
            self._poked.wait(_SLOW_POLL)
            return True

    def _has_new_version(self) -> bool:
        version = int(self._open().execute("PRAGMA data_version").fetchone()[0])
        seen, self._seen = self._seen, version
        return seen is not None and seen != version

    def _was_notified(self) -> bool:
        timeout = 0.0 if self._poked.is_set() else _LOOK_EVERY
        return any(True for _notice in self._open().notifies(timeout=timeout, stop_after=1))

    def _open(self) -> Any:
        if self._connection is None:
            self._connection = self._store.watching()
            if not self._store.is_sqlite:
                self._driver().execute(f"LISTEN {CHANGED}")
        return self._driver()

    def _driver(self) -> Any:
        assert self._connection is not None
        return self._connection.dbapi_connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()  # its settings are not for the pool
            self._connection.close()
        self._connection = self._seen = None
