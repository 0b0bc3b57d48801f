"""The outbox: how a queued reply leaves exactly once, even if we die at any line.

The claim is committed before the call; every later write is fenced by `gen`; what may or may not
have landed is `unknown` and is decided by evidence: the echo of our own post, a look-up, or a
person. Nothing here sends blindly again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, literal_column
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.instant import DAY, HOUR
from models.post import Outgoing, Receipt
from models.records import settling, threads
from models.records.events import SENDER
from models.records.kinds import LIVE, MentionState, ReplyState
from models.records.states import move_reply
from models.records.tables import Account, Mention, Reply


@dataclass(frozen=True, slots=True)
class Claim:
    """A reply in one sender's hands; `gen` is the fence, `looks` the fruitless looks so far."""

    reply_id: int
    gen: int
    looks: int
    channel: str
    outgoing: Outgoing


@dataclass(frozen=True, slots=True)
class Pending:
    """A reply that a person should see; `send_after` is when it may leave."""

    id: int
    mention_id: int
    channel: str
    state: str
    text: str
    staff: str
    send_after: int | None
    attempts: int
    error: str | None


def claim(
    session: Session, channels: frozenset[str], owner: str, at: int, lease: int
) -> Claim | None:
    """Take the next reply that is due; commit before calling the network."""
    reply = session.exec(due(channels, at).with_for_update(skip_locked=True)).first()
    if reply is None:
        return None
    reply.gen += 1
    reply.attempts += 1
    move_reply(
        session,
        reply,
        ReplyState.SENDING,
        at,
        SENDER,
        lease_owner=owner,
        lease_until=at + lease,
    )
    return _claim(session, reply)


def is_still_ours(session: Session, claim: Claim, until: int) -> bool:
    """Whether nobody has taken the reply from us, and the lease covers a call that ends by `until`.

    Asked just before the call, so that a sender that slept does not post after its lease.
    """
    reply = session.get_one(Reply, claim.reply_id, populate_existing=True)
    return _is_ours(reply, claim) and (reply.lease_until or 0) > until


def due(channels: frozenset[str], at: int) -> SelectOfScalar[Reply]:
    """The next reply that may leave."""
    return (
        select(Reply)
        .where(is_in(ReplyState.QUEUED), col(Reply.send_after) <= at)
        .where(col(Reply.channel).in_(sorted(channels)))
        .order_by(col(Reply.send_after), col(Reply.id))
        .limit(1)
    )


def is_in(state: str) -> Any:
    """The state as a literal in the statement, so that the partial index is always used."""
    return col(Reply.state) == literal_column(f"'{ReplyState(state).value}'")


def sent(session: Session, claim: Claim, receipt: Receipt) -> None:
    """The network has it. Also a fenced-off sender may say so: late proof is still proof, even of
    a reply that was given up meanwhile. A refused one is left to its echo, a native answer."""
    reply = threads.locked_with_its_mention(session, claim.reply_id)
    if reply.state != ReplyState.FAILED:
        settling.confirm(session, reply, receipt.external_id, receipt.url, receipt.posted_at)


def failed(session: Session, claim: Claim, reason: str, at: int) -> None:
    """The network's definite no: the text is kept and the mention waits again."""
    reply = threads.locked_with_its_mention(session, claim.reply_id)
    if _is_ours(reply, claim):
        move_reply(session, reply, ReplyState.FAILED, at, SENDER, error=reason)
        settling.release(session, reply, at, SENDER)


def uncertain(session: Session, claim: Claim, reason: str, at: int, look_at: int) -> None:
    """It may have landed: look for it at `look_at`."""
    reply = threads.locked_with_its_mention(session, claim.reply_id)
    if _is_ours(reply, claim):
        move_reply(
            session,
            reply,
            ReplyState.UNKNOWN,
            at,
            SENDER,
            error=reason,
            look_at=look_at,
            looks=0,
        )


def hold(session: Session, claim: Claim, reason: str, at: int, until: int) -> None:
    """Nothing was taken: keep the reply queued and try again at `until`, unless it is overtaken."""
    reply = threads.locked_with_its_mention(session, claim.reply_id)
    if not _is_ours(reply, claim):
        return
    if settling.is_overtaken(session, reply):
        move_reply(session, reply, ReplyState.FAILED, at, SENDER, error=_OVERTAKEN)
        settling.release(session, reply, at, SENDER)
    else:
        move_reply(session, reply, ReplyState.QUEUED, at, SENDER, error=reason, send_after=until)


