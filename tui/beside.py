"""A listener beside the desk, where none runs: a process of its own, so the screen stays quick.

It ends when its standard input closes, which the system does for us whatever becomes of the desk.
"""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

_PAUSE = 30.0
"""Seconds between two starts of a child that does not stay."""


class Beside:
    """At most one child; its words go to a log file."""

    def __init__(self, command: Sequence[str], log: Path, **environment: str) -> None:
        self._command, self.log = list(command), log
        self._environment: Mapping[str, str] = {**os.environ, **environment}
        self._child: subprocess.Popen[bytes] | None = None
        self._again_at = 0.0
        self._failed = False

    @property
    def runs(self) -> bool:
        """Whether our own child is alive."""
        return self._child is not None and self._child.poll() is None

    @property
    def stopped(self) -> bool:
        """Whether it was started and has ended, which it never does by itself."""
        return self._failed or (self._child is not None and self._child.poll() is not None)

    def start(self) -> None:
        """Start it unless it runs, or was started just now and did not stay."""
        if self.runs or time.monotonic() < self._again_at:
            return
        self._again_at = time.monotonic() + _PAUSE
        try:
            self._begin()
            self._failed = False
        except OSError:
            self._failed = True

    def _begin(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(  # noqa: S603  our own program
                self._command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=self._environment,
                start_new_session=True,  # Ctrl-C in the terminal is meant for the desk
            )

    def close(self, wait: float) -> None:
        """Ask it to finish what it is doing; wait so many seconds for it at most."""
        if self._child is None:
            return
        if self._child.stdin is not None:
            self._child.stdin.close()
        try:
            self._child.wait(wait)
        except subprocess.TimeoutExpired:
            return
        self._child = None
