"""Looking again at posts we hold: which are due, and what an edit or a deletion does.

A post that waits is looked at every ten minutes. One that is settled is looked at as long as we
hold its words, since they go when its author takes them away: once a day, or where a look costs
money at four times its age at the last one.
"""

from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from models.instant import DAY
from models.post import Post
from models.records import intake, settling, threads
from models.records.kinds import MentionState
from models.records.tables import Mention

_BATCH = 100
_WAITING = (MentionState.OPEN, MentionState.REPLYING)


def due(session: Session, channel: str, at: int, *, settled: bool = True) -> list[str]:
    """External ids of mentions to be looked at, those that wait first, then the longest due."""
    found = list[str]()
    for waits in (True, False) if settled else (True,):
        statement = (
            select(Mention.external_id)
            .where(
                Mention.channel == channel,
                col(Mention.text).is_not(None),
                Mention.look_at <= at,
                col(Mention.state).in_(_WAITING) == waits,
            )
            .order_by(col(Mention.look_at), col(Mention.id))
            .limit(_BATCH - len(found))
        )
        found += session.exec(statement)
    return found


def apply(
    session: Session,
    channel: str,
    asked: Sequence[str],
    found: Mapping[str, Post | None],
    at: int,
    *,
    is_billed: bool = False,
) -> None:
    """Keep new words, let deleted posts go, and note when each of `asked` is due again."""
    where = (Mention.channel == channel, col(Mention.external_id).in_(asked))
    threads.lock(session, session.exec(select(Mention.conversation_id).where(*where)))
    fresh = select(Mention).where(*where).execution_options(populate_existing=True)
    for mention in session.exec(fresh).all():
        mention.look_at = at + _pause(mention, at, is_billed)
        session.add(mention)
        if mention.external_id not in found:
            continue  # absence is no proof of deletion
        post = found[mention.external_id]
        if post is None and mention.gone_at is None:
            settling.mark_gone(session, mention, at)
        elif post is not None and post.edited_at is not None:
            intake.note_edit(session, post)


def _pause(mention: Mention, at: int, is_billed: bool) -> int:
    if mention.state in _WAITING:
        return intake.LOOK_AFTER
    return max(DAY, 3 * (at - mention.received_at)) if is_billed else DAY
