"""A wait that is over, as a value: the post, what a judge said, and how it ended."""

from dataclasses import dataclass

from models.answer import Answer
from models.post import Post
from models.records.intake import Policy
from models.sentiment.judgement import Judgement


@dataclass(frozen=True, slots=True)
class ByHand:
    """Somebody answered where we cannot look, and showed the link."""

    link: str
    staff: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Somebody closed it without a reply."""

    reason: str
    staff: str


@dataclass(frozen=True, slots=True)
class Noted:
    """What staff wrote down at an instant: what came of a promise, or what they learnt."""

    text: str
    staff: str
    at: int
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class Bygone:
    """One post and what became of it."""

    post: Post
    judgement: Judgement
    topics: tuple[str, ...]
    source_id: int
    received_at: int
    settled_at: int
    end: Answer | Post | ByHand | Closed
    """A reply of ours, a post of ours on the network itself, or neither."""
    kept: Noted | None = None
    """What came of the promise that its reply made."""
    insight: Noted | None = None


@dataclass(frozen=True, slots=True)
class Archive:
    """What rows of the past must know beside the posts."""

    account_id: int
    own_source_id: int
    """Where posts of ours come from."""
    policy: Policy
    judge: str
    look_at: int
    """When the network is to be asked next whether the posts still stand."""


def answer_id(post: Post) -> str:
    """What the network calls our reply to a post of the past."""
    return f"{post.external_id}-answer"
