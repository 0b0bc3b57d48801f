"""How a mention ends, or comes back: by a sent reply, by a native post of ours, or by being gone.

An answer settles the earlier waiting mentions of the person it replies to in that conversation.
Others in the thread still wait, marked as perhaps answered. The conversation must be locked.
"""

from sqlmodel import Session, col, select

from models.records import promises, threads
from models.records.events import NETWORK, SENDER, record
from models.records.kinds import MentionState, ReplyState
from models.records.states import move_mention, move_reply
from models.records.tables import Identity, Mention, OwnPost, Reply


def confirm(
    session: Session, reply: Reply, external_id: str, url: str | None, at: int, actor: str = SENDER
) -> None:
    """The reply is public under `external_id` since `at`: it is sent and its mentions answered.

    Confirming twice, by the sender and by the echo, is one and the same. Proof that comes after
    the reply was given up still counts. A post credited to another reply proves nothing.
    """
    if reply.state == ReplyState.SENT or _is_credited(session, reply, external_id):
        return
    settled = waiting_for(session, reply)
    if reply.state == ReplyState.CANCELLED:
        settled = _still_waiting(session, reply)
    values = {"external_id": external_id, "url": url, "sent_at": at, "error": None}
    move_reply(session, reply, ReplyState.SENT, at, actor, **values)
    for mention in settled:
        move_mention(session, mention, MentionState.ANSWERED, at, actor, reply_id=reply.id)
    promises.make(session, reply, at)
    _credit(session, reply, external_id, at)
    _mark_bystanders(session, session.get_one(Mention, reply.mention_id).conversation_id, at)


def release(session: Session, reply: Reply, at: int, actor: str) -> None:
    """The reply will not be sent: its mentions wait again, or end as the network has it."""
    for mention in waiting_for(session, reply):
        if mention.gone_at is not None:
            move_mention(session, mention, MentionState.GONE, at, actor)
        elif native := native_answer(session, mention):
            answer_natively(session, mention, native)
        else:
            move_mention(session, mention, MentionState.OPEN, at, actor)


def waiting_for(session: Session, reply: Reply) -> list[Mention]:
    """The mentions that wait for the fate of this reply."""
    statement = select(Mention).where(
        Mention.reply_id == reply.id, Mention.state == MentionState.REPLYING
    )
    return list(session.exec(statement.execution_options(populate_existing=True)))


def is_overtaken(session: Session, reply: Reply) -> bool:
    """Whether sending it now would answer somebody twice, or nobody."""
    mention = session.get_one(Mention, reply.mention_id)
    return mention.gone_at is not None or native_answer(session, mention) is not None


def native_answer(session: Session, mention: Mention) -> OwnPost | None:
    """The first native post of ours that answers this mention."""
    identity = session.get_one(Identity, mention.identity_id)
    statement = (
        select(OwnPost)
        .join(Identity, col(Identity.id) == col(OwnPost.identity_id))
        .where(
            OwnPost.conversation_id == mention.conversation_id,
            Identity.person_id == identity.person_id,
            col(OwnPost.reply_id).is_(None),
            OwnPost.posted_at >= mention.posted_at,
        )
        .order_by(col(OwnPost.posted_at), col(OwnPost.id))
    )
    return next((post for post in session.exec(statement) if answers(post, mention)), None)


def answers(post: OwnPost, mention: Mention) -> bool:
    """Whether a native post to this person can be the answer to this mention.

    Never to a mention that replies to the very post, however the clocks differ; in the same
    instant only to its own parent; and not once a person has put the mention back.
    """
    if mention.in_reply_to == post.external_id or post.received_at <= mention.reopened_at:
        return False
    if post.posted_at == mention.posted_at:
        return post.in_reply_to == mention.external_id
    return post.posted_at > mention.posted_at


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
    if post.identity_id is not None:
        person = session.get_one(Identity, post.identity_id).person_id
        states = (MentionState.OPEN, MentionState.REPLYING)
        for mention in threads.of_person(session, post.conversation_id, person, states):
            if answers(post, mention) and _is_free(session, mention, post):
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
        reply = threads.locked_reply(session, mention.reply_id or 0)
        if reply.state == ReplyState.QUEUED and reply.mention_id == mention.id:
            take_back(session, reply, at, NETWORK, "the post was deleted")


def bring_back(session: Session, mention: Mention, text: str, at: int) -> None:
    """A post we took for deleted is there after all: its words come back, and it waits again."""
    mention.gone_at, mention.text, mention.judged_at = None, text, None
    assert mention.id is not None
    if mention.state == MentionState.GONE:
        move_mention(session, mention, MentionState.OPEN, at, NETWORK)
    else:
        record(session, at, NETWORK, "mention", mention.id, "seen again")
    session.add(mention)


def _is_free(session: Session, mention: Mention, post: OwnPost) -> bool:
    """Whether no reply of ours is on its way to the mention.

    A queued one is taken back, unless it was written to a later word of the same person.
    """
    if mention.state == MentionState.OPEN:
        return True
    reply = threads.locked_reply(session, mention.reply_id or 0)
    if reply.state != ReplyState.QUEUED:
        return False
    if answers(post, session.get_one(Mention, reply.mention_id)):
        at, reason = post.received_at, "already answered on the network"
        move_reply(session, reply, ReplyState.CANCELLED, at, NETWORK, error=reason)
        for other in waiting_for(session, reply):
            if other.id != mention.id:
                move_mention(session, other, MentionState.OPEN, at, NETWORK)
    return True


def _is_credited(session: Session, reply: Reply, external_id: str) -> bool:
    """Whether the network's post is another reply's proof already."""
    statement = select(Reply.id).where(
        Reply.channel == reply.channel, Reply.external_id == external_id, Reply.id != reply.id
    )
    return session.exec(statement).first() is not None


def _still_waiting(session: Session, reply: Reply) -> list[Mention]:
    """Whom a reply answers that was given up and turns out to be public."""
    written_to = session.get_one(Mention, reply.mention_id)
    person = threads.person_of(session, written_to)
    waiting = threads.of_person(session, written_to.conversation_id, person, [MentionState.OPEN])
    return [mention for mention in waiting if mention.received_at <= reply.created_at]


def _credit(session: Session, reply: Reply, external_id: str, at: int) -> None:
    """The echo may have been read before and taken for a native post: it is the reply's receipt."""
    statement = select(OwnPost).where(
        OwnPost.channel == reply.channel, OwnPost.external_id == external_id
    )
    echo = session.exec(statement).first()
    if echo is None or echo.reply_id == reply.id:
        return
    echo.reply_id = reply.id
    session.add(echo)
    for mention in session.exec(select(Mention).where(Mention.own_post_id == echo.id)):
        mention.own_post_id, mention.reply_id = None, reply.id
        assert mention.id is not None
        record(session, at, SENDER, "mention", mention.id, "credited to our reply")
        session.add(mention)


def _mark_bystanders(session: Session, conversation_id: int, until: int) -> None:
    for mention in threads.waiting_until(session, conversation_id, until):
        mention.perhaps_answered = True
        session.add(mention)
