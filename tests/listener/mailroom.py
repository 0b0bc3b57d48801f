"""A mail server on this machine that does what a test tells it, and remembers what it took."""

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ANSWERS = {
    "refused": ("RCPT", "550 5.1.1 nobody of that name"),
    "not you": ("MAIL", "553 5.1.8 we do not know you"),
    "later": ("RCPT", "451 4.7.1 come back later"),
    "later, at DATA": ("DATA", "452 4.3.1 no room"),
    "later, after the text": ("END", "451 4.3.0 come back later"),
    "never, after the text": ("END", "554 5.6.0 we do not take this"),
    "policy, after the text": ("END", "550 5.7.1 sign in first"),
    "a riddle": ("END", "354 go on"),
}


def hang_up(server: SMTP) -> None:
    """At once, with nothing said."""
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


class Server(SMTP):
    """The transaction as aiosmtpd has it, with the next trouble of the room in it."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        room = cast("Room", self.event_handler)
        if room.trouble == "cut before the text":
            hang_up(self)
        elif answer := room.answer("DATA"):
            await self.push(answer)
        else:
            await super().smtp_DATA(arg)


class Room:
    """What came in, and what goes wrong next: one trouble for each transaction."""

    def __init__(self) -> None:
        self.mails = list[EmailMessage]()
        self.raw = list[bytes]()
        self.readers = list[list[str]]()
        self.troubles = deque[str]()
        self.trouble = ""
        self.transactions = 0

    def numbers(self) -> list[str]:
        """The Message-IDs in the order in which they came."""
        return [str(mail["Message-ID"]) for mail in self.mails]

    def answer(self, stage: str) -> str:
        """What this stage says instead of yes."""
        where, words = ANSWERS.get(self.trouble, ("", ""))
        return words if where == stage else ""

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        self.transactions += 1
        self.trouble = self.troubles.popleft() if self.troubles else ""
        envelope.mail_from = address
        return self.answer("MAIL") or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answer("RCPT") or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer, content = self.answer("END"), envelope.original_content or b""
        if answer or self.trouble == "cut, and nothing taken":
            if not answer:
                hang_up(server)
            return answer
        self.raw.append(content)
        self.readers.append([str(reader) for reader in envelope.rcpt_tos])
        self.mails.append(BytesParser(policy=default).parsebytes(content))
        if self.trouble == "taken, then cut":
            hang_up(server)
        if self.trouble == "taken, then silent":
            await asyncio.sleep(2)
        return f"250 2.0.0 OK, taken as {len(self.mails)}"

    async def handle_QUIT(self, server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        if self.trouble == "taken, then dead":
            hang_up(server)
        return "221 Bye"


class Door(Controller):
    """Opens on a free port."""

    def factory(self) -> SMTP:
        return Server(self.handler, **self.SMTP_kwargs)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def opened(
    room: Room,
    *,
    port: int = 0,
    tls: ssl.SSLContext | None = None,
    starttls: bool = False,
    porter: object = None,
) -> Iterator[int]:
    """The room takes mail at this port; over TLS from the first byte, or after STARTTLS, and from
    those whom the porter lets in."""
    port = port or free_port()
    door = Door(
        room,
        hostname="127.0.0.1",
        port=port,
        ssl_context=None if starttls else tls,
        tls_context=tls if starttls else None,
        authenticator=porter,
    )
    door.start()
    try:
        yield port
    finally:
        door.stop()
