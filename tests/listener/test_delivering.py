"""The outbox on the sandbox network: whatever fails, one post, and nobody forgotten."""

import time
from dataclasses import replace

import pytest
from sqlmodel import select

from listener.channels.sandbox import SandboxChannel
from listener.collect import collect
from listener.deliver import deliver
from listener.worker import Worker
from models.answer import Answer
from models.instant import HOUR
from models.post import Author
from models.records import desk
from models.records.audit import audit
from models.records.tables import Mention, Reply

BRITTA = Author("c1", "britta", "Britta")


def waiting(worker: Worker, sandbox: SandboxChannel) -> str:
    """A customer's post, heard and answered by Anna; its id on the network."""
    post = sandbox.network.post(BRITTA, "@tallkotte Var är paketet?")
    time.sleep(0.01)
    collect(worker)
    with worker.store.write() as session:
        found = session.exec(select(Mention).where(Mention.external_id == post.external_id)).one()
        answer = Answer.by("Anna", f"Jag beklagar, {post.external_id}")
        desk.reply(session, found.id or 0, answer, worker.store.now(), 0, worker.can_send())
    return post.external_id


def states(worker: Worker) -> tuple[str, str]:
    with worker.store.read() as session:
        reply = session.exec(select(Reply)).one()
        mention = session.exec(select(Mention)).one()
    return reply.state, mention.state


def settle(worker: Worker) -> None:
    """Deliver until every wait of the quick sandbox is over."""
    for _pass in range(6):
        deliver(worker)
        time.sleep(0.06)
    deliver(worker)


def sound(worker: Worker) -> bool:
    with worker.store.read() as session:
        return audit(session, worker.store.now(), HOUR).violations == []


def test_a_reply_goes_out_once_and_comes_back_as_its_receipt(
    worker: Worker, sandbox: SandboxChannel
) -> None:
    waiting(worker, sandbox)
    assert deliver(worker).sent == 1
    assert deliver(worker).sent == 0
    assert states(worker) == ("sent", "answered")
    time.sleep(0.01)
    collect(worker)
    assert states(worker) == ("sent", "answered")
    assert len(sandbox.network.log("reply")) == 1
    assert sound(worker)


@pytest.mark.parametrize("kind", ["refuse", "rate limit", "signed out"])
def test_what_the_network_did_not_take_is_held_and_sent_later(
    worker: Worker, sandbox: SandboxChannel, kind: str
) -> None:
    waiting(worker, sandbox)
    sandbox.network.fail_next("reply", kind)
    assert deliver(worker).held == 1
    assert states(worker) == ("queued", "replying")
    with worker.store.write() as session:
        row = session.exec(select(Reply)).one()
        row.send_after = 0
        session.add(row)
    assert deliver(worker).sent == 1
    assert len(sandbox.network.log("reply")) == 1


def test_a_definite_no_gives_the_mention_back(worker: Worker, sandbox: SandboxChannel) -> None:
    waiting(worker, sandbox)
    sandbox.network.fail_next("reply", "reject")
    assert deliver(worker).failed == 1
    assert states(worker) == ("failed", "open")
    assert sound(worker)


def test_a_lost_answer_is_found_again_not_sent_again(
    worker: Worker, sandbox: SandboxChannel
) -> None:
    waiting(worker, sandbox)
    sandbox.network.fail_next("reply", "lost answer")
    assert deliver(worker).unknown == 1
    assert states(worker) == ("unknown", "replying")
    settle(worker)
    assert states(worker) == ("sent", "answered")
    assert len(sandbox.network.log("reply")) == 1
    assert sound(worker)


def test_the_echo_resolves_a_doubt_too(worker: Worker, sandbox: SandboxChannel) -> None:
    waiting(worker, sandbox)
    sandbox.network.fail_next("reply", "lost answer")
    deliver(worker)
    time.sleep(0.01)
    collect(worker)
    assert states(worker) == ("sent", "answered")
    assert sound(worker)


def test_what_never_landed_is_sent_after_two_fruitless_looks(
    worker: Worker, sandbox: SandboxChannel
) -> None:
    waiting(worker, sandbox)
    with worker.store.write() as session:
        from models.records import outbox

        lost = outbox.claim(session, worker.can_send(), "dead", worker.store.now(), 1)
    assert lost is not None
    settle(worker)
    assert states(worker) == ("sent", "answered")
    assert len(sandbox.network.log("reply")) == 1
    assert sound(worker)


def test_a_look_that_fails_counts_for_nothing(worker: Worker, sandbox: SandboxChannel) -> None:
    waiting(worker, sandbox)
    sandbox.network.fail_next("reply", "lost answer")
    deliver(worker)
    time.sleep(0.06)
    sandbox.network.fail_next("list", "refuse")
    deliver(worker)
    with worker.store.read() as session:
        assert session.exec(select(Reply)).one().looks == 0
    settle(worker)
    assert len(sandbox.network.log("reply")) == 1


def test_where_the_network_does_not_let_us_resend_a_person_decides(
    worker: Worker, sandbox: SandboxChannel
) -> None:
    class Careful(SandboxChannel):
        resends = False
        call_seconds = 0.01
        look_waits = (0.01, 0.01)

    careful = Careful.__new__(Careful)
    careful.__dict__.update(sandbox.__dict__)
    slow = replace(worker, channels={"sandbox": careful})
    waiting(slow, sandbox)
    with slow.store.write() as session:
        from models.records import outbox

        outbox.claim(session, slow.can_send(), "dead", slow.store.now(), 1)
    settle(slow)
    assert states(slow) == ("unknown", "replying")
    assert sandbox.network.log("reply") == []
    assert sound(slow)


def test_an_error_nobody_thought_of_is_a_doubt(worker: Worker, sandbox: SandboxChannel) -> None:
    class Odd(SandboxChannel):
        call_seconds = 0.01

        def reply(self, outgoing: object) -> object:  # type: ignore[override]
            raise KeyError(401)

    odd = Odd.__new__(Odd)
    odd.__dict__.update(sandbox.__dict__)
    strange = replace(worker, channels={"sandbox": odd})
    waiting(strange, sandbox)
    with pytest.raises(KeyError):
        deliver(strange)
    assert states(strange) == ("unknown", "replying")
