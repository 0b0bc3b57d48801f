"""The glance: the same rows as the queue, or nothing where the store had better look."""

import json
import sqlite3
import subprocess
import sys
from array import array
from contextlib import closing
from pathlib import Path

import pytest

from models.instant import HOUR, MINUTE
from models.post import Author, Media
from models.records import desk, judging, queue, work
from models.records.glance import glance
from models.records.judging import Bench
from models.records.store import Store, open_store
from models.records.tables import Mention
from models.records.views import Glance
from models.sentiment.judgement import Judgement
from models.settings import Allowances
from tests.world import START, calendar, mention, own, post, take

HOSTILE = "\x1b[2J\u202egnirts 👩‍👩‍👧 [bold]{0}\n%s '; drop table mention; --"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "gensvar.db"


@pytest.fixture
def busy(file: Path) -> Store:
    """Everything a list can show: judged and not, all lanes, odd names, no name, media, closed."""
    store = open_store(f"sqlite:///{file}", create=True)
    urgent = post("aino", "Akku kuumenee ja haisee palaneelta!", lang="fi", at=START + HOUR)
    complaint = post("bjørk", HOSTILE, media=(Media("photo", "⚡ ödelagd", "https://a.se/1"),))
    thanks = post("dag", "Tusen takk for hjelpen ❤️", addressed=False, lang="nb")
    take(store, urgent, complaint, thanks, at=START + HOUR)
    judge(store, {"Akku": (0.9, ("safety",)), "Tusen": (0.0, ())})
    nameless = post("x", "Æ" * 500, author=Author("x", "x\x1b[31m"), at=START - HOUR)
    first = post("ylva", "Vem vet?", at=START + MINUTE)
    bystander = post("otso", "En minä ainakaan", to=first.external_id, at=START + MINUTE)
    take(store, nameless, first, bystander, at=START + HOUR)
    take(store, own("Vi vet!", to=first.external_id, at=START + 2 * MINUTE), at=START + HOUR)
    closed = post("spam", "Billiga klockor", at=START + HOUR)
    take(store, closed, at=START + HOUR)
    with store.write() as session:
        desk.dismiss(session, mention(store, closed).id or 0, "spam", "Anna", START + HOUR)
    assert mention(store, bystander).perhaps_answered
    return store


def judge(store: Store, verdicts: dict[str, tuple[float, tuple[str, ...]]]) -> None:
    """Judge what begins with a known word as said, and all the rest as a complaint."""
    bench = Bench(lambda _name: calendar(), Allowances(), ())
    with store.write() as session:
        pairs = []
        for item in judging.unjudged(session, 100):
            complaint, cues = verdicts.get(item.text.split()[0], (0.8, ()))
            pairs.append((item, Judgement("sv", 0.1, 0.8, 0.1, complaint, 0.1, cues)))
        judging.store(session, pairs, "test", START, bench)


def seen(file: Path, rows: int = 100) -> Glance:
    found = glance(file, rows, START)
    assert found is not None
    return found


def test_its_rows_are_the_queues_own(busy: Store, file: Path) -> None:
    found = seen(file)
    with busy.read() as session:
        assert found.order == queue.order(session)
        assert found.lines == queue.lines(session, found.order, START)
        assert found.newest == queue.newest(session)
        for mention_id, line in queue.lines(session, found.order, START).items():
            mine = found.lines[mention_id]
            fields = line.__slots__
            assert [type(getattr(mine, f)) for f in fields] == [
                type(getattr(line, f)) for f in fields
            ]
    lines = list(found.lines.values())
    assert {line.lane for line in lines} == {0, 1, 4}
    assert {line.judged for line in lines} == {True, False}
    assert {line.perhaps_answered for line in lines} == {True, False}
    assert {line.language for line in lines} == {"sv", None}
    assert HOSTILE in {line.beginning for line in lines}
    assert max(len(line.beginning) for line in lines) < 500
    assert (len(lines), found.newest) == (5, 7)
    busy.close()


