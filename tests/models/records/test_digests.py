"""The leaders' mail as rows: due days over sleep and clock changes, one row each, leases, doubt."""

import time as clock
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from models.errors import LeaseLost
from models.instant import DAY, HOUR, MINUTE, SECOND, from_rfc3339
from models.mailing import Mailing, Recipient, days_between
from models.records import digest_outbox as outbox
from models.records import digests
from models.records.alarms import alarms
from models.records.digest_outbox import Claim
from models.records.digests import Delivery, Late, Letter
from models.records.store import Store
from models.records.tables import Digest, Event
from tests.world import broken

EVA = "eva@example.org"
MAILING = Mailing((Recipient(EVA, "sv"),), ZoneInfo("Europe/Stockholm"), time(7, 30))
AT = from_rfc3339("2026-11-21T07:31:00+01:00")  # a minute after the mail about the 20th was due
LEASE = 3 * MINUTE
OK = "mail.example.org: 250 OK"


def the(*days: int) -> list[date]:
    """Days of November."""
    return [date(2026, 11, day) for day in days]


def due(store: Store, at: int = AT, mailing: Mailing = MAILING) -> list[date]:
    with store.read() as session:
        return digests.due_days(session, mailing, EVA, at)


def letter(days: list[date]) -> Letter:
    return Letter(tuple(days), EVA, f"<{days[-1]}.1f@example.org>", "Dagen", f"om {days[-1]}")


def write_down(store: Store, at: int = AT, mailing: Mailing = MAILING) -> bool:
    days = due(store, at, mailing)
    with store.write() as session:
        return bool(days) and digests.write_down(session, mailing, letter(days), at)


def take(store: Store, at: int = AT, owner: str = "one") -> Claim:
    with store.write() as session:
        claim = outbox.claim(session, {EVA}, owner, at, LEASE)
    assert claim is not None
    return claim


def nothing_is_due(store: Store, at: int) -> bool:
    with store.write() as session:
        return outbox.claim(session, {EVA}, "two", at, LEASE) is None


def hand_in(store: Store, claim: Claim, at: int = AT) -> None:
    with store.write() as session:
        outbox.hand_in(session, claim, at, at + MINUTE)


def send(store: Store, at: int = AT) -> None:
    claim = take(store, at)
    hand_in(store, claim, at)
    with store.write() as session:
        outbox.sent(session, claim, OK, at)


def rows(store: Store) -> list[Digest]:
    with store.read() as session:
        return [*session.exec(select(Digest).order_by(Digest.day))]


def states(store: Store) -> dict[int, str]:
    return {int(row.day[-2:]): row.state for row in rows(store)}


def told(store: Store, at: int, mailing: Mailing = MAILING) -> set[str]:
    with store.read() as session:
        return {alarm["kind"] for alarm in alarms(session, at, 10**18, mailing)}


def test_a_new_reader_begins_with_yesterday_once_its_hour_has_passed(store: Store) -> None:
    half_past = MAILING.leaves_at(date(2026, 11, 20))
    assert due(store, half_past - 1) == []
    assert due(store, half_past) == the(20)
    assert due(store, half_past + 12 * HOUR) == the(20)
    assert due(store, half_past + 17 * HOUR) == []  # past midnight: yesterday's hour is to come


def test_a_day_is_written_down_once(store: Store) -> None:
    assert write_down(store)
    assert not write_down(store)
    with store.write() as session:  # who drew the page a moment before the other wrote
        assert not digests.write_down(session, MAILING, letter(the(20)), AT)
    assert due(store, AT + 23 * HOUR) == []
    assert due(store, AT + DAY) == the(20, 21)
    (row,) = rows(store)
    assert (row.state, row.days, row.body) == ("queued", ["2026-11-20"], "om 2026-11-20")


def test_the_body_stays_as_the_first_listener_wrote_it(store: Store) -> None:
    write_down(store)
    other = replace(letter(the(20)), mail="other words", message_id="<other@example.org>")
    with store.write() as session:
        assert not digests.write_down(session, MAILING, other, AT)
    assert [row.body for row in rows(store)] == ["om 2026-11-20"]


def test_of_two_who_write_in_the_same_moment_one_does(store: Store) -> None:
    def other() -> bool:
        with store.write() as session:
            return digests.write_down(session, MAILING, letter(the(20)), AT)

    with ThreadPoolExecutor() as threads:
        with store.write() as session:
            assert digests.write_down(session, MAILING, letter(the(20)), AT)
            second = threads.submit(other)
            clock.sleep(0.3)  # it has come as far as it can
            assert not second.done()
        assert second.result() is False
    assert states(store) == {20: "queued"}


