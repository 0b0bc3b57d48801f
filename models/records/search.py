"""Full-text search over mentions: what they say, who wrote them, and what we answered.

The index is FTS5 on SQLite and word vectors on Postgres; triggers keep it (migration 0007). A word
is a run of letters and digits, matched as the beginning of one from its second letter on; å, ä, ö,
ø and æ are letters of their own. What somebody typed never reaches either language of queries:
`models.search` cuts it into words, and each stands in quotes.
"""

import json
import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, Select, cast, column, exists, func, table, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import Session, col

from models.records.kinds import MentionState
from models.records.tables import Mention, Note
from models.search import Filters, Query, Sought

_PREFIX_FROM = 2
"""Letters: what begins with one letter is half of everything."""
_FTS5 = table("mention_search", column("mention_search"), column("rowid"))
_VECTORS = table("mention_search", column("words"), column("mention_id"))


def find(
    session: Session,
    query: Query,
    limit: int,
    at: int,
    zone: tzinfo,
    before: int | None = None,
    staff: str = "",
) -> "array[int]":
    """The ids of at most `limit` mentions, newest first; only those older than `before`.

    New is what we received last: by `posted_at` every match would have to be known before the
    first. `at` and `zone` say what is late and when today began, `staff` whose ~mine is. An empty
    query finds nothing.
    """
    if query.is_empty:
        return array("q")
    conditions = [*_conditions(query.filters, at), *_of_the_desk(query.filters, staff, at)]
    since = query.filters.since(at, zone)
    if since is not None:
        conditions.append(col(Mention.posted_at) >= since)
    first = 0 if since is None else _first_of(session, since)
    if first is None:
        return array("q")
    key, statement = _candidates(session, query, conditions)
    if first:
        statement = statement.where(key >= first)
    if before is not None:
        statement = statement.where(key < before)
    found = session.connection().execute(statement.order_by(key.desc()).limit(limit))
    return array("q", found.scalars())


def purge(session: Session, pages: int = 500) -> bool:
    """Take out what deleted words left behind in the index, some pages at a time; whether more may
    be left. Postgres does this by itself.

    FTS5 only marks words as deleted, and keeps them in the file until it merges what it has.
    """
    if session.get_bind().dialect.name != "sqlite":
        return False
    connection, changes = session.connection(), text("select total_changes()")
    before = connection.execute(changes).scalar_one()
    merge = "insert into mention_search(mention_search, rank) values ('merge', :pages)"
    connection.execute(text(merge), {"pages": -pages})
    return bool(connection.execute(changes).scalar_one() - before > 1)


def _first_of(session: Session, since: int) -> int | None:
    """The lowest id of those posted since then: the index is not walked any further down. None
    where there are none."""
    statement = sqlalchemy.select(func.min(Mention.id))
    found = session.connection().execute(statement.where(col(Mention.posted_at) >= since))
    return found.scalar_one()


def _candidates(
    session: Session, query: Query, conditions: Sequence[ColumnElement[bool]]
) -> tuple[ColumnElement[Any], Select[Any]]:
    """Whose ids they are and the statement for them: from the index, unless no word is sought."""
    if not query.words and not query.filters.authors:
        key: Any = col(Mention.id)
        return key, sqlalchemy.select(key).where(*conditions)
    if session.get_bind().dialect.name == "sqlite":
        key = _FTS5.c.rowid
        matches = _FTS5.c.mention_search.op("match")(_fts5(query))
    else:
        key = _VECTORS.c.mention_id
        matches = _VECTORS.c.words.op("@@")(cast(_tsquery(query), TSQUERY))
    statement = sqlalchemy.select(key).where(matches)
    if conditions:  # not joined: the index is to lead, or its order is lost
        statement = statement.where(exists().where(col(Mention.id) == key, *conditions))
    return key, statement


def _of_the_desk(filters: Filters, staff: str, at: int) -> Iterator[ColumnElement[bool]]:
    """What staff have put on it. All but notes and tags end when a mention is settled, so that
    only those are looked at which wait."""
    is_claimed = col(Mention.claimed_until) > at
    if filters.is_mine:
        yield is_claimed & (col(Mention.assigned_to) == staff)
    if filters.is_unassigned:
        yield ~is_claimed | col(Mention.assigned_to).is_(None)
    if filters.is_pinned:
        yield col(Mention.is_pinned).is_(True)
    if filters.is_snoozed:
        yield col(Mention.snoozed_until) > at
    if filters.teams:
        yield func.lower(col(Mention.handed_to)).in_(filters.teams)
    if any((filters.is_mine, filters.is_unassigned, filters.is_pinned, filters.is_snoozed)) or (
        filters.teams
    ):
        yield col(Mention.state) == MentionState.OPEN
    if filters.is_noted:
        yield exists().where(col(Note.mention_id) == col(Mention.id))
    if filters.tags:
        named = cast(Mention.tags, sqlalchemy.String)
        yield sqlalchemy.or_(
            *(named.contains(json.dumps(tag), autoescape=True) for tag in filters.tags)
        )


def _conditions(filters: Filters, at: int) -> Iterator[ColumnElement[bool]]:
    if filters.states:
        yield col(Mention.state).in_(sorted(filters.states))
    if filters.is_late:
        yield col(Mention.state) == MentionState.OPEN
        yield col(Mention.due_at) < at
    if filters.lanes:
        yield col(Mention.lane).in_(sorted(filters.lanes))
    if filters.is_praise:
        yield col(Mention.positive) >= 0.5
        yield func.coalesce(col(Mention.complaint), 0) < 0.5
    if filters.languages:
        language = func.coalesce(Mention.language, Mention.lang)
        yield language.in_(sorted(filters.languages))
    if filters.networks:
        yield col(Mention.channel).in_(sorted(filters.networks))
    if filters.topics:
        named = cast(Mention.topics, sqlalchemy.String)
        yield sqlalchemy.or_(
            *(named.contains(json.dumps(topic), autoescape=True) for topic in filters.topics)
        )


def _fts5(query: Query) -> str:
    """The query in FTS5's language; letters that are also written as two are looked for as both."""
    parts = [_either_way(sought) for sought in query.words]
    if authors := [_either_way(author) for author in query.filters.authors]:
        parts.append(f"author : ({' OR '.join(authors)})")
    return " AND ".join(parts)


def _either_way(sought: Sought) -> str:
    words = " ".join(sought.words)
    forms = dict.fromkeys((words, unicodedata.normalize("NFD", words)))
    goes_on = " *" if _goes_on(sought) else ""
    return "(" + " OR ".join(f'"{form}"{goes_on}' for form in forms) + ")"


def _tsquery(query: Query) -> str:
    """The query in the language of Postgres; B is the author's part."""
    parts = [_side_by_side(sought) for sought in query.words]
    if authors := [_side_by_side(author, "B") for author in query.filters.authors]:
        parts.append(f"({' | '.join(authors)})")
    return " & ".join(parts)


def _side_by_side(sought: Sought, part: str = "") -> str:
    marks = [part] * len(sought.words)
    marks[-1] += "*" if _goes_on(sought) else ""
    lexemes = (
        f"'{word}'{':' + mark if mark else ''}"
        for word, mark in zip(sought.words, marks, strict=True)
    )
    return "(" + " <-> ".join(lexemes) + ")"


def _goes_on(sought: Sought) -> bool:
    return not sought.is_whole and len(sought.words[-1]) >= _PREFIX_FROM
