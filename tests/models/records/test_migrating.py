"""From the first version to this one: nothing is lost, nothing is refused, at any size of team."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, make_url, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

from models.errors import StoreError
from models.instant import DAY, HOUR, MINUTE
from models.post import Author, Media
from models.records import (
    desk,
    drafts,
    judging,
    ledger,
    outbox,
    presence,
    queue,
    schema,
    versions,
)
from models.records.glance import glance
from models.records.judging import Bench
from models.records.store import Store, open_store
from models.records.tables import Mention, Reply
from models.sentiment.judgement import Judgement
from models.settings import Allowances
from tests.world import START, answer, broken, calendar, claim, looked, mention, own, post, take

HOSTILE = "\x1b[2J\u202e 👩‍👩‍👧 {0} %s '; drop table mention; --"


@pytest.fixture
def young(address: str) -> Store:
    """An empty database of today's version, on its way to become `aged`."""
    url = make_url(address)
    is_postgres = url.get_backend_name() == "postgresql"
    store = Store(url.set(drivername="postgresql+psycopg") if is_postgres else url)
    if is_postgres:
        with store.write() as session:
            session.connection().execute(text("drop schema public cascade"))
            session.connection().execute(text("create schema public"))
    schema.upgrade(store.writer())
    return store


_ADDED = (
    "drop table note",
    "drop table viewing",
    *(f"drop index ix_mention_{name}" for name in ("snoozed", "queue", "lane")),
    *(
        f"alter table mention drop column {name}"
        for name in ("assigned_to", "claimed_until", "snoozed_until", "is_pinned", "tags")
    ),
    "alter table mention drop column handed_to",
    "create index ix_mention_queue on mention (rank, due_at, id) where state = 'open'",
    "create index ix_mention_lane on mention (lane, due_at, id) where state = 'open'",
    "drop index ix_mention_native",
    "drop index ix_mention_filter",
    "drop table digest",
    "drop index ix_reply_sent",
    "drop table insight",
    *(f"alter table mention drop column {name}" for name in ("topics", "topics_by")),
    "drop table tally",
    "alter table identity drop column stopped_at",
    "alter table source drop column heard_until",
    "drop table draft",
    "drop table presence",
    "drop index ix_mention_oldest",
    "drop index ix_reply_pending",
    "drop table reply_key",
    "drop index ix_promise_owed",
    "drop index ix_promise_reply",
    *(f"alter table promise drop column {name}" for name in ("made_at", "done_at", "note")),
    *(
        f"alter table reply drop column {name}"
        for name in ("is_holding", "promises", "remarks", "overrides")
    ),
    "drop table billed",
    "alter table source drop column is_off",
    "drop index ix_mention_look",
    "alter table mention rename column look_at to rechecked_at",
    "update alembic_version set version_num = '0001'",
)
"""All that came after the first version, to be taken away again: today's code fills the rest."""


_SEARCH_ADDED = {
    "sqlite": (
        "select 'drop trigger ' || name from sqlite_master where type = 'trigger'"
        " and name like 'mention_search%'"
    ),
    "postgresql": (
        "select 'drop function ' || oid::regprocedure || ' cascade' from pg_proc"
        " where proname like 'mention_search%' or proname in ('mention_words', 'mention_vector')"
        " order by proname desc"
    ),
}
"""What takes the search's triggers away, by database."""


def aged(store: Store) -> Store:
    """The same database as the first version would have left it."""
    with store.write() as session:
        connection = session.connection()
        drops = connection.execute(text(_SEARCH_ADDED[connection.dialect.name])).scalars().all()
        view = ("drop view mention_words",) if store.is_sqlite else ()
        for statement in (*drops, "drop table mention_search", *view, *_ADDED):
            session.connection().execute(text(statement))
    return store


@pytest.fixture
def first(young: Store) -> Store:
    """A filled database of the first version."""
    fill(young)
    return aged(young)


def fill(store: Store) -> None:
    """Every end a mention and a reply could come to before there were drafts."""
    native = post("aino", HOSTILE, media=(Media("photo", "⚡"),), flags=("odd",))
    deleted, waits, spam = post("bo"), post("cai", addressed=False), post("dag")
    replies = [post(f"k{number}", f"Hei {number}", at=START + number) for number in range(5)]
    take(store, native, deleted, waits, spam, *replies)
    take(store, own("Hej", to=native.external_id, at=START + MINUTE), at=START + HOUR)
    bench = Bench(lambda _name: calendar(), Allowances(), ("command",))
    verdict = Judgement("sv", 0.1, 0.8, 0.1, 0.9, 0.1, ("safety",))
    with store.write() as session:
        gone = deleted.external_id
        looked(session, {gone: None}, START + HOUR)
        judging.store(
            session, [(one, verdict) for one in judging.unjudged(session, 3)], "t", START, bench
        )
    states: list[dict[str, Any]] = [
        {"state": "queued", "send_after": START + DAY},
        {"state": "sending", "lease_owner": "one", "lease_until": START + DAY, "attempts": 1},
        {"state": "unknown", "look_at": START + DAY, "attempts": 1, "error": "?"},
        {"state": "sent", "external_id": "r1", "sent_at": START + HOUR, "attempts": 1},
        {"state": "failed", "attempts": 1, "error": "no"},
    ]
    with store.write() as session:
        for number, (written, values) in enumerate(zip(replies, states, strict=True)):
            row = session.exec(
                select(Mention).where(Mention.external_id == written.external_id)
            ).one()
            session.add(
                Reply(
                    mention_id=row.id or 0,
                    account_id=1,
                    channel="sandbox",
                    in_reply_to=written.external_id,
                    idem_key=f"key{number}",
                    body=HOSTILE,
                    staff="Åsa",
                    created_at=START,
                    **values,
                )
            )


