"""Alerts: a real command and a real mail server, at once and once."""

import json
import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlmodel import select

from listener.alert import alert_waiting
from listener.channels.sandbox import SandboxChannel
from listener.collect import collect
from listener.judge import judge_waiting
from listener.worker import Worker
from models.post import Author
from models.records.tables import Alert
from models.sentiment import open_judge
from models.settings import Alerts, Smtp

URGENT = "@tallkotte Min sladd börjar brinna och det luktar rök i hela köket!"


class Inbox:
    """What the mail server took."""

    def __init__(self) -> None:
        self.mails = list[Message]()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.mails.append(BytesParser().parsebytes(envelope.original_content or b""))
        return "250 OK"


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, Smtp]]:
    handler = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield (
        handler,
        Smtp(host="127.0.0.1", port=port, security="none", sender="desk@example.org"),
    )
    controller.stop()


def urgent(worker: Worker, sandbox: SandboxChannel, text: str = URGENT) -> None:
    sandbox.network.post(Author("c1", "britta"), text)
    collect(worker)
    judge_waiting(worker, open_judge())


def with_alerts(worker: Worker, alert: Alerts, smtp: Smtp | None = None) -> Worker:
    update = {"alert": alert, "smtp": smtp or Smtp()}
    return replace(worker, settings=worker.settings.model_copy(update=update))


def test_an_urgent_mention_runs_the_command_once_with_its_facts(
    worker: Worker, sandbox: SandboxChannel, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    script = f"import sys; open({str(seen)!r}, 'a').write(sys.stdin.read() + '\\n')"
    alert = Alerts(command=[sys.executable, "-c", script])
    ready = with_alerts(worker, alert)
    urgent(ready, sandbox)
    assert alert_waiting(ready) == 1
    assert alert_waiting(ready) == 0
    (line,) = seen.read_text(encoding="utf-8").splitlines()
    facts = json.loads(line)
    assert (facts["lane"], facts["text"]) == (0, URGENT)
    assert "safety" in facts["cues"]


def test_a_calm_mention_calls_nobody(worker: Worker, sandbox: SandboxChannel) -> None:
    ready = with_alerts(worker, Alerts(command=["true"]))
    urgent(ready, sandbox, "@tallkotte När öppnar ni på lördag?")
    assert alert_waiting(ready) == 0
    with ready.store.read() as session:
        assert session.exec(select(Alert)).all() == []


def test_an_urgent_mention_sends_one_mail_each(
    worker: Worker, sandbox: SandboxChannel, inbox: tuple[Inbox, Smtp]
) -> None:
    handler, smtp = inbox
    ready = with_alerts(worker, Alerts(mail_to=["a@example.org", "b@example.org"]), smtp)
    urgent(ready, sandbox, URGENT + " \x1b[2J")
    assert alert_waiting(ready) == 2
    assert sorted(mail["To"] for mail in handler.mails) == ["a@example.org", "b@example.org"]
    body = handler.mails[0].get_payload(decode=True)
    assert isinstance(body, bytes)
    assert "Min sladd" in body.decode()
    assert b"\x1b" not in body


def test_a_command_that_fails_is_an_alarm_not_a_second_try(
    worker: Worker, sandbox: SandboxChannel, tmp_path: Path
) -> None:
    tries = tmp_path / "tries"
    script = f"open({str(tries)!r}, 'a').write('x'); raise SystemExit(1)"
    command = [sys.executable, "-c", script]
    ready = with_alerts(worker, Alerts(command=command, mail_to=["a@example.org"]))
    urgent(ready, sandbox)
    assert alert_waiting(ready) == 0
    with ready.store.read() as session:
        alerts = session.exec(select(Alert)).all()
    assert {alert.state for alert in alerts} == {"failed"}
    assert all(alert.error for alert in alerts)
    assert alert_waiting(ready) == 0
    assert tries.read_text(encoding="utf-8") == "x"
