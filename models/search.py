"""What staff look for, as a value: `~late ~sv ~mine paket "ny soffa"`, told apart into words and
filters.

A + does for the ~, which Nordic keyboards give only with AltGr.

Nothing here is an error: what is no word is passed over, an unknown filter is handed back.
"""

import re
import unicodedata
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta, tzinfo
from typing import Any

from models.instant import from_datetime, to_datetime
from models.networks import NETWORKS
from models.phrases import LANGUAGES
from models.urgency import Lane

_LONGEST = 2_000
"""Characters that are read; nobody types more."""
_MOST = 16
"""Words that are looked for: each more costs time and hardly narrows."""
_LONGEST_WORD = 64
_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(
    r'[~+](?P<name>\w+)(?::(?:"(?P<quoted>[^"]*)"?|(?P<value>[^\s"]*)))?'
    r'|["“”„](?P<inside>[^"“”„]*)(?P<closed>["“”„])?'
    r'|(?P<plain>[^\s"“”„]+)'
)


@dataclass(frozen=True, slots=True)
class Sought:
    """Words that stand side by side, in small letters; unless `is_whole`, the last may go on."""

    words: tuple[str, ...]
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Filters:
    """What else must hold. Of one kind any will do; of different kinds each must hold."""

    states: frozenset[str] = frozenset()
    is_late: bool = False
    lanes: frozenset[int] = frozenset()
    is_praise: bool = False
    languages: frozenset[str] = frozenset()
    networks: frozenset[str] = frozenset()
    days: int | None = None
    """How many local days back, today among them."""
    topics: tuple[str, ...] = ()
    authors: tuple[Sought, ...] = ()
    is_mine: bool = False
    is_unassigned: bool = False
    is_pinned: bool = False
    is_snoozed: bool = False
    is_noted: bool = False
    teams: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def since(self, at: int, zone: tzinfo) -> int | None:
        """The instant at which the first of the days began; None where all days will do."""
        if self.days is None:
            return None
        today = to_datetime(at, zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return from_datetime(today - timedelta(days=self.days - 1))


_NONE = Filters()


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for; `unknown` are filters that mean nothing, as they were written."""

    words: tuple[Sought, ...] = ()
    filters: Filters = field(default=_NONE)
    unknown: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing."""
        return not self.words and self.filters == _NONE


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of what was found, newest first; `is_cut` says that there are more."""

    ids: "array[int]"
    unknown: tuple[str, ...]
    is_empty: bool
    """Nothing was asked for."""
    is_cut: bool


_Change = Callable[[Filters], Filters]


def _changed(kind: str, change: Callable[[Any], Any]) -> _Change:
    def apply(filters: Filters) -> Filters:
        values: dict[str, Any] = {kind: change(getattr(filters, kind))}
        return replace(filters, **values)

    return apply


def _also(kind: str, value: str | int) -> _Change:
    return _changed(kind, lambda before: before | {value})


def _and_named(kind: str, value: str | Sought) -> _Change:
    return _changed(kind, lambda before: (*before, value))


def _set(kind: str, value: bool | int = True) -> _Change:
    return _changed(kind, lambda _before: value)


_PLAIN: dict[str, _Change] = {
    **{state: _also("states", state) for state in ("open", "answered", "dismissed", "gone")},
    "late": _set("is_late"),
    "urgent": _also("lanes", Lane.URGENT),
    "complaint": _also("lanes", Lane.COMPLAINT),
    "question": _also("lanes", Lane.QUESTION),
    "other": _also("lanes", Lane.OTHER),
    "noreply": _also("lanes", Lane.NO_REPLY),
    "praise": _set("is_praise"),
    **{language: _also("languages", language) for language in LANGUAGES},
    **{network: _also("networks", network) for network in NETWORKS},
    "today": _set("days", 1),
    "week": _set("days", 7),
    "mine": _set("is_mine"),
    "unassigned": _set("is_unassigned"),
    "pinned": _set("is_pinned"),
    "snoozed": _set("is_snoozed"),
    "noted": _set("is_noted"),
}
"""Filters that are a name alone."""
_NAMED = {"topic": "topics", "team": "teams", "tag": "tags"}
"""Filters with a name after a colon, and the field that holds it."""


def parse(text: str) -> Query:
    """The query in what somebody typed; a quotation that is not closed yet is still being typed."""
    query, typed = Query(), unicodedata.normalize("NFC", text[:_LONGEST].lower())
    for part in _PART.finditer(typed):
        if part["name"]:
            query = _filtered(query, part)
        elif part["plain"]:
            query = _with(query, *(Sought((word,)) for word in _words(part["plain"])))
        elif words := _words(part["inside"]):
            query = _with(query, Sought(words, is_whole=bool(part["closed"])))
    return query


def _words(text: str) -> tuple[str, ...]:
    return tuple(word[:_LONGEST_WORD] for word in _WORD.findall(text)[:_MOST])


def _with(query: Query, *more: Sought) -> Query:
    """The query with these words, as far as there is room for them."""
    words, room = query.words, _MOST - sum(len(sought.words) for sought in query.words)
    for sought in dict.fromkeys(more):
        if sought not in words and len(sought.words) <= room:
            words, room = (*words, sought), room - len(sought.words)
    return replace(query, words=words)


def _filtered(query: Query, part: re.Match[str]) -> Query:
    name, value = part["name"], part["value"] if part["quoted"] is None else part["quoted"]
    filters = query.filters
    if value is None and name in _PLAIN:
        return replace(query, filters=_PLAIN[name](filters))
    if value and name in _NAMED:
        return replace(query, filters=_and_named(_NAMED[name], value)(filters))
    if value and name == "from" and (words := _words(value)):
        author = Sought(words, is_whole=True)
        return replace(query, filters=_and_named("authors", author)(filters))
    if part[0].startswith("+"):  # a sign like any other where it stands before no filter
        return _with(query, *(Sought((word,)) for word in _words(part[0])))
    return replace(query, unknown=(*query.unknown, part[0]))
