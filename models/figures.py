"""A day in figures, as values: each carries the ids of the rows it counts.

What each one means is written down in models.page.definitions; the version there is the version
of these.
"""

from dataclasses import dataclass
from datetime import date

Ids = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Needed:
    """Waits that ended in the window or last at its end, by the first mention of each."""

    answered: Ids
    """By a reply of ours through Gensvar."""
    elsewhere: Ids
    """On the network itself."""
    by_hand: Ids
    """A person showed where."""
    waiting: Ids

    @property
    def all(self) -> Ids:
        """All who needed an answer."""
        return (*self.answered, *self.elsewhere, *self.by_hand, *self.waiting)

    @property
    def settled(self) -> Ids:
        """Those who got one."""
        return (*self.answered, *self.elsewhere, *self.by_hand)


@dataclass(frozen=True, slots=True)
class Waits:
    """How long the waits of `Needed` lasted, in minutes; those that last count at their age.

    None where nobody needed an answer.
    """

    median: int | None
    tenth: int | None
    """One in ten waited longer."""


@dataclass(frozen=True, slots=True)
class Promises:
    """What we promised, by promise ids; the second clock stands apart in `conclude`."""

    made: Ids
    kept: Ids
    broken: Ids
    due: Ids
    """On the day after the window."""
    overdue: Ids
    """Broken, and still not done."""
    unconcluded: Ids
    """Replies that only held the line, whose full answer is late."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something counted, beside the same weekday of four weeks."""

    name: str
    ids: Ids
    usual: float
    """The median of those days."""
    is_risen: bool
    """At least three, at least twice the usual, and hardly by chance (Poisson, p < .01)."""
    breaks_word: bool = False
    """It answers: do we keep what we promise?"""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: Ids
    whole: Ids


@dataclass(frozen=True, slots=True)
class Words:
    """What a customer wrote, cut and masked, with no more of a name than the first."""

    id: int
    text: str
    name: str | None
    channel: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Learnt:
    """A sentence from those who answer; `staff` only where its author wants the name there."""

    id: int
    text: str
    staff: str | None


@dataclass(frozen=True, slots=True)
class Week:
    """A week of posts that wanted an answer, and how many got one in time."""

    start: int
    in_time: int
    all: int


@dataclass(frozen=True, slots=True)
class Missing:
    """Why the data is not whole: `silent`, `gap`, `capped` or `unjudged`."""

    kind: str
    source: str
    since: int | None = None
    until: int | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Weak:
    """One way to let a customer down, by its name in models.records.weak, with the rows."""

    name: str
    ids: Ids


@dataclass(frozen=True, slots=True)
class Figures:
    """One window: a local day, or several that are told in one."""

    days: tuple[date, ...]
    since: int
    until: int
    needed: Needed
    in_time: Ids
    late: Ids
    never: Ids
    """Waiting for more than three days."""
    longest: int | None
    """Minutes the longest of those who wait has waited."""
    wall: Waits
    staffed: Waits
    closed: Ids
    """Closed without reply in the window."""
    holding: Ids
    """Replies sent in the window that conclude nothing."""
    concluding: Ids
    promises: Promises
    topics: tuple[Change, ...]
    rising: tuple[tuple[str, Ids], ...]
    """Words that rise and fit no topic."""
    followers: Share
    turned: Share
    weak: tuple[Weak, ...]
    spent: int
    """Millionths of a dollar for listening and answering."""
    quotes: tuple[Words, ...]
    insights: tuple[Learnt, ...]
    weeks: tuple[Week, ...]
    missing: tuple[Missing, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every source was heard over the whole window."""
        return not self.missing

    def rows(self) -> dict[str, Ids]:
        """The rows behind every figure, by its name in the definitions."""
        return {
            "needed": self.needed.all,
            "answered": self.needed.answered,
            "elsewhere": self.needed.elsewhere,
            "by_hand": self.needed.by_hand,
            "waiting": self.needed.waiting,
            "in_time": self.in_time,
            "late": self.late,
            "never": self.never,
            "closed": self.closed,
            "holding": self.holding,
            "concluding": self.concluding,
            "promises_made": self.promises.made,
            "promises_kept": self.promises.kept,
            "promises_broken": self.promises.broken,
            "promises_due": self.promises.due,
            "promises_overdue": self.promises.overdue,
            "unconcluded": self.promises.unconcluded,
            "followers": self.followers.whole,
            "followers_answered": self.followers.part,
            "complaints_answered": self.turned.whole,
            "turned": self.turned.part,
            "quotes": tuple(one.id for one in self.quotes),
            "insights": tuple(one.id for one in self.insights),
            **{f"topic:{one.name}": one.ids for one in self.topics},
            **{f"weak:{one.name}": one.ids for one in self.weak},
        }
