"""How a mention ends, or comes back: by a sent reply, by a native post of ours, or by being gone.

An answer settles the earlier waiting mentions of the person it replies to in that conversation.
Others in the thread still wait, marked as perhaps answered. The conversation must be locked.
"""

from sqlmodel import Session, col, select

from models.records import threads
from models.records.events import NETWORK, SENDER, record
from models.records.states import move_mention, move_reply
from models.records.tables import (
    Identity,
    Mention,
    MentionState,
    OwnPost,
    Reply,
    ReplyState,
)


def confirm(
    session: Session, reply: Reply, external_id: str, url: str | None, at: int, actor: str = SENDER
) -> None:
    """The reply is public under `external_id` since `at`: it is sent and its mentions answered.

    Confirming twice, by the sender and by the echo, is one and the same.
    """
    if reply.state == ReplyState.SENT:
        return
    move_reply(
        session,
        reply,
        ReplyState.SENT,
        at,
        actor,
        external_id=external_id,
        url=url,
        sent_at=at,
        error=None,
    )
    for mention in answered_by(session, reply):
        move_mention(session, mention, MentionState.ANSWERED, at, actor, reply_id=reply.id)
    conversation = session.get_one(Mention, reply.mention_id).conversation_id
    _mark_bystanders(session, conversation, at)


def release(session: Session, reply: Reply, at: int, actor: str) -> None:
    """The reply will not be sent: its mentions wait again, or end as the network has it."""
    for mention in answered_by(session, reply):
        if mention.gone_at is not None:
            move_mention(session, mention, MentionState.GONE, at, actor)
        elif native := native_answer(session, mention):
            answer_natively(session, mention, native)
        else:
            move_mention(session, mention, MentionState.OPEN, at, actor)


def answered_by(session: Session, reply: Reply) -> list[Mention]:
    """The mentions that wait for the fate of this reply."""
    statement = select(Mention).where(
        Mention.reply_id == reply.id, Mention.state == MentionState.REPLYING
    )
    return list(session.exec(statement.execution_options(populate_existing=True)))


def native_answer(session: Session, mention: Mention) -> OwnPost | None:
    """The first native post of ours to this person, later than the mention, in the conversation."""
    person = select(Identity.person_id).where(Identity.id == mention.identity_id)
    statement = (
        select(OwnPost)
        .where(
            OwnPost.conversation_id == mention.conversation_id,
            col(OwnPost.person_id).in_(person),
            col(OwnPost.reply_id).is_(None),
            OwnPost.posted_at >= mention.posted_at,
            OwnPost.received_at > mention.reopened_at,
        )
        .order_by(col(OwnPost.posted_at), col(OwnPost.id))
    )
    return session.exec(statement).first()


def answer_natively(session: Session, mention: Mention, post: OwnPost) -> None:
    """The mention was answered on the network itself."""
    move_mention(
        session,
        mention,
        MentionState.ANSWERED,
        post.received_at,
        NETWORK,
        own_post_id=post.id,
        reply_id=None,
        settled_at=post.posted_at,
    )


def settle_natively(session: Session, post: OwnPost) -> None:
    """Apply a native post of ours to everybody who waits in its conversation.

    A reply of ours that still stands in the outbox for that person is taken back with a notice;
    one that is on its way is left to its own proof.
    """
    if post.person_id is not None:
        states = (MentionState.OPEN, MentionState.REPLYING)
        for mention in threads.of_person(session, post.conversation_id, post.person_id, states):
            if mention.posted_at <= post.posted_at and _is_free(session, mention, post):
                answer_natively(session, mention, post)
    if post.in_reply_to is not None:
        _mark_bystanders(session, post.conversation_id, post.posted_at)


def take_back(session: Session, reply: Reply, at: int, actor: str, reason: str) -> None:
    """Cancel a queued reply and let its mentions go, with the reason for whoever wrote it."""
    move_reply(session, reply, ReplyState.CANCELLED, at, actor, error=reason)
    release(session, reply, at, actor)


def mark_gone(session: Session, mention: Mention, at: int) -> None:
    """The author or the network took the post away: its words go too; an answer stays."""
    mention.gone_at, mention.text, mention.media = at, None, []
    mention.judged_at = mention.judged_at or at
    if mention.state == MentionState.OPEN:
        move_mention(session, mention, MentionState.GONE, at, NETWORK)
        return
    assert mention.id is not None
    record(session, at, NETWORK, "mention", mention.id, "deleted by its author")
    session.add(mention)
    if mention.state == MentionState.REPLYING:
        reply = session.get_one(Reply, mention.reply_id)
        if reply.state == ReplyState.QUEUED and reply.mention_id == mention.id:
            take_back(session, reply, at, NETWORK, "the post was deleted")


def _is_free(session: Session, mention: Mention, post: OwnPost) -> bool:
    """Whether no reply of ours is on its way to the mention; a queued one is taken back."""
    if mention.state == MentionState.OPEN:
        return True
    reply = session.get_one(Reply, mention.reply_id)
    if reply.state == ReplyState.QUEUED:
        move_reply(
            session,
            reply,
            ReplyState.CANCELLED,
            post.received_at,
            NETWORK,
            error="already answered on the network",
        )
        for other in answered_by(session, reply):
            if other.id != mention.id:
                move_mention(session, other, MentionState.OPEN, post.received_at, NETWORK)
        return True
    return False


def _mark_bystanders(session: Session, conversation_id: int, until: int) -> None:
    for mention in threads.waiting_since(session, conversation_id, until):
        mention.perhaps_answered = True
        session.add(mention)
