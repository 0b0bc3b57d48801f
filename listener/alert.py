"""Alerts: run the configured command and send the configured mail for an urgent mention, once."""

import json
import smtplib
import subprocess
from email.message import EmailMessage
from typing import Any

from listener.smtp import connected
from listener.worker import Worker
from models.errors import ChannelError
from models.instant import to_rfc3339
from models.outside import first_line, visible
from models.records.alerts import claim_alert, finish_alert
from models.records.tables import Alert, Mention
from models.settings import Smtp
from models.words import _

_SECONDS = 20.0


def alert_waiting(worker: Worker) -> int:
    """Do every waiting alert; how many went out. One that fails is an alarm, not a second try."""
    done = 0
    while True:
        at = worker.store.now()
        with worker.store.write() as session:
            claimed = claim_alert(session, at)
        if claimed is None:
            return done
        alert, mention = claimed
        error = _act(worker, alert, mention)
        done += error is None
        with worker.store.write() as session:
            assert alert.id is not None
            finish_alert(session, alert.id, worker.store.now(), error)


def _act(worker: Worker, alert: Alert, mention: Mention) -> str | None:
    try:
        if alert.way == "command":
            _run(worker.settings.alert.command, _facts(mention))
        else:
            address = alert.way.removeprefix("mail to ")
            _mail(worker.settings.smtp, address, mention)
    except (
        OSError,
        subprocess.SubprocessError,
        smtplib.SMTPException,
        ChannelError,
        ValueError,
    ) as error:
        return str(error)
    return None


def _facts(mention: Mention) -> dict[str, Any]:
    return {
        "id": mention.id,
        "channel": mention.channel,
        "external_id": mention.external_id,
        "lane": mention.lane,
        "due_at": to_rfc3339(mention.due_at),
        "cues": mention.cues,
        "url": mention.url,
        "text": mention.text,
    }


def _run(command: list[str], facts: dict[str, Any]) -> None:
    """The mention goes in as JSON on standard input: a customer's words never reach a shell."""
    subprocess.run(  # noqa: S603  the command is the user's own, from config.toml
        command,
        input=json.dumps(facts),
        text=True,
        timeout=_SECONDS,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def _mail(smtp: Smtp, address: str, mention: Mention) -> None:
    if not smtp.host:
        raise ValueError(_("no [smtp] host is configured"))
    message = EmailMessage()
    message["Subject"] = _("Urgent: mention {id} on {channel}").format(
        id=mention.id, channel=mention.channel
    )
    message["From"], message["To"] = smtp.written_by(), address
    message["Message-ID"] = f"<alert.{mention.id}.{mention.received_at}@gensvar>"
    text = visible(mention.text or "", lines=True)
    message.set_content(
        f"{first_line(text, 70)}\n\n{text}\n\n{mention.url or ''}\n"
        + _("Answer by {due}").format(due=to_rfc3339(mention.due_at))
    )
    with connected(smtp) as server:
        server.send_message(message)
