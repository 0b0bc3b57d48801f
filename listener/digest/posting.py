"""What the command does with a page: into files, to one address as a test, or to all it is due."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from listener.digest import Mailed, look_after_digests
from listener.digest.drawing import Drawing, rendered
from listener.digest.mail import Rendered, compose
from listener.digest.sending import hand_in
from listener.smtp import connected
from listener.worker import Worker
from models.errors import ChannelError, Refused, Uncertain
from models.mailing import Recipient, is_address
from models.page import Page
from models.records.store import Store
from models.settings import Settings, Smtp
from models.words import _, speaking

_NOBODY = "reader@localhost"


def write(settings: Settings, page: Page, day: date, folder: Path, at: int) -> None:
    """`digest.txt`, `digest.html` and `digest.eml`, the mail as it would leave."""
    found = rendered(page)
    smtp = settings.smtp if settings.smtp.address() else Smtp(sender="gensvar@localhost")
    number = f"<digest.{day.isoformat()}.preview@{smtp.address().rpartition('@')[2]}>"
    mail = compose(found, Recipient(_NOBODY, page.language), smtp, number, at)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "digest.txt").write_text(found.text, encoding="utf-8")
        (folder / "digest.html").write_text(found.html, encoding="utf-8")
        (folder / "digest.eml").write_bytes(mail.as_bytes())
    except OSError as error:
        told = _("{folder} cannot be written to: {reason}.")
        raise Refused(told.format(folder=folder, reason=error.strerror)) from None


def send_test(settings: Settings, page: Page, day: date, address: str, at: int) -> None:
    """One mail to one address, now; nothing is written down. Refused where it cannot leave."""
    if not is_address(address):
        told = _("{address} is no mail address; write it as name@example.com.")
        raise Refused(told.format(address=address))
    smtp = settings.smtp
    if not smtp.host or not smtp.address():
        raise Refused(_("No mail server: set host and sender under [smtp] in the config."))
    number = f"<digest.{day.isoformat()}.test.{at}@{smtp.address().rpartition('@')[2]}>"
    mail = compose(_marked(page), Recipient(address, page.language), smtp, number, at)
    try:
        with connected(smtp) as server:
            hand_in(server, smtp.address(), address, mail.as_bytes(), lambda: None)
    except ChannelError as error:
        told = _("The mail did not leave: {reason}")
        if isinstance(error, Uncertain):
            told = _("It is not known whether the mail left: {reason}")
        raise Refused(told.format(reason=error)) from None


def _marked(page: Page) -> Rendered:
    """The page, with a subject that nobody takes for the day's mail."""
    found = rendered(page)
    with speaking(page.language):
        return replace(found, subject=_("Test: {subject}").format(subject=found.subject))


def send_due(settings: Settings, store: Store) -> Mailed:
    """The pass that the listener makes, once."""
    if settings.mailing() is None:
        raise Refused(_("Nobody reads it yet: name readers under [[digest.to]] in the config."))
    worker = Worker(store, settings, {})
    return look_after_digests(worker, Drawing(worker))
