"""The tables, and with them the laws no code can break: unique posts, one live reply, proven ends.

Times are instants (microseconds, UTC). Rows only: values from outside are checked before they
come here, since table models do not validate.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, Integer, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.records.kinds import (
    AlertState,
    DigestState,
    MentionState,
    NoteKind,
    PromiseState,
    ReplyState,
)

_ORDER = ("due_at", "id", "snoozed_until", "state")
_BIG = BigInteger().with_variant(Integer, "sqlite")


def _one_of(column: str, states: type[StrEnum]) -> str:
    return f"{column} in ({', '.join(repr(state.value) for state in states)})"


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    return Index(
        name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where)
    )


def _id(**options: Any) -> Any:
    return Field(default=None, primary_key=True, sa_type=_BIG, **options)


def _ref(target: str, *, nullable: bool = False) -> Any:
    default: dict[str, Any] = {"default": None} if nullable else {}
    return Field(foreign_key=target, sa_type=_BIG, nullable=nullable, **default)


def _instant(*, nullable: bool = False) -> Any:
    default: dict[str, Any] = {"default": None} if nullable else {}
    return Field(sa_type=BigInteger, nullable=nullable, **default)


def _json() -> Any:
    return Field(sa_type=JSON, default_factory=list)


class Account(SQLModel, table=True):
    """One of our own identities on a network."""

    __table_args__ = (UniqueConstraint("channel", "external_id", name="ux_account"),)

    id: int | None = _id()
    channel: str
    external_id: str
    handle: str
    name: str | None = None
    market: str | None = None
    language: str | None = None
    calendar: str = "default"
    signature: str = ""


class Person(SQLModel, table=True):
    """A customer; people are merged by repointing their identities."""

    id: int | None = _id()
    preferred_name: str | None = None
    erased_at: int | None = _instant(nullable=True)


class Identity(SQLModel, table=True):
    """One account of a customer on one network."""

    __table_args__ = (
        UniqueConstraint("channel", "external_id", name="ux_identity"),
        Index("ix_identity_person", "person_id"),
    )

    id: int | None = _id()
    person_id: int = _ref("person.id")
    channel: str
    external_id: str
    handle: str | None
    name: str | None = None
    stopped_at: int | None = _instant(nullable=True)
    """When they asked us to stop; since then only what is addressed to us is taken in."""


class Conversation(SQLModel, table=True):
    """The network's thread; its row is the lock for everything that happens in it."""

    __table_args__ = (UniqueConstraint("channel", "root_external_id", name="ux_conversation"),)

    id: int | None = _id()
    channel: str
    root_external_id: str


class Source(SQLModel, table=True):
    """One feed with its checkpoint; held by lease, and `gen` fences off the last holder."""

    __table_args__ = (
        CheckConstraint("(gap_from is null) = (gap_to is null)", name="ck_source_gap"),
    )

    id: int | None = _id()
    name: str = Field(unique=True)
    channel: str
    feed: str
    account_id: int | None = _ref("account.id", nullable=True)
    checkpoint: str | None = None
    gen: int = Field(default=0, sa_type=BigInteger)
    lease_owner: str | None = None
    lease_until: int = Field(default=0, sa_type=BigInteger)
    next_at: int = Field(default=0, sa_type=BigInteger)
    swept_at: int = Field(default=0, sa_type=BigInteger)
    """When it was last read with a day's overlap."""
    heard_until: int = Field(default=0, sa_type=BigInteger)
    """The instant of the newest post it has shown us."""
    is_off: bool = False
    """The config asks for it no longer."""
    last_ok_at: int | None = _instant(nullable=True)
    failing_since: int | None = _instant(nullable=True)
    last_error: str | None = None
    gap_from: int | None = _instant(nullable=True)
    gap_to: int | None = _instant(nullable=True)
    gap_reason: str | None = None


class Ingest(SQLModel, table=True):
    """What one transaction took in from a source; every post handed over is accounted for."""

    __table_args__ = (
        CheckConstraint(
            "fetched = new + own + duplicate + rejected", name="ck_ingest_accounts_for_all"
        ),
        Index("ix_ingest_source", "source_id"),
    )

    id: int | None = _id()
    source_id: int = _ref("source.id")
    at: int = _instant()
    fetched: int
    new: int
    own: int
    duplicate: int
    rejected: int


class Tally(SQLModel, table=True):
    """A sum of one UTC day: dollars spent, posts passed over."""

    name: str = Field(primary_key=True)
    """A source's name, or a network's replies: `x:mentions`, `x:replies`."""
    day: int = Field(primary_key=True, sa_type=Integer)
    """Days since 1970."""
    what: str = Field(primary_key=True)
    amount: int = Field(sa_type=BigInteger)