_RENAMED = {"rechecked_at": "look_at"}


def contents(store: Store) -> dict[str, list[dict[str, str]]]:
    """Every row of every table there is, but for the version and the search's index."""
    with store.read() as session:
        connection = session.connection()
        names = set(inspect(connection).get_table_names()) - {"alembic_version"}
        tables = sorted(name for name in names if not name.startswith("mention_search"))
        return {
            name: [
                {_RENAMED.get(column, column): repr(value) for column, value in row.items()}
                for row in connection.execute(text(f"select * from {name} order by 1")).mappings()
            ]
            for name in tables
        }


def assert_kept(before: list[dict[str, str]], after: list[dict[str, str]]) -> None:
    """Every row as it was, whatever columns have come."""
    assert [
        {key: new[key] for key in old} for old, new in zip(before, after, strict=True)
    ] == before


def test_a_database_of_the_first_version_is_brought_up_with_all_it_holds(
    first: Store, address: str
) -> None:
    before = contents(first)
    first.close()
    store = open_store(address)  # not `create`: it is there
    after = contents(store)
    for name, rows in before.items():
        assert_kept(rows, after[name])
    assert {name: after[name] for name in after.keys() - before} == {
        "billed": [],
        "digest": [],
        "insight": [],
        "note": [],
        "viewing": [],
        "reply_key": [],
        "draft": [],
        "presence": [],
        "tally": [],
    }
    assert len(before["mention"]) == 9
    with store.read() as session:
        assert schema.current(session.connection()) == versions.HEAD
    store.close()


def test_it_is_worked_with_like_any_other(young: Store, address: str) -> None:
    waits = post("eva", author=Author("e", "eva", HOSTILE))
    take(young, waits)
    aged(young).close()
    store = open_store(address)
    mention_id = mention(store, waits).id or 0
    with store.write() as session:
        drafts.take_up(session, mention_id, "Anna", START)
        drafts.save(session, mention_id, HOSTILE, "Anna", START)
        presence.show_up(session, "ahti:1:a", START)
    with store.read() as session:
        assert list(queue.order(session)) == [mention_id]
        assert queue.lines(session, [mention_id], START)[mention_id].name == HOSTILE
        assert queue.pressure(session, START).oldest == START
        assert ledger.rows(session, [mention_id], START)[mention_id].state == "open"
        assert outbox.pending(session, START) == []
    reply_id = answer(store, waits)
    with store.write() as session:
        desk.undo(session, reply_id, "Anna", START)
    answer(store, waits)
    assert claim(store, START + HOUR) is not None
    assert broken(store) == []
    store.close()


def test_an_older_database_is_no_first_screen_and_is_left_as_it_is(
    first: Store, address: str
) -> None:
    """Whoever glances does not migrate."""
    if first.is_sqlite:
        assert glance(Path(address.removeprefix("sqlite:///")), 10, START) is None
    with first.read() as session:
        assert schema.current(session.connection()) == "0001"
    first.close()


def test_two_that_come_at_once_bring_it_up_once(first: Store, address: str) -> None:
    before = contents(first)
    script = (
        "import sys\n"
        "from models.records.store import open_store\n"
        "import alembic.command, alembic.config\n"
        "print('ready', flush=True)\n"
        "input()\n"
        "open_store(sys.argv[1]).close()\n"
    )
    openers = [
        subprocess.Popen(
            [sys.executable, "-c", script, address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.getcwd()},
        )
        for _opener in range(3)
    ]
    for opener in openers:
        assert opener.stdout is not None
        assert opener.stdout.readline() == "ready\n"
    with first.write() as session:  # in whose way they gather
        if not first.is_sqlite:
            session.connection().execute(text("lock table mention in row exclusive mode"))
        for opener in openers:
            assert opener.stdin is not None
            opener.stdin.write("\n")
            opener.stdin.flush()
        time.sleep(2)
    said = [opener.communicate()[1] for opener in openers]
    assert [opener.returncode for opener in openers] == [0, 0, 0], said
    first.close()
    store = open_store(address)
    assert_kept(before["mention"], contents(store)["mention"])
    store.close()


def test_what_fails_half_way_leaves_the_first_version_whole(first: Store, address: str) -> None:
    with first.write() as session:  # in the way of the last step
        session.connection().execute(text("create index ix_mention_oldest on mention (id)"))
    before = contents(first)
    with pytest.raises((StoreError, DatabaseError), match="ix_mention_oldest"):
        open_store(address)
    assert contents(first) == before
    with first.write() as session:
        session.connection().execute(text("drop index ix_mention_oldest"))
    first.close()
    store = open_store(address)
    assert_kept(before["reply"], contents(store)["reply"])
    store.close()