def rescue(session: Session, at: int, wait: int) -> int:
    """Replies whose sender is gone become unknown, to be looked for `wait` later; how many."""
    lost = (
        select(Reply)
        .where(is_in(ReplyState.SENDING), col(Reply.lease_until) < at)
        .with_for_update(skip_locked=True)
    )
    replies = session.exec(lost).all()
    for reply in replies:
        move_reply(
            session,
            reply,
            ReplyState.UNKNOWN,
            at,
            SENDER,
            error="the sender stopped in the middle",
            look_at=at + wait,
            looks=0,
        )
    return len(replies)


def to_look_for(session: Session, channels: frozenset[str], at: int) -> list[Claim]:
    """Unknown replies whose next look is due."""
    statement = (
        select(Reply)
        .where(is_in(ReplyState.UNKNOWN), col(Reply.look_at) <= at)
        .where(col(Reply.channel).in_(sorted(channels)))
        .order_by(col(Reply.look_at))
        .limit(100)
    )
    return [_claim(session, reply) for reply in session.exec(statement)]


def absent(session: Session, look: Claim, at: int, next_look: int | None, resend: bool) -> None:
    """A complete look found nothing. Look again at `next_look`; if that was the last look, queue
    it once more where the network lets us (`resend`), else leave it to a person.

    Of two senders that looked at once, one counts.
    """
    reply = threads.locked_with_its_mention(session, look.reply_id)
    if (reply.state, reply.gen, reply.looks) != (ReplyState.UNKNOWN, look.gen, look.looks):
        return
    reply.looks += 1
    if next_look is not None:
        reply.look_at = next_look
        session.add(reply)
    elif resend and not settling.is_overtaken(session, reply):
        move_reply(session, reply, ReplyState.QUEUED, at, SENDER, send_after=at, looks=0)
    else:
        reply.look_at = at + _LOOK_RARELY
        session.add(reply)


def sent_of(session: Session, ids: Sequence[int]) -> list[str]:
    """What these replies say, of those that were sent."""
    chosen = select(Reply.body).where(col(Reply.id).in_(ids), Reply.state == ReplyState.SENT)
    return list(session.exec(chosen.order_by(col(Reply.id))))


def pending(session: Session, at: int) -> list[Pending]:
    """Replies that a person should see, the oldest first."""
    return [
        Pending(
            reply.id or 0,
            reply.mention_id,
            reply.channel,
            reply.state,
            reply.body,
            reply.staff,
            reply.send_after,
            reply.attempts,
            reply.error,
        )
        for reply in sorted(session.exec(to_see(at)), key=lambda reply: reply.id or 0)
    ]


def to_see(at: int) -> SelectOfScalar[Reply]:
    """Replies that are underway, in doubt, refused or lately taken back.

    Taken back by events, that is, with the reason as its error; what staff let go has none.
    """
    lately = col(Reply.created_at) > at - DAY
    waits = (col(Mention.id) == Reply.mention_id) & (col(Mention.state) == MentionState.OPEN)
    refused = (col(Reply.state) == ReplyState.FAILED) & (lately | exists().where(waits))
    taken_back = (col(Reply.state) == ReplyState.CANCELLED) & col(Reply.error).is_not(None) & lately
    unsent = col(Reply.state) != literal_column(f"'{ReplyState.SENT.value}'")  # names the index
    return select(Reply).where(unsent, col(Reply.state).in_(LIVE) | refused | taken_back)


_OVERTAKEN = "meanwhile answered on the network, or deleted"
_LOOK_RARELY = HOUR
"""While a person has not decided, go on looking once an hour."""


def _claim(session: Session, reply: Reply) -> Claim:
    assert reply.id is not None
    account = session.get_one(Account, reply.account_id)
    credited = select(Reply.external_id).where(
        Reply.channel == reply.channel,
        Reply.in_reply_to == reply.in_reply_to,
        col(Reply.external_id).is_not(None),
    )
    outgoing = Outgoing(
        account.external_id,
        reply.in_reply_to,
        reply.body,
        reply.idem_key,
        reply.created_at,
        reply.attempts,
        frozenset(known for known in session.exec(credited) if known),
    )
    return Claim(reply.id, reply.gen, reply.looks, reply.channel, outgoing)


def _is_ours(reply: Reply, claim: Claim) -> bool:
    return reply.state == ReplyState.SENDING and reply.gen == claim.gen
