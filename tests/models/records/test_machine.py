"""The state machines under orders of events nobody thinks of, against every invariant.

A tiny model beside the records knows what the network has really published, so that losing or
doubling a reply shows even where the database agrees with itself.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import Session, col, select

from models.answer import Answer
from models.errors import NotFound, Refused
from models.instant import MINUTE, SECOND
from models.post import Post
from models.records import desk, judging, outbox, queue, work
from models.records.audit import audit
from models.records.judging import Bench
from models.records.outbox import Claim
from models.records.store import Store, open_store
from models.records.tables import Mention, OwnPost, Reply
from models.records.views import Undo, latest_return
from models.sentiment.judgement import Judgement
from models.settings import Allowances
from tests.world import LEASE, SANDBOX, START, UNDO, calendar, looked, own, post, receipt, take

PEOPLE = ("britta", "ola", "kim")
WAIT = 120 * SECOND
DEEDS = ("reply", "dismiss", "by hand", "reopen")
MOVES = (
    *("customer",) * 3,
    *("phone", "listener") * 2,
    *("answer",) * 4,
    *("rescue", "rescue", "wake", "send", "staff", "staff"),
    *("undo", "decide", "deletion", "hour"),
    *("work",) * 4,
)
WORK = (
    *("next", "claim", "assign", "let go", "pin", "unpin", "tag", "note"),
    *("snooze", "hand over", "answer back", "dismiss all", "undo it", "undo it", "judge"),
)
ENDS = (
    "sent",
    "killed before",
    "killed after",
    "no answer",
    "no",
    "hold",
    *("stalled",) * 3,
    "stalled after",
)


class Desk(RuleBasedStateMachine):
    """Customers, staff, two senders that die, a network that loses answers, a clock."""

    store: Store

    def __init__(self) -> None:
        super().__init__()
        _empty(self.store)
        self.at = START
        self.steps = 0
        self.posts = list[Post]()
        self.unread = list[Post]()
        self.published = Counter[str]()
        self.waiting = list[int]()
        self.stalled = list[tuple[Claim, Post | None]]()
        self.undos = list[Undo]()

    @rule(move=st.sampled_from(MOVES), place=st.integers(0, 3), way=st.integers(0, 109))
    def something_happens(self, move: str, place: int, way: int) -> None:
        """One rule, weighted by MOVES: rules of their own would be switched off run by run, and
        with twelve of them no run would ever answer, die and look."""
        self.at += SECOND
        self.steps += 1
        acts: dict[str, Callable[[], object]] = {
            "customer": lambda: self.customer_writes(PEOPLE[way % 3], place, way % 4, way % 5 > 1),
            "phone": lambda: self.we_answer_from_the_phone(place + 1, way % 3 > 0),
            "listener": lambda: self.listener_catches_up(way),
            "deletion": lambda: self.post_is_deleted(place + 1),
            "answer": lambda: self.staff_answers_from_the_queue(place, (*ENDS, "waits")[way % 11]),
            "staff": lambda: self.staff_acts_on_a_mention(DEEDS[way % 4], place),
            "work": lambda: self.staff_sorts_the_work(WORK[way % len(WORK)], place, way),
            "undo": lambda: self.staff_undoes_a_reply(place),
            "decide": lambda: self.staff_decides_a_doubt(place),
            "send": lambda: self.sender_sends(("one", "two")[way % 2], ENDS[way % 10]),
            "wake": lambda: self.stalled_sender_wakes(("sent", "no", "hold", "no answer")[way % 4]),
            "rescue": lambda: self.sender_rescues_and_looks(last=way % 2 > 0),
            "hour": lambda: self.time_passes(60),
        }
        acts[move]()

    # The network and its customers -----------------------------------------------------------

    @initialize(told=st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(0, 3)), min_size=4))
    def a_morning_on_the_network(self, told: list[tuple[str, int]]) -> None:
        for who, to in told[:8]:
            self.customer_writes(who, to, 0, heard=True)

    def customer_writes(self, who: str, to: int, late: int, heard: bool) -> None:
        parent = self.posts[-to] if 0 < to <= len(self.posts) else None
        self._say(replace(_in_thread(parent, who), posted_at=self.at - late * MINUTE), heard)

    def we_answer_from_the_phone(self, to: int, heard: bool) -> None:
        if not self.posts:
            return
        parent = self.posts[-min(to, len(self.posts))]
        thread = parent.conversation or parent.external_id
        ours = own("Svar", to=parent.external_id, at=self.at, conversation=thread)
        self._say(replace(ours, text=f"Svar {ours.external_id}"), heard)

    def listener_catches_up(self, way: int) -> None:
        """In any order, with any overlap: what stays unread is read once more later."""
        Random(way).shuffle(self.unread)
        take(self.store, *self.unread, at=self.at)
        if way % 2:
            self.unread = []

    def post_is_deleted(self, which: int) -> None:
        if len(self.posts) < 3:
            return
        gone = self.posts[-min(which, len(self.posts))]
        with self.store.write() as session:
            looked(session, {gone.external_id: None}, self.at)

    # Staff --------------------------------------------------------------------------------------

    def staff_answers_from_the_queue(self, place: int, end: str) -> None:
        if not self.waiting:
            return
        self._reply(self.waiting[min(place, len(self.waiting) - 1)])
        if end != "waits":
            self.sender_sends("one", end)

    def staff_acts_on_a_mention(self, deed: str, place: int) -> None:
        number, link = self._pick(Mention, place), "https://example.org/1"
        acts: dict[str, Callable[[Session], object]] = {
            "dismiss": lambda session: desk.dismiss(session, number, "spam", "Anna", self.at),
            "by hand": lambda s: desk.answered_by_hand(s, number, link, "Bo", self.at),
            "reopen": lambda session: desk.reopen(session, number, "Anna", self.at),
        }
        if deed == "reply":
            self._try(lambda: self._reply(number))
        else:
            self._staff(acts[deed])

    def staff_sorts_the_work(self, deed: str, place: int, way: int) -> None:
        """On what waits, mostly; the last act may be taken back, also when others came between."""
        number = self._pick(Mention, place)
        if self.waiting and way % 3:
            number = self.waiting[min(place, len(self.waiting) - 1)]
        at, until = self.at, self.at + (way % 4) * 20 * MINUTE
        if deed == "undo it":
            if self.undos:
                undone = self.undos.pop()
                self._staff(lambda session: work.restore(session, undone, "Anna", at))
            return
        if deed == "judge":
            self._judge(way)
            return
        acts: dict[str, Callable[[Session], object]] = {
            "next": lambda s: work.take_next(s, ("Anna", "Bo")[way % 2], at),
            "claim": lambda s: work.claim(s, number, ("Anna", "Bo")[way % 2], at),
            "assign": lambda s: work.assign(s, number, "Bo", "Anna", at),
            "let go": lambda s: work.let_go(s, number, "Anna", at),
            "pin": lambda s: work.pin(s, number, "Anna", at),
            "unpin": lambda s: work.unpin(s, number, "Anna", at),
            "tag": lambda s: work.tag(s, [number], ["a", "b"][: way % 3], ["a"], "Anna", at)[0],
            "note": lambda s: work.note(s, number, "Ring lagret", "Anna", at),
            "snooze": lambda s: work.snooze(s, number, until, UTC, "Anna", at),
            "hand over": lambda s: work.hand_over(
                s, number, "lager", "Var?", until, UTC, "Anna", at
            ),
            "answer back": lambda s: work.answer_back(s, number, "Här", "Anna", at),
            "dismiss all": lambda s: work.dismiss_all(s, [number, number + 1], "spam", "Anna", at),
        }

        def act(session: Session) -> None:
            done = acts[deed](session)
            if isinstance(done, Undo):
                self.undos.append(done)

        self._staff(act)

    def _judge(self, way: int) -> None:
        bench = Bench(lambda _name: calendar(), Allowances(), ())
        cues = ("safety",) if way % 2 else ()
        verdict = Judgement("sv", 0.1, 0.8, 0.1, (way % 10) / 10, 0.1, cues)
        with self.store.write() as session:
            items = judging.unjudged(session, 3)
            judging.lock(session, items)
            judging.store(session, [(item, verdict) for item in items], "t", self.at, bench)

    def staff_undoes_a_reply(self, place: int) -> None:
        number = self._pick(Reply, place)
        self._staff(lambda session: desk.undo(session, number, "Anna", self.at))

    def staff_decides_a_doubt(self, place: int) -> None:
        """Only after looking: what is there, a person sees."""
        number = self._pick(Reply, place)
        if not self._is_published(number):
            self._staff(lambda session: desk.give_up(session, number, "Anna", self.at))

    # The senders ----------------------------------------------------------------------------------

    def sender_sends(self, owner: str, end: str) -> None:
        self.at += UNDO
        with self.store.write() as session:
            taken = outbox.claim(session, SANDBOX, owner, self.at, LEASE)
        if taken is None:
            return
        if end == "stalled":
            self.stalled.append((taken, None))
        else:
            self._call(taken, end)

    def stalled_sender_wakes(self, end: str) -> None:
        """After its call was published, or before it was made; others may have moved on."""
        if not self.stalled:
            return
        taken, echo = self.stalled.pop(0)
        if echo is not None:
            with self.store.write() as session:
                outbox.sent(session, taken, receipt(echo.external_id, echo.posted_at))
        elif self._row(taken.reply_id).gen == taken.gen and self._in_time(taken):
            self._call(taken, end)
        else:
            self._say_no(taken, end)

    def sender_rescues_and_looks(self, last: bool) -> None:
        self.at += LEASE + 1
        with self.store.write() as session:
            outbox.rescue(session, self.at, WAIT)
        self.at += WAIT
        with self.store.read() as session:
            doubtful = outbox.to_look_for(session, SANDBOX, self.at)
        for look in doubtful * 2:  # two senders look at the same moment
            self._look(look, None if last or look.looks else self.at + WAIT)

    def time_passes(self, minutes: int) -> None:
        self.at += minutes * MINUTE + 1

    # What must hold -----------------------------------------------------------------------------

    @invariant()
    def every_invariant_holds(self) -> None:
        """Every fourth step and at the end: what is broken stays broken."""
        if self.steps % 4 == 0:
            self._audit()

    def teardown(self) -> None:
        self._audit()

    def _audit(self) -> None:
        with self.store.read() as session:
            found = audit(session, self.at, 60 * MINUTE)
        assert found.violations == []
        states = ("open", "replying", "answered", "dismissed", "gone")
        assert found.counts["mentions"] == sum(found.counts[state] for state in states)

    @invariant()
    def nothing_read_is_lost(self) -> None:
        with self.store.read() as session:
            stored = {
                *session.exec(select(Mention.external_id)),
                *session.exec(select(OwnPost.external_id)),
            }
        unread = {written.external_id for written in self.unread}
        assert {written.external_id for written in self.posts} - unread <= stored

    @invariant()
    def nothing_is_published_twice(self) -> None:
        assert all(times == 1 for times in self.published.values())

    @invariant()
    def whoever_waits_is_in_the_queue(self) -> None:
        with self.store.read() as session:
            waiting = set(session.exec(select(Mention.id).where(Mention.state == "open")))
            self.waiting = list(queue.order(session))
        assert set(self.waiting) == waiting

    @invariant()
    def nobody_is_put_off_too_long(self) -> None:
        """What is not late yet is back half an hour before; what is late, within a day."""
        with self.store.read() as session:
            for row in session.exec(select(Mention).where(Mention.snoozed_until > self.at)):
                assert row.state == "open"
                assert row.snoozed_until <= latest_return(row.due_at, self.at)

    # Helpers ------------------------------------------------------------------------------------

    def _say(self, written: Post, heard: bool) -> None:
        self.posts.append(written)
        if heard:
            take(self.store, written, at=self.at)
        else:
            self.unread.append(written)

    def _call(self, taken: Claim, end: str) -> None:
        if end in ("no", "hold"):
            self._say_no(taken, end)
        elif end != "killed before":
            echo = self._publish(taken)
            if end == "killed after":
                return
            if end == "stalled after":
                self.stalled.append((taken, echo))
                return
            with self.store.write() as session:
                if end == "sent":
                    outbox.sent(session, taken, receipt(echo.external_id, self.at))
                else:
                    outbox.uncertain(session, taken, "reset", self.at, self.at + WAIT)

    def _say_no(self, taken: Claim, end: str) -> None:
        with self.store.write() as session:
            if end == "no":
                outbox.failed(session, taken, "too long", self.at)
            elif end == "hold":
                outbox.hold(session, taken, "wait", self.at, self.at + MINUTE)

    def _look(self, look: Claim, again: int | None) -> None:
        echo = self._echo_of(look.reply_id)
        with self.store.write() as session:
            if echo is not None:
                outbox.sent(session, look, receipt(echo.external_id, echo.posted_at))
            else:
                outbox.absent(session, look, self.at, again, resend=True)

    def _in_time(self, taken: Claim) -> bool:
        """A call ends before its lease does: that is what the total deadline is for."""
        return self._row(taken.reply_id).state == "sending"

    def _publish(self, taken: Claim) -> Post:
        self.published[taken.outgoing.key] += 1
        out = taken.outgoing
        thread = self._thread_of(out.in_reply_to)
        echo = own(out.body, to=out.in_reply_to, at=self.at, conversation=thread)
        self._say(echo, heard=False)
        return echo

    def _thread_of(self, external_id: str) -> str:
        found = (p for p in self.posts if p.external_id == external_id)
        return next((p.conversation or p.external_id for p in found), external_id)

    def _echo_of(self, reply_id: int) -> Post | None:
        body = self._row(reply_id).body
        return next((written for written in self.posts if written.text == body), None)

    def _is_published(self, reply_id: int) -> bool:
        with self.store.read() as session:
            row = session.get(Reply, reply_id)
        return row is not None and self.published[row.idem_key] > 0

    def _pick(self, table: type[Mention] | type[Reply], place: int) -> int:
        """The id of one of the newest rows, or of none."""
        with self.store.read() as session:
            ids = session.exec(select(table.id).order_by(col(table.id).desc())).all()
        return ids[place] or 0 if place < len(ids) else 0

    def _row(self, reply_id: int) -> Reply:
        with self.store.read() as session:
            return session.get_one(Reply, reply_id)

    def _reply(self, mention_id: int) -> None:
        answer = Answer.by("Anna", "")
        answer = replace(answer, body=f"Jag beklagar {answer.key}")
        with self.store.write() as session:
            desk.reply(session, mention_id, answer, self.at, UNDO, SANDBOX)

    def _staff(self, deed: Callable[[Session], object]) -> bool:
        def transaction() -> None:
            with self.store.write() as session:
                deed(session)

        return self._try(transaction)

    def _try(self, deed: Callable[[], object]) -> bool:
        """Whether the house let it be done."""
        try:
            deed()
        except (Refused, NotFound):
            return False
        return True


def _in_thread(parent: Post | None, who: str) -> Post:
    if parent is None:
        return post(who)
    thread = parent.conversation or parent.external_id
    return post(who, to=parent.external_id, conversation=thread)


def _empty(store: Store) -> None:
    from sqlalchemy import text

    with store.writer().begin() as connection:
        if store.is_sqlite:
            connection.execute(text("drop trigger if exists event_no_delete"))
        else:
            connection.execute(text("alter table event disable trigger user"))
        for table in (
            "draft",
            "note",
            "viewing",
            "alert",
            "promise",
            "reply",
            "own_post",
            "mention",
            "ingest",
            "source",
            "conversation",
            "identity",
            "person",
            "account",
            "event",
        ):
            connection.execute(text(f"delete from {table}"))


@pytest.mark.parametrize("backend", ["sqlite", "postgres"])
def test_every_order_of_events(backend: str, request: pytest.FixtureRequest) -> None:
    store = open_store(request.getfixturevalue(f"{backend}_address"), create=True)

    class Machine(Desk):
        pass

    Machine.store = store
    few = settings(
        max_examples=150 if backend == "sqlite" else 40,
        stateful_step_count=40,
        deadline=None,
        derandomize=True,  # a red run can be repeated
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(Machine, settings=few)
    finally:
        store.close()
