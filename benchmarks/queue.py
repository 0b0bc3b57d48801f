"""The top of the queue at 1 thousand and at 1 million waiting mentions, as a user calls it.

The peer in the same run is the order without our index: a live score computed for every row,
which is how queues that rank by waiting time usually work.
"""

import argparse
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlmodel import Session

from models.post import Author, Post
from models.records import intake, people, sources
from models.records.intake import Policy
from models.records.store import open_store
from models.settings import Settings

START = 1_795_000_000_000_000
NAIVE = (
    "select id from mention where state = 'open'"
    " order by (1795500000000000 - posted_at) * (5 - lane) desc limit 50"
)


_PEOPLE = 500


def fill(file: Path, rows: int) -> None:
    """A database with so many waiting mentions in as many conversations, by 500 people.

    They are copied from one real one by SQL, and count as judged.
    """
    store = open_store(f"sqlite:///{file}", create=True)
    with store.write() as session:
        _first(session)
    store.close()
    with sqlite3.connect(file) as db:
        db.row_factory = sqlite3.Row
        names = [row["name"] for row in db.execute("pragma table_info(mention)")]
        changed = {
            "id": "n",
            "external_id": "'p' || n",
            "lane": "n % 4",
            "rank": "min(n % 4, 1)",
            "due_at": f"{START} + (n * 7919) % 100000007",
            "posted_at": f"{START} + n",
            "judged_at": f"{START} + n",
            "conversation_id": "n",
            "identity_id": f"n % {_PEOPLE} + 1",
        }
        many = _numbers(rows)
        db.execute(
            "insert into conversation(id, channel, root_external_id)"
            f" {many} select n, 'sandbox', 'p' || n from many"
        )
        people = _numbers(_PEOPLE)
        db.execute(f"insert into person(id) {people} select n from many")
        db.execute(
            "insert into identity(id, person_id, channel, external_id, handle, name)"
            f" {people} select n, n, 'sandbox', 'c' || n, 'c' || n, 'Kim Kund ' || n from many"
        )
        columns = ", ".join(changed.get(name, f"m.{name}") for name in names)
        db.execute(
            f"insert into mention({', '.join(names)}) {many}"
            f" select {columns} from many, mention m where m.id = 1"
        )
        db.execute("analyze")


def _numbers(last: int) -> str:
    """A table `many(n)` of 2 to `last`."""
    return f"with recursive many(n) as (select 2 union all select n + 1 from many where n < {last})"


def _first(session: Session) -> None:
    account = people.own_account(session, "sandbox", Author("us", "us"))
    source = sources.ensure(session, "bench", "sandbox", "mentions", account)
    post = Post("sandbox", "p1", Author("c", "c"), "Var är paketet? " * 8, START)
    settings = Settings()
    intake.take_in(
        session, source, [post], START, Policy(settings.calendar, settings.answer_within)
    )


def seconds(work: Callable[[], object], times: int) -> float:
    """The median of so many runs, after one that is not counted."""
    work()
    found = []
    for _run in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def command(file: Path) -> Callable[[], object]:
    """`gensvar queue --json --limit 50` on a database."""
    environment = {**os.environ, "GENSVAR_DATABASE_URL": f"sqlite:///{file}"}
    call = [str(Path(sys.executable).parent / "gensvar"), "queue", "--json", "--limit", "50"]
    return lambda: subprocess.run(call, env=environment, check=True, capture_output=True)


def naive(file: Path) -> Callable[[], object]:
    """The peer: every waiting row scored and sorted."""
    db = sqlite3.connect(file)
    return lambda: db.execute(NAIVE).fetchall()


def indexed(file: Path) -> Callable[[], object]:
    """Our order, the statement alone."""
    db = sqlite3.connect(file)
    statement = "select id from mention where state = 'open' order by rank, due_at, id limit 50"
    return lambda: db.execute(statement).fetchall()


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=9)
    chosen = parser.parse_args()
    print("| waiting | gensvar queue, s | our statement, ms | live score, ms | ratio |")
    print("| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for rows in chosen.rows:
            file = Path(folder) / f"{rows}.db"
            fill(file, rows)
            whole = seconds(command(file), chosen.runs)
            ours, theirs = (seconds(work(file), chosen.runs) * 1000 for work in (indexed, naive))
            print(
                f"| {rows:,} | {whole:.2f} | {ours:.3f} | {theirs:.1f} | {theirs / ours:,.0f}× |",
                flush=True,
            )


if __name__ == "__main__":
    main()
