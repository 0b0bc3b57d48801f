"""The page as a mail shows it: the same words as text and as HTML."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from listener.digest.mail import Rendered
from listener.worker import Worker
from models.mailing import Recipient
from models.page import Page, text
from models.page.html import html
from models.page.words import short_day
from models.records import digests
from models.records.press import Press

if TYPE_CHECKING:
    from sqlmodel import Session


class Drawing:
    """Draws the page for a reader, and tells in it of a page that came late before."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._press = Press.of(worker.settings)

    def __call__(self, session: "Session", days: Sequence[date], reader: Recipient) -> Rendered:
        """The page about these days, oldest first."""
        at, mailing = self._worker.store.now(), self._worker.settings.mailing()
        late = digests.late(session, mailing, reader.mail, days[0]) if mailing else None
        told = (short_day(late.day, reader.language),) if late else ()
        return rendered(self._press.page(session, days, reader.language, at, told))


def rendered(page: Page) -> Rendered:
    """The two parts of the mail."""
    return Rendered(page.subject, "\n".join(text.lines(page)) + "\n", html(page))
