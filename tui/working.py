"""What a member of staff does at the seat besides answering, each in its own transaction."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from models.errors import Refused
from models.records import viewing, work
from models.records.store import Store
from models.records.views import Closed, Undo
from tui.place import Place

T = TypeVar("T")


class Working:
    """The half of a seat that sorts the work; what it hands back, `restore` takes back."""

    _store: Store
    _place: Place
    _window: str
    """This window's name among all desks'."""
    now: Callable[[], int]
    """The database's clock."""

    def take_next(self) -> int | None:
        """Claim the most urgent free mention; None if there is none."""
        return self._do(work.take_next)

    def claim(self, mention_id: int) -> Undo:
        """I see to it."""
        return self._do(work.claim, mention_id)

    def assign(self, mention_id: int, to: str) -> Undo:
        """A colleague is to see to it."""
        return self._do(work.assign, mention_id, to)

    def colleagues(self) -> list[str]:
        """Whose name the desk knows."""
        with self._store.read() as session:
            return work.colleagues(session, self._place.staff)

    def let_go(self, mention_id: int) -> Undo:
        """Nobody in particular sees to it."""
        return self._do(work.let_go, mention_id)

    def tag(
        self, ids: Sequence[int], add: Sequence[str], remove: Sequence[str]
    ) -> tuple[Undo, ...]:
        """Put tags on, take others off."""
        return self._do(work.tag, ids, add, remove)

    def pin(self, mention_id: int) -> Undo:
        """First of the queue."""
        return self._do(work.pin, mention_id)

    def unpin(self, mention_id: int) -> Undo:
        """Back to its own place."""
        return self._do(work.unpin, mention_id)

    def snooze(self, mention_id: int, until: int) -> Undo:
        """Put it off."""
        return self._do(work.snooze, mention_id, until, self._place.zone)

    def ask_team(self, mention_id: int, team: str, question: str, until: int) -> Undo:
        """Hand it over to a team with a question, and put it off meanwhile."""
        return self._do(work.hand_over, mention_id, team, question, until, self._place.zone)

    def answer_back(self, mention_id: int, text: str) -> Undo:
        """What the team says."""
        return self._do(work.answer_back, mention_id, text)

    def note(self, mention_id: int, text: str) -> Undo:
        """A word to my colleagues."""
        return self._do(work.note, mention_id, text)

    def dismiss_all(self, ids: Sequence[int], reason: str) -> Closed:
        """Close these without reply."""
        return self._do(work.dismiss_all, ids, reason)

    def reopen_closed(self, undos: Sequence[Undo]) -> bool:
        """Open again what I closed without reply, as it was."""
        return self._each(work.reopen_closed, undos)

    def reopen_by_hand(self, mention_id: int) -> bool:
        """Open again what I had answered by hand."""
        return self._did(work.reopen_by_hand, mention_id)

    def restore(self, undos: Sequence[Undo]) -> bool:
        """Take an act back, the last of it first."""
        return self._each(work.restore, undos[::-1])

    def look(self, mention_id: int | None) -> bool:
        """This window shows it; to be said again while it does."""
        return self._did(viewing.look, self._window, mention_id)

    def leave(self) -> bool:
        """This window shows no mention any more."""
        with self._store.write() as session:
            viewing.leave(session, self._window)
        return True

    def _do(self, deed: Callable[..., T], *args: object) -> T:
        with self._store.write() as session:
            return deed(session, *args, self._place.staff, self.now())

    def _each(self, deed: Callable[..., None], undos: Sequence[Undo]) -> bool:
        """All that can be; then the last refusal, if there was one."""
        refused: Refused | None = None
        for undo in undos:
            try:
                self._do(deed, undo)
            except Refused as error:
                refused = error
        if refused is not None:
            raise refused
        return True

    def _did(self, deed: Callable[..., None], *args: object) -> bool:
        self._do(deed, *args)
        return True
