"""What stands on a mention: one way to put it there, and tags and pins."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlmodel import Session, col, select

from models.errors import Refused
from models.outside import storable
from models.records import desk, threads
from models.records.events import record
from models.records.tables import Mention
from models.records.views import Marks, Undo
from models.urgency import rank_of
from models.words import _

_TAG = re.compile(r"[\w-]{1,30}")
_MOST_TAGS = 10
LONGEST_NAME = 60
"""Letters in the name of a colleague or of a team."""


def marks_of(mention: Mention) -> Marks:
    """What stands on it now."""
    return Marks(
        mention.assigned_to,
        mention.claimed_until,
        mention.snoozed_until,
        mention.is_pinned,
        tuple(mention.tags),
        mention.handed_to,
    )


def open_mention(session: Session, mention_id: int) -> Mention:
    """The mention, its conversation locked; Refused unless it waits, NotFound if there is none."""
    mention = threads.locked_mention(session, mention_id)
    desk.refuse_unless_open(session, mention)
    return mention


def put(
    session: Session,
    mention: Mention,
    kind: str,
    staff: str,
    at: int,
    values: dict[str, Any],
    **data: Any,
) -> Undo:
    """Change columns of a locked mention, with an event of this kind where anything differs."""
    before = marks_of(mention)
    for column, value in values.items():
        setattr(mention, column, value)
    mention.rank = rank_of(mention.lane, is_pinned=mention.is_pinned)
    after = marks_of(mention)
    assert mention.id is not None
    if after != before:
        mention.version += 1
        session.add(mention)
        record(session, at, staff, "mention", mention.id, kind, **data)
    return Undo(mention.id, before, after)


def pin(session: Session, mention_id: int, staff: str, at: int) -> Undo:
    """It comes first of the queue, before urgent ones, until it is unpinned or closed."""
    mention = open_mention(session, mention_id)
    return put(session, mention, "pinned", staff, at, {"is_pinned": True})


def unpin(session: Session, mention_id: int, staff: str, at: int) -> Undo:
    """It stands where its lane and its due time put it."""
    mention = open_mention(session, mention_id)
    return put(session, mention, "unpinned", staff, at, {"is_pinned": False})


def tag(
    session: Session,
    ids: Sequence[int],
    add: Iterable[str],
    remove: Iterable[str],
    staff: str,
    at: int,
) -> tuple[Undo, ...]:
    """Put tags on mentions and take others off, in any state: a closed one keeps its tags.

    A tag is one word of at most thirty letters, in small letters; Refused if it is none.
    """
    added, removed = [_checked_tag(one) for one in add], {_checked_tag(one) for one in remove}
    lock_all(session, ids)
    return tuple(
        _tag(session, threads.locked_mention(session, mention_id), added, removed, staff, at)
        for mention_id in dict.fromkeys(ids)
    )


def lock_all(session: Session, ids: Iterable[int]) -> None:
    """Hold the conversations of all these in one order, so that two who do so cannot deadlock."""
    found = select(Mention.conversation_id).where(col(Mention.id).in_(set(ids)))
    threads.lock(session, session.exec(found))


def checked_name(name: str) -> str:
    """A colleague's or a team's name as it is kept; Refused where there is none."""
    kept = " ".join(storable(name)[0].split())
    if not kept:
        raise Refused(_("To whom?"))
    if len(kept) > LONGEST_NAME:
        raise Refused(_("A name has at most {limit} letters.").format(limit=LONGEST_NAME))
    return kept


def _tag(
    session: Session, mention: Mention, added: Sequence[str], removed: set[str], staff: str, at: int
) -> Undo:
    tags = [one for one in dict.fromkeys([*mention.tags, *added]) if one not in removed]
    if len(tags) > max(_MOST_TAGS, len(mention.tags)):
        raise Refused(
            _("Mention {id} would have {number} tags; {limit} is the most.").format(
                id=mention.id, number=len(tags), limit=_MOST_TAGS
            )
        )
    before = list(mention.tags)
    return put(session, mention, "tagged", staff, at, {"tags": tags}, before=before, after=tags)


def _checked_tag(written: str) -> str:
    found = storable(written)[0].strip().removeprefix("#").lower()
    if not _TAG.fullmatch(found):
        raise Refused(
            _("A tag is one word of at most thirty letters, digits, hyphens and underscores.")
        )
    return found
