"""The top of the queue through SQLite's own driver, while the rest is still being imported.

SQLAlchemy and the tables cost more to import than a screen to paint; staff need not wait for them.
"""

import json
import sqlite3
from array import array
from contextlib import closing
from pathlib import Path
from typing import Any

from models.records.versions import HEAD
from models.records.views import Glance, Line

_TOP = """
select m.id, m.state, m.lane, m.judged_at is not null, m.due_at, m.channel,
  coalesce(m.language, m.lang), i.name, i.handle, coalesce(substr(m.text, 1, 300), ''),
  m.media, m.perhaps_answered, case when m.claimed_until > :at then m.assigned_to end,
  m.is_pinned, m.tags, m.handed_to
from mention m join identity i on i.id = m.identity_id
where m.state = 'open' and m.snoozed_until <= :at order by m.rank, m.due_at, m.id limit :rows
"""


def glance(file: Path, rows: int, at: int) -> Glance | None:
    """The first rows of the queue at `at`; None wherever the store had better look and say why."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as db:
            if db.execute("select version_num from alembic_version").fetchone() != (HEAD,):
                return None
            newest = db.execute("select coalesce(max(id), 0) from mention").fetchone()[0]
            found = [_line(row) for row in db.execute(_TOP, {"rows": rows, "at": at})]
    except (sqlite3.Error, ValueError):
        return None
    lines = {line.id: line for line in found}
    return Glance(array("q", lines), lines, newest)


def _line(row: Any) -> Line:
    values = [*row[:3], bool(row[3]), *row[4:10], json.loads(row[10]), bool(row[11])]
    marks = [row[12], bool(row[13]), json.loads(row[14]), row[15]]
    return Line(*values, *marks)
