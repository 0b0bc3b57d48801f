"""From a text to a reply in the outbox: read as the customer will, and only then queued.

The one way a reply leaves, for the desk and for the command. What blocks is final; what warns
wants a reason, which is kept with the reply.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.answer import CONCLUDE, Answer, Promised
from models.business import Calendar
from models.errors import Held
from models.instant import MINUTE
from models.networks import NETWORKS, PRIVATE
from models.records import desk, promises, threads, told
from models.records.kinds import ReplyState
from models.records.sources import calendar_name
from models.records.tables import Identity, Mention, Person, Reply, Source
from models.reply_check import (
    BLOCK,
    COMPLAINT,
    HINT,
    OTHER,
    PRAISE,
    QUESTION,
    WARN,
    Draft,
    Names,
    Remark,
    Thread,
    check,
    invitation,
    is_holding,
    opening,
    promised,
)
from models.saved_replies import SavedReplies
from models.saved_replies import load as load_saved
from models.settings import Settings
from models.words import _

_VAGUE = frozenset({"reply", "check", "other"})
"""Promises whose keeping is the concluding answer itself."""
PRIVATELY = "private"
"""The promise that an invitation into private messages is: to see it through there."""
_EARLIER = 50
"""So many of a customer's posts are read for what they have told us, the newest first."""


@dataclass(frozen=True, slots=True)
class House:
    """What the check must know of us: calendars by name, and words that mean ourselves."""

    calendar: Callable[[str], Calendar]
    brand: tuple[str, ...]
    conclude_within: int
    """How long after a reply that only holds the line a concluding one is owed."""
    saved: SavedReplies = field(default_factory=load_saved)

    @classmethod
    def of(cls, settings: Settings) -> "House":
        """The house these settings describe."""
        handles = [entry.handle for entry in settings.account]
        words = (settings.brand.name, settings.brand.handle, *handles, *settings.listen.words)
        within = settings.answer_within.conclude * MINUTE
        return cls(settings.calendar, words, within, load_saved(settings.desk.saved_replies))


@dataclass(frozen=True, slots=True)
class Scene:
    """What a reply to this mention is held against, whatever its words."""

    draft: Draft
    thread: Thread
    conclude_by: int
    saved: SavedReplies = field(default_factory=load_saved)

    def remarks(self, body: str) -> tuple[Remark, ...]:
        """What the check says of these words.

        The saved reply they began with is found again by its words: a draft may have lain for
        days, and its desk may have crashed meanwhile.
        """
        begun = self.saved.begun(body)
        thread = replace(self.thread, saved=begun.text if begun else None)
        return check(replace(self.draft, reply=body), thread)

    def promises(self, body: str) -> tuple[Promised, ...]:
        """What these words would make us owe; a time of ours where they name none."""
        written = replace(self.draft, reply=body)
        found = promised(written)
        owed = [
            Promised(one.action, one.text, one.due_at)
            for one in found
            if not (one.is_step and any(other.due_at and not other.is_step for other in found))
        ]
        if invited := invitation(written):
            return (*owed, Promised(PRIVATELY, invited, None))
        return self.concluded(body, owed)

    def is_holding(self, body: str) -> bool:
        """Whether these words answer and conclude nothing."""
        return is_holding(replace(self.draft, reply=body))

    def opening(self, body: str) -> int:
        """Where in these words an apology goes."""
        return opening(replace(self.draft, reply=body))

    def concluded(self, body: str, owed: Sequence[Promised]) -> tuple[Promised, ...]:
        """With the second clock: who only holds the line owes a full answer all the same."""
        is_clear = any(one.due_at is not None or one.action == PRIVATELY for one in owed)
        if is_clear or not self.is_holding(body):
            return tuple(owed)
        told = next((one.text for one in owed), body.strip())
        rest = [one for one in owed if one.action not in _VAGUE]
        return (Promised(CONCLUDE, told, self.conclude_by), *rest)


def scene(session: Session, mention_id: int, at: int, house: House) -> Scene:
    """Everything but the words, and what is like them."""
    mention = threads.mention(session, mention_id)
    identity = session.get_one(Identity, mention.identity_id)
    person = session.get_one(Person, identity.person_id)
    source = session.get_one(Source, mention.source_id)
    is_private = PRIVATE in mention.flags
    draft = Draft(
        mention=mention.text or "",
        reply="",
        at=at,
        calendar=house.calendar(calendar_name(session, source)),
        language=mention.language or mention.lang,
        intent=intent(mention),
        names=Names(person.preferred_name, identity.name, identity.handle),
        is_private=is_private,
        network=mention.channel,
        limit=NETWORKS[mention.channel].room if mention.channel in NETWORKS else None,
        brand=house.brand,
    )
    stopped = is_private and (identity.stopped_at or 0) >= mention.posted_at
    return Scene(
        draft,
        Thread(
            settles=_others(mention, threads.settled_by(session, mention, None)),
            forbidden=_("they asked us to stop writing") if stopped else None,
            public_replies=0 if is_private else _public_replies(session, mention, person.id or 0),
            overdue=tuple(
                promises.overdue_texts(session, mention.conversation_id, person.id or 0, at)
            ),
        ),
        at + house.conclude_within,
        house.saved,
    )


