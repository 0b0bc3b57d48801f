"""Whose desk it is: what the screens must know before any database is open."""

from dataclasses import dataclass, field
from datetime import tzinfo

from models.saved_replies import SavedReplies
from models.saved_replies import load as load_saved
from models.settings import Settings
from models.topics import Topics, load


@dataclass(frozen=True, slots=True)
class Place:
    """One member of staff, for one brand, by one clock on the wall."""

    staff: str
    brand: str
    zone: tzinfo
    undo_seconds: float
    can_send: frozenset[str]
    demo: bool = False
    topics: Topics = field(default_factory=load)
    saved: SavedReplies = field(default_factory=load_saved)

    @classmethod
    def of(cls, settings: Settings, can_send: frozenset[str], *, demo: bool = False) -> "Place":
        """The desk these settings describe."""
        return cls(
            settings.member_of_staff(),
            settings.brand.name,
            settings.calendar().zone,
            settings.outbox.undo_seconds,
            can_send,
            demo,
            load(settings.topics.trade, settings.topics.file),
            load_saved(settings.desk.saved_replies),
        )
