"""The schedule: APScheduler wakes the listener; the database alone knows what is due.

Jobs live in memory and only tick, so a machine that slept, crashed or runs twice misses nothing
and doubles nothing: leases, checkpoints and unique keys decide, not the clock of one process.
"""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler

from listener.alert import alert_waiting
from listener.collect import Heard, collect, switch_off_unasked
from listener.deliver import Delivered, deliver
from listener.digest import look_after_digests
from listener.digest.drawing import Drawing
from listener.judge import judge_waiting
from listener.promises import look_after_promises
from listener.worker import Worker
from models.errors import Error
from models.records import presence, search
from models.sentiment.judgement import Judge
from models.words import _

log = logging.getLogger("gensvar.listener")

_LISTEN_TICK = 5.0
_JUDGE_SECONDS = 20.0
"""Then the networks are looked at again, however many are still to be judged."""
_SEND_TICK = 1.0
_MAIL_TICK = 30.0
_TIDY_TICK = 600.0


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass heard and delivered."""

    heard: list[Heard]
    delivered: Delivered

    def is_deaf(self) -> bool:
        """Whether a network was asked and none of its feeds could be read."""
        asked = {item.source.partition(":")[0] for item in self.heard if item.held_by is None}
        read = {item.source.partition(":")[0] for item in self.heard if item.error is None}
        return not asked <= read


class Listener:
    """Collect, judge, alert and deliver, until told to stop."""

    def __init__(self, worker: Worker, judge: Judge) -> None:
        self._worker = worker
        self._judge = judge
        self._drawing = Drawing(worker)
        self._stop = threading.Event()
        self._told = set[str]()
        switch_off_unasked(worker)
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a skipped tick is no news
        self._scheduler = BackgroundScheduler(timezone="UTC")
        self._every(_LISTEN_TICK, self.listen)
        self._every(_SEND_TICK, self.send)
        self._every(_MAIL_TICK, self.mail)
        self._every(_TIDY_TICK, self.tidy)
        self._every(presence.SHOWS_UP_EVERY, self.show_up)

    def once(self) -> Pass:
        """One pass of all that is due."""
        done = Pass(self.listen(), self.send())
        self.mail()
        self.tidy()
        return done

    def listen(self) -> list[Heard]:
        """Collect, judge, alert."""
        heard = collect(self._worker)
        for item in heard:
            if item.error:
                log.warning("%s: %s", item.source, item.error)
            elif item.held_by and item.source not in self._told:
                log.warning(_("%s is held by another listener, %s"), item.source, item.held_by)
                self._told.add(item.source)
        look_after_promises(self._worker)
        judge_waiting(self._worker, self._judge, self._stop.is_set, _JUDGE_SECONDS)
        alert_waiting(self._worker)
        return heard

    def send(self) -> Delivered:
        """Deliver what is due."""
        return deliver(self._worker)

    def mail(self) -> None:
        """Send the leaders' mail, where it is due."""
        look_after_digests(self._worker, self._drawing)

    def tidy(self) -> None:
        """Take what was deleted out of the search's index too, a little at a time."""
        with self._worker.store.write() as session:
            search.purge(session)

    def show_up(self) -> None:
        """Let the desks know that somebody listens."""
        with self._worker.store.write() as session:
            presence.show_up(session, self._worker.name, self._worker.store.now())

    def start(self) -> None:
        """Tick in the background."""
        _steady(self.show_up)()
        self._scheduler.start()

    def close(self) -> None:
        """Stop ticking; the pass under way is finished first."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        _steady(self._leave)()

    def run(self, *, beside: bool = False) -> None:
        """Tick until SIGTERM, Ctrl-C or, `beside` a desk, the end of standard input."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked_to_stop)
        if beside:
            stop_with_input(self._stop)
        self.start()
        self._stop.wait()
        self.close()

    def _leave(self) -> None:
        with self._worker.store.write() as session:
            presence.leave(session, self._worker.name)

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()

    def _every(self, seconds: float, work: Callable[[], object]) -> None:
        self._scheduler.add_job(
            _steady(work),
            "interval",
            seconds=seconds,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )


def stop_with_input(stop: threading.Event) -> None:
    """Set `stop` when standard input closes: whoever started us is gone, however it ended.

    Read past Python's buffer, whose lock would abort us if we end while this thread waits.
    """
    stdin = sys.stdin.fileno()

    def wait() -> None:
        while os.read(stdin, 4096):
            pass
        stop.set()

    threading.Thread(target=wait, name="stdin", daemon=True).start()


def _steady(work: Callable[[], object]) -> Callable[[], None]:
    """A fault of ours (disk full, database away) is said, and the next tick tries again."""

    def pass_once() -> None:
        try:
            work()
        except Error as error:
            log.warning("%s", error)

    return pass_once
