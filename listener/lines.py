"""Reading imported files: one post a line, each checked by itself, so that one bad line is one.

JSONL or CSV. Anything wrong with a line becomes a reason beside its number; nothing in a line,
however large, deep or hostile, can stop the lines after it.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, BinaryIO

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic import ValidationError as PydanticError

from listener import spreadsheet
from models.errors import NotFound
from models.instant import from_rfc3339
from models.outside import TEXT_LIMIT, storable
from models.post import Author, Media, Post
from models.words import _

_LINE_LIMIT = 1_000_000  # bytes; far above any honest post with its links and alt texts
_CHANNELS = frozenset({"x", "reddit", "mastodon", "bluesky", "sandbox"})


def _text_id(value: object) -> object:
    """Networks write ids as numbers or strings; we keep strings."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _instant(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError("must be a time such as 2026-11-21T14:05:00Z")
    try:
        return from_rfc3339(value)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"must be a time such as 2026-11-21T14:05:00Z ({error})") from None


_Id = Annotated[str, BeforeValidator(_text_id), StringConstraints(min_length=1, max_length=300)]
_Short = Annotated[str, StringConstraints(max_length=2_000)]


class _Line(BaseModel):
    """A part of a line; null is the same as absent."""

    model_config = ConfigDict(extra="ignore", strict=True)

    @model_validator(mode="before")
    @classmethod
    def without_nulls(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {key: inner for key, inner in value.items() if inner is not None}


class _Author(_Line):
    external_id: _Id
    handle: _Short
    name: _Short | None = None


class _Media(_Line):
    kind: _Short
    alt: Annotated[str, StringConstraints(max_length=10_000)] | None = None
    url: _Short | None = None


class _Post(_Line):
    channel: Annotated[str, StringConstraints(max_length=30)]
    external_id: _Id
    author: _Author
    text: Annotated[str, StringConstraints(max_length=TEXT_LIMIT)]
    posted_at: Annotated[int, BeforeValidator(_instant)]
    url: _Short | None = None
    in_reply_to: _Id | None = None
    conversation: _Id | None = None
    addressed: bool = True
    lang: _Short | None = None
    media: Annotated[list[_Media], Field(max_length=50)] = Field(default=[])
    own: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: a post, or the reason why it is none."""

    number: int
    post: Post | None
    reason: str = ""


def read(file: Path) -> Iterator[Line]:
    """The lines of a JSONL or CSV file; NotFound if it cannot be read."""
    try:
        if file.suffix.lower() == ".csv":
            yield from _read_csv(file)
        else:
            yield from _read_jsonl(file)
    except OSError as error:
        raise NotFound(
            _("{file} cannot be read: {reason}.").format(file=file, reason=error.strerror)
        ) from None


def _read_jsonl(file: Path) -> Iterator[Line]:
    with _opened(file) as stream:
        number = 0
        while raw := stream.readline(_LINE_LIMIT + 1):
            number += 1
            if len(raw) > _LINE_LIMIT:
                _skip_line(stream, raw)
                yield Line(number, None, f"longer than {_LINE_LIMIT} bytes")
            elif raw.strip():
                yield _from_json(number, raw)


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    """The file, or standard input for -."""
    if str(file) == "-":
        yield sys.stdin.buffer
        return
    with file.open("rb") as stream:
        yield stream


def _skip_line(stream: Any, raw: bytes) -> None:
    while raw and not raw.endswith(b"\n"):
        raw = stream.readline(_LINE_LIMIT)


def _from_json(number: int, raw: bytes) -> Line:
    flags = []
    try:
        line = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        line, flags = raw.decode("utf-8-sig", errors="replace"), ["not UTF-8"]
    try:
        value = json.loads(line)
    except RecursionError:
        return Line(number, None, "nested too deep")
    except ValueError as error:
        return Line(number, None, f"not JSON: {error}"[:200])
    if isinstance(value, list):
        return Line(number, None, "a JSON array; one object a line is needed")
    return _checked(number, value, flags)


def _read_csv(file: Path) -> Iterator[Line]:
    for number, row in spreadsheet.rows(file):
        yield Line(number, None, row) if isinstance(row, str) else _from_row(number, row)


def _from_row(number: int, row: dict[str, str]) -> Line:
    """A CSV row; `author.handle` columns nest, `media` is JSON, empty cells but text are absent."""
    value: dict[str, Any] = {}
    author: dict[str, Any] = {}
    flags = list[str]()
    for name, cell in row.items():
        if cell or name == "text":
            inner = name.removeprefix("author.")
            (value if inner == name else author)[inner] = _decoded(cell, flags)
    value["author"] = author
    try:
        for flag in ("addressed", "own"):
            if flag in value:
                value[flag] = _boolean(flag, value[flag])
        value["media"] = json.loads(value.get("media", "[]"))
    except (ValueError, RecursionError) as error:
        return Line(number, None, str(error)[:200])
    return _checked(number, value, flags)


def _decoded(cell: str, flags: list[str]) -> str:
    """The cell with � for bytes that are not UTF-8, which the file's reading kept aside."""
    decoded = cell.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if decoded != cell and "not UTF-8" not in flags:
        flags.append("not UTF-8")
    return decoded


def _boolean(column: str, cell: str) -> bool:
    known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if cell.strip().lower() not in known:
        raise ValueError(f"{column}: must be true or false")
    return known[cell.strip().lower()]


def _checked(number: int, value: object, flags: list[str]) -> Line:
    try:
        read = _Post.model_validate(_clean(value, flags))
    except PydanticError as error:
        return Line(number, None, _reason(error))
    except RecursionError:
        return Line(number, None, "nested too deep")
    if read.channel not in _CHANNELS:
        return Line(number, None, f"channel: must be one of {', '.join(sorted(_CHANNELS))}")
    return Line(number, _post(read, flags))


def _clean(value: object, flags: list[str]) -> object:
    """Replace what no database holds, wherever it stands, and flag it."""
    if isinstance(value, str):
        text, found = storable(value)
        flags.extend(flag for flag in found if flag not in flags)
        return text
    if isinstance(value, dict):
        return {str(_clean(key, [])): _clean(inner, flags) for key, inner in value.items()}
    if isinstance(value, list):
        return [_clean(inner, flags) for inner in value]
    return value


def _reason(error: PydanticError) -> str:
    problem = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in problem["loc"])
    said = _SAID.get(problem["type"], problem["msg"].removeprefix("Value error, "))
    message = said.format(**problem.get("ctx", {}))
    return (f"{where}: {message}" if where else message)[:200]


_SAID = {
    "missing": "is missing",
    "string_type": "must be text",
    "model_type": "must be an object in braces",
    "model_attributes_type": "must be an object in braces",
    "dict_type": "must be an object in braces",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "too_long": "has more than {max_length} entries",
    "string_too_long": "is longer than {max_length} characters",
    "string_too_short": "is empty",
}
"""What is wrong with a value, in the user's words."""


def _post(read: _Post, flags: list[str]) -> Post:
    return Post(
        channel=read.channel,
        external_id=read.external_id,
        author=Author(read.author.external_id, read.author.handle, read.author.name),
        text=read.text,
        posted_at=read.posted_at,
        url=read.url,
        in_reply_to=read.in_reply_to,
        conversation=read.conversation,
        addressed=read.addressed,
        lang=read.lang,
        media=tuple(Media(item.kind, item.alt, item.url) for item in read.media),
        own=read.own,
        flags=tuple(flags),
    )