def test_a_page_drawn_before_another_listener_wrote_is_drawn_anew(store: Store) -> None:
    write_down(store)
    drawn = letter(due(store, AT + DAY))
    assert drawn.days == tuple(the(20, 21))
    send(store, AT + DAY)  # meanwhile the other one came through with the 20th
    with store.write() as session:
        assert not digests.write_down(session, MAILING, drawn, AT + DAY)
    assert states(store) == {20: "sent"}
    assert due(store, AT + DAY) == the(21)


def test_five_days_asleep_are_one_mail_of_the_newest_with_all_of_them(store: Store) -> None:
    write_down(store)
    send(store)
    back = AT + 5 * DAY + 3 * HOUR
    assert due(store, back) == the(21, 22, 23, 24, 25)
    assert write_down(store, back)
    assert states(store) == {20: "sent", **dict.fromkeys(range(21, 25), "merged"), 25: "queued"}
    newest = rows(store)[-1]
    assert newest.days == [f"2026-11-{day}" for day in range(21, 26)]
    assert {row.message_id for row in rows(store)[1:]} == {newest.message_id}
    send(store, back)
    assert nothing_is_due(store, back)
    assert due(store, back) == []
    assert broken(store) == []


def test_what_did_not_leave_is_told_in_the_next_mail(store: Store) -> None:
    write_down(store)
    claim = take(store)
    with store.write() as session:
        outbox.failed(session, claim, "550 no", AT)
    write_down(store, AT + DAY)
    assert states(store) == {20: "merged", 21: "queued"}
    write_down(store, AT + 2 * DAY)
    assert states(store) == {20: "merged", 21: "merged", 22: "queued"}
    last = rows(store)[-1]
    assert last.days == ["2026-11-20", "2026-11-21", "2026-11-22"]
    assert {row.message_id for row in rows(store)} == {last.message_id}
    assert [row.body for row in rows(store)] == [None, None, "om 2026-11-22"]
    assert broken(store) == []


def test_what_is_being_sent_or_in_doubt_is_not_told_again(store: Store) -> None:
    write_down(store)
    soon = AT + DAY - 2 * MINUTE
    claim = take(store, soon)
    assert due(store, AT + DAY) == the(21)  # the claim's lease still runs
    hand_in(store, claim, soon)
    assert due(store, AT + DAY) == the(21)
    with store.write() as session:
        outbox.doubt(session, claim, "cut", soon, soon + MINUTE)
    assert due(store, AT + DAY + 2 * HOUR) == the(21)


def test_no_more_than_thirty_days_are_told(store: Store) -> None:
    first = AT - 60 * DAY
    write_down(store, first)
    send(store, first)
    for day in range(31, 0, -1):
        write_down(store, AT - day * DAY)
    assert write_down(store)
    last = rows(store)[-1]
    assert (len(last.days), last.days[0], last.day) == (30, "2026-10-22", "2026-11-20")
    assert broken(store) == []
    counted = Counter(row.state for row in rows(store))
    assert counted == {"sent": 1, "merged": 29, "queued": 1, "failed": len(rows(store)) - 31}


def test_a_clock_that_steps_back_makes_nothing_due_again(store: Store) -> None:
    write_down(store, AT + 3 * DAY)
    for back in (2 * HOUR, 26 * HOUR, 3 * DAY):
        assert due(store, AT + 3 * DAY - back) == []


@pytest.mark.parametrize("at", [time(2, 30), time(7, 30)])
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_listener_awake_all_night_writes_one_mail_a_date(
    store: Store, at: time, day: date
) -> None:
    mailing = replace(MAILING, at=at)
    instant = mailing.leaves_at(day) - 3 * DAY
    while instant < mailing.leaves_at(day) + HOUR:
        write_down(store, instant, mailing)
        instant += 10 * MINUTE
    first = date.fromisoformat(rows(store)[0].day)
    assert (day - first).days >= 3
    assert [row.day for row in rows(store)] == [str(one) for one in days_between(first, day)]
    late = [row.made_at - mailing.leaves_at(date.fromisoformat(row.day)) for row in rows(store)]
    assert all(0 <= by < 10 * MINUTE for by in late[1:])


def what_became(store: Store, *more: str) -> Delivery:
    """Of the mails about the twentieth, to Eva and these."""
    readers = (Recipient(EVA, "sv"), *(Recipient(one, "sv") for one in more))
    with store.read() as session:
        return digests.delivery(session, replace(MAILING, readers=readers), date(2026, 11, 20))


