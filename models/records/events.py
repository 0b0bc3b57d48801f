"""The append-only log: who did what to which row, never with a customer's words in it.

It names staff for accountability only: no figure is made from it.
"""

from typing import Any

from sqlmodel import Session

from models.records.tables import Event

LISTENER = "listener"
SENDER = "sender"
NETWORK = "network"
"""Actors that are no member of staff."""


def record(
    session: Session,
    at: int,
    actor: str,
    entity: str,
    entity_id: int,
    kind: str,
    states: tuple[str | None, str | None] = (None, None),
    **data: Any,
) -> None:
    """Append one event; `states` is (before, after), with None before for a birth."""
    session.add(
        Event(
            at=at,
            actor=actor,
            entity=entity,
            entity_id=entity_id,
            kind=kind,
            from_state=states[0],
            to_state=states[1],
            data=data,
        )
    )
