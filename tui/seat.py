"""Who sits at this desk and on which database: every read and every act of the screens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import TypeVar

from models.instant import SECOND, day_bounds
from models.networks import NETWORKS, Network
from models.records import desk, drafts, ledger, queue
from models.records.desk import Answer
from models.records.queue import Line
from models.records.store import Store
from models.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the queue, with who writes there just now and whether I have begun."""

    line: Line
    writers: tuple[str, ...]
    begun: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """One member of staff on one database."""

    store: Store
    staff: str
    brand: str
    zone: tzinfo
    undo_seconds: float
    can_send: frozenset[str]
    now: Callable[[], int]
    """The database's clock."""
    demo: bool = False

    @classmethod
    def at(cls, store: Store, settings: Settings, can_send: frozenset[str], demo: bool) -> "Seat":
        """The seat these settings describe."""
        return cls(
            store,
            settings.member_of_staff(),
            settings.brand.name,
            settings.calendar().zone,
            settings.outbox.undo_seconds,
            can_send,
            store.now,
            demo,
        )

    def look(self, read: Callable[..., T], *args: object) -> T:
        """One read in a transaction of its own."""
        with self.store.read() as session:
            return read(session, *args)

    def do(self, deed: Callable[..., T], *args: object) -> T:
        """One act of the desk in a transaction of its own, in this member of staff's name."""
        with self.store.write() as session:
            return deed(session, *args, self.staff, self.now())

    def reply(self, mention_id: int, answer: Answer) -> int:
        """Queue a reply, which takes its draft along; the reply's id."""
        undo = int(self.undo_seconds * SECOND)
        with self.store.write() as session:
            row = desk.reply(session, mention_id, answer, self.now(), undo, self.can_send)
            assert row.id is not None
            return row.id

    def rows(self, ids: Sequence[int]) -> dict[int, Row]:
        """What the queue shows of these mentions."""
        at = self.now()
        with self.store.read() as session:
            writers = drafts.writers(session, ids, at)
            begun = drafts.begun(session, ids, self.staff)
            return {
                line.id: Row(line, tuple(writers.get(line.id, ())), line.id in begun)
                for line in queue.lines(session, ids).values()
            }

    def entries(self, ids: Sequence[int]) -> dict[int, ledger.Entry]:
        """What the ledger shows of these mentions."""
        return self.look(ledger.rows, ids, self.now())

    def day(self, day: date) -> Sequence[int]:
        """The mentions of a local day, in order."""
        return self.look(ledger.order, day_bounds(day, self.zone))


def network_of(channel: str) -> Network | None:
    """The rules of a network, None for one we only know from files."""
    return NETWORKS.get(channel)
