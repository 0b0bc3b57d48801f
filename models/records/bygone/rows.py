"""Rows in bulk: inserted, moved and logged in one statement a table."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlmodel import Session, SQLModel, col

from models.records.kinds import MentionState
from models.records.tables import Event, Mention

Row = dict[str, Any]


def added(session: Session, table: type[SQLModel], rows: Sequence[Row]) -> list[int]:
    """Insert rows; their ids in the same order."""
    if not rows:
        return []
    key: Any = table.id  # type: ignore[attr-defined]
    statement = insert(table).returning(key, sort_by_parameter_order=True)
    return list(session.connection().execute(statement, rows).scalars())


def event(
    at: int, actor: str, entity: str, number: int, kind: str, states: tuple[str | None, str]
) -> Row:
    """A line of the log, as models.records.events writes it."""
    return {
        "at": at,
        "actor": actor,
        "entity": entity,
        "entity_id": number,
        "kind": kind,
        "from_state": states[0],
        "to_state": states[1],
    }


def log(session: Session, events: Iterable[Row]) -> None:
    """Append to the log, in this order."""
    if rows := list(events):
        session.connection().execute(insert(Event), rows)


def settle(
    session: Session, proof: str, settled: Iterable[Mapping[str, int]], *, moves: int
) -> None:
    """Mentions (`number`) are answered `at` an instant, each by its own `found` in the column
    `proof`, after so many moves."""
    if values := [dict(one) for one in settled]:
        changed: Row = {"settled_at": bindparam("at"), proof: bindparam("found")}
        statement = update(Mention).where(col(Mention.id) == bindparam("number"))
        session.connection().execute(
            statement.values(state=MentionState.ANSWERED, version=moves, **changed), values
        )
