"""The states things can be in, and whose words a conversation holds; no database is needed."""

from enum import StrEnum


class MentionState(StrEnum):
    """Where a mention stands."""

    OPEN = "open"
    REPLYING = "replying"
    ANSWERED = "answered"
    DISMISSED = "dismissed"
    GONE = "gone"


class Cause(StrEnum):
    """Why a network is not heard, the worst first: what only a person ends, what ends nobody
    knows when, what ends at midnight, what may end at the next look."""

    SIGNED_OUT = "signed out"
    STALE = "stale"
    CAPPED = "capped"
    FAILING = "failing"


class ReplyState(StrEnum):
    """Where a reply of ours stands."""

    DRAFT = "draft"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    CANCELLED = "cancelled"


class PromiseState(StrEnum):
    """Whether we did what we said."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"


class NoteKind(StrEnum):
    """What staff wrote to each other about a mention."""

    NOTE = "note"
    QUESTION = "question"
    """To the team it was handed to."""
    ANSWER = "answer"
    """From that team."""


class AlertState(StrEnum):
    """Whether an alert went out; `running` is claimed before the act: at most once."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class DigestState(StrEnum):
    """Whether the leaders' mail of a day has left."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    """The server may have it: sent twice, the second time in vain as well."""
    FAILED = "failed"
    MERGED = "merged"
    """Missed, and told in the mail of a later day."""


LIVE = (ReplyState.QUEUED, ReplyState.SENDING, ReplyState.UNKNOWN)
"""A reply that may still become, or already be, public: one a mention at most."""


class Voice(StrEnum):
    """Whose words a part of a conversation is."""

    THEIRS = "theirs"
    NATIVE = "native"
    """Ours, written on the network itself."""
    OURS = "ours"
    """Ours, through Gensvar."""
