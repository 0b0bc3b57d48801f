"""Collecting, judging and looking again, on the sandbox network."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select, update

from listener.channels.channel import Page
from listener.channels.sandbox import SandboxChannel
from listener.collect import Heard, collect
from listener.judge import judge_waiting
from listener.schedule import Listener
from listener.worker import Worker
from models.errors import ModelError, Unavailable, Unreadable
from models.instant import HOUR, MINUTE
from models.post import Author
from models.records import desk
from models.records.audit import audit
from models.records.tables import Ingest, Mention, Source
from models.sentiment.judgement import Judgement
from models.settings import Listening
from tests.world import looked

BRITTA = Author("c1", "britta", "Britta")


class PlainJudge:
    """Everything is a complaint."""

    name = "plain"

    def judge(self, texts: Sequence[tuple[str, str | None]]) -> list[Judgement]:
        return [Judgement("sv", 0.8, 0.1, 0.1, 0.9, 0.1, ()) for _text in texts]


class BrokenJudge(PlainJudge):
    def judge(self, texts: Sequence[tuple[str, str | None]]) -> list[Judgement]:
        raise RuntimeError("NaN")


def mentions(worker: Worker) -> list[Mention]:
    with worker.store.read() as session:
        return list(session.exec(select(Mention).order_by(col(Mention.id))))


def listen(worker: Worker) -> list[Heard]:
    time.sleep(0.01)  # past the pause between two readings
    return collect(worker)


def sound(worker: Worker) -> bool:
    with worker.store.read() as session:
        return audit(session, worker.store.now(), HOUR).violations == []


def make_everything_old(worker: Worker) -> None:
    """Pretend that nothing has been looked at for an hour."""
    with worker.store.write() as session:
        session.connection().execute(
            update(Mention).values(received_at=Mention.received_at - HOUR, look_at=0)
        )


def test_what_is_read_again_is_no_new_work(worker: Worker, sandbox: SandboxChannel) -> None:
    for number in range(150):
        sandbox.network.post(BRITTA, f"@tallkotte nummer {number}")
    listen(worker)
    listen(worker)
    assert len(mentions(worker)) == 150
    assert sound(worker)


def test_a_broken_judge_hides_nobody(worker: Worker, sandbox: SandboxChannel) -> None:
    sandbox.network.post(BRITTA, "@tallkotte Var är paketet?")
    listen(worker)
    assert judge_waiting(worker, BrokenJudge()) == 0
    (waiting,) = mentions(worker)
    assert (waiting.state, waiting.judged_at, waiting.lane) == ("open", None, 1)
    assert judge_waiting(worker, PlainJudge()) == 1
    (judged,) = mentions(worker)
    assert (judged.judged_by, judged.complaint) == ("plain", 0.9)


class NoModel(PlainJudge):
    asked = 0

    def judge(self, texts: Sequence[tuple[str, str | None]]) -> list[Judgement]:
        self.asked += 1
        raise ModelError("there is no model/config.json")


def test_without_a_model_everybody_is_ranked_by_cues_and_judged_later(
    worker: Worker, sandbox: SandboxChannel
) -> None:
    sandbox.network.post(BRITTA, "@tallkotte Var är paketet?")
    sandbox.network.post(BRITTA, "@tallkotte Det brinner i laddaren!")
    sandbox.network.post(BRITTA, "@tallkotte Jag byter till en konkurrent.")
    listen(worker)
    judge = NoModel()
    assert judge_waiting(worker, judge) == judge_waiting(worker, judge) == 0
    assert judge.asked == 2  # not once more for each mention
    asked, burns, leaves = mentions(worker)
    assert (asked.lane, asked.judged_at, asked.why[0]["term"]) == (1, None, "not judged yet")
    assert (burns.lane, burns.rank, burns.cues) == (0, 0, ["safety"])
    assert {"term": "not judged yet", "minutes": 0} in burns.why
    assert burns.due_at < leaves.due_at < asked.due_at
    assert judge_waiting(worker, PlainJudge()) == 3
    assert {mention.lane for mention in mentions(worker)} == {1}


def test_one_post_that_cannot_be_read_keeps_nobody_else_waiting(
    worker: Worker, sandbox: SandboxChannel
) -> None:
    for number in range(5):
        sandbox.network.post(BRITTA, f"@tallkotte nummer {number}")
    listen(worker)

    class Choking(PlainJudge):
        def judge(self, texts: Sequence[tuple[str, str | None]]) -> list[Judgement]:
            if any("nummer 2" in text for text, _lang in texts):
                raise Unreadable("no numbers")
            return super().judge(texts)

    assert judge_waiting(worker, Choking()) == 4
    assert [mention.judged_at is None for mention in mentions(worker)].count(True) == 1


def test_who_edits_while_no_model_works_is_not_left_aside(
    worker: Worker, sandbox: SandboxChannel
) -> None:
    sandbox.network.post(BRITTA, "@tallkotte Tack!")
    listen(worker)
    judge_waiting(worker, PlainJudge())
    with worker.store.write() as session:
        values = {"lane": 4, "rank": 2, "why": [], "judged_at": None, "addressed": False}
        session.connection().execute(update(Mention).values(**values))
    assert judge_waiting(worker, NoModel()) == 0
    (edited,) = mentions(worker)
    assert (edited.lane, edited.rank) == (1, 1)


def test_a_slow_judge_lets_the_listener_listen_again(
    worker: Worker, sandbox: SandboxChannel
) -> None:
    for number in range(70):
        sandbox.network.post(BRITTA, f"@tallkotte nummer {number}")
    listen(worker)
    assert judge_waiting(worker, PlainJudge(), seconds=0) == 0

    class SlowJudge(PlainJudge):
        def judge(self, texts: Sequence[tuple[str, str | None]]) -> list[Judgement]:
            time.sleep(0.2)
            return super().judge(texts)

    assert judge_waiting(worker, SlowJudge(), seconds=0.1) == 64
    assert judge_waiting(worker, SlowJudge(), seconds=0.1) == 6


def test_a_fault_moves_no_checkpoint_and_the_next_reading_catches_up(
    worker: Worker, sandbox: SandboxChannel
) -> None:
    sandbox.network.post(BRITTA, "@tallkotte Hej")
    sandbox.network.fail_next("list", "refuse", times=2)
    first = listen(worker)
    assert {item.error for item in first if item.error} == {"the sandbox did not take the call"}
    listen(worker)
    assert len(mentions(worker)) == 1
    assert sound(worker)


def test_a_crash_between_pages_is_read_again(worker: Worker, sandbox: SandboxChannel) -> None:
    for number in range(250):
        sandbox.network.post(BRITTA, f"@tallkotte nummer {number}")

    class Crashing(SandboxChannel):
        def fetch(self, feed: str, checkpoint: str | None, overlap: int) -> Iterator[Page]:
            for number, page in enumerate(super().fetch(feed, checkpoint, overlap)):
                if number == 1:
                    raise Unavailable("cut")
                yield page

    broken = Crashing.__new__(Crashing)
    broken.__dict__.update(sandbox.__dict__)
    listen(replace(worker, channels={"sandbox": broken}))
    listen(worker)
    assert len(mentions(worker)) == 250
    assert sound(worker)


def test_a_gap_is_reported_once_and_stays(worker: Worker, sandbox: SandboxChannel) -> None:
    sandbox.network.post(BRITTA, "@tallkotte ett")
    listen(worker)
    for number in range(10):
        sandbox.network.post(BRITTA, f"@tallkotte {number}")
    sandbox.network.configure(reach=3)
    listen(worker)
    listen(worker)
    with worker.store.read() as session:
        alarms = audit(session, worker.store.now(), HOUR).alarms
    assert {alarm["text"].partition(": ")[0] for alarm in alarms} == {
        "sandbox:mentions",
        "sandbox:own",
    }
    assert {alarm["kind"] for alarm in alarms} == {"gap"}


def test_a_source_in_other_hands_is_left_alone(worker: Worker, sandbox: SandboxChannel) -> None:
    sandbox.network.post(BRITTA, "@tallkotte Hej")
    listen(worker)
    with worker.store.write() as session:
        ahead = worker.store.now() + MINUTE
        session.connection().execute(
            update(Source).values(lease_owner="elsewhere:1", lease_until=ahead)
        )
    held = [item.held_by for item in listen(worker)]
    assert "elsewhere:1" in held


def test_two_listeners_share_the_work_without_doubles(
    worker: Worker, sandbox: SandboxChannel
) -> None:
    other = replace(worker, name="other:2:x")
    for number in range(120):
        sandbox.network.post(BRITTA, f"@tallkotte nummer {number}")
        if number % 40 == 0:
            listen(worker)
            listen(other)
    listen(other)
    assert len(mentions(worker)) == 120
    with worker.store.read() as session:
        rows = session.exec(select(Ingest)).all()
    assert sum(row.new for row in rows) == 120
    assert sound(worker)


def test_edited_and_deleted_posts_are_seen_on_the_next_look(
    worker: Worker, sandbox: SandboxChannel
) -> None:
    edited = sandbox.network.post(BRITTA, "@tallkotte Tack!").external_id
    deleted = sandbox.network.post(BRITTA, "@tallkotte Aj").external_id
    listen(worker)
    sandbox.network.edit(edited, "@tallkotte Tack för ingenting!")
    sandbox.network.delete(deleted)
    make_everything_old(worker)
    listen(worker)
    first, second = mentions(worker)
    assert (first.text, first.state) == ("@tallkotte Tack för ingenting!", "open")
    assert (second.text, second.state) == (None, "gone")
    assert sound(worker)


def test_everything_gone_at_once_is_believed_only_the_second_time(
    worker: Worker, sandbox: SandboxChannel
) -> None:
    sent = [sandbox.network.post(BRITTA, f"@tallkotte {n}").external_id for n in range(6)]
    listen(worker)
    for external_id in sent:
        sandbox.network.delete(external_id)
    make_everything_old(worker)
    listen(worker)
    assert {mention.state for mention in mentions(worker)} == {"open"}
    make_everything_old(worker)
    listen(worker)
    assert {mention.state for mention in mentions(worker)} == {"open"}
    with worker.store.write() as session:
        session.connection().execute(update(Source).values(next_at=0))  # half an hour later
    listen(worker)
    assert {mention.state for mention in mentions(worker)} == {"gone"}


def test_a_deleted_post_loses_its_text_also_after_it_was_settled(
    worker: Worker, sandbox: SandboxChannel
) -> None:
    sent = sandbox.network.post(BRITTA, "@tallkotte Var är paketet?").external_id
    listen(worker)
    with worker.store.write() as session:
        (first,) = session.exec(select(Mention.id)).all()
        desk.dismiss(session, first or 0, "spam", "Anna", worker.store.now())
    sandbox.network.delete(sent)
    make_everything_old(worker)
    listen(worker)
    (settled,) = mentions(worker)
    assert (settled.state, settled.text, settled.gone_at is None) == ("dismissed", None, False)
    assert sound(worker)


def test_the_schedule_wakes_the_listener(
    worker: Worker, sandbox: SandboxChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("listener.schedule._LISTEN_TICK", 0.05)
    listener = Listener(worker, PlainJudge())
    sandbox.network.post(BRITTA, "@tallkotte Hej")
    listener.start()
    for _tick in range(100):
        time.sleep(0.05)
        if [mention.judged_by for mention in mentions(worker)] == ["plain"]:
            break
    listener.close()
    assert [mention.judged_by for mention in mentions(worker)] == ["plain"]


def test_no_deleted_word_stays_in_the_file(worker: Worker, sandbox: SandboxChannel) -> None:
    if not worker.store.is_sqlite:
        pytest.skip("Postgres forgets by itself")
    listener = Listener(worker, PlainJudge())
    posted = sandbox.network.post(BRITTA, "@tallkotte Hemligstämplat")
    for number in range(40):
        sandbox.network.post(BRITTA, f"@tallkotte Ord{number} till")
    listener.once()
    assert b"hemligst" in _file(worker)
    with worker.store.write() as session:
        looked(session, {posted.external_id: None}, worker.store.now())
    for _pass in range(5):
        listener.tidy()
    assert b"hemligst" not in _file(worker)


def _file(worker: Worker) -> bytes:
    raw = worker.store.watching()
    driver: Any = raw.dbapi_connection
    driver.execute("pragma wal_checkpoint(truncate)").fetchall()
    (_number, _name, file), *_more = driver.execute("pragma database_list").fetchall()
    raw.close()
    return Path(file).read_bytes().lower()


@pytest.mark.parametrize("pause", [3600.0])
def test_a_source_is_not_read_before_it_is_due(
    worker: Worker, sandbox: SandboxChannel, pause: float
) -> None:
    slow = worker.settings.model_copy(update={"listen": Listening(every_seconds=pause)})
    patient = replace(worker, settings=slow)
    listen(patient)
    sandbox.network.post(BRITTA, "@tallkotte Hej")
    listen(patient)
    assert mentions(worker) == []