def full_scene(
    session: Session,
    mention_id: int,
    body: str,
    read: str | None,
    at: int,
    house: House,
    seen: frozenset[int] | None = None,
) -> Scene:
    """The scene with what is like these words, and what has happened since they were begun.

    `seen` are the mentions that whoever answers had before their eyes; None for all.
    """
    found = scene(session, mention_id, at, house)
    mention = threads.mention(session, mention_id)
    moved = None
    if read is not None and read != (mention.text or ""):
        moved = _("The customer has changed the post meanwhile.")
    thread = replace(
        found.thread,
        sent=told.sent(session, mention, body, found.draft.names, at),
        settles=_others(mention, threads.settled_by(session, mention, seen)),
        earlier=_earlier(session, mention),
        moved=moved,
    )
    return replace(found, thread=thread)


def reply(
    session: Session,
    mention_id: int,
    answer: Answer,
    at: int,
    undo: int,
    can_send: frozenset[str],
    house: House,
) -> Reply:
    """Check and queue; Held where something blocks, or warns without a reason in `overrides`.

    The promises are those of the text, unless the answer brings its writer's own.
    """
    desk.refuse_what_cannot_be(session, mention_id, answer, can_send)
    found = full_scene(session, mention_id, answer.body, answer.read, at, house, answer.seen)
    remarks = found.remarks(answer.body)
    left = held_back(remarks, dict(answer.overrides))
    if left:
        raise Held(_sentence(left))
    owed = found.promises(answer.body) if answer.promises is None else answer.promises
    checked = replace(
        answer,
        is_holding=found.is_holding(answer.body),
        promises=found.concluded(answer.body, owed),
        remarks=tuple(one.rule for one in remarks if one.level != HINT),
        keys=told.keys(answer.body, found.draft.names),
    )
    return desk.reply(session, mention_id, checked, at, undo, can_send)


def held_back(remarks: Sequence[Remark], overrides: Mapping[str, str]) -> list[Remark]:
    """The remarks that keep a reply from leaving."""
    return [
        one
        for one in remarks
        if one.level == BLOCK or (one.level == WARN and not overrides.get(one.rule, "").strip())
    ]


def intent(mention: Mention) -> str:
    """What the customer wants, by the judge; rules that must know it rest until then."""
    if (mention.complaint or 0) >= 0.5:
        return COMPLAINT
    if (mention.question or 0) >= 0.5:
        return QUESTION
    return PRAISE if (mention.positive or 0) >= 0.5 else OTHER


def _sentence(left: Sequence[Remark]) -> str:
    lines = [f"{one.rule}: {one.why} {one.fix}" for one in left]
    if all(one.level == WARN for one in left):
        lines.append(_("Mend it, or give a reason for each: --override RULE=REASON."))
    return "\n".join(lines)


def _public_replies(session: Session, mention: Mention, person_id: int) -> int:
    """How often we have answered this person in this conversation."""
    answered = (
        select(func.count(func.distinct(Reply.id)))
        .join(Mention, col(Mention.id) == col(Reply.mention_id))
        .join(Identity, col(Identity.id) == col(Mention.identity_id))
        .where(
            Mention.conversation_id == mention.conversation_id,
            Identity.person_id == person_id,
            Reply.state == ReplyState.SENT,
        )
    )
    return int(session.exec(answered).one())


def _others(mention: Mention, posts: Sequence[Mention]) -> tuple[str, ...]:
    return tuple(one.text for one in posts if one.id != mention.id and one.text)


def _earlier(session: Session, mention: Mention) -> tuple[str, ...]:
    """The newest words of this customer in the conversation, whatever became of them."""
    statement = (
        select(Mention.text)
        .join(Identity, col(Identity.id) == col(Mention.identity_id))
        .where(
            Mention.conversation_id == mention.conversation_id,
            Identity.person_id == threads.person_of(session, mention),
            col(Mention.text).is_not(None),
        )
        .order_by(col(Mention.posted_at).desc())
        .limit(_EARLIER)
    )
    return tuple(text for text in session.exec(statement) if text)
