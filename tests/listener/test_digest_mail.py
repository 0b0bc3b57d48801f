"""The mail itself: what a machine's mail must say, words that survive, and no second header."""

import re
from collections.abc import Callable
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from listener.digest.mail import Rendered, compose, message_id
from listener.digest.sending import hand_in
from listener.smtp import connected
from models.instant import from_rfc3339
from models.mailing import Recipient
from models.settings import Smtp
from tests.listener.mailroom import Room, opened

SMTP = Smtp(host="mail.example.org", sender="Tallkotte Göteborg <desk@tall.example>")
EVA = Recipient("eva@example.org", "sv")
AT = from_rfc3339("2026-11-21T07:30:00+01:00")
NUMBER = message_id(date(2026, 11, 20), EVA.mail, SMTP)
LINES = [
    "Är leveranserna för långsamma? " + "—" * 47,
    "." * 78,
    ".",
    "",
    "From the customers: “ge mig mina pengar” 😡",
    "x = 100 %",
    "  indragen",
]


def sent(page: Rendered, reader: Recipient = EVA) -> tuple[EmailMessage, bytes]:
    """As the server gets it, read by another hand."""
    raw = compose(page, reader, SMTP, NUMBER, AT).as_bytes()
    return message_from_bytes(raw, policy=default), raw


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    content: Any = found.get_content()
    assert isinstance(content, str)
    return content


def page(subject: str = "Tallkotte: 3 väntar") -> Rendered:
    return Rendered(subject, "\n".join(LINES), f'<p lang="sv">{"åäö" * 400}</p>')


def test_it_says_what_it_is() -> None:
    mail, _raw = sent(page())
    assert mail["Subject"] == "Tallkotte: 3 väntar"
    assert mail["From"] == "Tallkotte Göteborg <desk@tall.example>"
    assert (mail["To"], mail["Content-Language"]) == ("eva@example.org", "sv")
    assert mail["Date"] == "Sat, 21 Nov 2026 06:30:00 +0000"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<mailto:desk@tall.example?subject=unsubscribe>"
    assert mail.get_content_type() == "multipart/alternative"
    assert [one.get_content_type() for one in mail.iter_parts()] == ["text/plain", "text/html"]


def test_the_number_is_the_same_for_a_day_and_reader_and_names_nobody() -> None:
    assert re.fullmatch(r"<digest\.2026-11-20\.[0-9a-f]{16}@tall\.example>", NUMBER)
    assert message_id(date(2026, 11, 20), "EVA@example.org", SMTP) == NUMBER
    others = {
        message_id(date(2026, 11, day), who, SMTP)
        for day in (20, 21)
        for who in ("bo@a.b", EVA.mail)
    }
    assert len(others) == 4


def test_words_and_lines_arrive_as_they_were() -> None:
    mail, raw = sent(page())
    assert part(mail, "plain").splitlines() == LINES
    assert "åäö" * 400 in part(mail, "html")
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_a_long_subject_in_any_letters_arrives_whole() -> None:
    for subject in ("åäö 😡 " * 20, "word " * 40, "ä" * 200):
        mail, raw = sent(page(subject.strip()))
        assert mail["Subject"] == subject.strip()
        assert max(map(len, raw.split(b"\r\n"))) <= 78


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "\x00", "\x1b"])
def test_nothing_in_a_subject_begins_a_header(end: str) -> None:
    mail, _raw = sent(page(f"Tallkotte{end}Bcc: all@example.org{end}{end}Hej"))
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("Tallkotte")
    assert "Bcc: all@example.org" in mail["Subject"]
    assert part(mail, "plain").splitlines() == LINES


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_nothing_in_a_name_begins_a_header(end: str) -> None:
    smtp = Smtp(host="mail.example.org", sender=f"Tall{end}Bcc: a@b.c <desk@tall.example>")
    assert smtp.address() == ""  # so that config.toml is refused
    with pytest.raises(ValueError, match=r"linefeed|carriage return"):
        compose(page(), EVA, smtp, NUMBER, AT)


@pytest.mark.parametrize("end", [b"", b"\r\n", b"\r\n\r\n"])
def test_dots_and_the_end_survive_the_way(end: bytes) -> None:
    committed = list[bool]()
    note: Callable[[], None] = lambda: committed.append(True)  # noqa: E731
    room = Room()
    text = b"Subject: x\r\n\r\n.\r\n..\r\n.a\r\nb.\r\n.\r\nlast"
    with (
        opened(room) as port,
        connected(Smtp(host="127.0.0.1", port=port, security="none")) as server,
    ):
        hand_in(server, "a@example.org", "b@example.org", text + end, note)
    assert (room.raw, committed) == ([text + b"\r\n"], [True])
