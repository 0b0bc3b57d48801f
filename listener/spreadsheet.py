"""CSV as spreadsheets write it: commas, semicolons or tabs; UTF-8, UTF-16 or a Western code page.

A record is read line by line and given up after `_LONGEST` lines, so that one quote nobody closed
costs one row and not all rows after it.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

NEEDED = ("channel", "external_id", "author.external_id", "author.handle", "text", "posted_at")
_LONGEST = 200
_SAMPLE = 1_000_000


def rows(file: Path) -> Iterator[tuple[int, dict[str, str] | str]]:
    """(first line's number, column -> cell), or a sentence instead of a row that is none."""
    with file.open(encoding=_encoding(file), errors="surrogateescape", newline="") as stream:
        lines = enumerate(stream, 1)
        first = next(lines, (1, ""))[1]
        if not first.strip():
            return
        delimiter = max(",;\t", key=first.count)
        heading = [name.strip().lower() for name in _cells(first, delimiter)]
        if missing := [name for name in NEEDED if name not in heading]:
            yield 1, f"the heading has no column called {', '.join(missing)}"
            return
        for number, record in _records(lines, delimiter):
            yield number, _row(heading, record, delimiter)


def _row(heading: list[str], record: str | None, delimiter: str) -> dict[str, str] | str:
    if record is None:
        return "a quote is opened here and never closed"
    try:
        cells = _cells(record, delimiter)
    except csv.Error as error:
        return f"not CSV: {error}"
    if len(cells) > len(heading):
        return "more cells than the heading has"
    return dict(zip(heading, cells, strict=False))


def _records(lines: Iterator[tuple[int, str]], delimiter: str) -> Iterator[tuple[int, str | None]]:
    """Records with the number of their first line; None for one whose quote stays open."""
    kept = list[tuple[int, str]]()
    while True:
        first = kept.pop(0) if kept else next(lines, None)
        if first is None:
            return
        number, record = first
        if not record.strip():
            continue
        taken = 0
        while _is_open(record, delimiter) and taken < _LONGEST:
            if taken == len(kept):
                following = next(lines, None)
                if following is None:
                    break
                kept.append(following)
            record += kept[taken][1]
            taken += 1
        if _is_open(record, delimiter) or (taken and not _is_strict(record, delimiter)):
            yield number, None  # the lines after it are read again, as rows of their own
        else:
            del kept[:taken]
            yield number, record


def _is_open(record: str, delimiter: str) -> bool:
    """Whether a quoted cell is still open at the record's end; a quote opens only a whole cell."""
    if '"' not in record:
        return False
    quoted, at_start, before = False, True, ""
    for letter in record:
        if quoted:
            quoted = letter != '"'
            at_start = False
        elif letter == '"' and (at_start or before == '"'):
            quoted = True
        else:
            at_start = letter in (delimiter, "\n", "\r")
        before = letter
    return quoted


def _is_strict(record: str, delimiter: str) -> bool:
    """Whether a record over several lines is quoted as it must be, or closed by accident."""
    try:
        list(csv.reader([record], delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return True


def _cells(record: str, delimiter: str) -> list[str]:
    csv.field_size_limit(_SAMPLE)
    return next(csv.reader([record], delimiter=delimiter), [])


def _encoding(file: Path) -> str:
    """As the file's beginning shows it; Western Windows letters where it is no UTF-8."""
    with file.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        sample.decode("utf-8") if len(sample) < _SAMPLE else sample[:-4].decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 8:
            return "cp1252" if _is_western(sample) else "utf-8-sig"
    return "utf-8-sig"


def _is_western(sample: bytes) -> bool:
    """Whether the bytes above ASCII are mostly single letters, as in Excel's plain CSV."""
    high = sum(byte >= 0x80 for byte in sample)
    kept = sum(letter.isalpha() for letter in sample.decode("utf-8", "ignore") if letter > "\x7f")
    return kept * 2 < high
