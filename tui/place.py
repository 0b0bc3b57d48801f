"""Whose desk it is: what the screens must know before any database is open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from models.business import Calendar
from models.mailing import Mailing
from models.saved_replies import SavedReplies
from models.saved_replies import load as load_saved
from models.settings import OpeningHours, Settings
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
    mailing: Mailing | None = None
    """Who reads the leaders' mail; None where nobody does, or no server takes it."""
    calendar: Calendar = field(default_factory=lambda: OpeningHours().calendar())
    """The staffed time of the desk."""
    saved: SavedReplies = field(default_factory=load_saved)
    advice: str = ""
    """What to do where nobody is listened to."""
    theme: str = "dark"
    """One of `tui.themes`."""
    teams: Sequence[str] = ()
    """Whom a question may be handed over to; any name where none is given."""

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
            settings.mailing(),
            settings.calendar(),
            load_saved(settings.desk.saved_replies),
            theme=settings.desk.theme,
            teams=settings.desk.teams,
        )
