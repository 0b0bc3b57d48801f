"""The page of any day, made for any reader: desk, command and mail have it from here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from sqlmodel import Session

from models.business import Calendar
from models.figures import Figures
from models.instant import MINUTE
from models.page import Page
from models.page.build import Edition, page
from models.records import people
from models.records.figures import figures
from models.settings import Brand, Settings
from models.topics import Topics, load


@dataclass(frozen=True, slots=True)
class Press:
    """What a page must know of us."""

    brand: str
    """Empty where the config names none: our own account's name stands for it."""
    calendar: Calendar
    stale: int
    """Microseconds after which a source that is not read counts as silent."""
    topics: Topics = field(default_factory=load)

    @classmethod
    def of(cls, settings: Settings) -> "Press":
        """The house these settings describe."""
        stale = settings.listen.stale_minutes * MINUTE
        topics = load(settings.topics.trade, settings.topics.file)
        named = settings.brand.name if "name" in settings.brand.model_fields_set else ""
        return cls(named, settings.calendar(), stale, topics)

    def figures(self, session: Session, days: Sequence[date], at: int) -> Figures:
        """Of these days in a row; `at` is now."""
        return figures(session, days, self.calendar, at, self.stale, self.topics)

    def page(
        self,
        session: Session,
        days: Sequence[date],
        language: str,
        at: int,
        late: tuple[str, ...] = (),
    ) -> Page:
        """The same as a page in a language; `late` are days whose page came late, in words."""
        names = partial(self.topics.label, language=language)
        brand = self.brand or people.our_name(session) or Brand().name
        edition = Edition(brand, language, self.calendar.zone, names, late)
        return page(self.figures(session, days, at), edition)