class Billed(SQLModel, table=True):
    """What a network has billed today: it bills each post once a day, whoever listens."""

    channel: str = Field(primary_key=True)
    day: int = Field(primary_key=True, sa_type=Integer)
    """Days since 1970, UTC."""
    external_id: str = Field(primary_key=True)


class Mention(SQLModel, table=True):
    """One post that may need an answer."""

    __table_args__ = (
        UniqueConstraint("channel", "external_id", name="ux_mention"),
        CheckConstraint(_one_of("state", MentionState), name="ck_mention_state"),
        CheckConstraint(
            "(state in ('answered', 'dismissed', 'gone')) = (settled_at is not null)",
            name="ck_mention_settled",
        ),
        CheckConstraint(
            "state <> 'replying' or reply_id is not null", name="ck_mention_has_its_reply"
        ),
        CheckConstraint(
            "state <> 'answered' or reply_id is not null or own_post_id is not null"
            " or answered_link is not null",
            name="ck_mention_answer_proven",
        ),
        CheckConstraint(
            "state <> 'dismissed' or (dismissed_reason is not null and dismissed_by is not null)",
            name="ck_mention_dismissal_explained",
        ),
        CheckConstraint("state <> 'gone' or gone_at is not null", name="ck_mention_gone"),
        CheckConstraint("not addressed or lane <> 4", name="ck_mention_addressed_wants_answer"),
        # The last two so that an order of ids is read from the index alone: SQLite looks into the
        # row for the state, though all of the index has one.
        _partial("ix_mention_queue", "rank", *_ORDER, where="state = 'open'"),
        _partial("ix_mention_lane", "lane", *_ORDER, where="state = 'open'"),
        _partial("ix_mention_snoozed", "snoozed_until", where="snoozed_until > 0"),
        _partial("ix_mention_unjudged", "id", where="judged_at is null"),
        _partial("ix_mention_oldest", "posted_at", where="state = 'open'"),
        Index("ix_mention_thread", "conversation_id", "posted_at"),
        Index("ix_mention_identity", "identity_id"),
        Index("ix_mention_source", "source_id"),
        Index("ix_mention_reply", "reply_id"),
        _partial("ix_mention_native", "own_post_id", where="own_post_id is not null"),
        Index("ix_mention_filter", "id", "state", "lane", "channel", "language", "lang"),
        Index("ix_mention_posted", "posted_at"),
        Index("ix_mention_received", "received_at"),
        Index("ix_mention_settled", "settled_at"),
        _partial("ix_mention_look", "channel", "look_at", where="text is not null"),
    )

    id: int | None = _id()
    channel: str
    external_id: str
    conversation_id: int = _ref("conversation.id")
    identity_id: int = _ref("identity.id")
    source_id: int = _ref("source.id")
    in_reply_to: str | None = None
    text: str | None
    url: str | None = None
    lang: str | None = None
    media: list[dict[str, Any]] = _json()
    flags: list[str] = _json()
    addressed: bool = True
    posted_at: int = _instant()
    received_at: int = _instant()
    edited_at: int | None = _instant(nullable=True)
    gone_at: int | None = _instant(nullable=True)
    look_at: int = Field(default=0, sa_type=BigInteger)
    """When the network is to be asked next whether the post still stands as it was."""

    judged_at: int | None = _instant(nullable=True)
    judged_by: str | None = None
    language: str | None = None
    negative: float | None = None
    neutral: float | None = None
    positive: float | None = None
    complaint: float | None = None
    question: float | None = None
    cues: list[str] = _json()
    topics: list[str] = _json()
    """What it is about, by the names of models.topics."""
    topics_by: str | None = None
    """Who put the topics right; None while they are the judge's."""
    lane: int
    rank: int
    """-1 pinned, 0 urgent, 1 everything else that wants an answer, 2 no reply needed: the first
    sort key, see models.urgency.rank_of."""
    allowance_minutes: int
    why: list[dict[str, Any]] = _json()
    due_at: int = _instant()

    state: str = MentionState.OPEN
    reply_id: int | None = Field(default=None, sa_type=BigInteger)
    """The reply that is answering it or has answered it."""
    own_post_id: int | None = Field(default=None, sa_type=BigInteger)
    """The native post of ours that answered it."""
    answered_link: str | None = None
    answered_by: str | None = None
    dismissed_reason: str | None = None
    dismissed_by: str | None = None
    settled_at: int | None = _instant(nullable=True)
    reopened_at: int = Field(default=0, sa_type=BigInteger)
    """When a person last put it back into the queue: older answers no longer count."""
    perhaps_answered: bool = False
    """We wrote to somebody else in this thread after this mention."""
    assigned_to: str | None = None
    """Who has claimed it, which holds until `claimed_until`."""
    claimed_until: int = Field(default=0, sa_type=BigInteger)
    snoozed_until: int = Field(default=0, sa_type=BigInteger)
    """Put off: it still waits, but the desk's queue leaves it out until then."""
    is_pinned: bool = False
    tags: list[str] = _json()
    handed_to: str | None = None
    """The team that was asked about it."""
    version: int = 0


