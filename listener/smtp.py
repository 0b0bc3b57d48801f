"""The mail server: spoken to over TLS that proves who it is; in the clear on this machine only."""

import ipaddress
import os
import smtplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import SHUT_RDWR, socket
from typing import Any

from models.errors import ChannelError, Rejected, SignedOut, Unavailable
from models.outside import storable
from models.settings import Smtp
from models.words import _

SECONDS = 60.0
"""For everything said on one connection: a server may look for viruses before it answers."""
_SILENCE = 30.0
"""Seconds without a byte."""
_ANSWER_LENGTH = 300


@contextmanager
def connected(smtp: Smtp) -> Iterator[smtplib.SMTP]:
    """A server that proved who it is and knows us; after SECONDS it is hung up on.

    Unavailable: another time may do. SignedOut: a person must see to certificate, TLS or password.
    """
    if smtp.security == "none" and not _is_here(smtp.host):
        told = _("{host} is another machine: [smtp] security must be starttls or tls")
        raise SignedOut(told.format(host=smtp.host))
    server = _open(smtp)
    try:
        yield server
        with suppress(OSError):  # what it took it has taken, whatever it says to our goodbye
            server.quit()
    finally:
        server.close()


def answered(code: int, words: bytes) -> str:
    """What a server said, on one line that the database can hold."""
    said = " ".join(words.decode("utf-8", "replace").split())
    return storable(f"{code} {said}".strip())[0][:_ANSWER_LENGTH]


def refused(code: int, words: bytes) -> ChannelError:
    """What a no of the server means: 5.7.x and the like are about us, other 5xx about this mail."""
    said = answered(code, words)
    if not 500 <= code < 600:
        return Unavailable(said)
    is_about_us = words.startswith(b"5.7.") or code in _ABOUT_US
    return SignedOut(said) if is_about_us else Rejected(said)


_ABOUT_US = (530, 534, 535, 538)
"""Sign in first, use another way, wrong password, use TLS (RFC 4954)."""


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _open(smtp: Smtp) -> smtplib.SMTP:
    """Connected, over TLS, signed in."""
    try:
        return _signed_in(smtp)
    except (OSError, ValueError) as error:
        raise _meaning(smtp.host, error) from None


def _meaning(host: str, error: OSError | ValueError) -> ChannelError:
    """Whatever is said against us before we named a reader is about us, or about the line."""
    if isinstance(error, ssl.SSLCertVerificationError):
        told = _("the certificate of {host} cannot be trusted: {reason}")
        return SignedOut(told.format(host=host, reason=error.verify_message))
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        words = said if isinstance(said, bytes) else said.encode()
        kind = SignedOut if error.smtp_code >= 500 else Unavailable
        return kind(f"{host}: {answered(error.smtp_code, words)}")
    is_line = isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException)
    if is_line or isinstance(error, smtplib.SMTPServerDisconnected):
        told = _("{host} does not answer: {reason}")
        reason = storable(str(error))[0] or type(error).__name__
        return Unavailable(told.format(host=host, reason=reason))
    told = _("{host} does not do what [smtp] asks for: {reason}")
    return SignedOut(told.format(host=host, reason=storable(str(error))[0]))


def _signed_in(smtp: Smtp) -> smtplib.SMTP:
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if smtp.security == "tls":
        server = _Tls(smtp.host, smtp.port, timeout=_SILENCE, context=context)
    else:
        server = _Plain(smtp.host, smtp.port, timeout=_SILENCE)
    try:
        if smtp.security == "starttls":
            server.starttls(context=context)
        server.ehlo_or_helo_if_needed()
        if smtp.user:
            server.login(smtp.user, os.environ.get("GENSVAR_SMTP_PASSWORD", ""))
    except BaseException:
        server.close()
        raise
    return server


class _Timed:
    """A connection that ends after SECONDS, also for a server that says a letter a second."""

    sock: socket | None = None

    def __init__(self, *place: Any, **how: Any) -> None:
        self._timer = threading.Timer(SECONDS, self._hang_up)
        self._timer.daemon = True
        self._timer.start()
        try:
            super().__init__(*place, **how)
        except BaseException:
            self._timer.cancel()
            raise

    def close(self) -> None:
        """Nothing is left of it."""
        self._timer.cancel()
        super().close()  # type: ignore[misc]  # smtplib's

    def _hang_up(self) -> None:
        with suppress(OSError, AttributeError):  # closed meanwhile
            if self.sock is not None:
                self.sock.shutdown(SHUT_RDWR)


class _Plain(_Timed, smtplib.SMTP):
    pass


class _Tls(_Timed, smtplib.SMTP_SSL):
    pass