@pytest.mark.parametrize("at", [START, START + 10 * MINUTE, START + 48 * HOUR])
def test_what_staff_have_put_on_a_mention_is_told_as_long_as_it_holds(
    busy: Store, file: Path, at: int
) -> None:
    with busy.write() as session:
        first, second, third, *_rest = queue.order(session)
        work.claim(session, second, "Åsa \x1b[2J", START)
        work.tag(session, [second], ["höst"], [], "Anna", START)
        work.pin(session, third, "Anna", START)
        until = session.get_one(Mention, first).due_at - 30 * MINUTE
        session.get_one(Mention, first).snoozed_until = max(until, START + 5 * MINUTE)
        session.get_one(Mention, first).handed_to = "lager"
    found = glance(file, 100, at)
    assert found is not None
    with busy.read() as session:
        assert found.order == queue.order(session, at=at)
        assert found.lines == queue.lines(session, found.order, at)
        last = queue.lines(session, [first], at)[first]
    assert found.order[0] == third
    assert found.lines[third].is_pinned
    assert (first in found.lines, last.handed_to) == (at > max(until, START + 5 * MINUTE), "lager")
    line = found.lines[second]
    assert (line.assigned_to, line.tags) == ("Åsa \x1b[2J" if at < START + HOUR else None, ["höst"])
    busy.close()


@pytest.mark.parametrize("rows", [0, 1, 3, 5, 1000])
def test_it_takes_the_first_so_many(busy: Store, file: Path, rows: int) -> None:
    found = seen(file, rows)
    with busy.read() as session:
        assert found.order == queue.order(session)[:rows] == queue.order(session, limit=rows)
    assert list(found.lines) == list(found.order)
    busy.close()


def test_an_empty_queue_is_seen_as_empty(file: Path) -> None:
    store = open_store(f"sqlite:///{file}", create=True)
    assert glance(file, 10, START) == Glance(array("q"), {}, 0)
    store.close()


def test_a_folder_with_an_odd_name_is_no_obstacle(tmp_path: Path) -> None:
    file = tmp_path / "Ärenden 100% #1?mode=rw&x;" / "g ö.db"
    store = open_store(f"sqlite:///{file}".replace("%", "%25").replace("?", "%3F"), create=True)
    take(store, post("ylva"))
    store.close()
    (made,) = tmp_path.rglob("*.db")
    assert len(seen(made).order) == 1


def test_it_sees_what_is_committed_while_another_writes(busy: Store, file: Path) -> None:
    before = seen(file)
    with busy.write() as session:
        desk.dismiss(session, before.order[0], "spam", "Anna", START)
        session.flush()
        assert glance(file, 100, START) == before
    assert len(seen(file).order) == len(before.order) - 1
    busy.close()


def test_it_changes_nothing(busy: Store, file: Path) -> None:
    busy.close()
    before = file.read_bytes()
    seen(file)
    assert file.read_bytes() == before


def test_an_absent_database_is_not_made_by_looking(tmp_path: Path) -> None:
    assert glance(tmp_path / "absent.db", 10, START) is None
    assert glance(tmp_path / "no" / "such" / "folder.db", 10, START) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("version", ["0001", "9999", "", None])
def test_another_version_is_left_to_the_store(busy: Store, file: Path, version: str | None) -> None:
    busy.close()
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("delete from alembic_version")
        if version is not None:
            db.execute("insert into alembic_version values (?)", (version,))
    assert glance(file, 10, START) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0",
        b"not a database at all" * 500,
        b"SQLite format 3\0",
        b"SQLite format 3\0" + b"\xff" * 9000,
    ],
)
def test_what_is_no_database_is_left_to_the_store(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert glance(file, 10, START) is None
    assert file.read_bytes() == content


def test_a_folder_and_somebody_elses_tables_are_left_to_the_store(tmp_path: Path) -> None:
    assert glance(tmp_path, 10, START) is None
    with closing(sqlite3.connect(tmp_path / "other.db")) as db, db:
        db.execute("create table customers(id integer)")
    assert glance(tmp_path / "other.db", 10, START) is None


@pytest.mark.parametrize("size", [4096, 8192, 20_000])
def test_a_truncated_database_is_left_to_the_store(busy: Store, file: Path, size: int) -> None:
    busy.close()
    file.write_bytes(file.read_bytes()[:size])
    assert glance(file, 10, START) is None


@pytest.mark.parametrize("damage", ["media = '{'", "text = cast(x'ff41' as text)"])
def test_a_row_that_cannot_be_read_is_left_to_the_store(
    busy: Store, file: Path, damage: str
) -> None:
    busy.close()
    with closing(sqlite3.connect(file)) as db, db:
        db.execute(f"update mention set {damage}")
    assert glance(file, 10, START) is None


def test_it_needs_none_of_the_heavy_libraries() -> None:
    script = (
        "import json, sys\n"
        "from models.records.glance import glance\n"
        "from models.records import kinds\n"
        "print(json.dumps(sorted(sys.modules)))\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(run.stdout)}
    assert not loaded & {"sqlalchemy", "sqlmodel", "pydantic", "alembic", "psycopg"}
