"""Looking again at posts that wait: which are due, and what an edit or a deletion does."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from models.instant import MINUTE
from models.post import Post
from models.records import intake, settling, threads
from models.records.kinds import MentionState
from models.records.tables import Mention

_EVERY = 10 * MINUTE
_BATCH = 100


def due(session: Session, channel: str, at: int) -> list[str]:
    """External ids of waiting mentions not looked at for ten minutes, the longest ago first."""
    statement = (
        select(Mention.external_id)
        .where(
            Mention.channel == channel,
            col(Mention.state).in_((MentionState.OPEN, MentionState.REPLYING)),
            col(Mention.gone_at).is_(None),
            Mention.rechecked_at < at - _EVERY,
            Mention.received_at < at - _EVERY,
        )
        .order_by(col(Mention.rechecked_at), col(Mention.id))
        .limit(_BATCH)
    )
    return list(session.exec(statement))


def apply(session: Session, channel: str, found: Mapping[str, Post | None], at: int) -> None:
    """Keep new words, let deleted posts go, and note that all were looked at."""
    where = (Mention.channel == channel, col(Mention.external_id).in_(list(found)))
    threads.lock(session, session.exec(select(Mention.conversation_id).where(*where)))
    fresh = select(Mention).where(*where).execution_options(populate_existing=True)
    for mention in session.exec(fresh).all():
        mention.rechecked_at = at
        session.add(mention)
        post = found[mention.external_id]
        if post is None and mention.gone_at is None:
            settling.mark_gone(session, mention, at)
        elif post is not None and post.edited_at is not None:
            intake.note_edit(session, post)
