"""Who is answered first and why: a lane, and an allowance in minutes that is the sum of its terms.

Only what the customer says counts. Followers, likes, name, avatar and money are not among the
inputs, so they cannot move anybody.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from models.business import Calendar
from models.instant import MINUTE
from models.sentiment.judgement import PRESSING_CUES, URGENT_CUES, Judgement

NOT_JUDGED = "not judged yet"
PRESSES, PERHAPS = "presses", "perhaps a complaint"
_PERHAPS_FROM = 0.2
"""From this probability on, what is no complaint is brought nearer to one, minute by minute."""
_SHORTENED_BY = {"broken_promise": 3, "repeat": 4, "churn": 4}
"""Each pressing cue takes this fraction (1/n) of the base off."""
_SHORTENED_BY_ALARM = 3
"""Each further urgent cue takes this fraction of the urgent base off."""
_LEAST_SHARE = 3
"""No base falls below this fraction of itself."""


class Lane(IntEnum):
    """The queue's filters; only URGENT and NO_REPLY also move the order."""

    URGENT = 0
    COMPLAINT = 1
    QUESTION = 2
    OTHER = 3
    NO_REPLY = 4


class Allowances(Protocol):
    """Minutes within which an answer is owed, by kind."""

    @property
    def urgent(self) -> int: ...
    @property
    def complaint(self) -> int: ...
    @property
    def question(self) -> int: ...
    @property
    def other(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Term:
    """One reason, in minutes: positive for the base, negative for what shortens it."""

    term: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Urgency:
    """A lane and the terms whose minutes sum to the allowance."""

    lane: Lane
    why: tuple[Term, ...]

    @property
    def allowance_minutes(self) -> int:
        """How long the customer may have to wait."""
        return sum(term.minutes for term in self.why)

    @property
    def rank(self) -> int:
        """The first sort key of a mention that nobody has pinned."""
        return rank_of(self.lane, is_pinned=False)

    def due(self, start: int, calendar: Calendar) -> int:
        """The instant by which an answer is owed; urgent ones run on the wall clock."""
        if self.lane is Lane.URGENT:
            return start + self.allowance_minutes * MINUTE
        return calendar.after(start, self.allowance_minutes)


def rank_of(lane: int, *, is_pinned: bool) -> int:
    """The first sort key: pinned by staff, urgent, then everybody, then those who need no reply."""
    return -1 if is_pinned else {Lane.URGENT: 0, Lane.NO_REPLY: 2}.get(Lane(lane), 1)


def unjudged(allowances: Allowances, cues: tuple[str, ...] = ()) -> Urgency:
    """The urgency of a mention nobody has judged: a complaint, and urgent where a cue says so."""
    urgent = [cue for cue in URGENT_CUES if cue in cues]
    if urgent:
        found = _alarmed(urgent, allowances.urgent)
        return Urgency(Lane.URGENT, (*found.why, Term(NOT_JUDGED, 0)))
    pressing = [cue for cue in PRESSING_CUES if cue in cues]
    return _pressed(Lane.COMPLAINT, NOT_JUDGED, allowances.complaint, pressing)


def weigh(judgement: Judgement, addressed: bool, allowances: Allowances) -> Urgency:
    """The urgency of a judged mention; an `addressed` one always wants a reply."""
    urgent = [cue for cue in URGENT_CUES if cue in judgement.cues]
    if judgement.positive >= 0.5 > judgement.complaint:  # a grateful 83-year-old needs no alarm
        urgent = [cue for cue in urgent if cue != "vulnerable"]
    presses = max(0.0, judgement.pressing - 0.5)
    if urgent:
        return _alarmed(urgent, allowances.urgent, presses)
    pressing = [cue for cue in PRESSING_CUES if cue in judgement.cues]
    if judgement.complaint >= 0.5 or "broken_promise" in pressing:
        return _pressed(Lane.COMPLAINT, "complaint", allowances.complaint, pressing, presses)
    if judgement.question >= 0.5:
        found = _pressed(Lane.QUESTION, "question", allowances.question, pressing)
    elif addressed or pressing:
        found = _pressed(Lane.OTHER, "wants an answer", allowances.other, pressing)
    else:
        return Urgency(Lane.NO_REPLY, (Term("not addressed to us", allowances.other),))
    return _brought_nearer(found, judgement.complaint, allowances.complaint)


def _alarmed(cues: list[str], minutes: int, presses: float = 0.0) -> Urgency:
    """The first cue's base; who is in danger twice over, or presses hardest, is met first."""
    shares = [(cue, minutes // _SHORTENED_BY_ALARM) for cue in cues[1:]]
    if presses:
        shares.append((PRESSES, round(presses * minutes * 4 / 3)))
    return _shortened(Lane.URGENT, cues[0], minutes, shares)


def _pressed(lane: Lane, base: str, minutes: int, cues: list[str], presses: float = 0.0) -> Urgency:
    """The base less a share for each pressing cue."""
    shares = [(cue, minutes // _SHORTENED_BY[cue]) for cue in cues]
    if presses:
        shares.append((PRESSES, round(presses * minutes / 2)))
    return _shortened(lane, base, minutes, shares)


def _shortened(lane: Lane, base: str, minutes: int, shares: list[tuple[str, int]]) -> Urgency:
    """The base less these shares, never below a third of it."""
    terms, left = [Term(base, minutes)], minutes
    least = -(-minutes // _LEAST_SHARE)
    for term, share in shares:
        off = min(share, left - least)
        terms.append(Term(term, -off))
        left -= off
    return Urgency(lane, tuple(terms))


def _brought_nearer(urgency: Urgency, complaint: float, minutes: int) -> Urgency:
    """What may well be a complaint after all waits hardly longer than one."""
    over = urgency.allowance_minutes - minutes
    share = (complaint - _PERHAPS_FROM) / (0.5 - _PERHAPS_FROM)
    if over <= 0 or share <= 0:
        return urgency
    return Urgency(urgency.lane, (*urgency.why, Term(PERHAPS, -round(over * share))))
