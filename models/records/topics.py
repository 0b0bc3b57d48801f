"""What mentions are about: put right by staff, counted, and what rises without a topic.

Every question is about windows of `posted_at`, [since, until), and reads nothing outside them.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy
from sqlalchemy import func
from sqlmodel import Session, col

from models.chance import at_least
from models.records import threads
from models.records.events import record
from models.records.tables import Identity, Mention
from models.topics.stop_words import STOP_WORDS

Window = tuple[int, int]
_COMPLAINT = 0.5
_FEWEST = 3
"""People who must use a word before it is said to rise: what one person says is nobody's figure."""
_CHANCE = 0.05
"""How likely it may be that any word at all seems to rise by chance."""
_MOST = 20
_LINK = re.compile(r"(?:https?://|www\.)\S{1,2000}", re.IGNORECASE)
_WORD = re.compile(r"(?<![\w@.#])[^\W\d_]{3,40}(?![\w@]|\.\w)")
"""Words of letters alone: numbers, handles and addresses are none."""
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Rising:
    """A word, how many people used it, how many were to be expected, and in which mentions."""

    word: str
    people: int
    expected: float
    mentions: tuple[int, ...]


def correct(session: Session, mention_id: int, topics: Sequence[str], staff: str, at: int) -> None:
    """Staff say what it is about; from now on no judge does. NotFound if there is none."""
    mention = threads.locked_mention(session, mention_id)
    before = list(mention.topics)
    mention.topics, mention.topics_by = list(topics), staff
    session.add(mention)
    record(session, at, staff, "mention", mention_id, "topics", before=before, after=list(topics))


def counts(
    session: Session, since: int, until: int, *, complaints: bool = False
) -> dict[str, list[int]]:
    """Topic -> the ids of its mentions; with `complaints`, only of those judged to be one."""
    columns: tuple[Any, ...] = (Mention.id, Mention.topics)
    statement = (
        sqlalchemy.select(*columns)
        .where(col(Mention.posted_at) >= since, col(Mention.posted_at) < until, _has_topics())
        .order_by(col(Mention.posted_at), col(Mention.id))
    )
    if complaints:
        statement = statement.where(col(Mention.complaint) >= _COMPLAINT)
    found = dict[str, list[int]]()
    for mention_id, topics in session.connection().execute(statement):
        for topic in topics:
            found.setdefault(topic, []).append(mention_id)
    return found


def rising(session: Session, window: Window, earlier: Sequence[Window]) -> list[Rising]:
    """Words that more people use than by chance, in mentions that no topic fits; first the
    least likely. `earlier` are windows to compare with, such as the same day of past weeks.
    """
    now, size = _users(session, [window])
    past, past_size = _users(session, earlier)
    if not now or not past_size:
        return []
    share = size / past_size
    found = list[tuple[float, Rising]]()
    for word, mentions in now.items():
        expected = (len(past.get(word, ())) + 0.5) * share
        chance = at_least(len(mentions), expected)
        if len(mentions) >= _FEWEST and chance * len(now) < _CHANCE:
            ids = tuple(sorted(mentions.values()))
            found.append((chance, Rising(word, len(mentions), expected, ids)))
    found.sort(key=lambda one: (one[0], one[1].word))
    return [one for _chance, one in found[:_MOST]]


def _users(session: Session, windows: Sequence[Window]) -> tuple[dict[str, dict[int, int]], int]:
    """Word -> who used it, with their first mention; and how many mentions there were."""
    columns: tuple[Any, ...] = (
        Mention.id,
        Mention.identity_id,
        func.substr(Mention.text, 1, _LONGEST),
        Identity.name,
    )
    used, size = defaultdict[str, dict[int, int]](dict), 0
    for since, until in windows:
        statement = (
            sqlalchemy.select(*columns)
            .join(Identity, col(Identity.id) == col(Mention.identity_id))
            .where(col(Mention.posted_at) >= since, col(Mention.posted_at) < until)
            .where(col(Mention.text).is_not(None), sqlalchemy.not_(_has_topics()))
            .order_by(col(Mention.posted_at))
        )
        for mention_id, who, text, name in session.connection().execute(statement):
            size += 1
            for word in {*_words(text)} - {*_words(name or "")}:
                used[word].setdefault(who, mention_id)
    return used, size


def _words(text: str) -> Iterator[str]:
    for word in _WORD.findall(_LINK.sub(" ", text).lower()):
        if word not in STOP_WORDS:
            yield word


def _has_topics() -> sqlalchemy.ColumnElement[bool]:
    return sqlalchemy.cast(col(Mention.topics), sqlalchemy.String) != "[]"
