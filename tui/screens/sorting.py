"""What is done with mentions besides answering: claims, tags, pins, snoozes, notes, questions."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from models.asked_time import asked_time
from models.outside import first_line
from models.records.views import Undo, latest_return
from models.words import _, counted
from tui.keymap import WORK, Group, bindings
from tui.remarks import due_word
from tui.screens.asking import Asking
from tui.screens.on_mention import OnMention

if TYPE_CHECKING:
    from models.records.tables import Mention
    from tui.seat import Seat

_NAME = 30
"""Letters of a name in a sentence."""


class Sorting(OnMention):
    """The `targets` are given, tagged or claimed; all else is done with one."""

    KEYS: ClassVar[Group] = WORK
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def action_claim(self) -> None:
        """Mine; or, where it is mine alone, nobody's."""
        if targets := self.targets():
            self.desk.in_turn(self._claim(targets))

    async def action_assign(self) -> None:
        """A colleague's."""
        if not (targets := self.targets()):
            return

        names = await self.desk.read(lambda seat: seat.colleagues()) or []

        async def give(name: str | None) -> None:
            if name is not None:
                is_number = name.isdecimal() and 1 <= int(name) <= len(names)
                name = names[int(name) - 1] if is_number else name
                told = _("{name} is to see to it.").format(name=first_line(name, _NAME))
                await self._act(lambda seat: (seat.assign(one, name) for one in targets), told)

        told = [f" {number}  {first_line(one, _NAME)}" for number, one in enumerate(names, 1)]
        told.append(_("The name as it stands on your colleague's replies."))
        asks = _("a name, then Enter")
        if names:
            asks = _("1–{last}, or a name; then Enter").format(last=len(names))
        await self._ask(self._many(_("Give it to")), told, asks, give, self._only(targets))

    async def action_tag(self) -> None:
        """Tags on, tags off."""
        if not (targets := self.targets()):
            return

        async def tag(line: str | None) -> None:
            if line is not None:
                words = line.replace(",", " ").split()
                off = [word.removeprefix("-") for word in words if word.startswith("-")]
                on = [word for word in words if not word.startswith("-")]
                await self._act(lambda seat: seat.tag(targets, on, off), _("Tagged."))

        told = [_("Words to find it by, such as: christmas -vip. A - before a word takes it off.")]
        asks = _("tags, then Enter")
        await self._ask(self._many(_("Tag")), told, asks, tag, self._only(targets))

    def action_pin(self) -> None:
        """To the top, or down again."""
        if (here := self.current()) is not None:
            self.desk.in_turn(self._pin(here))

    async def action_snooze(self) -> None:
        """Out of sight until a time, and back before its answer is owed."""
        if (here := self.current()) is None:
            return
        place = self.desk.place

        def fault(line: str) -> str:
            if asked_time(line, self.desk.now, place.calendar) is None:
                return _("Write a time like one of these: 2h · 15.30 · fri 12 · tomorrow")
            return ""

        async def snooze(line: str | None) -> None:
            until = None if line is None else asked_time(line, self.desk.now, place.calendar)
            if until is not None:
                told = _("Put off until {when}. It still waits, and comes back by itself.")
                told = told.format(when=due_word(until, place, self.desk.now))
                await self._act(lambda seat: [seat.snooze(here, until)], told, here)

        def limit(mention: "Mention") -> str:
            latest = latest_return(mention.due_at, self.desk.now)
            told = _("At the latest {when}.")
            return told.format(when=due_word(latest, place, self.desk.now))

        told = [
            _("Until when? 2h · 15.30 · fri 12 · tomorrow."),
            _("If they write again, it is back at once."),
        ]
        asks = _("a time, then Enter")
        await self._ask(_("Put off"), told, asks, snooze, here, fault, limit)

    async def action_note(self) -> None:
        """For colleagues."""
        if (here := self.current()) is None:
            return

        async def note(line: str | None) -> None:
            if line is not None:
                await self._act(lambda seat: [seat.note(here, line)], _("Noted."))

        told = [_("Only colleagues read it; a note is never sent.")]
        await self._ask(_("NOTE"), told, _("a note, then Enter"), note, here)

    def action_hand_over(self) -> None:
        """A question to a team; where one was asked, its answer."""
        if (here := self.current()) is not None:
            self.desk.in_turn(self._hand_over(here))

    async def action_insight(self) -> None:
        """A sentence for the leaders' page."""
        if (here := self.current()) is None:
            return

        async def keep(line: str | None) -> None:
            if line is None:
                return
            named, sentence = line.startswith("+"), line.removeprefix("+").strip()
            if await self.desk.attempt(lambda seat: seat.insight(here, sentence, named)):
                self.desk.unsaid.clear()
                self.desk.say(_("It stands on the leaders' page of today."))

        told = [_("One sentence; begin with + and your name stands under it.")]
        await self._ask(_("For the leaders"), told, _("what we learn from it"), keep, here)

    def action_undo(self) -> None:
        """The last act of this desk that was not undone."""
        self.desk.in_turn(self.desk.undo_last())

    async def _claim(self, targets: Sequence[int]) -> None:
        mention = await self.desk.mention(targets[0])
        if mention is None:
            return
        me, here = self.desk.place.staff, targets[0]
        is_mine = mention.assigned_to == me and mention.claimed_until > self.desk.now
        if is_mine and len(targets) == 1:
            await self._act(lambda seat: [seat.let_go(here)], _("Anybody may take it."))
        else:
            await self._act(lambda seat: map(seat.claim, targets), _("It is yours."))

    async def _pin(self, here: int) -> None:
        mention = await self.desk.mention(here)
        if mention is None:
            return
        if mention.is_pinned:
            await self._act(lambda seat: [seat.unpin(here)], _("It stands in its own place again."))
        else:
            await self._act(lambda seat: [seat.pin(here)], _("It stands on top."))

    async def _hand_over(self, here: int) -> None:
        mention = await self.desk.mention(here)
        if mention is not None and mention.handed_to is None:
            await self._ask_team(mention)
        elif mention is not None and mention.handed_to is not None:
            await self._take_answer(here, mention.handed_to)

    async def _ask_team(self, mention: "Mention") -> None:
        here, due_at, place = mention.id or 0, mention.due_at, self.desk.place

        async def ask(line: str | None) -> None:
            if line is not None:
                team, question = _question(line, place.teams)
                until = latest_return(due_at, self.desk.now)
                told = _("{team} is asked. It comes back with the answer, or {when} without.")
                back = due_word(until, place, self.desk.now)
                done = told.format(team=first_line(team, _NAME), when=back)
                await self._act(
                    lambda seat: [seat.ask_team(here, team, question, until)], done, here
                )

        back = due_word(latest_return(due_at, self.desk.now), place, self.desk.now)
        told = [f" {number}  {first_line(one, _NAME)}" for number, one in enumerate(place.teams, 1)]
        told.append(_("Colleagues find it with / ~team:NAME, and answer with the same key."))
        told.append(_("Without an answer it is back {when}.").format(when=back))
        fault = partial(_question_fault, teams=place.teams)
        await self._ask(_("Ask a team"), told, _("team: question"), ask, here, fault)

    async def _take_answer(self, here: int, team: str) -> None:
        async def answer(line: str | None) -> None:
            if line is not None:
                told = _("It waits for its answer again; who asked has it.")
                await self._act(lambda seat: [seat.answer_back(here, line)], told)

        told = _("What {team} says; it stands beside the conversation.")
        shown = [told.format(team=first_line(team, _NAME))]
        await self._ask(_("The team's answer"), shown, _("the answer, then Enter"), answer, here)

    async def _ask(
        self,
        title: str,
        told: Sequence[str],
        asks: str,
        then: Callable[[str | None], Awaitable[None]],
        about: int | None = None,
        fault: Callable[[str], str] = lambda _line: "",
        of_it: "Callable[[Mention], str] | None" = None,
    ) -> None:
        unsaid = self.desk.unsaid

        async def heard(line: str | None) -> None:
            if line is not None:
                unsaid[title] = line  # until it is done
            await then(line)

        dialog = Asking(title, told, asks, about, fault, unsaid.get(title, ""), of_it)
        await self.app.push_screen(dialog, heard)

    async def _act(
        self, act: "Callable[[Seat], Iterable[Undo]]", told: str, away: int | None = None
    ) -> None:
        """Do it, say it, and remember how to take it back; `away` leaves the list.

        What was done before one was refused is done.
        """
        done = list[Undo]()
        await self.desk.attempt(lambda seat: done.extend(act(seat)))
        if not done:
            return
        self.desk.unsaid.clear()
        self.desk.remember(lambda seat: seat.restore(done), done[0].mention_id)
        taken = next((one.taken_from for one in done if one.taken_from), None)
        if taken is not None:
            told = _("{told} It was {name}'s.").format(told=told, name=first_line(taken, _NAME))
        self.desk.say(f"{told} " + _("{key} undoes it.").format(key=self.desk.label("undo")))
        if away is not None and self.stands:
            self.settled(away)
        if self.stands:
            self.sorted_out()

    @staticmethod
    def _only(targets: Sequence[int]) -> int | None:
        return targets[0] if len(targets) == 1 else None

    def _many(self, title: str) -> str:
        number = len(self.targets())
        if number == 1:
            return title
        told = counted("{number} marked", "{number} marked", number)
        return f"{title} · {told}"


def _question(line: str, teams: Sequence[str]) -> tuple[str, str]:
    """The team and what it is asked: a team of the config by its number or name in any letters."""
    named, _colon, question = (part.strip() for part in line.partition(":"))
    if named.isdecimal() and 1 <= int(named) <= len(teams):
        return teams[int(named) - 1], question
    known = {team.casefold(): team for team in teams}
    return known.get(named.casefold(), named), question


def _question_fault(line: str, teams: Sequence[str]) -> str:
    team, question = _question(line, teams)
    if not team or not question:
        return _("Write the team, a colon and the question: stock: when does it come in?")
    if teams and team not in teams:
        told = _("There is no team {team}; there are: {names}.")
        return told.format(team=first_line(team, _NAME), names=", ".join(teams))
    return ""
