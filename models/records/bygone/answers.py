"""How waits of the past ended, as rows: by replies, by native posts, by what somebody did."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlmodel import Session

from models.answer import Answer
from models.post import Post
from models.records import desk, insights, promises
from models.records.bygone.rows import Row, added, event, log, settle
from models.records.bygone.wait import Archive, Bygone, ByHand, Closed, answer_id
from models.records.events import NETWORK, SENDER
from models.records.kinds import MentionState, ReplyState
from models.records.tables import OwnPost, Reply

_M, _R = MentionState, ReplyState
Answered = Sequence[tuple[Bygone, int, Answer]]
"""The wait, its mention's id, and our answer."""
Seen = Sequence[tuple[Bygone, Row, Post]]
"""The wait, its mention's row, and our post on the network."""


def reply(session: Session, answered: Answered, archive: Archive) -> None:
    """Sent replies, what they promised, and the mentions they answered."""
    rows = [_sent(one, number, answer, archive) for one, number, answer in answered]
    replies = added(session, Reply, rows)
    paired = list(zip(answered, replies, strict=True))
    log(
        session, (row for (one, number, its), own in paired for row in _told(one, number, its, own))
    )
    settled = ({"number": n, "at": one.settled_at, "found": own} for (one, n, _its), own in paired)
    settle(session, "reply_id", settled, moves=2)
    for (one, _number, answer), own in paired:
        if answer.promises:
            promises.make(session, session.get_one(Reply, own), one.settled_at)


def _told(one: Bygone, mention: int, answer: Answer, number: int) -> list[Row]:
    """What the log says of a reply from the desk to the network."""
    at, staff = one.settled_at, answer.staff
    return [
        event(at, staff, "reply", number, _R.QUEUED, (None, _R.QUEUED)),
        event(at, staff, "mention", mention, _M.REPLYING, (_M.OPEN, _M.REPLYING)),
        event(at, SENDER, "reply", number, _R.SENDING, (_R.QUEUED, _R.SENDING)),
        event(at, SENDER, "reply", number, _R.SENT, (_R.SENDING, _R.SENT)),
        event(at, SENDER, "mention", mention, _M.ANSWERED, (_M.REPLYING, _M.ANSWERED)),
    ]


def _sent(one: Bygone, mention: int, answer: Answer, archive: Archive) -> Row:
    return {
        "mention_id": mention,
        "account_id": archive.account_id,
        "channel": one.post.channel,
        "in_reply_to": one.post.external_id,
        "idem_key": answer.key,
        "body": answer.body,
        "staff": answer.staff,
        "created_at": one.settled_at,
        "state": _R.SENT,
        "send_after": one.settled_at,
        "gen": 1,
        "attempts": 1,
        "external_id": answer_id(one.post),
        "url": one.post.url and f"{one.post.url}-answer",
        "sent_at": one.settled_at,
        "is_holding": answer.is_holding,
        "promises": [asdict(promised) for promised in answer.promises or ()],
        "remarks": list(answer.remarks),
        "overrides": [{"rule": rule, "reason": reason} for rule, reason in answer.overrides],
    }


def answer_natively(session: Session, seen: Seen, numbers: Mapping[str, int], own: Archive) -> None:
    """Posts of ours that were not written here, and the mentions they answered."""
    posts = added(session, OwnPost, [_native(row, post, own) for _one, row, post in seen])
    places = [(one.settled_at, numbers[one.post.external_id]) for one, _row, _post in seen]
    moved = (_M.OPEN, _M.ANSWERED)
    log(session, (event(at, NETWORK, "mention", n, _M.ANSWERED, moved) for at, n in places))
    paired = zip(places, posts, strict=True)
    settled = ({"number": number, "at": at, "found": found} for (at, number), found in paired)
    settle(session, "own_post_id", settled, moves=1)


def _native(mention: Row, post: Post, own: Archive) -> Row:
    return {
        "channel": post.channel,
        "external_id": post.external_id,
        "conversation_id": mention["conversation_id"],
        "identity_id": mention["identity_id"],
        "account_id": own.account_id,
        "source_id": own.own_source_id,
        "in_reply_to": mention["external_id"],
        "text": post.text,
        "url": post.url,
        "posted_at": post.posted_at,
        "received_at": post.posted_at,
    }


def do(session: Session, past: Sequence[Bygone], numbers: Mapping[str, int]) -> None:
    """What staff did beside answering: few deeds, and so by the desk's own functions."""
    owed = {one.mention_id: one.id for one in promises.owed(session)}
    for one in past:
        number = numbers[one.post.external_id]
        match one.end:
            case ByHand(link=link, staff=staff):
                desk.answered_by_hand(session, number, link, staff, one.settled_at)
            case Closed(reason=reason, staff=staff):
                desk.dismiss(session, number, reason, staff, one.settled_at)
        if (kept := one.kept) is not None:
            promises.keep(session, owed[number], kept.text, kept.staff, kept.at)
        if (told := one.insight) is not None:
            insights.note(session, number, told.text, told.is_named, told.staff, told.at)
