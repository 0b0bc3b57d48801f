"""Ledger, spells and audit: what was proven, how long people waited, and what must be seen."""

import sqlite3
from contextlib import closing
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from models.errors import StoreError
from models.instant import DAY, HOUR, MINUTE, SECOND, day_bounds
from models.post import Gap
from models.records import alerts, desk, ledger, outbox, sources, spells
from models.records.audit import Audit, audit
from models.records.invariants import INVARIANTS
from models.records.store import Store, open_store
from models.records.tables import Promise
from tests.world import (
    START,
    answer,
    broken,
    calendar,
    claim,
    mention,
    own,
    post,
    receipt,
    take,
)

MONDAY = day_bounds(date(2026, 11, 16), calendar().zone)


def audited(store: Store, at: int = START) -> Audit:
    with store.read() as session:
        return audit(session, at, HOUR)


def alarms(store: Store, at: int = START) -> set[str]:
    return {alarm["kind"] for alarm in audited(store, at).alarms}


def a_busy_morning(store: Store) -> None:
    """One of each end: native, reply, by hand, dismissed, and one who waits."""
    native, ours, hand, spam, waits = (post(who) for who in "abcde")
    take(store, native, ours, hand, spam, waits)
    take(store, own("Hej", to=native.external_id, at=START + 5 * MINUTE))
    answer(store, ours)
    taken = claim(store, START + MINUTE)
    assert taken is not None
    with store.write() as session:
        outbox.sent(session, taken, receipt("r1", START + 10 * MINUTE))
        link = "https://example.org/1"
        desk.answered_by_hand(session, mention(store, hand).id or 0, link, "Bo", START + HOUR)
        desk.dismiss(session, mention(store, spam).id or 0, "spam", "Bo", START + HOUR)


def test_the_ledger_shows_every_mention_with_its_proof(store: Store) -> None:
    a_busy_morning(store)
    with store.read() as session:
        found = list(ledger.entries(session, START + 2 * HOUR, MONDAY))
    assert [(e.state, e.how, e.waited_minutes) for e in found] == [
        ("answered", "native", 5),
        ("answered", "reply", 10),
        ("answered", "by hand", 60),
        ("dismissed", None, 60),
        ("open", None, 120),
    ]
    assert found[0].proof is not None
    assert (found[1].proof, found[2].proof) == ("sandbox://r1", "https://example.org/1")
    assert found[3].reason == "spam"


def test_a_day_holds_what_was_posted_received_or_settled_on_it(store: Store) -> None:
    old = post("a", at=START - 3 * DAY)
    take(store, old, at=START)
    tuesday = day_bounds(date(2026, 11, 17), calendar().zone)
    with store.read() as session:
        assert len(list(ledger.entries(session, START, MONDAY))) == 1
        assert list(ledger.entries(session, START, tuesday)) == []
        assert len(list(ledger.entries(session, START, None))) == 1


def test_five_posts_answered_by_one_reply_are_one_wait(store: Store) -> None:
    first = post("britta")
    more = [
        post("britta", "Hallå", to=first.external_id, at=START + n * MINUTE) for n in range(1, 5)
    ]
    ours = own("Hej", to=first.external_id, at=START + HOUR)
    later = post("britta", "Igen", to=first.external_id, at=START + 2 * HOUR)
    take(store, first, *more, ours, later, post("ola", to=first.external_id, at=START + MINUTE))
    with store.read() as session:
        found = spells.spells(session, START - DAY, START + DAY)
    at = START + 3 * HOUR
    waits = sorted((spell.length(at), spell.mentions, spell.end is None) for spell in found)
    assert waits == [
        (HOUR, 1, True),
        (HOUR, 5, False),
        (3 * HOUR - MINUTE, 1, True),
    ]


def test_the_counts_add_up(store: Store) -> None:
    a_busy_morning(store)
    counts = audited(store).counts
    assert counts == {
        "mentions": 5,
        "open": 1,
        "replying": 0,
        "answered": 3,
        "answered_natively": 1,
        "answered_by_hand": 1,
        "dismissed": 1,
        "gone": 0,
    }


NAMED = [
    ("update mention set rank = 2 where id = 1", "a place in the queue"),
    ("update mention set is_pinned = true", "a place in the queue"),
    ("update mention set assigned_to = 'Anna'", "what is closed is off the desk"),
    ("update mention set handed_to = 'lager'", "what is closed is off the desk"),
    ("update mention set snoozed_until = 1", "what is closed is off the desk"),
    (
        "update person set erased_at = 1; update identity set handle = null, name = null;"
        " update mention set text = null; insert into note"
        " (conversation_id, mention_id, staff, at, kind, text) values (1, 1, 'a', 1, 'note', 'b')",
        "the erased stay erased",
    ),
    ("update mention set own_post_id = 99 where state = 'answered'", "answered is proven"),
    ("delete from own_post", "counted is stored"),
    ("update own_post set identity_id = null", "a native answer answers its person"),
    ("update mention set state = 'open', settled_at = null", "the log agrees"),
    ("update mention set gone_at = 1", "the deleted stay deleted"),
    ("update person set erased_at = 1", "the erased stay erased"),
    (
        "insert into digest (day, recipient, state, made_at, message_id, answer)"
        " values ('2026-11-20', 'e', 'sent', 1, 'm', 'mail.example.org: 451 later')",
        "a mail that left was taken",
    ),
    (
        "insert into digest (day, recipient, state, made_at, message_id, days) values"
        " ('2026-11-20', 'e', 'merged', 1, 'm', '[]'), ('2026-11-21', 'e', 'queued', 1, 'm',"
        " '[\"2026-11-21\"]')",
        "a missed day is told",
    ),
]