def test_what_became_of_a_days_mails_in_numbers(store: Store) -> None:
    found = what_became(store, "bo@example.org")
    assert (found.readers, found.waiting, found.sent_at) == (2, 2, None)
    assert found.leaves_at == AT - MINUTE
    write_down(store)
    claim = take(store)
    hand_in(store, claim)
    assert what_became(store).waiting == 1
    with store.write() as session:
        outbox.hold(session, claim, "451 later", AT, AT + MINUTE)
    assert what_became(store).trouble == "451 later"
    send(store, AT + MINUTE)
    found = what_became(store, "bo@example.org")
    assert (found.sent, found.waiting, found.sent_at, found.trouble) == (1, 1, AT + MINUTE, None)


def test_a_refusal_a_doubt_and_a_day_told_later_are_told_apart(store: Store) -> None:
    write_down(store)
    claim = take(store)
    with store.write() as session:
        outbox.failed(session, claim, "550 nobody", AT)
    found = what_became(store)
    assert (found.refused, found.refusal, found.waiting) == (1, "550 nobody", 0)
    write_down(store, AT + DAY)  # tells the twentieth too
    claim = take(store, AT + DAY)
    assert (what_became(store).waiting, what_became(store).refused) == (1, 0)
    hand_in(store, claim, AT + DAY)
    with store.write() as session:
        outbox.doubt(session, claim, "cut", AT + DAY, AT + DAY)
    assert (what_became(store).doubtful, what_became(store).waiting) == (1, 0)
    send(store, AT + DAY)
    assert (what_became(store).sent, what_became(store).sent_at) == (1, AT + DAY)


def test_a_claim_keeps_the_other_sender_away_until_its_lease_is_over(store: Store) -> None:
    write_down(store)
    first = take(store)
    assert nothing_is_due(store, AT + LEASE)
    second = take(store, AT + LEASE + 1, "two")
    assert (first.gen, second.gen, second.attempts) == (1, 2, 2)
    with pytest.raises(LeaseLost):
        hand_in(store, first, AT + LEASE + 1)
    hand_in(store, second, AT + LEASE + 1)
    with store.write() as session:  # nor may the first say no for the second
        outbox.failed(session, first, "550", AT)
        outbox.hold(session, first, "451", AT, AT)
        outbox.doubt(session, first, "cut", AT, AT)
    assert states(store) == {20: "sending"}


def test_a_sender_that_slept_past_its_lease_does_not_send(store: Store) -> None:
    write_down(store)
    claim = take(store)
    with pytest.raises(LeaseLost):
        hand_in(store, claim, AT + LEASE - 30 * SECOND)
    assert states(store) == {20: "queued"}


def test_a_death_before_the_text_leaves_no_doubt(store: Store) -> None:
    write_down(store)
    take(store)
    with store.write() as session:
        outbox.rescue(session, AT + HOUR)
    assert states(store) == {20: "queued"}
    send(store, AT + HOUR)
    assert states(store) == {20: "sent"}


def test_a_death_in_the_text_is_sent_once_more_and_then_left(store: Store) -> None:
    write_down(store)
    hand_in(store, take(store))
    later = AT + LEASE + 1
    with store.write() as session:
        outbox.rescue(session, AT + LEASE)
    assert states(store) == {20: "sending"}
    with store.write() as session:
        outbox.rescue(session, later)
    assert states(store) == {20: "unknown"}
    hand_in(store, take(store, later), later)
    with store.write() as session:
        outbox.rescue(session, later + DAY)
        outbox.tidy(session, later + DAY)
    assert nothing_is_due(store, later + DAY)
    assert states(store) == {20: "unknown"}
    assert "unknown digest" in told(store, later + HOUR)


def test_a_doubt_is_resolved_by_the_second_yes_or_a_late_first(store: Store) -> None:
    for second in (True, False):
        at = AT + (0 if second else DAY)
        write_down(store, at)
        claim = take(store, at)
        hand_in(store, claim, at)
        with store.write() as session:
            outbox.doubt(session, claim, "cut", at, at + MINUTE)
        assert nothing_is_due(store, at + MINUTE - 1)
        if second:
            send(store, at + MINUTE)
        with store.write() as session:
            outbox.sent(session, claim, OK, at)
        assert nothing_is_due(store, at + HOUR)
    assert states(store) == {20: "sent", 21: "sent"}
    assert broken(store) == []


