"""Customers' words and those of who answers: quotes, insights, followers, who is happy in the end.

Quotes follow a rule, so that nobody picks what suits: the clearest complaints of the window among
posts that are addressed to us, public and still there, never an urgent one, one a person.
"""

import re
from collections.abc import Iterator

import sqlalchemy as sql
from sqlalchemy import func
from sqlmodel import Session, col, select

from models.figures import Learnt, Share, Words
from models.instant import DAY
from models.networks import PRIVATE
from models.outside import first_line
from models.personal import masked
from models.records.figures.waits import NO_REPLY_NEEDED
from models.records.kinds import MentionState
from models.records.tables import Identity, Insight, Mention, Source

_QUOTES, _INSIGHTS = 2, 3
_LONGEST = 120
_FEWEST_LETTERS = 20
_TRIED = 40
_HAPPY_WITHIN = 7 * DAY
_FOLLOWED = ("followers", "comments")
"""Feeds of people who have chosen us: their own posts, and what they write under ours."""
_KINDS = ("identity", "card", "iban", "email", "phone")
_NAMES = re.compile(r"@\w[\w.@-]{0,80}")
_LINKS = re.compile(r"https?://\S+")
_NAME = re.compile(r"[^\W\d_]{2,20}(?:-[^\W\d_]{2,20})?")


def quotes(session: Session, since: int, until: int) -> tuple[Words, ...]:
    """Two at most, the surest complaint first."""
    statement = (
        select(Mention, Identity)
        .join(Identity, col(Identity.id) == col(Mention.identity_id))
        .where(
            col(Mention.posted_at) >= since,
            col(Mention.posted_at) < until,
            col(Mention.addressed).is_(True),
            col(Mention.complaint) >= 0.5,
            col(Mention.lane) > 0,
            col(Mention.text).is_not(None),
            col(Mention.gone_at).is_(None),
        )
        .order_by(col(Mention.complaint).desc(), col(Mention.id))
        .limit(_TRIED)
    )
    found, people = list[Words](), set[int]()
    for mention, identity in session.exec(statement):
        words = _words(mention, identity)
        if words is not None and identity.person_id not in people and len(found) < _QUOTES:
            people.add(identity.person_id)
            found.append(words)
    return tuple(found)


def _words(mention: Mention, identity: Identity) -> Words | None:
    """What may stand on the page of a post; None where too little is left, or it is private."""
    if PRIVATE in mention.flags:
        return None
    bare = _NAMES.sub("", _LINKS.sub("", masked(mention.text or "", _KINDS)))
    text = first_line(bare, _LONGEST)
    if text.endswith("…"):  # between words
        text = text.removesuffix("…").rpartition(" ")[0].rstrip(" ,.;:–-") + " …"
    if sum(letter.isalpha() for letter in text) < _FEWEST_LETTERS:
        return None
    language = mention.language or mention.lang
    return Words(mention.id or 0, text, first_name(identity.name), mention.channel, language)


def first_name(name: str | None) -> str | None:
    """The first word of a display name where it looks like one."""
    first = (name or "").split()[:1]
    return first[0] if first and _NAME.fullmatch(first[0]) else None


def insights(session: Session, since: int, until: int) -> tuple[Learnt, ...]:
    """The three newest of the window."""
    statement = (
        select(Insight)
        .where(col(Insight.at) >= since, col(Insight.at) < until)
        .order_by(col(Insight.at).desc(), col(Insight.id).desc())
        .limit(_INSIGHTS)
    )
    return tuple(
        Learnt(
            one.mention_id, first_line(one.text, 2 * _LONGEST), one.staff if one.is_named else None
        )
        for one in session.exec(statement)
    )


def followers(session: Session, since: int, until: int) -> Share:
    """What people who follow us wrote in the window and wanted answered; how much of it was."""
    feeds = select(col(Source.id)).where(col(Source.feed).in_(_FOLLOWED))
    statement = (
        select(Mention.id, Mention.state, Mention.settled_at)
        .where(
            col(Mention.posted_at) >= since,
            col(Mention.posted_at) < until,
            col(Mention.source_id).in_(feeds),
            col(Mention.lane) != NO_REPLY_NEEDED,
            col(Mention.state).not_in((MentionState.DISMISSED, MentionState.GONE)),
        )
        .order_by(col(Mention.id))
    )
    found = session.exec(statement).all()
    return Share(
        tuple(
            number or 0
            for number, state, settled in found
            if state == MentionState.ANSWERED and (settled or 0) < until
        ),
        tuple(number or 0 for number, _state, _settled in found),
    )


def turned(session: Session, until: int) -> Share:
    """Complaints answered in the last seven days, and those whose author then wrote something glad.

    Their last word in the conversation decides; a complaint is counted once a person and
    conversation.
    """
    statement = (
        select(Mention.id, Identity.person_id, Mention.conversation_id, Mention.settled_at)
        .join(Identity, col(Identity.id) == col(Mention.identity_id))
        .where(
            Mention.state == MentionState.ANSWERED,
            col(Mention.settled_at) >= until - _HAPPY_WITHIN,
            col(Mention.settled_at) < until,
            col(Mention.complaint) >= 0.5,
        )
        .order_by(col(Mention.settled_at), col(Mention.id))
    )
    last = dict[tuple[int, int], tuple[int, int]]()
    for number, person, conversation, settled in session.exec(statement):
        last[person, conversation] = (number or 0, settled or 0)
    glad = set(_glad(session, last, until))
    return Share(
        tuple(number for key, (number, _settled) in last.items() if key in glad),
        tuple(number for number, _settled in last.values()),
    )


def _glad(
    session: Session, last: dict[tuple[int, int], tuple[int, int]], until: int
) -> Iterator[tuple[int, int]]:
    """Those whose last word after our answer was glad and no complaint."""
    said = sql.select(
        col(Identity.person_id),
        col(Mention.conversation_id),
        col(Mention.posted_at),
        func.coalesce(Mention.positive, 0),
        func.coalesce(Mention.complaint, 0),
    ).join(Identity, col(Identity.id) == col(Mention.identity_id))
    lately = (col(Mention.posted_at) >= until - _HAPPY_WITHIN, col(Mention.posted_at) < until)
    ends = dict[tuple[int, int], tuple[int, bool]]()
    ordered = said.where(*lately).order_by(col(Mention.posted_at), col(Mention.id))
    for person, conversation, posted, positive, complaint in session.connection().execute(ordered):
        if (person, conversation) in last:
            ends[person, conversation] = (posted, positive >= 0.5 > complaint)
    for key, (_number, settled) in last.items():
        posted, is_glad = ends.get(key, (0, False))
        if is_glad and posted >= settled:
            yield key
