"""The whole way over HTTP: heard, answered, lost on the way, found, proven; never doubled."""

import time
from collections.abc import Iterator

import pytest
from sqlmodel import select

from listener.collect import collect
from listener.deliver import deliver
from listener.worker import Worker
from models.errors import Refused
from models.instant import HOUR
from models.records import desk
from models.records.audit import audit
from models.records.desk import Answer
from models.records.store import Store
from models.records.tables import Mention, Reply
from models.settings import Settings
from tests.contract.test_x import XStage
from tests.contract.town import open_town
from tests.contract.x_town import XTown


@pytest.fixture
def stage() -> Iterator[XStage]:
    town = XTown()
    with open_town(town) as address:
        stage = XStage(town, address)
        stage.channel.look_waits = (0.02, 0.02, 0.02)
        yield stage


@pytest.fixture
def worker(store: Store, settings: Settings, stage: XStage) -> Worker:
    return Worker(store, settings, {stage.channel.name: stage.channel})


def listen(worker: Worker) -> None:
    time.sleep(0.01)
    assert [heard.error for heard in collect(worker) if heard.error] == []


def answer(worker: Worker, external_id: str) -> None:
    """What staff write at the desk."""
    with worker.store.write() as session:
        found = session.exec(select(Mention).where(Mention.external_id == external_id)).one()
        words = Answer.by("Anna", f"Jag beklagar, vi söker det nu. {external_id[-4:]} /Anna")
        desk.reply(session, found.id or 0, words, worker.store.now(), 0, worker.can_send())


def settle(worker: Worker) -> None:
    for _pass in range(8):
        deliver(worker)
        time.sleep(0.03)


def states(worker: Worker) -> tuple[str, str]:
    with worker.store.read() as session:
        assert audit(session, worker.store.now(), HOUR).violations == []
        return session.exec(select(Reply.state)).one(), session.exec(select(Mention.state)).one()


def test_heard_answered_and_proven(worker: Worker, stage: XStage) -> None:
    sent = stage.customer("@tallkotte Var är paketet?")
    listen(worker)
    answer(worker, sent)
    assert deliver(worker).sent == 1
    assert states(worker) == ("sent", "answered")
    listen(worker)  # our own post comes back and is the receipt
    assert states(worker) == ("sent", "answered")
    assert len(stage.published(sent)) == 1


@pytest.mark.parametrize("kind", ["published, then 503", "lost answer"])
def test_published_and_then_lost_is_found(worker: Worker, stage: XStage, kind: str) -> None:
    sent = stage.customer("@tallkotte Var är paketet?")
    listen(worker)
    answer(worker, sent)
    stage.fail("reply", kind)
    assert deliver(worker).unknown == 1
    settle(worker)
    assert states(worker) == ("sent", "answered")
    assert len(stage.published(sent)) == 1


@pytest.mark.parametrize("kind", ["error page", "cut"])
def test_never_taken_is_sent_once_more_with_the_same_words(
    worker: Worker, stage: XStage, kind: str
) -> None:
    sent = stage.customer("@tallkotte Var är paketet?")
    listen(worker)
    answer(worker, sent)
    stage.fail("reply", kind)
    assert deliver(worker).unknown == 1
    settle(worker)
    assert states(worker) == ("sent", "answered")
    assert len(stage.published(sent)) == 1


def test_lost_twice_is_left_to_a_person(worker: Worker, stage: XStage) -> None:
    sent = stage.customer("@tallkotte Var är paketet?")
    listen(worker)
    answer(worker, sent)
    stage.fail("reply", "cut")
    stage.fail("reply", "cut")
    settle(worker)
    assert states(worker) == ("unknown", "replying")
    assert stage.published(sent) == []


@pytest.mark.parametrize("kind", ["signed out", "refuse", "rate limit"])
def test_what_is_not_taken_is_held_and_not_failed(worker: Worker, stage: XStage, kind: str) -> None:
    sent = stage.customer("@tallkotte Var är paketet?")
    listen(worker)
    answer(worker, sent)
    stage.fail("reply", kind)
    assert deliver(worker).held == 1
    assert states(worker) == ("queued", "replying")
    assert stage.published(sent) == []


def test_who_has_not_named_us_cannot_be_answered_from_here(worker: Worker, stage: XStage) -> None:
    sent = stage.customer("tallkotte svarar aldrig")
    listen(worker)
    with pytest.raises(Refused, match="who has not named us"):
        answer(worker, sent)
    stage.native("Vi svarar nu!", sent)
    listen(worker)
    with worker.store.read() as session:
        found = session.exec(select(Mention)).one()
    assert found.state == "answered"
