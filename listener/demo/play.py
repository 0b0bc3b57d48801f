"""The demo without a screen: the stage, the listener, a patient colleague, then the proof."""

import threading
import time
from typing import Any

from listener.channels.sandbox import SandboxChannel
from listener.demo.past import write_past
from listener.demo.stage import HANDLE, NAME, Stage
from listener.schedule import Listener
from listener.worker import Worker
from models.answer import Answer
from models.errors import Refused
from models.instant import SECOND, to_rfc3339
from models.records import audit, desk, presence, queue
from models.records.store import Store
from models.sentiment.judgement import Judge
from models.settings import (
    DAYS,
    Alerts,
    Brand,
    Digests,
    Listening,
    OpeningHours,
    Outbox,
    Settings,
    Smtp,
)

_STAFF = "Elin"
_ALWAYS = ["00:00-24:00"]
_PAUSE = 0.25
_EAR = 1.0
"""Seconds between two looks at the network, beside a desk."""
_ANSWERS = {
    "sv": "Hej! Jag är ledsen för besväret. Jag tar tag i det nu och hör av mig här i dag. /Elin",
    "nb": "Hei! Jeg beklager bryet. Jeg tar tak i det nå og svarer deg her i dag. /Elin",
    "da": "Hej! Jeg er ked af besværet. Jeg tager fat i det nu og svarer dig her i dag. /Elin",
    "fi": "Hei! Olen pahoillani vaivasta. Selvitän asian nyt ja vastaan sinulle tänään. /Elin",
    "en": "Hi! I'm sorry for the trouble. I'm on it now and will write again today. /Elin",
}
_THANKS = {
    "sv": "Hej! Tack för att du skrev. Jag läser det här nu och svarar dig i dag. /Elin",
    "nb": "Hei! Takk for at du skrev. Jeg leser dette nå og svarer deg i dag. /Elin",
    "da": "Hej! Tak, fordi du skrev. Jeg læser det nu og svarer dig i dag. /Elin",
    "fi": "Hei! Kiitos, että kirjoitit. Luen tämän nyt ja vastaan sinulle tänään. /Elin",
    "en": "Hi! Thank you for writing. I'm reading this now and will answer you today. /Elin",
}


def demo_settings(settings: Settings, undo_seconds: float) -> Settings:
    """The user's settings with the invented brand, a quick ear, and staff at any hour, so that
    whoever tries it on a Sunday night sees the clocks run."""
    always = {"zone": settings.hours.zone, "holidays": "none", **dict.fromkeys(DAYS, _ALWAYS)}
    hours = OpeningHours.model_validate(always)
    return settings.model_copy(
        update={
            "brand": Brand(name=NAME, handle=HANDLE),
            "hours": hours,
            "listen": Listening(every_seconds=1.0),
            "outbox": Outbox(undo_seconds=undo_seconds),
            "account": [],
            "alert": Alerts(),  # nobody is called, and no mail leaves, for invented posts
            "smtp": Smtp(),
            "digest": Digests(),
        }
    )


def play(store: Store, settings: Settings, judge: Judge, seconds: float) -> dict[str, Any]:
    """Run the demo for `seconds` and tell what happened, proven by audit and network."""
    worker = Worker.on(store, settings)
    sandbox = worker.channels["sandbox"]
    assert isinstance(sandbox, SandboxChannel)
    stage = _staged(worker, sandbox)
    listener = Listener(worker, judge)
    stop = time.monotonic() + seconds
    while time.monotonic() < stop:
        stage.perform(store.now())
        listener.once()
        _answer_next(worker)
        time.sleep(_PAUSE)
    time.sleep(settings.outbox.undo_seconds)
    listener.send()
    return _summary(worker, sandbox)


def play_beside(store: Store, settings: Settings, judge: Judge, stop: threading.Event) -> None:
    """The stage and the listener beside a desk, until told to stop."""
    worker = Worker.on(store, settings)
    sandbox = worker.channels["sandbox"]
    assert isinstance(sandbox, SandboxChannel)
    stage = _staged(worker, sandbox)
    listener = Listener(worker, judge)
    shown_up = -presence.SHOWS_UP_EVERY
    try:
        while not stop.is_set():
            stage.perform(store.now())
            listener.once()
            if (at := time.monotonic()) > shown_up + presence.SHOWS_UP_EVERY:
                listener.show_up()
                shown_up = at
            stop.wait(_EAR)
    finally:
        listener.close()


def _staged(worker: Worker, sandbox: SandboxChannel) -> Stage:
    """The past is written, and the curtain rises."""
    at = worker.store.now()
    write_past(worker, sandbox, at)
    return Stage.open(sandbox.network, at)


def _answer_next(worker: Worker) -> None:
    """Answer whoever is first in the queue."""
    at = worker.store.now()
    with worker.store.read() as session:
        first = queue.top(session, 1)
    if not first:
        return
    answers = _ANSWERS if (first[0].complaint or 0) >= 0.5 else _THANKS
    text = answers[first[0].language or "en"]
    undo = int(worker.settings.outbox.undo_seconds * SECOND)
    try:
        with worker.store.write() as session:
            answer = Answer.by(_STAFF, text)
            desk.reply(session, first[0].id, answer, at, undo, worker.can_send())
    except Refused:
        return


def _summary(worker: Worker, sandbox: SandboxChannel) -> dict[str, Any]:
    at = worker.store.now()
    with worker.store.read() as session:
        found = audit.audit(session, at, at)
        pressure = queue.pressure(session, at)
    published = sandbox.network.log("reply")
    return {
        **found.as_json(),
        "replies_published": len(published),
        "published_twice": len(published) - len({entry["key"] for entry in published}),
        "waiting": pressure.waiting,
        "late": pressure.late,
        "oldest": None if pressure.oldest is None else to_rfc3339(pressure.oldest),
    }
