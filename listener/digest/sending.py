"""One mail to one reader in one SMTP transaction, and what the server's answer means."""

import re
import smtplib
from collections.abc import Callable

from listener.smtp import answered, refused
from models.errors import Rejected, SignedOut, Unavailable, Uncertain
from models.words import _

_GO_AHEAD = 354


def hand_in(
    server: smtplib.SMTP, sender: str, reader: str, mail: bytes, commit: Callable[[], None]
) -> str:
    """Give the server the mail; its answer, a 2xx.

    `commit` is called when the server waits for the text: what it raises ends the transaction
    with nothing sent. Unavailable: nothing was taken, try again. Rejected: this mail or reader
    never. SignedOut: none of ours. Uncertain: the server may have it.
    """
    try:
        _agree(server, sender, reader)
    except OSError as error:  # smtplib's own are among them
        told = _("cut off before the text: {reason}")
        raise Unavailable(told.format(reason=error)) from None
    commit()
    try:
        server.send(_dotted(mail))
        code, words = server.getreply()
    except OSError as error:
        told = _("cut off after the text: {reason}")
        raise Uncertain(told.format(reason=error)) from None
    if 200 <= code < 300:
        return answered(code, words)
    if 400 <= code < 600:
        raise refused(code, words)
    raise Uncertain(answered(code, words))


def _agree(server: smtplib.SMTP, sender: str, reader: str) -> None:
    """From whom, to whom, and that the text may come."""
    code, words = server.mail(sender)
    if code != 250:
        no = refused(code, words)
        raise SignedOut(str(no)) if isinstance(no, Rejected) else no  # so it is for every mail
    code, words = server.rcpt(reader)
    if code not in (250, 251):
        raise refused(code, words)
    code, words = server.docmd("DATA")
    if code != _GO_AHEAD:
        raise refused(code, words)


def _dotted(mail: bytes) -> bytes:
    """As DATA wants it (RFC 5321, 4.5.2): a dot before every dot that begins a line, one to end."""
    return re.sub(rb"(?m)^\.", b"..", mail.rstrip(b"\r\n")) + b"\r\n.\r\n"
