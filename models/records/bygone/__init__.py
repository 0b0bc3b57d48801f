"""What was over before the database began: waits with their ends, written in bulk.

The deeds of the product cost milliseconds a mention. A staged past of hundreds is written here as
the rows those deeds would have left, events and counts among them, so that the audit holds.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from sqlmodel import Session

from models.answer import Answer
from models.post import Author, Post
from models.records.bygone import answers
from models.records.bygone.rows import Row, added, event, log
from models.records.bygone.wait import Archive, Bygone, ByHand, Closed, Noted, answer_id
from models.records.events import LISTENER
from models.records.kinds import MentionState
from models.records.tables import Conversation, Identity, Ingest, Mention, Person
from models.urgency import weigh

__all__ = ("Archive", "ByHand", "Bygone", "Closed", "Noted", "answer_id", "write")

_CALENDAR = "default"
_Key = tuple[str, str]
"""A network and one of its ids."""


def write(session: Session, past: Sequence[Bygone], archive: Archive) -> None:
    """Store posts whose authors and threads nobody has met before, and how their waits ended.

    An answer answers its own post alone, not what the same person wrote beside it.
    """
    people, homes = _people(session, past), _homes(session, past)
    rows = {one.post.external_id: _mention(one, people, homes, archive) for one in past}
    numbers = dict(zip(rows, added(session, Mention, list(rows.values())), strict=True))
    born = (None, MentionState.OPEN)
    log(
        session,
        (
            event(
                one.received_at,
                LISTENER,
                "mention",
                numbers[one.post.external_id],
                "received",
                born,
            )
            for one in past
        ),
    )
    ends = [(one, one.post.external_id, one.end) for one in past]
    by_us = [(one, numbers[key], end) for one, key, end in ends if isinstance(end, Answer)]
    answers.reply(session, by_us, archive)
    seen = [(one, rows[key], end) for one, key, end in ends if isinstance(end, Post)]
    answers.answer_natively(session, seen, numbers, archive)
    answers.do(session, past, numbers)
    _count(session, past, len(seen), archive)


def _people(session: Session, past: Iterable[Bygone]) -> dict[_Key, int]:
    """Every author's identity, with a person of its own."""
    found = dict[_Key, Author]()
    for one in past:
        found[one.post.channel, one.post.author.external_id] = one.post.author
    persons = added(session, Person, [{"preferred_name": None} for _author in found])
    rows = [
        {"person_id": person, "channel": channel, **asdict(author)}
        for person, ((channel, _id), author) in zip(persons, found.items(), strict=True)
    ]
    return dict(zip(found, added(session, Identity, rows), strict=True))


def _homes(session: Session, past: Iterable[Bygone]) -> dict[_Key, int]:
    """Every thread."""
    roots = dict.fromkeys((one.post.channel, _root(one.post)) for one in past)
    rows: list[Row] = [{"channel": channel, "root_external_id": root} for channel, root in roots]
    return dict(zip(roots, added(session, Conversation, rows), strict=True))


def _root(post: Post) -> str:
    return post.conversation or post.external_id


def _mention(
    one: Bygone, people: Mapping[_Key, int], homes: Mapping[_Key, int], archive: Archive
) -> Row:
    """A judged mention that waits; who answered it is written with the answer."""
    post, judgement, policy = one.post, one.judgement, archive.policy
    urgency = weigh(judgement, post.addressed, policy.allowances)
    return {
        "channel": post.channel,
        "external_id": post.external_id,
        "conversation_id": homes[post.channel, _root(post)],
        "identity_id": people[post.channel, post.author.external_id],
        "source_id": one.source_id,
        "in_reply_to": post.in_reply_to,
        "text": post.text,
        "url": post.url,
        "lang": post.lang,
        "addressed": post.addressed,
        "posted_at": post.posted_at,
        "received_at": one.received_at,
        "look_at": archive.look_at,
        "judged_at": one.received_at,
        "judged_by": archive.judge,
        "language": judgement.language,
        "negative": judgement.negative,
        "neutral": judgement.neutral,
        "positive": judgement.positive,
        "complaint": judgement.complaint,
        "question": judgement.question,
        "cues": list(judgement.cues),
        "topics": list(one.topics),
        "lane": int(urgency.lane),
        "rank": urgency.rank,
        "allowance_minutes": urgency.allowance_minutes,
        "why": [asdict(term) for term in urgency.why],
        "due_at": urgency.due(post.posted_at, policy.calendar(_CALENDAR)),
    }


def _count(session: Session, past: Sequence[Bygone], own: int, archive: Archive) -> None:
    """What each source brought, as if in one page."""
    at = max((one.received_at for one in past), default=0)
    new = Counter(one.source_id for one in past)
    new[archive.own_source_id] += 0
    rows: list[Row] = []
    for source, number in sorted(new.items()):
        ours = own if source == archive.own_source_id else 0
        brought = {"fetched": number + ours, "new": number, "own": ours}
        rows.append({"source_id": source, "at": at, **brought, "duplicate": 0, "rejected": 0})
    added(session, Ingest, rows)
