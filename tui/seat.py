"""A seat at one database: every read and every act of the screens, each in its own transaction.

The only module of the screens that knows how records are kept; it is imported once the first
rows stand on the screen.
"""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from uuid import uuid4

from models import instant
from models.answer import Answer
from models.figures import Weak
from models.instant import DAY, SECOND, day_bounds
from models.page import Page
from models.records import (
    answering,
    conversation,
    customer,
    desk,
    drafts,
    insights,
    ledger,
    outbox,
    presence,
    promises,
    queue,
    search,
    silence,
    topics,
    viewing,
    weak,
)
from models.records.answering import House, Scene
from models.records.changes import Changes
from models.records.conversation import Thread
from models.records.customer import Customer
from models.records.drafts import Writing
from models.records.health import Health, health
from models.records.ledger import Entry
from models.records.outbox import Pending
from models.records.press import Press
from models.records.promises import Owed
from models.records.store import Store
from models.records.tables import Account, Reply
from models.search import Found, parse
from models.words import spoken
from tui.place import Place
from tui.row import Row
from tui.snapshot import Snapshot
from tui.working import Working

_FOUND = 200
"""Mentions a search shows at most."""
SendTest = Callable[[Page, date, str, int], None]
"""Mails a page of a day to an address, at an instant; Refused where it cannot leave."""


