"""The leaders' page of one day over 1 million stored mentions of thirteen months.

The peer in the same run is the waits alone, grouped over all mentions: how one counts without an
index on when they ended. python -m benchmarks.digest [--rows N]
"""

import argparse
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from benchmarks.queue import fill
from models import instant
from models.instant import DAY, HOUR, MINUTE, to_datetime
from models.records import spells
from models.records.figures import figures
from models.records.store import open_store
from models.settings import Settings
from models.topics import load

_MONTHS = 400
"""Days over which the mentions lie."""
_WAITING = 250
"""One in so many still waits."""
_RUNS = 3


def spread(file: Path, rows: int, now: int) -> None:
    """Lay the mentions over the months; all but a few are answered, by a reply each."""
    start, step = now - _MONTHS * DAY, _MONTHS * DAY // rows
    with sqlite3.connect(file) as db:
        posted, sent = f"{start} + id * {step}", f"(id * 7919 % 480) * {MINUTE}"
        db.execute(
            "insert into reply(id, mention_id, account_id, channel, in_reply_to, idem_key, body,"
            " staff, created_at, state, gen, attempts, looks, external_id, sent_at, is_holding,"
            " promises, remarks, overrides)"
            " select id, id, 1, 'sandbox', external_id, 'k' || id, 'Förlåt.', 'Anna',"
            f" {posted}, 'sent', 0, 1, 0, 'r' || id, {posted} + {sent}, id % 9 = 0, '[]',"
            " case when id % 30 then '[]' else '[\"RC06\"]' end, '[]'"
            f" from mention where id % {_WAITING}"
        )
        db.execute(
            f"update mention set posted_at = {posted}, received_at = {posted},"
            f" due_at = {posted} + {4 * HOUR},"
            " complaint = (id % 10) / 10.0, positive = (id % 7) / 7.0, topics = '[]'"
        )
        db.execute(
            "update mention set state = 'answered', reply_id = id, settled_at ="
            f" (select sent_at from reply where reply.id = mention.id) where id % {_WAITING}"
        )
        db.execute("analyze")


def measure(work: Callable[[], object]) -> float:
    """The quickest of a few runs, in seconds."""
    found = list[float]()
    for _run in range(_RUNS):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return min(found)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        file, now = Path(folder) / "g.db", instant.now()
        fill(file, rows)
        spread(file, rows, now)
        store = open_store(f"sqlite:///{file}")
        calendar = Settings().calendar()
        yesterday = to_datetime(now, calendar.zone).date() - timedelta(days=1)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

        def page() -> None:
            with store.read() as session:
                found = figures(session, [yesterday], calendar, now, HOUR, load())
            assert len(found.needed.all) > rows // _MONTHS // 2

        def peer() -> None:
            with store.read() as session:
                spells.spells(session, now - DAY, now)

        ours = measure(page)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        theirs = measure(peer)
        store.close()
    print(f"{rows} mentions: the whole page {ours:.2f} s, {after // 1024} MB ({before // 1024} MB")
    print(f"before); the waits alone, grouped over all: {theirs:.2f} s, {theirs / ours:.1f} times")


if __name__ == "__main__":
    main()
