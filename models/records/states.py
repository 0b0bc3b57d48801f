"""The two state machines. Nothing unanswered ends by itself: each move is a deed with its event."""

from typing import Any

from sqlmodel import Session

from models.errors import Refused
from models.records import inferred
from models.records.events import record
from models.records.kinds import MentionState, ReplyState
from models.records.tables import Mention, Reply
from models.urgency import rank_of
from models.words import _

_M, _R = MentionState, ReplyState

MENTION_MOVES: dict[str, frozenset[str]] = {
    _M.OPEN: frozenset({_M.REPLYING, _M.ANSWERED, _M.DISMISSED, _M.GONE}),
    _M.REPLYING: frozenset({_M.OPEN, _M.ANSWERED, _M.GONE}),
    _M.ANSWERED: frozenset({_M.OPEN}),
    _M.DISMISSED: frozenset({_M.OPEN}),
    _M.GONE: frozenset({_M.OPEN}),
}
REPLY_MOVES: dict[str, frozenset[str]] = {
    _R.DRAFT: frozenset({_R.QUEUED, _R.CANCELLED}),
    _R.QUEUED: frozenset({_R.SENDING, _R.SENT, _R.CANCELLED}),
    _R.SENDING: frozenset({_R.SENT, _R.UNKNOWN, _R.FAILED, _R.QUEUED}),
    _R.UNKNOWN: frozenset({_R.SENT, _R.QUEUED, _R.CANCELLED}),
    _R.SENT: frozenset(),
    _R.FAILED: frozenset(),
    _R.CANCELLED: frozenset({_R.SENT}),
}
_SETTLED = {_M.ANSWERED, _M.DISMISSED, _M.GONE}


def move_mention(
    session: Session, mention: Mention, to: MentionState, at: int, actor: str, **values: Any
) -> None:
    """Move a mention whose conversation is locked; `values` are its further columns.

    Any move ends putting off and handing over, or what comes back from a refused reply would hide;
    what ends the wait ends claim and pin too.
    """
    before = mention.state
    _allow(before, to, MENTION_MOVES, _("mention"), mention.id)
    mention.state = to
    mention.settled_at = values.pop("settled_at", at) if to in _SETTLED else None
    mention.snoozed_until, mention.handed_to = 0, None
    if to in _SETTLED:
        inferred.forget(mention)
        mention.assigned_to, mention.claimed_until, mention.is_pinned = None, 0, False
        mention.rank = rank_of(mention.lane, is_pinned=False)
    if before in _SETTLED:
        mention.judged_at = None  # what was forgotten is to be inferred again
    if to == _M.OPEN:
        values = _UNSETTLED | {"look_at": min(mention.look_at, at)} | values
    _apply(mention, values)
    mention.version += 1
    assert mention.id is not None
    record(session, at, actor, "mention", mention.id, to, (before, to))
    session.add(mention)


_UNSETTLED: dict[str, Any] = {
    "reply_id": None,
    "own_post_id": None,
    "answered_link": None,
    "answered_by": None,
    "dismissed_reason": None,
    "dismissed_by": None,
}


def move_reply(
    session: Session, reply: Reply, to: ReplyState, at: int, actor: str, **values: Any
) -> None:
    """Move a reply whose row is locked; `values` are further columns of the new state."""
    before = reply.state
    _allow(before, to, REPLY_MOVES, _("reply"), reply.id)
    reply.state = to
    if to != _R.SENDING:
        values = {"lease_owner": None, "lease_until": None} | values
    _apply(reply, values)
    assert reply.id is not None
    record(session, at, actor, "reply", reply.id, to, (before, to), gen=reply.gen)
    session.add(reply)


def _allow(
    before: str, to: str, moves: dict[str, frozenset[str]], noun: str, row_id: int | None
) -> None:
    if to not in moves[before]:
        raise Refused(
            _("{noun} {id} is {before}: it cannot become {to}.").format(
                noun=noun, id=row_id, before=before, to=to
            )
        )


def _apply(row: Mention | Reply, values: dict[str, Any]) -> None:
    for column, value in values.items():
        setattr(row, column, value)
