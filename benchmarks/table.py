"""The peer of the desk: the same rows in Textual's own DataTable, and nothing else.

It is given what it needs to be quick: text ready from SQLite, columns of fixed width, rows of one
line, no animation. It does not look for changes: SIGUSR1 has it remove a row, SIGUSR2 sort.
"""

import asyncio
import signal
import sqlite3
import sys
from contextlib import closing

from textual.app import App, ComposeResult
from textual.coordinate import Coordinate
from textual.widgets import DataTable

from models import instant

REMOVED = 5
"""The place of the row that SIGUSR1 removes."""
_COLUMNS = (("lane", 10), ("clock", 10), ("network", 8), ("", 2), ("who", 20), ("words", 55))
_ROWS = """
select case m.lane when 0 then 'urgent' when 1 then 'complaint' when 2 then 'question'
    when 3 then 'other' else 'no need' end,
  printf('%dm', (m.due_at - ?) / 60000000), m.channel, coalesce(m.language, m.lang, '–'),
  coalesce(i.name, i.handle, '?'), substr(m.text, 1, 55)
from mention m join identity i on i.id = m.identity_id
where m.state = 'open' order by m.rank, m.due_at, m.id
"""


class Table(App[None]):
    """All who wait, in one DataTable."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, file: str) -> None:
        super().__init__()
        self._file = file
        self.animation_level = "none"

    @property
    def table(self) -> DataTable[str]:
        """The one widget there is."""
        return self.query_one(DataTable)

    def compose(self) -> ComposeResult:
        """Nothing but the table."""
        yield DataTable[str](cursor_type="row")

    def on_mount(self) -> None:
        """Read everything, add everything."""
        for name, width in _COLUMNS:
            self.table.add_column(name, width=width, key=name)
        with closing(sqlite3.connect(self._file)) as db:
            self.table.add_rows(db.execute(_ROWS, (instant.now(),)))
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGUSR1, self._remove)
        loop.add_signal_handler(signal.SIGUSR2, self._sort)

    def _remove(self) -> None:
        self.table.remove_row(self.table.coordinate_to_cell_key(Coordinate(REMOVED, 0)).row_key)

    def _sort(self) -> None:
        self.table.sort("who", reverse=True)


if __name__ == "__main__":
    Table(sys.argv[1]).run()