def test_a_doubt_that_could_not_be_sent_again_is_tried_for_a_day(store: Store) -> None:
    write_down(store)
    claim = take(store)
    hand_in(store, claim)
    with store.write() as session:
        outbox.doubt(session, claim, "cut", AT, AT + MINUTE)
    for tries in range(1, 3):  # the server is away: that was no second time
        at = AT + tries * HOUR
        claim = take(store, at)
        with store.write() as session:
            outbox.hold(session, claim, "no answer", at, at + HOUR)
    with store.write() as session:
        outbox.tidy(session, AT + DAY)
    assert nothing_is_due(store, AT + DAY)
    assert states(store) == {20: "unknown"}


def test_what_nobody_takes_is_given_up_after_a_day(store: Store) -> None:
    write_down(store)
    claim = take(store)
    with store.write() as session:
        outbox.hold(session, claim, "451 later", AT, AT + HOUR)
        outbox.tidy(session, AT + DAY - 1)
    assert states(store) == {20: "queued"}
    with store.write() as session:
        outbox.tidy(session, AT + DAY)
    (row,) = rows(store)
    assert (row.state, row.error) == ("failed", "451 later")


def test_bodies_are_taken_out_after_thirty_days(store: Store) -> None:
    write_down(store)
    send(store)
    for days, body in ((29, "om 2026-11-20"), (30, None)):
        with store.write() as session:
            outbox.tidy(session, AT + days * DAY)
        assert [(row.state, row.body) for row in rows(store)] == [("sent", body)]


def test_mail_that_is_stopped_waits_an_hour_and_goes_on(store: Store) -> None:
    write_down(store)
    claim = take(store)
    with store.write() as session:
        outbox.stop(session, claim, "535 5.7.8 wrong password", AT)
    with store.read() as session:
        assert outbox.is_stopped(session, AT + HOUR - 1)
        assert not outbox.is_stopped(session, AT + HOUR)
    assert "mail stopped" in told(store, AT)
    send(store, AT + HOUR)
    with store.read() as session:
        assert outbox.stopped_since(session) is None
    assert told(store, AT + HOUR) == set()


def test_only_who_is_a_reader_now_gets_mail(store: Store) -> None:
    write_down(store)
    with store.write() as session:
        assert outbox.claim(session, {"bo@example.org"}, "one", AT, LEASE) is None
        assert outbox.claim(session, frozenset(), "one", AT, LEASE) is None
    assert told(store, AT + HOUR + 1, replace(MAILING, readers=())) == set()


def test_alarms_say_who_has_not_had_a_mail_and_why(store: Store) -> None:
    half_past = MAILING.leaves_at(date(2026, 11, 20))
    assert told(store, half_past + HOUR) == set()
    assert told(store, half_past + HOUR + 1) == {"missing digest"}
    write_down(store)
    assert told(store, AT + HOUR) == set()
    assert told(store, AT + HOUR + 1) == {"queued digest"}
    claim = take(store)
    with store.write() as session:
        outbox.failed(session, claim, "550 nobody of that name", AT)
        found = alarms(session, AT, 10**18, MAILING)
    assert [alarm["text"] for alarm in found] == [
        "The digest of 2026-11-20 to eva@example.org did not leave: 550 nobody of that name"
    ]
    assert told(store, AT + DAY) == {"failed digest"}  # the next one's hour is a minute ago


def late(store: Store, day: int) -> Late | None:
    with store.read() as session:
        return digests.late(session, MAILING, EVA, date(2026, 11, day))


def test_the_next_mail_knows_whether_the_last_one_was_late(store: Store) -> None:
    assert late(store, 20) is None
    write_down(store, AT + 8 * HOUR)  # named a reader in the afternoon
    send(store, AT + 8 * HOUR)
    assert late(store, 21) is None
    write_down(store, AT + DAY)
    assert late(store, 22) == Late(date(2026, 11, 21), None)
    send(store, AT + DAY + 58 * MINUTE)
    assert late(store, 22) is None
    write_down(store, AT + 2 * DAY)
    send(store, AT + 2 * DAY + HOUR)
    assert late(store, 23) == Late(date(2026, 11, 22), AT + 2 * DAY + HOUR)
    back = AT + 5 * DAY
    write_down(store, back)
    send(store, back)
    assert late(store, 24) == Late(date(2026, 11, 23), back)
    assert late(store, 26) is None
    assert late(store, 28) == Late(date(2026, 11, 27), None)


def test_the_log_names_no_reader(store: Store) -> None:
    write_down(store)
    send(store)
    with store.read() as session:
        logged = session.exec(select(Event).where(Event.entity == "digest")).all()
    assert [event.to_state for event in logged] == ["queued", "sending", "sent"]
    assert {event.entity_id for event in logged} == {date(2026, 11, 20).toordinal()}
    assert EVA not in str([event.data for event in logged])
