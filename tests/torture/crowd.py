"""Customers and staff of a brand on five networks, who do something at random moments."""

import random
import re
import subprocess
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from models.answer import Answer
from models.errors import Refused
from models.records import desk
from models.records.kinds import MentionState, ReplyState
from models.records.store import Store
from models.records.tables import Mention, Reply
from tests.torture.sides import PEOPLE, Side

_DEEDS = {
    "ask": 6,
    "follow_up": 3,
    "join": 2,
    "chat": 1,
    "edit": 1.5,
    "delete": 1,
    "answer": 8,
    "answer_natively": 1.5,
    "answer_twice": 0.5,
    "trouble": 2,
}
"""What is done how often."""


def mark(text: str) -> str:
    """The number that each post has for itself."""
    found = re.findall(r"nr-\d{5}", text)
    assert len(found) == 1, text
    return str(found[0])


@dataclass(frozen=True, slots=True)
class Done:
    """What was done on one network: who wrote what stands there, and what of it is ours."""

    authors: dict[str, int]
    edited: set[str]
    deleted: set[str]
    natives: dict[str, str]
    """Our native answers by id, with what they answer."""


class Crowd:
    """`gensvar` is the command line with its config."""

    def __init__(
        self, sides: Sequence[Side], store: Store, gensvar: Sequence[str], chance: random.Random
    ) -> None:
        self.sides, self.store, self.gensvar, self.chance = sides, store, gensvar, chance
        self.done = defaultdict[str, Done](lambda: Done({}, set(), set(), {}))
        self.troubles = 0
        self._last = 0

    def act(self) -> None:
        """One deed on one network."""
        deed = self.chance.choices([*_DEEDS], [*_DEEDS.values()])[0]
        getattr(self, f"_{deed}")(self.chance.choice(self.sides))

    def burst(self) -> None:
        """Somebody writes and somebody is answered on each network at once."""
        for side in self.sides:
            self._ask(side)
            for _reply in range(3):
                self._answer(side, by_command=False)

    def _ask(self, side: Side) -> None:
        self._write(
            side, self.chance.randrange(PEOPLE), f"@tallkotte Paket {self._mark()} är borta"
        )

    def _follow_up(self, side: Side) -> None:
        """Whoever was answered has more to say."""
        if (answer := self._some_answer(side)) is not None:
            ours, theirs = answer
            who = self.done[side.channel].authors[theirs]
            self._write(side, who, f"@tallkotte Tack, men {self._mark()}?", ours)

    def _join(self, side: Side) -> None:
        """Somebody else has the same trouble."""
        if (to := self._some_post(side)) is not None:
            who = (self.done[side.channel].authors[to] + 1) % PEOPLE
            self._write(side, who, f"@tallkotte Mitt med: {self._mark()}", to)

    def _chat(self, side: Side) -> None:
        """Nobody speaks of us; on the sandbox network everybody does."""
        if side.channel != "sandbox":
            side.write(self.chance.randrange(PEOPLE), f"Fint väder i dag, {self._mark()}")

    def _edit(self, side: Side) -> None:
        if (number := self._some_post(side)) is not None:
            done = self.done[side.channel]
            done.edited.add(number)
            side.edit(done.authors[number], number, f"@tallkotte Rättat: {self._mark()}")

    def _delete(self, side: Side) -> None:
        if (number := self._some_post(side)) is not None:
            done = self.done[side.channel]
            done.deleted.add(number)
            side.delete(done.authors[number], number)

    def _answer(self, side: Side, *, by_command: bool | None = None) -> Mention | None:
        """Staff answer one who waits, one in six times by `gensvar reply`."""
        mention = self._some_waiting(side)
        if mention is None or mention.id is None:
            return None
        text = f"Jag beklagar. {self._mark()} /Anna"
        if by_command if by_command is not None else self.chance.random() < 1 / 6:
            command = [*self.gensvar, "reply", str(mention.id), "--text", text]
            assert subprocess.run(command, capture_output=True).returncode in (0, 3)
            return mention
        channels = frozenset(one.channel for one in self.sides)
        try:
            with self.store.write() as session:
                answer = Answer.by("Anna", text)
                desk.reply(session, mention.id, answer, self.store.now(), 0, channels)
        except Refused:
            return None  # its author took it away just now
        return mention

    def _answer_natively(self, side: Side, mention: Mention | None = None) -> None:
        """Staff answer on the network itself, from the telephone."""
        mention = mention or self._some_waiting(side)
        if mention is None or mention.external_id in self.done[side.channel].deleted:
            return
        done, to = self.done[side.channel], mention.external_id
        ours = side.native(done.authors[to], f"Hej! {self._mark()} /Per", to)
        done.natives[ours] = to

    def _answer_twice(self, side: Side) -> None:
        """One at the desk and one at the telephone do not know of each other."""
        if (mention := self._answer(side, by_command=False)) is not None:
            self._answer_natively(side, mention)

    def _trouble(self, side: Side) -> None:
        """The next call of some kind fails; a reply is written at once, so that it meets that."""
        act, kind = self.chance.choice(side.troubles)
        side.fail(act, kind)
        self.troubles += 1
        if act == "reply":
            self._answer(side, by_command=False)

    def _write(self, side: Side, who: int, text: str, to: str | None = None) -> None:
        self.done[side.channel].authors[side.write(who, text, to)] = who

    def _mark(self) -> str:
        self._last += 1
        return f"nr-{self._last:05}"

    def _some_post(self, side: Side) -> str | None:
        """One that names us and is still there, rather a new one."""
        done = self.done[side.channel]
        there = [number for number in done.authors if number not in done.deleted][-20:]
        return self.chance.choice(there) if there else None

    def _some_waiting(self, side: Side) -> Mention | None:
        statement = select(Mention).where(
            Mention.channel == side.channel, Mention.state == MentionState.OPEN
        )
        with self.store.read() as session:
            found = session.exec(statement.order_by(col(Mention.id).desc()).limit(20)).all()
        return self.chance.choice(found) if found else None

    def _some_answer(self, side: Side) -> tuple[str, str] | None:
        """One of our own posts, and what it answers."""
        done = self.done[side.channel]
        statement = select(Reply.external_id, Reply.in_reply_to).where(
            Reply.channel == side.channel, Reply.state == ReplyState.SENT
        )
        with self.store.read() as session:
            sent = session.exec(statement.order_by(col(Reply.id).desc()).limit(20)).all()
        found = [*sent, *list(done.natives.items())[-10:]]
        there = [(ours, theirs) for ours, theirs in found if ours and theirs not in done.deleted]
        return self.chance.choice(there) if there else None
