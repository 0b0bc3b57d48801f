"""The mail itself: text and HTML in one message, with all that a machine's mail must say of itself.

Written once and stored as it is: every attempt sends the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.header import Header
from email.headerregistry import HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from models.instant import to_datetime
from models.mailing import Recipient
from models.outside import visible
from models.settings import Smtp

if TYPE_CHECKING:
    from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class Rendered:
    """The page as a mail shows it: a text of at most 78 columns, and HTML that loads nothing."""

    subject: str
    text: str
    html: str


class Render(Protocol):
    """Draws the page for a reader; `days` has more than one where missed ones are caught up."""

    def __call__(self, session: "Session", days: Sequence[date], reader: Recipient, /) -> Rendered:
        """The page about `days`, oldest first."""
        ...


class _Subject(UniqueUnstructuredHeader):
    """Folded by the older rules of `email`: the newer ones lose a space at some line ends."""

    def fold(self, *, policy: Policy) -> str:
        folded = Header(str(self), header_name="Subject").encode(linesep=policy.linesep)
        return f"Subject: {folded}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("subject", _Subject)  # type: ignore[arg-type]  # it gets the base there
_POLICY = SMTP.clone(header_factory=_HEADERS)


def message_id(day: date, reader: str, smtp: Smtp) -> str:
    """The same for a day and a reader, whoever makes it; it does not give the address away."""
    who = blake2b(reader.casefold().encode(), digest_size=8).hexdigest()
    return f"<digest.{day.isoformat()}.{who}@{smtp.address().rpartition('@')[2]}>"


def compose(page: Rendered, reader: Recipient, smtp: Smtp, number: str, at: int) -> EmailMessage:
    """The message with Message-ID `number`, dated `at`; 7-bit, so that any server takes it."""
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = visible(page.subject)  # a line break in it would begin a header
    message["From"], message["To"] = smtp.written_by(), reader.mail
    message["Date"] = format_datetime(to_datetime(at))
    message["Message-ID"] = number
    message["List-Unsubscribe"] = f"<mailto:{quote(smtp.address(), safe='@')}?subject=unsubscribe>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(page.text, cte="quoted-printable")
    message.add_alternative(page.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = reader.language  # set earlier, it would go with the first part
    return message
