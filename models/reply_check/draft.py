"""What the check is asked about, and what it answers."""

from dataclasses import asdict, dataclass, field
from typing import Any

from models.business import Calendar

BLOCK, WARN, HINT = "block", "warn", "hint"
COMPLAINT, QUESTION, PRAISE, OTHER = INTENTS = ("complaint", "question", "praise", "other")


@dataclass(frozen=True, slots=True)
class Names:
    """What a customer is called; the preferred name goes before the full one and the handle."""

    preferred: str | None = None
    full: str | None = None
    handle: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply before it leaves, and the post it answers."""

    mention: str
    reply: str
    at: int
    """The instant of writing; promises are counted from it."""
    calendar: Calendar
    language: str | None = None
    """Of the customer's post, or None where nobody has said."""
    intent: str = COMPLAINT
    names: Names = Names()
    is_private: bool = False
    network: str | None = None
    limit: int | None = None
    """The longest post there, where the network's own server says another than usual."""
    brand: tuple[str, ...] = ()
    """Words that name us: they say nothing about the customer's matter."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A reply that has left within the last seven days."""

    text: str
    names: Names = Names()
    is_same_person: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """What is known of the conversation beside the two texts."""

    sent: tuple[Sent, ...] = ()
    """Likely copies: those that share a key of `copies.fingerprint` or of `marks.keys`."""
    settles: tuple[str, ...] = ()
    """The customer's other posts here that wait and that the reply answers too."""
    earlier: tuple[str, ...] = ()
    """What else the customer has written here: a number of theirs may stand in it."""
    saved: str | None = None
    """The saved reply the draft began with; its seams stand in braces."""
    is_incident: bool = False
    """One cause, answered one by one: likeness is wanted within bounds."""
    moved: str | None = None
    """What has happened since the draft was begun, in words."""
    forbidden: str | None = None
    """Why this person may not be written to in private, in words."""
    public_replies: int = 0
    overdue: tuple[str, ...] = ()
    """Our promises here whose time has passed, as they were worded."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule says of a reply."""

    rule: str
    level: str
    span: tuple[int, int] | None
    """Where in the reply, [start, end); None where it is about the whole."""
    why: str
    fix: str
    insert: str = field(default="")
    """Words in the reply's language that could be put in."""

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return asdict(self)
