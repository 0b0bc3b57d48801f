"""How commands print: JSON in the contract's forms, tables a terminal can be trusted with."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from models.instant import to_rfc3339
from models.outside import first_line, visible
from models.personal import masked
from models.words import _
from tui.saying import clock, how_word, lane_word, span, state_word

if TYPE_CHECKING:  # the records take longer to load than a reply takes to be checked
    from models.records.ledger import Entry
    from models.records.outbox import Pending
    from models.records.queue import Waiting


def say(sentence: str) -> None:
    """Words go to standard error; whatever they quote is made visible first."""
    click.echo(visible(sentence, lines=True), err=True)


def print_json(value: object) -> None:
    """One JSON value on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False))


def print_array(values: Iterable[object]) -> None:
    """A JSON array on standard output, an element a line, without holding it all in memory."""
    click.echo("[", nl=False)
    for number, value in enumerate(values):
        click.echo((",\n " if number else "") + json.dumps(value, ensure_ascii=False), nl=False)
    click.echo("]")


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns on standard output; every cell goes through the door for outside text."""
    cells = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(headings, *cells, strict=True)]
    for row in [list(headings), *cells]:
        row_of(row, widths)


def row_of(cells: Sequence[str], widths: Sequence[int]) -> None:
    """One row of a table whose widths are known before its rows are."""
    shown = map(visible, cells)
    padded = (
        cell + " " * (width - _width(cell)) for cell, width in zip(shown, widths, strict=True)
    )
    click.echo("  ".join(padded).rstrip())


def waiting_json(mention: "Waiting", at: int) -> dict[str, Any]:
    """A queue entry as the contract has it; `at` is now, since a claim and a snooze end then."""
    put_off = mention.snoozed_until > at
    return {
        "id": mention.id,
        "channel": mention.channel,
        "external_id": mention.external_id,
        "lane": mention.lane,
        "due_at": to_rfc3339(mention.due_at),
        "complaint": mention.complaint,
        "author": mention.author,
        "text": masked(mention.text),
        "why": mention.why,
        "allowance_minutes": mention.allowance_minutes,
        "posted_at": to_rfc3339(mention.posted_at),
        "language": mention.language,
        "judged": mention.judged,
        "perhaps_answered": mention.perhaps_answered,
        "assigned_to": mention.assigned_to if mention.claimed_until > at else None,
        "snoozed_until": to_rfc3339(mention.snoozed_until) if put_off else None,
        "tags": mention.tags,
        "handed_to": mention.handed_to,
        "flags": mention.flags,
        "url": mention.url,
    }


def waiting_row(mention: "Waiting", at: int) -> list[str]:
    """A queue entry as a table row; `at` is now."""
    handle = mention.author["name"] or mention.author["handle"] or ""
    return [
        str(mention.id),
        lane_word(mention.lane) if mention.judged else _("not judged"),
        clock(mention.due_at - at),
        mention.channel,
        mention.language or "–",
        first_line(handle, 20),
        first_line(masked(mention.text), 60),
    ]


def pending_json(reply: "Pending") -> dict[str, Any]:
    """A reply of the outbox."""
    leaves = None if reply.send_after is None else to_rfc3339(reply.send_after)
    return asdict(reply) | {"send_after": leaves}


def ledger_json(entry: "Entry") -> dict[str, Any]:
    """A ledger entry as the contract has it."""
    return {
        "id": entry.id,
        "channel": entry.channel,
        "external_id": entry.external_id,
        "state": entry.state,
        "how": entry.how,
        "proof": entry.proof,
        "waited_minutes": entry.waited_minutes,
        "lane": entry.lane,
        "posted_at": to_rfc3339(entry.posted_at),
        "settled_at": None if entry.settled_at is None else to_rfc3339(entry.settled_at),
        "reason": entry.reason,
        "perhaps_answered": entry.perhaps_answered,
    }


def ledger_row(entry: "Entry") -> list[str]:
    """A ledger entry as a table row."""
    return [
        str(entry.id),
        state_word(entry.state),
        how_word(entry.how),
        span(entry.waited_minutes),
        first_line(entry.proof or entry.reason or "", 40),
        first_line(masked(entry.text or ""), 50),
    ]


def _width(text: str) -> int:
    """Cells a terminal gives a text."""
    return sum(
        0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in text
    )
