"""Alerts: an urgent mention calls somebody at once, and once.

The act cannot be undone or repeated, so it is claimed first: a crash in the middle leaves a
`running` alert that the audit names, never a second call.
"""

from collections.abc import Sequence

from sqlalchemy import literal_column
from sqlmodel import Session, col, select

from models.records.kinds import AlertState
from models.records.people import insert_new
from models.records.tables import Alert, Mention
from models.urgency import Lane


def raise_alerts(session: Session, mention: Mention, ways: Sequence[str]) -> None:
    """Note that this mention calls for somebody, if it is urgent and has not done so before."""
    if mention.lane != Lane.URGENT:
        return
    for way in ways:
        insert_new(
            session,
            Alert,
            mention_id=mention.id,
            way=way,
            state=AlertState.WAITING,
            at=mention.received_at,
        )


def claim_alert(session: Session, at: int) -> tuple[Alert, Mention] | None:
    """Take one waiting alert; commit before acting."""
    statement = (
        select(Alert)
        .where(col(Alert.state) == literal_column("'waiting'"))
        .order_by(col(Alert.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    alert = session.exec(statement).first()
    if alert is None:
        return None
    alert.state, alert.at = AlertState.RUNNING, at
    session.add(alert)
    return alert, session.get_one(Mention, alert.mention_id)


def finish_alert(session: Session, alert_id: int, at: int, error: str | None) -> None:
    """Say how it went."""
    alert = session.get_one(Alert, alert_id)
    alert.state = AlertState.FAILED if error else AlertState.DONE
    alert.at, alert.error = at, error
    session.add(alert)