class OwnPost(SQLModel, table=True):
    """A post of ours seen on a network: the receipt of a reply, a native answer, or a broadcast."""

    __tablename__ = "own_post"
    __table_args__ = (
        UniqueConstraint("channel", "external_id", name="ux_own_post"),
        Index("ix_own_post_thread", "conversation_id", "posted_at"),
        Index("ix_own_post_parent", "channel", "in_reply_to"),
        Index("ix_own_post_source", "source_id"),
    )

    id: int | None = _id()
    channel: str
    external_id: str
    conversation_id: int = _ref("conversation.id")
    account_id: int = _ref("account.id")
    source_id: int = _ref("source.id")
    in_reply_to: str | None = None
    identity_id: int | None = _ref("identity.id", nullable=True)
    """Whom it answers, once that is known."""
    reply_id: int | None = Field(default=None, sa_type=BigInteger)
    """The reply it is the receipt of; null for a native post."""
    text: str | None
    url: str | None = None
    posted_at: int = _instant()
    received_at: int = _instant()


class Reply(SQLModel, table=True):
    """Our answer, as a row of the outbox."""

    __table_args__ = (
        # The id first: an index that began with the channel would lure the claim away.
        UniqueConstraint("external_id", "channel", name="ux_reply_post"),
        CheckConstraint(_one_of("state", ReplyState), name="ck_reply_state"),
        CheckConstraint(
            "state <> 'sent' or (external_id is not null and sent_at is not null)",
            name="ck_reply_sent_proven",
        ),
        CheckConstraint(
            "state <> 'sending' or (lease_owner is not null and lease_until is not null)",
            name="ck_reply_sending_leased",
        ),
        CheckConstraint(
            "state <> 'queued' or send_after is not null", name="ck_reply_queued_has_time"
        ),
        CheckConstraint("state <> 'unknown' or look_at is not null", name="ck_reply_unknown_looks"),
        _partial(
            "ux_reply_live",
            "mention_id",
            where="state in ('queued', 'sending', 'unknown')",
            unique=True,
        ),
        _partial("ix_reply_due", "send_after", "id", where="state = 'queued'"),
        _partial("ix_reply_lease", "lease_until", where="state = 'sending'"),
        _partial("ix_reply_look", "look_at", where="state = 'unknown'"),
        Index("ix_reply_mention", "mention_id"),
        Index("ix_reply_sent", "sent_at"),
        _partial("ix_reply_pending", "state", "created_at", where="state <> 'sent'"),
    )

    id: int | None = _id()
    mention_id: int = _ref("mention.id")
    account_id: int = _ref("account.id")
    channel: str
    in_reply_to: str
    """The network's id of the post it answers."""
    idem_key: str = Field(unique=True)
    body: str
    staff: str
    created_at: int = _instant()
    state: str
    send_after: int | None = _instant(nullable=True)
    gen: int = Field(default=0, sa_type=BigInteger)
    lease_owner: str | None = None
    lease_until: int | None = _instant(nullable=True)
    attempts: int = 0
    look_at: int | None = _instant(nullable=True)
    looks: int = 0
    external_id: str | None = None
    url: str | None = None
    sent_at: int | None = _instant(nullable=True)
    error: str | None = None
    is_holding: bool = False
    """It answers, but concludes nothing: "we will get back to you"."""
    promises: list[dict[str, Any]] = _json()
    """What we owe once it is sent: action, text, due_at."""
    remarks: list[str] = _json()
    """Rules of the reply check that warned of it when it was sent."""
    overrides: list[dict[str, str]] = _json()
    """Warnings of the reply check that its writer sent it in spite of: rule, reason."""


class ReplyKey(SQLModel, table=True):
    """What near-identical replies have in common, see models.reply_check.copies."""

    __tablename__ = "reply_key"
    __table_args__ = (Index("ix_reply_key_reply", "reply_id"),)

    key: int = Field(primary_key=True, sa_type=BigInteger)
    reply_id: int = Field(primary_key=True, sa_type=_BIG, foreign_key="reply.id")


class Draft(SQLModel, table=True):
    """What a member of staff has typed for a mention and not sent; a fresh one is a lease."""

    __table_args__ = (UniqueConstraint("key", name="ux_draft_key"),)

    mention_id: int = Field(primary_key=True, foreign_key="mention.id", sa_type=_BIG)
    staff: str = Field(primary_key=True)
    body: str
    key: str
    """Made once and sent with the reply, so that a double Enter is one reply."""
    touched_at: int = _instant()


