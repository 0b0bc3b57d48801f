"""Judgements in: which mentions nobody has judged yet, and what a judgement does to their place."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace

from sqlmodel import Session, col, select

from models.business import Calendar
from models.records import inferred, promises, threads
from models.records.alerts import raise_alerts
from models.records.kinds import MentionState
from models.records.sources import IMPORT, calendar_name
from models.records.tables import Mention, Source
from models.records.views import BACK_BEFORE_DUE
from models.sentiment.judgement import BROKEN_PROMISE, Judgement
from models.topics import Topics, load
from models.urgency import Allowances, Urgency, rank_of, weigh
from models.urgency import unjudged as by_cues


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A mention as the judge needs it: words and language, nothing about who wrote them."""

    mention_id: int
    text: str
    lang: str | None


@dataclass(frozen=True, slots=True)
class Bench:
    """What turns a judgement into a place in the queue."""

    calendar: Callable[[str], Calendar]
    allowances: Allowances
    alert_ways: tuple[str, ...]
    topics: Topics = field(default_factory=load)


def unjudged(session: Session, limit: int, after: int = 0) -> list[Unjudged]:
    """The oldest mentions nobody has judged, with an id above `after`."""
    statement = (
        select(Mention)
        .where(col(Mention.judged_at).is_(None), col(Mention.id) > after)
        .order_by(col(Mention.id))
        .limit(limit)
    )
    return [
        Unjudged(mention.id or 0, mention.text or "", mention.lang)
        for mention in session.exec(statement)
    ]


def lock(session: Session, batch: Sequence[Unjudged]) -> None:
    """Keep others from the conversations of these mentions; before anything of them is written."""
    rows = {item.mention_id for item in batch}
    statement = select(Mention.conversation_id).where(col(Mention.id).in_(rows))
    threads.lock(session, session.exec(statement))


def store(
    session: Session,
    judged: Sequence[tuple[Unjudged, Judgement]],
    judge: str,
    at: int,
    bench: Bench,
) -> int:
    """Write judgements; one whose mention changed meanwhile is left for the next round."""
    stored = 0
    for item, judgement in judged:
        mention = session.get_one(Mention, item.mention_id, populate_existing=True)
        if (mention.text or "") == item.text:
            _place(session, mention, judgement, bench)
            mention.judged_at, mention.judged_by = at, judge
            stored += 1
    return stored


def rank_by_cues(
    session: Session, left: Sequence[tuple[Unjudged, tuple[str, ...]]], bench: Bench
) -> None:
    """Place mentions that could not be judged by their cues alone; they still wait for a judge."""
    for item, cues in left:
        mention = session.get_one(Mention, item.mention_id, populate_existing=True)
        urgency = by_cues(bench.allowances, cues)
        if (
            mention.judged_at is None
            and (mention.text or "") == item.text
            and mention.why != [asdict(term) for term in urgency.why]
        ):
            mention.cues = list(cues)
            source = session.get_one(Source, mention.source_id)
            _rank(session, source, mention, urgency, bench)


def _place(session: Session, mention: Mention, judgement: Judgement, bench: Bench) -> None:
    source = session.get_one(Source, mention.source_id)
    # Somebody chose to import it: like a post addressed to us, it is never put aside.
    wants_answer = mention.addressed or source.feed == IMPORT
    if promises.is_broken_to(session, mention.identity_id):
        judgement = replace(judgement, cues=(*dict.fromkeys((*judgement.cues, BROKEN_PROMISE)),))
    urgency = weigh(judgement, wants_answer, bench.allowances)
    mention.language = judgement.language
    mention.negative, mention.neutral = judgement.negative, judgement.neutral
    mention.positive = judgement.positive
    mention.complaint, mention.question = judgement.complaint, judgement.question
    mention.cues = list(judgement.cues)
    if mention.topics_by is None:
        mention.topics = list(bench.topics.assign(mention.text or "", judgement.language))
    _rank(session, source, mention, urgency, bench)


def _rank(
    session: Session, source: Source, mention: Mention, urgency: Urgency, bench: Bench
) -> None:
    mention.lane = urgency.lane
    mention.rank = rank_of(urgency.lane, is_pinned=mention.is_pinned)
    mention.allowance_minutes = urgency.allowance_minutes
    mention.why = [asdict(term) for term in urgency.why]
    before, mention.due_at = mention.due_at, _due(session, source, mention, urgency, bench)
    if mention.due_at != before:  # what was put off comes back in time all the same
        back = max(0, mention.due_at - BACK_BEFORE_DUE)
        mention.snoozed_until = min(mention.snoozed_until, back)
    if mention.state not in (MentionState.OPEN, MentionState.REPLYING):
        inferred.forget(mention)
    session.add(mention)
    if mention.state in (MentionState.OPEN, MentionState.REPLYING):
        raise_alerts(session, mention, bench.alert_ways)


def _due(session: Session, source: Source, mention: Mention, urgency: Urgency, bench: Bench) -> int:
    calendar = bench.calendar(calendar_name(session, source))
    return urgency.due(min(mention.posted_at, mention.received_at), calendar)
