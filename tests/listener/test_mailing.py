"""The leaders' mail on a real mail server: each class of answer, two listeners, hours asleep."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from listener.digest import Mailed, look_after_digests
from listener.digest.mail import Rendered
from listener.schedule import Listener
from listener.worker import Worker
from models.errors import NotFound
from models.instant import DAY, HOUR, MINUTE, from_rfc3339
from models.mailing import Recipient
from models.records.audit import Audit, audit
from models.records.store import Store
from models.records.tables import Digest, Mention
from models.sentiment.lexicon_judge import LexiconJudge
from models.settings import DigestEntry, Digests, Settings, Smtp
from tests.listener.mailroom import Room, free_port, opened

if TYPE_CHECKING:
    from sqlmodel import Session

EVA, BO, LIV = "eva@example.org", "bo@example.org", "liv@example.org"
AT = from_rfc3339("2026-11-21T07:31:00+01:00")


def render(session: "Session", days: Sequence[date], reader: Recipient) -> Rendered:
    """A small page from the database."""
    waiting = len(session.exec(select(Mention.id)).all())
    text = "".join(f"{day}: {waiting} väntar på svar\n" for day in days)
    return Rendered(f"Tallkotte {days[-1]}", text, f"<p>{text}</p>")


@dataclass
class Clock:
    """The time that both listeners believe."""

    at: int = AT


@dataclass
class Office:
    """A listener, its mail server and its clock."""

    worker: Worker
    room: Room
    clock: Clock

    def look(self) -> Mailed:
        return look_after_digests(self.worker, render)

    def later(self, wait: int) -> Mailed:
        self.clock.at += wait
        return self.look()

    def rows(self) -> list[Digest]:
        with self.worker.store.read() as session:
            return [*session.exec(select(Digest).order_by(Digest.day, Digest.recipient))]

    def row(self) -> Digest:
        (found,) = self.rows()
        return found

    def audit(self) -> Audit:
        with self.worker.store.read() as session:
            return audit(session, self.clock.at, 10**18, self.worker.settings.mailing())

    def alarms(self) -> list[str]:
        found = self.audit()
        assert found.violations == []
        return [alarm["kind"] for alarm in found.alarms]


def mail_settings(settings: Settings, port: int, *readers: str) -> Settings:
    smtp = Smtp(
        host="127.0.0.1", port=port, security="none", sender="Tallkotte <desk@tall.example>"
    )
    to = [DigestEntry(mail=mail) for mail in readers]
    return settings.model_copy(update={"smtp": smtp, "digest": Digests(at=time(7, 30), to=to)})


@pytest.fixture
def clock(store: Store, monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(store, "now", lambda: found.at)
    return found


@pytest.fixture
def office(worker: Worker, clock: Clock) -> Iterator[Office]:
    """One reader."""
    room = Room()
    with opened(room) as port:
        settings = mail_settings(worker.settings, port, EVA)
        yield Office(replace(worker, settings=settings), room, clock)


def with_readers(office: Office, *readers: str) -> None:
    port = office.worker.settings.smtp.port
    settings = mail_settings(office.worker.settings, port, *readers)
    office.worker = replace(office.worker, settings=settings)


def test_a_mail_leaves_once_and_the_row_says_who_took_it(office: Office) -> None:
    assert office.look() == Mailed(written=1, sent=1)
    assert office.look() == Mailed()
    assert office.later(HOUR) == Mailed()
    (mail,) = office.room.mails
    row = office.row()
    assert (row.state, row.answer) == ("sent", "127.0.0.1: 250 2.0.0 OK, taken as 1")
    assert (mail["To"], mail["Message-ID"]) == (EVA, row.message_id)
    assert (row.sent_at, row.subject) == (AT, "Tallkotte 2026-11-20")
    assert office.alarms() == []


def test_each_reader_has_a_transaction_of_their_own(office: Office) -> None:
    with_readers(office, EVA, BO, LIV)
    assert office.look() == Mailed(written=3, sent=3)
    assert sorted(office.room.readers) == [[BO], [EVA], [LIV]]
    for mail, (reader,) in zip(office.room.mails, office.room.readers, strict=True):
        assert mail["To"] == reader
        assert {EVA, BO, LIV} - {reader} == {EVA, BO, LIV} - {*str(mail).split()}
    assert len({*office.room.numbers()}) == 3


def test_a_reader_who_is_refused_keeps_no_other_from_theirs(office: Office) -> None:
    with_readers(office, BO, EVA, LIV)
    office.room.troubles.append("refused")
    assert office.look() == Mailed(written=3, sent=2, failed=1)
    assert [row.state for row in office.rows()] == ["failed", "sent", "sent"]
    assert office.rows()[0].error == "550 5.1.1 nobody of that name"
    assert office.later(HOUR) == Mailed()
    assert office.alarms() == ["failed digest"]
    assert office.later(DAY) == Mailed(written=3, sent=3)
    assert [row.days for row in office.rows()[3:]] == [
        ["2026-11-20", "2026-11-21"],
        ["2026-11-21"],
        ["2026-11-21"],
    ]
    assert office.alarms() == []


@pytest.mark.parametrize(
    "trouble", ["later", "later, at DATA", "later, after the text", "cut before the text"]
)
def test_what_was_not_taken_is_tried_again_and_taken_once(office: Office, trouble: str) -> None:
    office.room.troubles.append(trouble)
    assert office.look() == Mailed(written=1, held=1)
    row = office.row()
    assert (row.state, row.attempts, row.lease_owner) == ("queued", 1, None)
    assert row.error
    assert office.later(MINUTE - 1) == Mailed()
    assert office.later(10_000_000) == Mailed(sent=1)
    assert (office.row().state, office.row().error) == ("sent", None)
    assert office.room.numbers() == [row.message_id]


def test_the_waits_grow_to_an_hour_and_end_after_a_day(office: Office) -> None:
    office.room.troubles.extend(["later"] * 100)
    office.look()
    waits = list[int]()
    while office.row().state == "queued":
        before = office.clock.at
        assert office.room.transactions == len(waits) + 1
        waits.append((office.row().send_after or 0) - before)
        if office.clock.at + waits[-1] >= AT + DAY - 2 * MINUTE:
            break  # then the next day's mail takes this day along
        office.later(waits[-1])
    minutes = [wait / MINUTE for wait in waits]
    for wait, least in zip(minutes[:4], (1, 5, 15, 60), strict=True):
        assert least <= wait <= least * 1.1
    assert all(60 <= wait <= 66 for wait in minutes[4:])
    assert 24 <= len(waits) <= 28
    office.clock.at = AT + DAY
    office.room.troubles.clear()
    assert office.look() == Mailed(written=1, sent=1)
    assert [(row.state, row.days) for row in office.rows()] == [
        ("merged", []),
        ("sent", ["2026-11-20", "2026-11-21"]),
    ]


@pytest.mark.parametrize("trouble", ["never, after the text", "refused"])
def test_a_definite_no_is_not_tried_again(office: Office, trouble: str) -> None:
    office.room.troubles.append(trouble)
    assert office.look() == Mailed(written=1, failed=1)
    for _hour in range(22):
        assert office.later(HOUR) == Mailed()
    assert (office.row().state, office.room.transactions) == ("failed", 1)
    assert office.alarms() == ["failed digest"]


@pytest.mark.parametrize("trouble", ["policy, after the text", "not you"])
def test_a_no_to_us_stops_all_mail_for_an_hour(office: Office, trouble: str) -> None:
    with_readers(office, EVA, BO, LIV)
    office.room.troubles.extend([trouble] * 2)
    assert office.look() == Mailed(written=3, held=1)
    assert office.later(HOUR - 1) == Mailed()
    assert office.room.transactions == 1
    assert [row.state for row in office.rows()] == ["queued"] * 3
    assert "mail stopped" in office.alarms()
    assert office.later(1) == Mailed(held=1)
    assert office.later(HOUR) == Mailed(sent=3)
    assert office.alarms() == []
    assert len({*office.room.numbers()}) == len(office.room.mails) == 3


@pytest.mark.parametrize("trouble", ["taken, then cut", "taken, then silent", "a riddle"])
def test_what_may_have_been_taken_is_sent_once_more_as_the_same_mail(
    office: Office, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("listener.smtp.SECONDS", 1.0)
    office.room.troubles.append(trouble)
    assert office.look() == Mailed(written=1, unknown=1)
    assert office.row().state == "unknown"
    assert office.later(MINUTE - 1) == Mailed()
    assert office.later(10_000_000) == Mailed(sent=1)
    row = office.row()
    assert (row.state, row.error) == ("sent", None)
    assert {*office.room.numbers()} == {row.message_id}
    assert len({*office.room.raw}) == 1  # to the byte
    assert office.later(HOUR) == Mailed()


def test_what_may_have_been_taken_twice_is_left_and_told(office: Office) -> None:
    office.room.troubles.extend(["cut, and nothing taken"] * 5)
    office.look()
    assert office.later(2 * MINUTE) == Mailed(unknown=1)
    for _hour in range(3):
        assert office.later(HOUR) == Mailed()
    assert (office.row().state, office.room.transactions) == ("unknown", 2)
    assert office.alarms() == ["unknown digest"]


def test_a_server_that_takes_and_dies_has_taken(office: Office) -> None:
    office.room.troubles.append("taken, then dead")
    assert office.look() == Mailed(written=1, sent=1)
    assert office.row().state == "sent"


def test_no_server_is_no_failure_until_a_day_has_passed(office: Office) -> None:
    there = office.worker
    away = mail_settings(there.settings, free_port(), EVA, BO)
    office.worker = replace(there, settings=away)
    assert office.look() == Mailed(written=2, held=1)  # and not every reader waits for it
    row = office.rows()[0]
    assert (row.state, "127.0.0.1 does not answer" in (row.error or "")) == ("queued", True)
    office.later(2 * HOUR)
    assert office.alarms() == ["queued digest", "queued digest"]
    office.worker = there
    with_readers(office, EVA, BO)
    assert office.later(2 * HOUR) == Mailed(sent=2)


def test_five_days_without_a_server_are_one_mail(office: Office) -> None:
    there = office.worker
    office.look()
    office.worker = replace(there, settings=mail_settings(there.settings, free_port(), EVA))
    for _look in range(5 * 4):
        office.later(6 * HOUR)
    office.worker = there
    assert office.later(2 * HOUR) == Mailed(sent=1)
    body = office.room.mails[-1].get_body(("plain",))
    assert body is not None
    assert [line[8:10] for line in body.get_content().splitlines()] == [
        "21",
        "22",
        "23",
        "24",
        "25",
    ]
    assert office.alarms() == []


def test_asleep_over_the_hour_and_for_days(office: Office) -> None:
    office.clock.at = AT - 2 * MINUTE
    assert office.look() == Mailed()
    assert office.later(5 * HOUR) == Mailed(written=1, sent=1)
    assert office.later(5 * DAY) == Mailed(written=1, sent=1)
    assert office.rows()[-1].days == [f"2026-11-{day}" for day in range(21, 26)]
    assert len(office.room.mails) == 2


def test_two_listeners_at_once_send_one_mail(office: Office) -> None:
    with_readers(office, EVA, BO, LIV)
    for day in range(6):
        ready = threading.Barrier(2)

        def one(name: str, ready: threading.Barrier = ready) -> None:
            ready.wait()
            for _pass in range(4):
                look_after_digests(replace(office.worker, name=name), render)

        both = [threading.Thread(target=one, args=(name,)) for name in ("a", "b")]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        assert len(office.room.mails) == 3 * (day + 1)
        office.clock.at += DAY
    assert len({*office.room.numbers()}) == 18
    assert {row.state for row in office.rows()} == {"sent"}
    assert {row.attempts for row in office.rows()} == {1}


@pytest.mark.parametrize("error", [ZeroDivisionError, NotFound, IntegrityError("", {}, OSError())])
def test_a_page_that_cannot_be_drawn_keeps_no_other_reader_waiting(
    office: Office, error: type[Exception] | Exception
) -> None:
    with_readers(office, EVA, BO)

    def choosy(session: "Session", days: Sequence[date], reader: Recipient) -> Rendered:
        if reader.mail == EVA:
            raise error
        return render(session, days, reader)

    assert look_after_digests(office.worker, choosy) == Mailed(written=1, sent=1)
    office.clock.at += HOUR
    assert office.alarms() == ["missing digest"]


def test_without_readers_or_a_server_nothing_is_drawn(office: Office) -> None:
    with_readers(office)
    assert office.look() == Mailed()
    nowhere = office.worker.settings.model_copy(update={"smtp": Smtp()})
    office.worker = replace(office.worker, settings=nowhere)
    assert office.look() == Mailed()
    assert office.rows() == []


def test_the_schedule_sends_the_page_itself(office: Office) -> None:
    Listener(office.worker, LexiconJudge()).once()
    (mail,) = office.room.mails
    told = mail.get_body(("plain",))
    assert told is not None
    assert "DO WE KEEP WHAT WE PROMISE?" in told.get_content()
