"""The past of the demo: thirteen weeks of invented posts that are answered before the play begins.

So that the leaders' page has something to compare with: the same weekdays, the weeks, promises
kept and broken, and a day on which deliveries are late. Nothing of it waits, is sent or alarms,
but for one promise that was broken and is still owed.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta, tzinfo

from listener.channels.sandbox import SandboxChannel
from listener.demo.cast import STAFF, Cast
from listener.demo.script import Line, Script
from listener.worker import Worker
from models.answer import Answer, Promised
from models.instant import DAY, HOUR, MINUTE, SECOND, day_bounds, to_datetime
from models.post import Author, Post
from models.records import audit, bygone, people, promises, sources, tally
from models.records.bygone import Archive, Bygone, ByHand, Closed, Noted
from models.urgency import Allowances, weigh

_JUDGE = "staged"
_DAYS, _WEEKS_COMPARED = 91, 4
_SHARES = (0.95, 0.66, 0.64, 0.61, 0.56, 0.57, 0.55, 0.5, 0.52, 0.48, 0.43, 0.46, 0.44)
"""Answered in time, by weeks before the play, which adds late ones of its own to the first."""
_NATIVE_EACH = 5
"""One in so many was answered on the network itself."""
_TODAY = {
    "late": 5,
    "faulty": 1,
    "incomplete": 1,
    "refund": 1,
    "service": 1,
    "website": 1,
    "news": 5,
    "question": 1,
    "praise": 2,
    "follower": 6,
}
_USUAL = {
    "late": 3,
    "faulty": 3,
    "incomplete": 1,
    "refund": 1,
    "service": 1,
    "website": 1,
    "price": 1,
    "question": 6,
    "praise": 2,
    "follower": 4,
}
"""Yesterday, and the same weekdays of the four weeks before both."""
_QUIET = {"late": 1, "faulty": 1, "question": 2, "follower": 1}
_WEEKEND = {"question": 1, "praise": 1}
_THANKED_EACH = 3
"""Of so many complaints one ends in thanks."""
_OPENS, _CLOSES, _LEAST = 8 * HOUR, 17 * HOUR + 30 * MINUTE, 2 * HOUR
_LONGEST = 150 * MINUTE
_HEARD, _THANKED, _DONE = 30 * SECOND, 45 * MINUTE, 25 * MINUTE
_BILLED_DAYS, _READ_FOR_EACH, _PRICE = 8, 20, 5_000
"""An invented bill: twenty posts read for one that concerns us, at half a cent."""


def write_past(worker: Worker, channel: SandboxChannel, at: int) -> None:
    """Thirteen weeks up to `at`, unless the database holds mentions already."""
    with worker.store.write() as session:
        if audit.counts(session)["mentions"]:
            return
        account = people.own_account(session, channel.name, channel.account)
        feeds = {
            feed: sources.ensure(session, f"{channel.name}:{feed}", channel.name, feed, account).id
            for feed in ("mentions", "followers", "own")
        }
        policy = worker.policy()
        past = _Past(at, worker.settings.calendar().zone, policy.allowances, channel, feeds)
        past.stage()
        archive = Archive(account, feeds["own"] or 0, policy, _JUDGE, at + DAY)
        bygone.write(session, past.waits, archive)
        promises.break_overdue(session, at)
        for day, amount in past.bill():
            tally.add(session, f"{channel.name}:mentions", tally.SPENT, amount, day)


def _soon(start: int, after: int, at: int) -> int:
    """So long after `start`, but before `at`: right after midnight the day so far is short."""
    return min(start + after, (start + at) // 2)


@dataclass
class _Past:
    """The waits in the making."""

    at: int
    zone: tzinfo
    allowances: Allowances
    channel: SandboxChannel
    feeds: dict[str, int | None]
    waits: list[Bygone] = field(default_factory=list)
    _script: Script = field(default_factory=Script)
    _cast: Cast = field(default_factory=Cast)
    _weeks: Counter[int] = field(default_factory=Counter)
    _chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311

    def stage(self) -> None:
        """Every day, the oldest first."""
        today = to_datetime(self.at, self.zone).date()
        for back in range(_DAYS - 1, -1, -1):
            self._stage_day(today - timedelta(days=back), back)

    def _stage_day(self, day: date, back: int) -> None:
        lines = [*self._script.take(_wanted(day, back)), *self._script.once(back)]
        self._chance.shuffle(lines)
        first, last = self._hours(day, back)
        pace = min(1.0, (last - first) / (_CLOSES - _OPENS))
        complaints = 0
        for place, line in enumerate(lines):
            posted = first + (last - first) * place // len(lines)
            wait = self._wait(line, self._cast.next(line.lang), posted, pace)
            complaints += line.judgement.complaint >= 0.5
            if complaints % _THANKED_EACH == 1 and line.judgement.complaint >= 0.5 and line.reply:
                self._thank(line, wait, pace)

    def _hours(self, day: date, back: int) -> tuple[int, int]:
        """When people write: by day, and of today as far as it went."""
        midnight, _next = day_bounds(day, self.zone)
        first, last = midnight + _OPENS, midnight + _CLOSES
        if back == 0:
            last = min(last, self.at - (self.at - midnight) // 20)
            first = first if last - first >= _LEAST else midnight
        return first, last

    def _wait(
        self, line: Line, author: Author, posted: int, pace: float, parent: Bygone | None = None
    ) -> Bygone:
        """One post, and how and when it was answered."""
        number = f"past-{len(self.waits)}"
        post = Post(
            channel=self.channel.name,
            external_id=number,
            url=f"{self.channel.name}://{number}",
            author=author,
            text=line.text,
            posted_at=posted,
            in_reply_to=bygone.answer_id(parent.post) if parent else None,
            conversation=parent.post.external_id if parent else None,
            addressed=line.kind != "follower",
            lang=line.lang,
        )
        settled = _soon(posted, int(self._length(line, post) * pace), self.at)
        wait = Bygone(
            post=post,
            judgement=line.judgement,
            topics=line.topics,
            source_id=self.feeds["followers" if line.kind == "follower" else "mentions"] or 0,
            received_at=_soon(posted, _HEARD, settled),
            settled_at=settled,
            end=self._end(line, post, settled),
            kept=self._noted(line, line.kept, settled),
            insight=self._noted(line, line.insight, settled),
        )
        self.waits.append(wait)
        return wait

    def _length(self, line: Line, post: Post) -> float:
        """Within what is allowed as often as the share of its week, else beyond it."""
        allowed = weigh(line.judgement, post.addressed, self.allowances).allowance_minutes * MINUTE
        week = (self.at - post.posted_at) // (7 * DAY)
        share, before = _SHARES[min(week, len(_SHARES) - 1)], self._weeks[week]
        self._weeks[week] += 1
        if line.day is not None or int((before + 1) * share) > int(before * share):
            return min(allowed * self._chance.uniform(0.2, 0.9), _LONGEST)
        return allowed * self._chance.uniform(1.2, 2.5)

    def _end(self, line: Line, post: Post, at: int) -> Answer | Post | ByHand | Closed:
        staff = STAFF[line.lang]
        if line.reply is None:
            return ByHand(line.link, staff) if line.link else Closed(line.closed or "", staff)
        if line.day is None and len(self.waits) % _NATIVE_EACH == 0:
            return replace(
                post,
                external_id=bygone.answer_id(post),
                url=f"{post.url}-answer",
                author=self.channel.account,
                text=line.reply,
                posted_at=at,
                in_reply_to=post.external_id,
                own=True,
            )
        return replace(
            Answer.by(staff, line.reply),
            is_holding=line.is_holding,
            promises=tuple(self._promised(line, at)),
            remarks=tuple(line.overrides),
            overrides=tuple(line.overrides.items()),
        )

    def _noted(self, line: Line, told: str | None, settled: int) -> Noted | None:
        """What staff wrote down a while after the answer."""
        if told is None:
            return None
        return Noted(told, STAFF[line.lang], _soon(settled, _DONE, self.at), line.is_named)

    def _promised(self, line: Line, at: int) -> Iterator[Promised]:
        if line.promise:
            _midnight, tomorrow = day_bounds(to_datetime(at, self.zone).date(), self.zone)
            due = {"today": tomorrow, "in a day": at + DAY, "tomorrow noon": tomorrow + 12 * HOUR}
            told = line.promise
            yield Promised(told["action"], told["text"], due[told["due"]])

    def _thank(self, line: Line, answered: Bygone, pace: float) -> None:
        """The same customer in the same thread, glad at last."""
        posted = _soon(answered.settled_at, int(_THANKED * pace), self.at)
        thanks = self._script.thanks(line.lang)
        self._wait(thanks, answered.post.author, posted, pace, answered)

    def bill(self) -> Iterator[tuple[int, int]]:
        """What listening cost on the last days: an instant of the day (UTC), millionths."""
        read = Counter(wait.post.posted_at // DAY for wait in self.waits)
        for day in range(self.at // DAY - _BILLED_DAYS + 1, self.at // DAY + 1):
            yield day * DAY, read[day] * _READ_FOR_EACH * _PRICE


def _wanted(day: date, back: int) -> dict[str, int]:
    """How many of each kind people write on a day."""
    if back == 0:
        return _TODAY
    if back % 7 in (0, 1) and back <= 7 * _WEEKS_COMPARED + 1:
        return _USUAL
    return _WEEKEND if day.weekday() >= 5 else _QUIET
