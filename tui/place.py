"""Whose desk it is: what the screens must know before any database is open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

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
    keymap: Mapping[str, str] = field(default_factory=dict)
    """Keys that were put elsewhere, by name."""
    topics: Topics = field(default_factory=load)
    theme: str = "dark"
    """One of `tui.themes`."""

    @classmethod
    def of(
        cls,
        settings: Settings,
        can_send: frozenset[str],
        keymap: Mapping[str, str],
        *,
        demo: bool = False,
    ) -> "Place":
        """The desk these settings describe."""
        return cls(
            settings.member_of_staff(),
            settings.brand.name,
            settings.calendar().zone,
            settings.outbox.undo_seconds,
            can_send,
            demo,
            keymap,
            load(settings.topics.trade, settings.topics.file),
            settings.desk.theme,
        )
