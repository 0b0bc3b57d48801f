"""The audit: counts that add up, every invariant held against the database, and the alarms.

A violation means a promise of the product was broken. An alarm means something waits for a
person: a hole, a silent source, a reply nobody knows the fate of.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from models.mailing import Mailing
from models.records.alarms import Alarm, alarms
from models.records.invariants import INVARIANTS
from models.records.kinds import MentionState
from models.records.tables import Mention
from models.words import _

_ROWS_NAMED = 20


@dataclass(frozen=True, slots=True)
class Audit:
    """Counts that add up, alarms, and violations by invariant."""

    counts: dict[str, int]
    alarms: list[Alarm]
    violations: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """The object `gensvar audit --json` prints."""
        return {**self.counts, "alarms": self.alarms, "violations": self.violations}


def audit(session: Session, at: int, stale: int, mailing: Mailing | None = None) -> Audit:
    """Check everything at `at`; a source is stale after `stale` microseconds without success,
    and `mailing` says which leaders should have had their mail."""
    return Audit(counts(session), alarms(session, at, stale, mailing), violations(session))


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
            found.append({"invariant": invariant.name, "rows": named, "text": _(invariant.says)})
    return found
