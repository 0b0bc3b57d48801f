"""From figures to the page, in one reader's language: what it says, in which order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import tzinfo

from models.figures import Change, Figures, Ids, Missing, Weak, Words
from models.instant import day_bounds, to_datetime
from models.networks import NETWORKS
from models.page import Bar, Figure, Item, Page, Quote, Say, Section, Trend
from models.page.definitions import VERSION
from models.page.words import (
    clock,
    dollars,
    long_day,
    number,
    percent,
    quoted,
    short_day,
    span,
    weak_word,
)
from models.words import _, counted, speaking

_TOPICS, _CHANGES, _SHOWN = 3, 4, 3


@dataclass(frozen=True, slots=True)
class Edition:
    """What a page must know beside the figures."""

    brand: str
    language: str
    zone: tzinfo
    topic_names: Callable[[str], str]
    """A topic's id -> its name in the language."""
    late_days: tuple[str, ...] = ()
    """Days whose page came late or not at all, to be told in this one."""


def page(figures: Figures, edition: Edition) -> Page:
    """The page of these figures."""
    with speaking(edition.language):
        return _Builder(figures, edition).page()


class _Builder:
    """One page in the making; the words are those of the reader."""

    def __init__(self, figures: Figures, edition: Edition) -> None:
        self._of = figures
        self._edition = edition
        self._language = edition.language
        _first, end = day_bounds(figures.days[-1], edition.zone)
        self._is_over = figures.until >= end

    def page(self) -> Page:
        sections = [
            self._promised(),
            self._answered(),
            self._said(),
            self._numbers(),
            self._changed(),
            self._learnt(),
        ]
        return Page(
            language=self._language,
            subject=self._subject(),
            title=f"{self._edition.brand} · {self._when()}",
            status=self._status(),
            is_complete=self._of.is_whole,
            sections=tuple(one for one in sections if one.items),
            foot=self._foot(),
        )

    def _when(self) -> str:
        days = self._of.days
        last = long_day(days[-1], self._language)
        return self._so_far(
            last if len(days) == 1 else f"{short_day(days[0], self._language)} – {last}"
        )

    def _so_far(self, day: str) -> str:
        """A day that lasts is told as far as it went."""
        return day if self._is_over else _("{day}, so far").format(day=day)

    def _subject(self) -> str:
        """The news in one line."""
        needed, broken = self._of.needed, len(self._of.promises.broken)
        parts = [self._news(len(needed.settled), len(needed.all))]
        if broken:
            parts.append(counted("{number} promise broken", "{number} promises broken", broken))
        parts += [
            f"{self._topic(one.name)} ×{len(one.ids)}" for one in self._of.topics if one.is_risen
        ][:1]
        day = self._so_far(short_day(self._of.days[-1], self._language))
        told = f"{self._edition.brand} {day}: {' · '.join(parts)}"
        return told if self._of.is_whole else _("DATA INCOMPLETE") + f" · {told}"

    def _news(self, settled: int, needed: int) -> str:
        if not needed:
            return _("nobody needed an answer")
        return _("{answered} of {needed} answered").format(
            answered=self._count(settled), needed=self._count(needed)
        )

    def _status(self) -> str:
        if self._of.is_whole and self._is_over:
            return _("All sources were heard all day.")
        if self._of.is_whole:
            return _("All sources have been heard so far.")
        told = "; ".join(self._missing(one) for one in self._of.missing)
        return _("DATA INCOMPLETE") + f": {told}"

    def _missing(self, one: Missing) -> str:
        if one.kind == "silent":
            if one.since is None:
                return _("{source} has never been read").format(source=one.source)
            return _("{source} not read since {when}").format(
                source=one.source, when=self._moment(one.since)
            )
        if one.kind == "gap":
            return _("{source} has a hole from {since} to {until}").format(
                source=one.source,
                since=self._moment(one.since or 0),
                until=self._moment(one.until or 0),
            )
        if one.kind == "capped":
            return _("{source} stopped when its daily cap was spent").format(source=one.source)
        return counted("{number} post is not judged", "{number} posts are not judged", one.number)

    def _moment(self, at: int) -> str:
        local = to_datetime(at, self._edition.zone)
        return f"{short_day(local.date(), self._language)} {clock(local, self._language)}"

    def _promised(self) -> Section:
        return Section(_("Do we keep what we promise?"), tuple(self._broken_word()), True)

    def _broken_word(self) -> Iterator[Item]:
        """What customers say was late, missing or promised in vain, and our own promises."""
        told = [one for one in self._of.topics if one.breaks_word and one.ids]
        posts = len({mention for one in told for mention in one.ids})
        if posts:
            said = counted(
                "{number} post says that something was late, missing or promised in vain.",
                "{number} posts say that something was late, missing or promised in vain.",
                posts,
            )
        else:
            said = _("Nobody wrote that anything was late, missing or promised in vain.")
        yield Say(said)
        most = max((len(one.ids) for one in told), default=1)
        for one in told[:_TOPICS]:
            yield Bar(
                self._topic(one.name),
                self._count(len(one.ids)),
                len(one.ids) / most,
                self._usual(one),
            )
        yield Say(self._own())

    def _own(self) -> str:
        owed = self._of.promises
        if not (owed.made or owed.kept or owed.broken or owed.due or owed.overdue):
            return _("We promised nothing, and owe nothing.")
        parts = [
            _("We made {made}, kept {kept} and broke {broken} promises.").format(
                made=self._count(len(owed.made)),
                kept=self._count(len(owed.kept)),
                broken=self._count(len(owed.broken)),
            )
        ]
        if owed.due:
            parts.append(
                counted("{number} is due today.", "{number} are due today.", len(owed.due))
            )
        if owed.overdue:
            parts.append(
                counted("{number} is overdue.", "{number} are overdue.", len(owed.overdue))
            )
        return " ".join(parts)

    def _answered(self) -> Section:
        return Section(_("Do we answer in time?"), tuple(self._clocks()), True)

    def _clocks(self) -> Iterator[Item]:
        of = self._of
        if not of.needed.all:
            yield Say(_("Nobody needed an answer."))
            return
        yield Say(
            _(
                "Half waited up to {median}; one in ten longer than {tenth}, by the customer's"
                " clock."
            ).format(median=span(of.wall.median), tenth=span(of.wall.tenth))
        )
        yield Say(self._staffed())
        if of.longest is not None:
            yield Say(_("The longest wait so far: {span}.").format(span=span(of.longest)))
        weeks = tuple(week.in_time / week.all if week.all else None for week in of.weeks)
        if any(share is not None for share in weeks):
            yield Trend(_("In time, 13 weeks"), weeks, self._last_week())

    def _last_week(self) -> str:
        """Named, for the day's own share stands right above it."""
        last = self._of.weeks[-1]
        if not last.all:
            return ""
        share = percent(last.in_time, last.all, self._language)
        return _("{share} in seven days").format(share=share)

    def _staffed(self) -> str:
        """By our own clock; on a day off it stands still."""
        of = self._of
        told = _("In staffed time: {median} and {tenth}. {good} of {all} in time ({share}).")
        if not of.staffed.tenth:
            told = _("Mostly outside staffed time. {good} of {all} in time ({share}).")
        counted_in = len(of.in_time) + len(of.late)
        return told.format(
            median=span(of.staffed.median),
            tenth=span(of.staffed.tenth),
            good=self._count(len(of.in_time)),
            all=self._count(counted_in),
            share=percent(len(of.in_time), counted_in, self._language),
        )

    def _said(self) -> Section:
        return Section(_("What they say"), tuple(self._quote(one) for one in self._of.quotes))

    def _quote(self, one: Words) -> Quote:
        network = NETWORKS[one.channel].label if one.channel in NETWORKS else one.channel
        who = _("{name} on {network}") if one.name else _("on {network}")
        return Quote(one.text, who.format(name=one.name, network=network), one.id, one.language)

    def _numbers(self) -> Section:
        return Section(_("In figures"), tuple(self._figures()))

    def _figures(self) -> Iterator[Item]:
        of, needed = self._of, self._of.needed
        sum_of = _(
            "{answered} answered + {elsewhere} on the network + {by_hand} by hand"
            " + {waiting} waiting"
        )
        yield Figure(
            _("Needed an answer"),
            self._count(len(needed.all)),
            sum_of.format(
                answered=self._count(len(needed.answered)),
                elsewhere=self._count(len(needed.elsewhere)),
                by_hand=self._count(len(needed.by_hand)),
                waiting=self._count(len(needed.waiting)),
            ),
        )
        if of.never:
            note = _("more than three days: {ids}")
            yield Figure(
                _("Never answered"),
                self._count(len(of.never)),
                note.format(ids=self._ids(of.never)),
            )
        if of.concluding or of.holding:
            late = len(of.promises.unconcluded)
            note = counted("{number} full answer is late", "{number} full answers are late", late)
            yield Figure(
                _("Full answers"),
                self._count(len(of.concluding)),
                _("{number} only held the line").format(number=self._count(len(of.holding)))
                + (f"; {note}" if late else ""),
            )
        yield from self._shares()
        if of.closed:
            yield Figure(_("Closed without reply"), self._count(len(of.closed)))
        weak = [one for one in of.weak if one.ids]
        if weak:
            total = len({reply for one in weak for reply in one.ids})
            yield Figure(_("Weak replies"), self._count(total), self._weak(weak))
        if of.spent:
            yield Figure(_("Listening cost"), dollars(of.spent, self._language))

    def _shares(self) -> Iterator[Item]:
        for label, share, note in (
            (_("Followers' posts answered"), self._of.followers, ""),
            (_("Happy in the end"), self._of.turned, _("of complaints answered in seven days")),
        ):
            if share.whole:
                told = _("{part} of {whole}").format(
                    part=self._count(len(share.part)), whole=self._count(len(share.whole))
                )
                yield Figure(label, told, note)

    def _weak(self, weak: list[Weak]) -> str:
        most = sorted(weak, key=lambda one: (-len(one.ids), one.name))[:_SHOWN]
        return " · ".join(f"{weak_word(one.name)} {len(one.ids)}" for one in most)

    def _changed(self) -> Section:
        return Section(_("What changed"), tuple(self._changes()))

    def _changes(self) -> Iterator[Item]:
        risen = [one for one in self._of.topics if one.is_risen]
        for one in risen[:_CHANGES]:
            yield Figure(self._topic(one.name), self._count(len(one.ids)), self._usual(one))
        if self._of.rising:
            told = ", ".join(f"{word} ({len(ids)})" for word, ids in self._of.rising[:_CHANGES])
            yield Say(_("New words: {words}").format(words=told))
        if not risen and not self._of.rising:
            yield Say(_("Nothing beyond what is usual for the weekday."))

    def _learnt(self) -> Section:
        lines = [
            Say(quoted(one.text) + (f" – {one.staff}" if one.staff else "") + f" #{one.id}")
            for one in self._of.insights
        ]
        return Section(_("From those who answer"), tuple(lines))

    def _foot(self) -> tuple[str, ...]:
        late = [
            _("The page of {day} came late.").format(day=day) for day in self._edition.late_days
        ]
        how = _("Definitions {version}: gensvar digest --define · rows: --rows NAME").format(
            version=VERSION
        )
        return (*late, how)

    def _usual(self, one: Change) -> str:
        return _("usual: {number}").format(number=number(one.usual, self._language))

    def _topic(self, name: str) -> str:
        return self._edition.topic_names(name)

    def _count(self, value: int) -> str:
        return number(value, self._language)

    def _ids(self, ids: Ids) -> str:
        shown = " ".join(f"#{one}" for one in ids[:_SHOWN])
        return shown + (" …" if len(ids) > _SHOWN else "")