class Note(SQLModel, table=True):
    """What staff wrote to each other about a mention; no customer ever reads it."""

    __table_args__ = (
        CheckConstraint(_one_of("kind", NoteKind), name="ck_note_kind"),
        Index("ix_note_conversation", "conversation_id", "id"),
        Index("ix_note_mention", "mention_id", "id"),
    )

    id: int | None = _id()
    conversation_id: int = _ref("conversation.id")
    mention_id: int = _ref("mention.id")
    staff: str
    at: int = _instant()
    kind: str = NoteKind.NOTE
    text: str


class Viewing(SQLModel, table=True):
    """What one window of a desk shows, as long as it says so."""

    __table_args__ = (Index("ix_viewing_mention", "mention_id"),)

    desk: str = Field(primary_key=True)
    """One name a window."""
    staff: str
    mention_id: int = _ref("mention.id")
    seen_at: int = _instant()


class Presence(SQLModel, table=True):
    """A listener at work on this database, as long as it shows up."""

    name: str = Field(primary_key=True)
    since: int = _instant()
    seen_at: int = _instant()


class Promise(SQLModel, table=True):
    """What a reply of ours said we would do."""

    __table_args__ = (
        CheckConstraint(_one_of("state", PromiseState), name="ck_promise_state"),
        CheckConstraint("(state = 'open') = (closed_at is null)", name="ck_promise_closed"),
        _partial("ix_promise_due", "due_at", "id", where="state = 'open'"),
        _partial("ix_promise_owed", "person_id", where="done_at is null"),
        Index("ix_promise_reply", "reply_id"),
    )

    id: int | None = _id()
    conversation_id: int = _ref("conversation.id")
    person_id: int = _ref("person.id")
    reply_id: int | None = _ref("reply.id", nullable=True)
    action: str
    text: str
    owner: str
    due_at: int | None = _instant(nullable=True)
    state: str = PromiseState.OPEN
    closed_at: int | None = _instant(nullable=True)
    """When it was kept, broken or withdrawn."""
    made_at: int = Field(default=0, sa_type=BigInteger)
    done_at: int | None = _instant(nullable=True)
    """When we did it, or took it back; a broken promise is owed until then."""
    note: str | None = None
    """What came of it, in the words of whoever closed it."""


class Alert(SQLModel, table=True):
    """One way of calling somebody to one urgent mention; claimed before it is done."""

    __table_args__ = (
        UniqueConstraint("mention_id", "way", name="ux_alert"),
        CheckConstraint(_one_of("state", AlertState), name="ck_alert_state"),
        _partial("ix_alert_waiting", "id", where="state = 'waiting'"),
    )

    id: int | None = _id()
    mention_id: int = _ref("mention.id")
    way: str
    state: str = AlertState.WAITING
    at: int = _instant()
    error: str | None = None


class Insight(SQLModel, table=True):
    """What staff have learnt from a mention, in a sentence for the leaders' page."""

    __table_args__ = (Index("ix_insight_at", "at"),)

    id: int | None = _id()
    mention_id: int = _ref("mention.id")
    text: str
    staff: str
    is_named: bool
    """Whether its author wants the name under it."""
    at: int = _instant()


class Digest(SQLModel, table=True):
    """The leaders' mail of one day to one reader; sent exactly once."""

    __table_args__ = (
        CheckConstraint(_one_of("state", DigestState), name="ck_digest_state"),
        Index("ix_digest_state", "state", "send_after"),
    )

    day: str = Field(primary_key=True)
    """The local day it tells about, 2026-11-21."""
    recipient: str = Field(primary_key=True)
    """The reader's address."""
    state: str
    made_at: int = _instant()
    message_id: str
    """Made once, and the same at every attempt."""
    subject: str = ""
    body: str | None = None
    """The whole message as it is sent; taken out after thirty days."""
    days: list[str] = _json()
    """The days it tells about, where missed ones were caught up; this one is the last."""
    send_after: int | None = _instant(nullable=True)
    gen: int = Field(default=0, sa_type=BigInteger)
    lease_owner: str | None = None
    lease_until: int | None = _instant(nullable=True)
    attempts: int = 0
    sent_at: int | None = _instant(nullable=True)
    answer: str | None = None
    """What the mail server said when it took it."""
    error: str | None = None


class Event(SQLModel, table=True):
    """What happened, by whom; append-only by trigger, and without personal text."""

    __table_args__ = (Index("ix_event_entity", "entity", "entity_id", "id"),)

    id: int | None = _id()
    at: int = _instant()
    actor: str
    entity: str
    entity_id: int = Field(sa_type=BigInteger)
    kind: str
    from_state: str | None = None
    to_state: str | None = None
    data: dict[str, Any] = Field(sa_type=JSON, default_factory=dict)
