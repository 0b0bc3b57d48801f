"""Topics in the records: given by the judge, put right by staff, counted, and what rises."""

import pytest
from sqlalchemy import text as sql
from sqlmodel import col, select

from models.errors import NotFound
from models.instant import DAY, HOUR, MINUTE
from models.post import Author, Post
from models.records import judging, topics
from models.records.judging import Bench
from models.records.store import Store
from models.records.tables import Event
from models.sentiment.judgement import Judgement
from models.settings import Allowances
from models.topics import load
from tests.world import START, calendar, mention, post, take

LATE = "Paketet har inte kommit."


def judge(store: Store, complaint: float = 0.9) -> None:
    bench = Bench(lambda _name: calendar(), Allowances(), (), load("retail"))
    verdict = Judgement("sv", 0.1, 0.8, 0.1, complaint, 0.1, ())
    with store.write() as session:
        items = judging.unjudged(session, 1000)
        judging.store(session, [(item, verdict) for item in items], "test", START, bench)


def correct(store: Store, written: Post, *names: str) -> None:
    with store.write() as session:
        topics.correct(session, mention(store, written).id or 0, names, "Anna", START + MINUTE)


def test_a_mention_gets_its_topics_when_it_is_judged(store: Store) -> None:
    late, other = post("aino", LATE), post("bo", "God jul!")
    take(store, late, other)
    assert mention(store, late).topics == []
    judge(store)
    assert mention(store, late).topics == ["late_delivery"]
    assert mention(store, late).topics_by is None
    assert mention(store, other).topics == []


def test_what_staff_put_right_no_judge_overwrites(store: Store) -> None:
    late = post("aino", LATE)
    take(store, late)
    judge(store)
    correct(store, late, "stock", "price")
    with store.write() as session:
        session.connection().execute(sql("update mention set judged_at = null"))
    judge(store)
    found = mention(store, late)
    assert (found.topics, found.topics_by) == (["stock", "price"], "Anna")
    assert found.judged_at is not None
    correct(store, late)
    assert mention(store, late).topics == []
    with store.read() as session:
        chosen = select(Event).where(Event.kind == "topics").order_by(col(Event.id))
        events = session.exec(chosen).all()
    assert [event.data["after"] for event in events] == [["stock", "price"], []]
    assert events[0].data["before"] == ["late_delivery"]
    assert {event.actor for event in events} == {"Anna"}


def test_only_a_mention_can_be_put_right(store: Store) -> None:
    with store.write() as session, pytest.raises(NotFound):
        topics.correct(session, 999, ["stock"], "Anna", START)


def test_counts_are_of_the_window_and_of_complaints_if_asked(store: Store) -> None:
    before, first = post("a", LATE, at=START - 1), post("b", LATE, at=START)
    take(store, before, first)
    judge(store)
    calm, after = post("c", LATE + " Läcker!", at=START + HOUR), post("d", LATE, at=START + DAY)
    take(store, calm, after)
    judge(store, complaint=0.1)
    ids = [mention(store, one).id or 0 for one in (first, calm)]
    with store.read() as session:
        found = topics.counts(session, START, START + DAY)
        complaints = topics.counts(session, START, START + DAY, complaints=True)
        nothing = topics.counts(session, START + 2 * DAY, START + 3 * DAY)
    assert found["late_delivery"] == ids
    assert complaints == {"late_delivery": ids[:1]}
    assert nothing == {}


def week(store: Store, *today: Post) -> list[topics.Rising]:
    """What rises today over seven days in which everybody talks of the weather."""
    for day in range(1, 8):
        take(store, *(post(f"w{n}", "Regnet öser ner", at=START - day * DAY) for n in range(5)))
    take(store, *(post(f"w{n}", "Regnet öser ner", at=START) for n in range(5)), *today)
    judge(store)
    past = [(START - day * DAY, START - (day - 1) * DAY) for day in range(1, 8)]
    with store.read() as session:
        return topics.rising(session, (START, START + DAY), past)


def test_a_word_that_many_begin_to_use_rises(store: Store) -> None:
    new = [post(f"n{n}", f"Glöggkorven {n} smakar tvål @glöggkorv", at=START) for n in range(4)]
    found = week(store, *new)
    assert [one.word for one in found] == ["glöggkorven", "smakar", "tvål"]
    assert found[0].people == 4
    assert found[0].expected < 0.2
    assert list(found[0].mentions) == sorted(mention(store, one).id or 0 for one in new)


def test_one_who_repeats_two_people_and_a_name_do_not_rise(store: Store) -> None:
    often = [post("n", "Glöggkorven igen", at=START + n) for n in range(9)]
    two = [post(f"m{n}", "Sillbullarna", at=START) for n in range(2)]
    signed = [Author(f"s{n}", f"s{n}", "Sigbritt Ek") for n in range(9)]
    own = [post(who.handle, "Sigbritt!", at=START, author=who) for who in signed]
    assert week(store, *often, *two, *own) == []


def test_what_has_a_topic_numbers_and_small_words_do_not_rise(store: Store) -> None:
    topical = [post(f"n{n}", "Soffan är försenad, leveransen dröjer", at=START) for n in range(9)]
    small = [
        post(f"m{n}", "men 070 123 45 67 och https://a.example/hej", at=START) for n in range(9)
    ]
    assert week(store, *topical, *small) == []


def test_nothing_rises_where_there_is_nothing_to_compare_with(store: Store) -> None:
    take(store, *(post(f"n{n}", "Glöggkorven", at=START) for n in range(9)))
    with store.read() as session:
        assert topics.rising(session, (START, START + DAY), [(START - DAY, START)]) == []


def test_windows_are_read_by_the_index(store: Store) -> None:
    if not store.is_sqlite:
        pytest.skip("a small Postgres table is scanned whole, rightly")
    asked = list[str]()
    with store.read() as session:
        connection = session.connection()
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.set_trace_callback(asked.append)
        topics.counts(session, START, START + DAY)
        topics.rising(session, (START, START + DAY), [(START - DAY, START)])
        raw.set_trace_callback(None)
        wanted = [one for one in asked if "posted_at" in one]
        assert len(wanted) == 3
        for one in wanted:
            plan = " ".join(str(row[3]) for row in raw.execute(f"explain query plan {one}"))
            assert "ix_mention_posted" in plan, plan
