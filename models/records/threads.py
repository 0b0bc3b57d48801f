"""A conversation: the lock under which its mentions and replies move, and who waits in it."""

from collections.abc import Collection, Iterable, Sequence

from sqlmodel import Session, col, select

from models.errors import NotFound
from models.records.kinds import MentionState
from models.records.tables import Conversation, Identity, Mention, Reply
from models.words import _


def lock(session: Session, conversation_ids: Iterable[int]) -> None:
    """Hold these conversations until the transaction ends, always in the same order.

    Every transaction that moves a mention takes this lock first, then its reply's row. The
    sender's claim and rescue lock the reply alone and skip what is held, so none can deadlock.
    SQLite holds the whole database anyway.
    """
    wanted = sorted(set(conversation_ids))
    statement = select(Conversation.id).where(col(Conversation.id).in_(wanted))
    session.exec(statement.order_by(col(Conversation.id)).with_for_update()).all()


def mention(session: Session, mention_id: int) -> Mention:
    """The mention as it is, not locked; NotFound if there is none."""
    found = session.get(Mention, mention_id)
    if found is None:
        raise NotFound(_("There is no mention {id}.").format(id=mention_id))
    return found


def locked_mention(session: Session, mention_id: int) -> Mention:
    """The mention, with its conversation locked; NotFound if there is none."""
    conversation_id = session.exec(
        select(Mention.conversation_id).where(Mention.id == mention_id)
    ).first()
    if conversation_id is None:
        raise NotFound(_("There is no mention {id}.").format(id=mention_id))
    lock(session, [conversation_id])
    return session.exec(
        select(Mention).where(Mention.id == mention_id).execution_options(populate_existing=True)
    ).one()


def locked_reply(session: Session, reply_id: int) -> Reply:
    """The reply as it is now, locked: a sender may have claimed it since we last read it."""
    statement = select(Reply).where(Reply.id == reply_id).with_for_update()
    found = session.exec(statement.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound(_("There is no reply {id}.").format(id=reply_id))
    return found


def locked_with_its_mention(session: Session, reply_id: int) -> Reply:
    """The reply, locked after its mention's conversation; NotFound if there is none."""
    mention_id = session.exec(select(Reply.mention_id).where(Reply.id == reply_id)).first()
    if mention_id is not None:
        locked_mention(session, mention_id)
    return locked_reply(session, reply_id)


def person_of(session: Session, mention: Mention) -> int:
    """The id of the person who wrote it."""
    identity = session.get_one(Identity, mention.identity_id)
    return identity.person_id


def of_person(
    session: Session, conversation_id: int, person_id: int, states: Sequence[MentionState]
) -> list[Mention]:
    """The mentions of one person in a conversation that are in one of `states`, oldest first."""
    statement = (
        select(Mention)
        .join(Identity, col(Identity.id) == col(Mention.identity_id))
        .where(
            Mention.conversation_id == conversation_id,
            Identity.person_id == person_id,
            col(Mention.state).in_(states),
        )
        .order_by(col(Mention.posted_at), col(Mention.id))
    )
    return list(session.exec(statement.execution_options(populate_existing=True)))


def settled_by(session: Session, written: Mention, seen: Collection[int] | None) -> list[Mention]:
    """What an answer to this mention settles: it, and what else its writer waits with there, as far
    as whoever answers has `seen` it; None where that is all."""
    waiting = of_person(
        session, written.conversation_id, person_of(session, written), [MentionState.OPEN]
    )
    return [one for one in waiting if one.id == written.id or seen is None or one.id in seen]


def waiting_until(session: Session, conversation_id: int, until: int) -> list[Mention]:
    """Everybody who waits in a conversation with a post from `until` or before."""
    statement = select(Mention).where(
        Mention.conversation_id == conversation_id,
        Mention.state == MentionState.OPEN,
        Mention.posted_at <= until,
    )
    return list(session.exec(statement))
