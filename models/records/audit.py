"""The audit: every invariant as a query that must find nothing, and the alarms a person must see.

A violation means a promise of the product was broken. An alarm means something waits for a
person: a hole, a silent source, a reply nobody knows the fate of.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from models.instant import MINUTE, to_rfc3339
from models.records.invariants import INVARIANTS
from models.records.sources import IMPORT
from models.records.tables import (
    Alert,
    AlertState,
    Mention,
    MentionState,
    Promise,
    PromiseState,
    Reply,
    ReplyState,
    Source,
)

_ROWS_NAMED = 20


@dataclass(frozen=True, slots=True)
class Audit:
    """Counts that add up, alarms, and violations by invariant."""

    counts: dict[str, int]
    alarms: list[dict[str, Any]]
    violations: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """The object `gensvar audit --json` prints."""
        return {**self.counts, "alarms": self.alarms, "violations": self.violations}


def audit(session: Session, at: int, stale: int) -> Audit:
    """Check everything at `at`; a source is stale after `stale` microseconds without success."""
    alarms = [alarm for find in _ALARMS for alarm in find(session, at, stale)]
    return Audit(counts(session), alarms, violations(session))


def counts(session: Session) -> dict[str, int]:
    """How many mentions there are in each state; the first is the sum of the states."""
    statement = select(Mention.state, func.count()).group_by(Mention.state)
    found = dict(session.exec(statement).all())
    answered = select(func.count()).select_from(Mention).where(Mention.state == "answered")
    native = session.exec(answered.where(col(Mention.own_post_id).is_not(None))).one()
    by_hand = session.exec(answered.where(col(Mention.answered_link).is_not(None))).one()
    by_state = {state.value: found.get(state.value, 0) for state in MentionState}
    return {
        "mentions": sum(by_state.values()),
        "open": by_state["open"],
        "replying": by_state["replying"],
        "answered": by_state["answered"],
        "answered_natively": native,
        "answered_by_hand": by_hand,
        "dismissed": by_state["dismissed"],
        "gone": by_state["gone"],
    }


def violations(session: Session) -> list[dict[str, Any]]:
    """The invariants that do not hold, each with the ids of up to twenty rows."""
    found = []
    for invariant in INVARIANTS:
        rows = session.connection().execute(text(invariant.query)).fetchmany(_ROWS_NAMED)
        if rows:
            named = [row[0] for row in rows]
            found.append({"invariant": invariant.name, "rows": named, "text": invariant.says})
    return found


def _alarm(kind: str, row_id: int | None, sentence: str) -> dict[str, Any]:
    return {"kind": kind, "id": row_id, "text": sentence}


def _gaps(session: Session, at: int, stale: int) -> list[dict[str, Any]]:
    sources = session.exec(select(Source).where(col(Source.gap_from).is_not(None)))
    return [
        _alarm(
            "gap",
            source.id,
            f"{source.name}: posts between {to_rfc3339(source.gap_from or 0)} and"
            f" {to_rfc3339(source.gap_to or 0)} can no longer be read ({source.gap_reason}).",
        )
        for source in sources
    ]


def _silent_sources(session: Session, at: int, stale: int) -> list[dict[str, Any]]:
    listening = select(Source).where(
        Source.feed != IMPORT, func.coalesce(Source.last_ok_at, 0) < at - stale
    )
    return [
        _alarm("stale source", source.id, _since(source) + f" ({source.last_error or 'no error'})")
        for source in session.exec(listening)
    ]


def _since(source: Source) -> str:
    if source.last_ok_at is None:
        return f"{source.name} has never been read"
    return f"{source.name} was last read at {to_rfc3339(source.last_ok_at)}"


def _unknown_replies(session: Session, at: int, stale: int) -> list[dict[str, Any]]:
    replies = session.exec(select(Reply).where(Reply.state == ReplyState.UNKNOWN))
    return [
        _alarm("unknown reply", reply.id, f"It is not known whether reply {reply.id} went out.")
        for reply in replies
    ]


def _stuck_replies(session: Session, at: int, stale: int) -> list[dict[str, Any]]:
    sending = select(Reply).where(
        Reply.state == ReplyState.SENDING, col(Reply.lease_until) < at - MINUTE
    )
    queued = select(Reply).where(
        Reply.state == ReplyState.QUEUED, col(Reply.send_after) < at - 5 * MINUTE
    )
    return [
        _alarm("stuck reply", reply.id, f"Reply {reply.id} should have left; nobody is sending.")
        for statement in (sending, queued)
        for reply in session.exec(statement)
    ]


def _failed_replies(session: Session, at: int, stale: int) -> list[dict[str, Any]]:
    failed = (
        select(Reply)
        .join(Mention, col(Mention.id) == col(Reply.mention_id))
        .where(Reply.state == ReplyState.FAILED, Mention.state == MentionState.OPEN)
    )
    return [
        _alarm("failed reply", reply.id, f"Reply {reply.id} was refused: {reply.error}")
        for reply in session.exec(failed)
    ]


def _unjudged(session: Session, at: int, stale: int) -> list[dict[str, Any]]:
    late = select(func.count()).where(
        col(Mention.judged_at).is_(None), Mention.received_at < at - 5 * MINUTE
    )
    number = session.exec(late).one()
    return [_alarm("not judged", None, f"{number} mentions wait for a judge.")] if number else []


def _alerts(session: Session, at: int, stale: int) -> list[dict[str, Any]]:
    stuck = (col(Alert.state) == AlertState.RUNNING) & (col(Alert.at) < at - 5 * MINUTE)
    failed = col(Alert.state) == AlertState.FAILED
    return [
        _alarm(
            "alert",
            alert.mention_id,
            f"The alert by {alert.way} for mention {alert.mention_id} did not go out:"
            f" {alert.error or 'stopped in the middle'}",
        )
        for alert in session.exec(select(Alert).where(failed | stuck))
    ]


def _overdue_promises(session: Session, at: int, stale: int) -> list[dict[str, Any]]:
    overdue = select(Promise).where(Promise.state == PromiseState.OPEN, col(Promise.due_at) < at)
    return [
        _alarm("overdue promise", promise.id, f"Promise {promise.id} is overdue: {promise.text}")
        for promise in session.exec(overdue)
    ]


_ALARMS: tuple[Callable[[Session, int, int], list[dict[str, Any]]], ...] = (
    _gaps,
    _silent_sources,
    _unknown_replies,
    _stuck_replies,
    _failed_replies,
    _unjudged,
    _alerts,
    _overdue_promises,
)