@pytest.mark.parametrize(("damage", "invariant"), NAMED)
def test_damage_is_named(store: Store, damage: str, invariant: str) -> None:
    first = post("britta")
    take(store, first, own("Hej", to=first.external_id, at=START + MINUTE))
    assert broken(store) == []
    with store.write() as session:
        for statement in damage.split(";"):
            session.connection().execute(text(statement))
    assert invariant in broken(store)


@pytest.mark.parametrize("damage", ["update event set actor = 'x'", "delete from event"])
def test_the_log_cannot_be_rewritten(store: Store, damage: str) -> None:
    take(store, post("britta"))
    with pytest.raises((DatabaseError, StoreError)), store.write() as session:
        session.connection().execute(text(damage))


def test_a_gap_is_an_alarm_until_a_person_acknowledges_it(store: Store) -> None:
    with store.write() as session:
        sources.ensure(session, "x:mentions", "x", "mentions")
        held = sources.acquire(session, "x:mentions", "one", START, MINUTE)
        assert held is not None
        sources.report_gap(session, held, Gap(START - DAY, START - HOUR, "seven days"), START)
        sources.finish(session, held, START, START)
    assert alarms(store) == {"gap"}
    with store.write() as session:
        sources.acknowledge_gap(session, "x:mentions", "Anna", START)
    assert alarms(store) == set()


def test_a_silent_source_is_an_alarm_and_no_violation(store: Store) -> None:
    with store.write() as session:
        sources.ensure(session, "x:mentions", "x", "mentions")
    found = audited(store)
    assert [alarm["kind"] for alarm in found.alarms] == ["stale source"]
    assert found.violations == []


def test_what_waits_for_a_person_is_an_alarm(store: Store) -> None:
    first = post("britta")
    take(store, first)
    assert alarms(store, START + HOUR) == {"stale source", "not judged"}
    answer(store, first)
    claim(store, START + MINUTE)
    assert "stuck reply" in alarms(store, START + HOUR)
    with store.write() as session:
        outbox.rescue(session, START + HOUR, SECOND)
    assert "unknown reply" in alarms(store, START + HOUR)


def test_an_overdue_promise_and_a_failed_alert_are_alarms(store: Store) -> None:
    first = post("britta")
    take(store, first)
    row = mention(store, first)
    row.lane, row.rank = 0, 0
    with store.write() as session:
        alerts.raise_alerts(session, row, ["command"])
        alerts.raise_alerts(session, row, ["command"])
        claimed = alerts.claim_alert(session, START)
        assert claimed is not None
        assert alerts.claim_alert(session, START) is None
        alerts.finish_alert(session, claimed[0].id or 0, START, "no such command")
        session.add(
            Promise(
                conversation_id=row.conversation_id,
                person_id=1,
                action="call",
                text="Vi ringer i dag",
                owner="Anna",
                due_at=START,
            )
        )
    assert {"alert", "overdue promise"} <= alarms(store, START + 1)


DAMAGE = {
    "nobody is forgotten": "update mention set settled_at = 1 where state = 'open'",
    "replying has its reply": "update mention set state = 'replying', reply_id = 99",
    "a live reply has its mention": "update reply set state = 'queued'",
    "one live reply": "insert into reply select 9, mention_id, account_id, channel, in_reply_to,"
    " 'k', body, staff, created_at, 'queued', 1, 0, null, null, 0, null, 0, null, null, null,"
    " null, 0, '[]', '[]', '[]' from reply; update reply set state = 'queued'",
    "one proof": "update mention set answered_link = 'https://a.b' where state = 'answered'",
    "an answer answers its person": "update mention set reply_id = 1, state = 'answered'",
    "no answer is overlooked": "update mention set state = 'open', settled_at = null",
    "an answer stands beside its question": "update own_post set conversation_id = 2 where id = 1",
    "dismissed with a reason": "update mention set state = 'dismissed', dismissed_reason = ' '",
    "sent is proven": "update reply set sent_at = null",
    "nobody is answered twice": "insert into reply select 9, mention_id, account_id, channel,"
    " in_reply_to, 'k', body, staff, created_at, state, 1, 0, null, null, 0, null, 0, 'r9', null,"
    " sent_at, null, 0, '[]', '[]', '[]' from reply",
    "a receipt is its reply's": "update own_post set reply_id = 1",
    "every post is accounted for": "update ingest set fetched = fetched + 1",
    "the log is a chain": "insert into event values"
    " (99, 1, 'x', 'mention', 1, 'open', 'gone', 'open', '{}')",
}
"""What the tables' own laws forbid is done with them switched off: others may have written."""


@pytest.mark.parametrize("invariant", DAMAGE)
def test_every_invariant_bites(sqlite_address: str, invariant: str) -> None:
    store = open_store(sqlite_address, create=True)
    native, ours, waits = (post(who) for who in "abc")
    take(store, native, ours, waits, own("Hej", to=native.external_id, at=START + MINUTE))
    answer(store, ours)
    taken = claim(store, START + MINUTE)
    assert taken is not None
    with store.write() as session:
        outbox.sent(session, taken, receipt("r1", START + 10 * MINUTE))
    assert broken(store) == []
    store.close()
    with closing(sqlite3.connect(sqlite_address.removeprefix("sqlite:///"))) as db:
        db.execute("pragma ignore_check_constraints = on")
        db.executescript("drop index ux_reply_live; " + DAMAGE[invariant])
    store = open_store(sqlite_address)
    assert invariant in broken(store)
    store.close()


def test_no_invariant_is_left_untried() -> None:
    by_unique_law = {"one mention a post", "one reply a post"}
    tried = {*DAMAGE, *(invariant for _statement, invariant in NAMED)}
    assert {invariant.name for invariant in INVARIANTS} == tried | by_unique_law
