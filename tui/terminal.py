"""The terminal: bytes that are no text, pastes that are more than text, and its going away.

A byte that is not UTF-8, as an old locale or a bad line sends it, would end the program. An escape
sequence inside a paste would be taken for keys: a pasted post could press Ctrl-S and `y`. Where the
terminal is gone, Textual asks it for more as fast as the machine can, or waits for ever to be read.
"""

import codecs
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import IO, Any, cast

from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.drivers._writer_thread import WriterThread
from textual.message import Message

_BEGIN, _END = "\x1b[200~", "\x1b[201~"
_KEPT = "\n\r\t\u200c\u200d"
_KEY = 3
"""Letters: the Escape key and Alt with [ are shorter, and not held back."""
_GONE_SECONDS = 0.5


class PlainPastes(XTermParser):
    """Drops every control from a paste before anything can be read into it."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pasting, self._held, self._passed = False, "", ""

    def feed(self, data: str) -> Iterable[Message]:
        """As Textual's, of the cleaned text; empty data ends the stream."""
        cleaned = self._cleaned(data)
        return super().feed(cleaned) if cleaned or not data else ()

    def _cleaned(self, data: str) -> str:
        text, self._held, cleaned = self._held + data, "", ""
        if self._passed and _BEGIN.startswith((self._passed + text)[: len(_BEGIN)]):
            missing = len(_BEGIN) - len(self._passed)
            if len(text) < missing:
                self._held = text
                return ""
            cleaned, text, self._pasting = text[:missing], text[missing:], True
        while text:
            marker = _END if self._pasting else _BEGIN
            before, found, text = text.partition(marker)
            if not found:
                self._held = _begun(before, marker, 1 if self._pasting else _KEY)
                before = before[: len(before) - len(self._held)]
            cleaned += (_only_text(before) if self._pasting else before) + found
            self._pasting ^= bool(found)
        self._passed = "" if self._pasting or self._held else _begun(cleaned, _BEGIN, 1)
        return cleaned


def _begun(text: str, marker: str, least: int) -> str:
    """The end of the text that may be the beginning of the marker; the Escape key alone is not."""
    for length in range(min(len(marker) - 1, len(text)), least - 1, -1):
        if text.endswith(marker[:length]):
            return marker[:length]
    return ""


def _only_text(pasted: str) -> str:
    return "".join(letter for letter in pasted if letter.isprintable() or letter in _KEPT)


class Letters:
    """Bytes to text, with � for what is none; `hang_up` is called when no more can come."""

    def __init__(self, hang_up: Callable[[], object]) -> None:
        self._hang_up = hang_up
        self._decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode

    def decode(self, data: bytes, final: bool = False) -> str:
        """A terminal that is there never gives nothing."""
        if not data and not final:
            self._hang_up()
            time.sleep(_GONE_SECONDS)
        return self._decode(data, final=final)


class Written:
    """A file that is written to as long as somebody reads it."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.fileno = file.fileno

    def write(self, text: str) -> None:
        """As far as it goes."""
        with suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        """As far as it goes."""
        with suppress(OSError):
            self._file.flush()


class Writer(WriterThread):
    """Does not end with the terminal: Textual would wait for it, and the desk could not leave."""

    def __init__(self, file: IO[str]) -> None:
        super().__init__(cast("IO[str]", Written(file)))


def guard_terminal(hang_up: Callable[[], object]) -> None:
    """Textual's driver looks them up in its own module and offers no other way to choose them."""
    names: Any = linux_driver
    names.getincrementaldecoder = lambda _encoding: partial(Letters, hang_up)
    names.XTermParser = PlainPastes
    names.WriterThread = Writer