class Seat(Working):
    """One member of staff on one database. Errors of the house come as they are."""

    def __init__(
        self,
        store: Store,
        place: Place,
        house: House,
        press: Press,
        send_test: SendTest,
        now: Callable[[], int] | None = None,
    ) -> None:
        self._store, self._place, self._house, self._press = store, place, house, press
        self._send_test = send_test
        self._window = uuid4().hex
        self.now = now or store.now

    def close(self) -> None:
        """Leave; the database is let go."""
        self._store.close()

    def changes(self) -> Changes:
        """A watch on the database."""
        return Changes(self._store)

    # What is seen

    def picture(self, lane: int | None) -> Snapshot:
        """Everything the screens show of the whole database, in one consistent read."""
        ours, at = instant.now(), self.now()
        skew = 0 if self._store.is_sqlite else at - ours
        with self._store.read() as session:
            return Snapshot(
                at,
                lane,
                queue.order(session, lane, at=at),
                queue.newest(session),
                queue.pressure(session, at),
                presence.listeners(session, at),
                outbox.pending(session, at),
                promises.pressing(session, at),
                silence.silences(session, at, self._press.stale),
                skew,
            )

    def top(self, rows: int) -> "array[int]":
        """The first of the queue, without counting anything."""
        with self._store.read() as session:
            return queue.order(session, limit=rows, at=self.now())

    def rows(self, ids: Sequence[int]) -> dict[int, Row]:
        """What the queue shows of these mentions."""
        at = self.now()
        with self._store.read() as session:
            writers = drafts.writers(session, ids, at)
            begun = drafts.begun(session, ids, self._place.staff)
            looking = viewing.viewers(session, ids, at)
            return {
                one: Row(line, tuple(writers.get(one, ())), one in begun, looking.get(one, ()))
                for one, line in queue.lines(session, ids, at).items()
            }

    def thread(self, mention_id: int) -> Thread:
        """The conversation around a mention."""
        with self._store.read() as session:
            return conversation.read(session, mention_id)

    def account(self, mention_id: int) -> Account | None:
        """Ours that would answer it."""
        with self._store.read() as session:
            return conversation.account(session, mention_id)

    def day(self, day: date) -> Sequence[int]:
        """The mentions of a local day, in order."""
        with self._store.read() as session:
            return ledger.order(session, day_bounds(day, self._place.zone))

    def search(self, typed: str) -> Found:
        """The newest mentions that have these words, under these filters."""
        asked, at = parse(typed), self.now()
        with self._store.read() as session:
            ids = search.find(
                session, asked, _FOUND + 1, at, self._place.zone, staff=self._place.staff
            )
        return Found(ids[:_FOUND], asked.unknown, asked.is_empty, len(ids) > _FOUND)

    def entries(self, ids: Sequence[int]) -> dict[int, Entry]:
        """What the ledger shows of these mentions."""
        with self._store.read() as session:
            return ledger.rows(session, ids, self.now())

    def health(self) -> Health:
        """The state of the works."""
        with self._store.read() as session:
            return health(session, self.now(), self._place.mailing)

    def customer(self, mention_id: int) -> Customer:
        """Whoever wrote it, and what we owe them."""
        with self._store.read() as session:
            return customer.read(session, mention_id, self.now())

    def scene(self, mention_id: int) -> Scene:
        """What a reply to it is held against while it is written."""
        with self._store.read() as session:
            return answering.scene(session, mention_id, self.now(), self._house)

    def last_look(self, mention_id: int, body: str, read: str | None) -> Scene:
        """The same before it leaves: with what is like it, and what has happened meanwhile."""
        with self._store.read() as session:
            return answering.full_scene(session, mention_id, body, read, self.now(), self._house)

    def weaknesses(self) -> tuple[Weak, ...]:
        """Weak replies of the last seven days."""
        at = self.now()
        with self._store.read() as session:
            return weak.weaknesses(session, at - 7 * DAY, at + 1)

    def page(self, day: date) -> Page:
        """The leaders' page of a local day, in the language of the screen."""
        at = self.now()
        with self._store.read() as session:
            return self._press.page(session, [day], spoken(), at)

    def send_test(self, day: date, address: str) -> bool:
        """The same page by mail, once, to one address; nothing is written down of it."""
        self._send_test(self.page(day), day, address, self.now())
        return True

    def owed(self) -> list[Owed]:
        """What we have promised and not done."""
        with self._store.read() as session:
            return promises.owed(session)

    # What is written

    def take_up(self, mention_id: int) -> Writing:
        """Begin to write, or go on."""
        staff, at = self._place.staff, self.now()
        with self._store.write() as session:
            begun = drafts.take_up(session, mention_id, staff, at)
            elsewhere = viewing.is_elsewhere(session, self._window, mention_id, staff, at)
            return replace(begun, is_elsewhere=elsewhere)

    def keep(self, mention_id: int, body: str) -> bool:
        """Keep what is typed so far, also where the draft was put away elsewhere meanwhile."""
        staff, at = self._place.staff, self.now()
        with self._store.write() as session:
            if not drafts.save(session, mention_id, body, staff, at):
                drafts.take_up(session, mention_id, staff, at)
                drafts.save(session, mention_id, body, staff, at)
        return True

    def put_away(self, mention_id: int, body: str, begun: bool) -> bool:
        """Stop writing for now; what was typed before the draft was `begun` comes after it."""
        staff, at = self._place.staff, self.now()
        with self._store.write() as session:
            earlier = drafts.take_up(session, mention_id, staff, at).body
            drafts.put_away(session, mention_id, body if begun else earlier + body, staff, at)
        return True

    def write_anew(self, reply: Pending) -> bool:
        """A reply that was not sent becomes my draft."""
        return self._did(drafts.give_back, reply.mention_id, reply.text)

    # What is decided

    def reply(self, mention_id: int, answer: Answer) -> int:
        """Check and queue a reply, which takes its draft along; the reply's id."""
        place, undo = self._place, int(self._place.undo_seconds * SECOND)
        with self._store.write() as session:
            row = answering.reply(
                session, mention_id, answer, self.now(), undo, place.can_send, self._house
            )
            assert row.id is not None
            return row.id

    def keep_promise(self, promise_id: int, note: str) -> bool:
        """It is done, and this came of it."""
        return self._did(promises.keep, promise_id, note)

    def withdraw_promise(self, promise_id: int, note: str) -> bool:
        """It no longer holds, and the customer knows why."""
        return self._did(promises.withdraw, promise_id, note)

    def hand_over(self, promise_id: int, to: str) -> bool:
        """Somebody else sees to it."""
        return self._did(promises.hand_over, promise_id, to)

    def undo(self, reply_id: int) -> int:
        """Take a reply back that has not left; the mention that waits again."""
        self._do(desk.undo, reply_id)
        return self._answered_by(reply_id)

    def undo_newest(self) -> int:
        """Take back my newest reply that has not left; the mention that waits again."""
        return self._answered_by(self._do(desk.undo_newest))

    def _answered_by(self, reply_id: int) -> int:
        with self._store.read() as session:
            return session.get_one(Reply, reply_id).mention_id

    def sent_of(self, ids: Sequence[int]) -> list[str]:
        """The texts of those of these replies that were sent."""
        with self._store.read() as session:
            return outbox.sent_of(session, ids)

    def insight(self, mention_id: int, sentence: str, is_named: bool) -> bool:
        """A sentence for the leaders' page."""
        return bool(self._do(insights.note, mention_id, sentence, is_named))

    def correct_topics(self, mention_id: int, names: Sequence[str]) -> bool:
        """What it is about, from now on."""
        return self._did(topics.correct, mention_id, names)

    def answered_by_hand(self, mention_id: int, link: str) -> bool:
        """Answered on the network itself."""
        return self._did(desk.answered_by_hand, mention_id, link)

    def reopen(self, mention_id: int) -> bool:
        """Back into the queue."""
        return self._did(desk.reopen, mention_id)

    def send_again(self, reply_id: int) -> bool:
        """A reply in doubt is not there: once more."""
        return self._did(desk.send_again, reply_id)

    def it_is_there(self, reply_id: int, link: str) -> bool:
        """A reply in doubt is there."""
        return self._did(desk.it_is_there, reply_id, link)

    def give_up(self, reply_id: int) -> bool:
        """A reply in doubt is let go."""
        return self._did(desk.give_up, reply_id)
