"""A program on a real pseudo-terminal: what it writes and when, what CPU and memory it takes."""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

ROOT = Path(__file__).parent.parent
QUIET = 0.08
"""Seconds without output after which a program is taken to have finished painting."""
_RESTING = 0.05
"""Share of a CPU below which a program is taken to rest."""
_PATIENCE = 300.0
_GOODBYE = 10.0
_LEAVE = b"\x11"
_SIZE = {"COLUMNS", "LINES"}
"""They go before the terminal's own size, and a library that reads lines sets them."""


@dataclass(frozen=True, slots=True)
class Output:
    """Some bytes, when they were there, and the CPU milliseconds used by then."""

    at: float
    cpu: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """What something took: milliseconds until it stood on the screen, and of CPU."""

    wall: float
    cpu: float


class Terminal:
    """Holds a program from its start to the end of a `with` block, however that ends."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        columns: int = 120,
        lines: int = 40,
    ) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self._unseen: list[Output] = []
        self._line, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._born = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=ROOT,
            env={name: told for name, told in environment.items() if name not in _SIZE},
            start_new_session=True,
        )
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ask the program to leave; a program whose terminal went away could run forever."""
        try:
            if error is None and self._process.poll() is None:
                self.press(_LEAVE)
                self._see_off()
        finally:
            self._process.kill()
            self._process.wait()
            os.close(self._line)

    @property
    def cpu(self) -> float:
        """Milliseconds on a CPU so far, all threads, also those that have ended."""
        clock = (~self._process.pid << 3) | 2  # as clock_getcpuclockid(3) makes it
        return time.clock_gettime_ns(clock) / 1e6

    @property
    def peak_memory(self) -> float:
        """The most memory it ever held, in MB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) / 1024

    @property
    def screen(self) -> list[str]:
        """The lines that stand on the screen."""
        for output in self._unseen:
            self._stream.feed(output.data)
        self._unseen.clear()
        return self._screen.display

    def press(self, key: bytes) -> None:
        """Type a key."""
        os.write(self._line, key)

    def go_away(self) -> int:
        """The window is shut, where no signal tells of it; the program's exit code."""
        os.dup2(os.open(os.devnull, os.O_RDWR), self._line)
        return self._process.wait(_GOODBYE)

    def tell(self, number: signal.Signals) -> None:
        """Send a signal."""
        self._process.send_signal(number)

    def listen(self, quiet: float, limit: float = _PATIENCE) -> list[Output]:
        """What it writes until it has been quiet for so long, or the limit has passed."""
        heard: list[Output] = []
        until = time.perf_counter() + limit
        while (left := until - time.perf_counter()) > 0:
            output = self._hear(min(quiet, left))
            if output is None:
                break
            heard.append(output)
        self._unseen += heard
        return heard

    def take_start(self, sign: str) -> Taken:
        """From the start of the process until this word is written."""
        word, heard = sign.encode(), b""
        while (output := self._hear(_PATIENCE)) is not None:
            self._unseen.append(output)
            heard = heard[-len(word) :] + output.data
            if word in heard:
                return Taken((output.at - self._born) * 1000, output.cpu)
        raise TimeoutError(f"no {sign!r} after {_PATIENCE} s")

    def take_settling(self) -> Taken:
        """From the start of the process until nothing more is painted and its CPU rests."""
        last, used = self._born, 0.0
        while self.cpu - used > _RESTING * 1000:
            used = self.cpu
            for output in self.listen(1.0):
                last = output.at
        return Taken((last - self._born) * 1000, used)

    def take_key(self, key: bytes, quiet: float = QUIET) -> Taken:
        """From a key until the last of what it changes on the screen."""
        cpu, began = self.cpu, time.perf_counter()
        self.press(key)
        select.select([self._line], [], [], _PATIENCE)
        heard = self.listen(quiet)
        return Taken((heard[-1].at - began) * 1000, self.cpu - cpu)

    def when(self, shown: Callable[[list[str]], bool]) -> float:
        """The moment of the output that first brought the screen to this."""
        until = time.perf_counter() + _PATIENCE
        while time.perf_counter() < until:
            heard, seen = self.listen(QUIET / 4), 0.0
            self._unseen = self._unseen[: len(self._unseen) - len(heard)]
            for output in heard:
                self._unseen.append(output)
                seen = seen or (output.at if shown(self.screen) else 0.0)
            if seen:
                return seen
        raise TimeoutError("never shown:\n" + "\n".join(self.screen))

    def _hear(self, patience: float) -> Output | None:
        ready, _write, _except = select.select([self._line], [], [], patience)
        if not ready:
            return None
        try:
            return Output(time.perf_counter(), self.cpu, os.read(self._line, 65536))
        except OSError as error:
            told = "\n".join(self.screen).rstrip()
            raise ChildProcessError(f"the program has ended:\n{told}") from error

    def _see_off(self) -> None:
        until = time.perf_counter() + _GOODBYE
        try:
            while self._process.poll() is None and time.perf_counter() < until:
                self._hear(0.05)
        except ChildProcessError:
            self._process.wait(_GOODBYE)
