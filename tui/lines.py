"""Files of JSON lines, read as they come; what is no such line is named and left out."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from models.errors import NotFound
from models.words import _
from tui import output

_LINE_LIMIT = 10_000_000


@contextmanager
def opened(file: Path) -> Iterator[Any]:
    """A file's bytes, or standard input's for `-`."""
    if str(file) == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = file.open("rb")
    except OSError as error:
        raise NotFound(
            _("{file} cannot be read: {reason}.").format(file=file, reason=error.strerror)
        ) from None
    with stream:
        yield stream


def numbered(stream: Any) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers; of one that is too long only the beginning."""
    for number, raw in enumerate(iter(lambda: stream.readline(_LINE_LIMIT), b""), 1):
        rest = raw
        while len(rest) == _LINE_LIMIT and not rest.endswith(b"\n"):
            rest = stream.readline(_LINE_LIMIT)
        yield number, raw


def each(file: Path, done: Callable[[int, dict[str, Any]], dict[str, Any]]) -> int:
    """Print what `done` makes of each object, a line each; how many lines were rejected.

    `done` gets the line's number and object, and raises ValueError in words, KeyError or TypeError
    where it cannot use it.
    """
    rejected = 0
    with opened(file) as stream:
        for number, raw in numbered(stream):
            if raw.strip():
                rejected += not _printed(number, raw, done)
    return rejected


def _printed(
    number: int, raw: bytes, done: Callable[[int, dict[str, Any]], dict[str, Any]]
) -> bool:
    try:
        value = json.loads(raw.decode("utf-8-sig"))
        if not isinstance(value, dict):
            raise TypeError
        output.print_json(done(number, value))
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        reason = _reason(error)
        output.say(_("line {number}: {reason}").format(number=number, reason=reason))
        return False
    return True


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        return _("there is no {name}").format(name=error)
    if type(error) is ValueError:
        return str(error)
    return _("not an object of the kind that is read here")
