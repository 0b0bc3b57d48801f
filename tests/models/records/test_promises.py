"""Promises: owed once the reply is sent, kept by words or by a note, broken when time passes."""

import pytest
from sqlmodel import select

from models.answer import Answer, Promised
from models.errors import NotFound, Refused
from models.instant import DAY, HOUR, MINUTE
from models.post import Post
from models.records import desk, judging, outbox, promises, weak
from models.records.judging import Bench
from models.records.promises import Owed
from models.records.store import Store
from models.records.tables import Mention
from models.sentiment.judgement import Judgement
from models.settings import Allowances
from tests.world import SANDBOX, START, broken, calendar, claim, mention, post, receipt, take

CALL = Promised("call", "Jag ringer dig senast kl 15.", START + 6 * HOUR)
WORD = Promised("reply", "Vi återkommer i morgon.", START + DAY)


def promise(
    store: Store, written: Post, *made: Promised, sent: bool = True, is_holding: bool = False
) -> int:
    """A reply with these promises, by Anna."""
    key = f"key-{written.external_id}"
    answer = Answer("Jag beklagar.", "Anna", key, is_holding=is_holding, promises=made)
    at = max(START, mention(store, written).received_at)
    with store.write() as session:
        mention_id = mention(store, written).id or 0
        reply = desk.reply(session, mention_id, answer, at, 0, SANDBOX)
        reply_id = reply.id or 0
    if sent:
        send(store, at, f"r-{written.external_id}")
    return reply_id


def send(store: Store, at: int, external_id: str) -> None:
    taken = claim(store, at + MINUTE)
    assert taken is not None
    with store.write() as session:
        outbox.sent(session, taken, receipt(external_id, at + MINUTE))


def owed(store: Store) -> list[Owed]:
    with store.read() as session:
        return promises.owed(session)


def pass_time(store: Store, at: int) -> int:
    with store.write() as session:
        return promises.break_overdue(session, at)


def test_nothing_is_owed_before_the_reply_is_sent(store: Store) -> None:
    asked = post("britta")
    take(store, asked)
    reply_id = promise(store, asked, CALL, sent=False)
    assert owed(store) == []
    with store.write() as session:
        desk.undo(session, reply_id, "Anna", START)
    assert owed(store) == []
    assert broken(store) == []


def test_a_sent_reply_owes_what_it_promises_by_its_writer(store: Store) -> None:
    asked = post("britta")
    take(store, asked)
    promise(store, asked, WORD, CALL)
    first, second = owed(store)
    assert (first.action, first.owner, first.due_at, first.state) == (
        "call",
        "Anna",
        CALL.due_at,
        "open",
    )
    assert (second.action, second.text, second.mention_id) == (
        "reply",
        WORD.text,
        mention(store, asked).id,
    )
    assert broken(store) == []


def test_what_is_done_in_time_is_kept_and_what_is_late_stays_broken(store: Store) -> None:
    asked, other = post("britta"), post("ola")
    take(store, asked, other)
    promise(store, asked, CALL)
    promise(store, other, CALL)
    early, late = owed(store)
    with store.write() as session:
        promises.keep(session, early.id, "Hon fick svar i telefon.", "Anna", START + HOUR)
    assert pass_time(store, START + 7 * HOUR) == 1
    assert [(one.id, one.state) for one in owed(store)] == [(late.id, "broken")]
    with store.write() as session:
        promises.keep(session, late.id, "", "Anna", START + 8 * HOUR)
    assert owed(store) == []
    with pytest.raises(Refused), store.write() as session:
        promises.keep(session, late.id, "", "Anna", START + 9 * HOUR)
    with pytest.raises(NotFound), store.write() as session:
        promises.keep(session, 99, "", "Anna", START)


def test_to_get_back_is_kept_by_a_later_answer_that_concludes(store: Store) -> None:
    asked = post("britta", conversation="t")
    again = post("britta", "Hallå?", at=START + HOUR, conversation="t")
    take(store, asked)
    promise(store, asked, WORD, CALL)
    take(store, again, at=START + HOUR)
    promise(store, again, is_holding=True)
    assert {one.action for one in owed(store)} == {"reply", "call"}
    third = post("britta", "Nå?", at=START + 2 * HOUR, conversation="t")
    take(store, third, at=START + 2 * HOUR)
    promise(store, third)
    assert {one.action for one in owed(store)} == {"call"}  # a call is not made by writing


def test_a_broken_promise_lifts_what_that_customer_writes(store: Store) -> None:
    asked, other = post("britta"), post("ola")
    take(store, asked)
    promise(store, asked, CALL)
    take(store, other, post("britta", "Ni ringde aldrig.", at=START + HOUR), at=START + HOUR)
    judge(store)
    before = {row.text: row.due_at for row in rows(store)}
    pass_time(store, START + 7 * HOUR)
    judge(store)
    after = {row.text: row.due_at for row in rows(store)}
    assert after["Ni ringde aldrig."] < before["Ni ringde aldrig."]
    assert after[other.text] == before[other.text]
    lifted = next(row for row in rows(store) if row.text == "Ni ringde aldrig.")
    assert "broken_promise" in [term["term"] for term in lifted.why]


def rows(store: Store) -> list[Mention]:
    """Whoever waits."""
    with store.read() as session:
        return list(session.exec(select(Mention).where(Mention.state == "open")))


def judge(store: Store) -> None:
    """A complaint, each of them."""
    bench = Bench(lambda _name: calendar(), Allowances(), ())
    verdict = Judgement("sv", 0.8, 0.1, 0.1, 0.9, 0.1, ())
    with store.write() as session:
        waiting = judging.unjudged(session, 10)
        judging.store(session, [(one, verdict) for one in waiting], "t", START, bench)


def test_nothing_is_owed_by_somebody_who_is_away(store: Store) -> None:
    asked = post("britta")
    take(store, asked)
    promise(store, asked, CALL)
    with store.write() as session:
        assert promises.hand_over_all(session, {"Anna": "Bo"}, START + HOUR) == 1
        assert promises.hand_over_all(session, {"Anna": "Bo"}, START + HOUR) == 0
    assert [one.owner for one in owed(store)] == ["Bo"]


def test_taking_back_needs_a_reason(store: Store) -> None:
    asked = post("britta")
    take(store, asked)
    promise(store, asked, CALL)
    (one,) = owed(store)
    with pytest.raises(Refused), store.write() as session:
        promises.withdraw(session, one.id, " ", "Anna", START + HOUR)
    with store.write() as session:
        promises.withdraw(session, one.id, "Hon bad oss vänta.", "Anna", START + HOUR)
    assert owed(store) == []
    assert pass_time(store, START + 7 * HOUR) == 0


def test_weak_replies_are_found_by_kind_with_their_rows(store: Store) -> None:
    asked, silent = post("britta"), post("ola", at=START - 4 * DAY)
    take(store, asked, silent)
    answer = Answer("Läs mer här.", "Anna", "k", remarks=("RC01", "RC03", "RC09"))
    with store.write() as session:
        reply = desk.reply(session, mention(store, asked).id or 0, answer, START, 0, SANDBOX)
        reply_id = reply.id or 0
    with store.read() as session:
        assert [len(one.ids) for one in weak.weaknesses(session, START - DAY, START + DAY)] == [
            *[0] * 6,
            1,
        ]
    send(store, START, "r1")
    with store.read() as session:
        found = weak.weaknesses(session, START - DAY, START + DAY)
    assert len(found) == 7
    assert [one.ids for one in found if one.ids] == [
        (reply_id,),
        (reply_id,),
        (mention(store, silent).id,),
    ]
