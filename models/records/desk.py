"""What staff do: reply, take back, dismiss, answer by hand, reopen, decide an unknown reply.

Each is one transaction with its event; the loser of a race is told who was first. One reply goes
to one customer: there is no bulk sending.
"""

from dataclasses import asdict
from urllib.parse import urlsplit

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from models.answer import Answer
from models.errors import Refused
from models.networks import NETWORKS, obstacle, too_heavy
from models.outside import storable, visible
from models.records import drafts, settling, threads
from models.records.events import record
from models.records.kinds import LIVE, MentionState, ReplyState
from models.records.states import move_mention, move_reply
from models.records.tables import Account, Mention, OwnPost, Reply, ReplyKey, Source
from models.words import _


def reply(
    session: Session,
    mention_id: int,
    answer: Answer,
    at: int,
    undo: int,
    can_send: frozenset[str],
) -> Reply:
    """Queue an answer; it leaves `undo` microseconds from now. `can_send` names the channels.

    Refused if somebody answered or is answering already, or if we cannot send there.
    """
    if earlier := session.exec(select(Reply).where(Reply.idem_key == answer.key)).first():
        if earlier.body == answer.body and earlier.state in (*LIVE, ReplyState.SENT):
            return earlier
        raise Refused(
            _("Reply {id} was begun with this draft in other words; write it anew.").format(
                id=earlier.id
            )
        )
    mention = threads.locked_mention(session, mention_id)
    refuse_unless_open(session, mention)
    _refuse_unsendable(mention, answer.body, can_send)
    row = Reply(
        mention_id=mention_id,
        account_id=sender_account(session, mention),
        channel=mention.channel,
        in_reply_to=mention.external_id,
        idem_key=answer.key,
        body=answer.body,
        staff=answer.staff,
        created_at=at,
        state=ReplyState.QUEUED,
        send_after=at + undo,
        is_holding=answer.is_holding,
        promises=[asdict(promised) for promised in answer.promises or ()],
        remarks=sorted(set(answer.remarks)),
        overrides=[{"rule": rule, "reason": reason} for rule, reason in answer.overrides],
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        raise Refused(_("Mention {id} is being answered already.").format(id=mention_id)) from None
    assert row.id is not None
    record(session, at, answer.staff, "reply", row.id, "queued", (None, ReplyState.QUEUED))
    session.add_all(ReplyKey(key=key, reply_id=row.id) for key in set(answer.keys))
    drafts.sent(session, answer.key)
    for waiting in threads.settled_by(session, mention, answer.seen):
        move_mention(session, waiting, MentionState.REPLYING, at, answer.staff, reply_id=row.id)
    return row


def refuse_what_cannot_be(
    session: Session, mention_id: int, answer: Answer, can_send: frozenset[str]
) -> None:
    """What `reply` would refuse for other reasons than its words, said before anybody reads them;
    the same answer once more is no reason."""
    if session.exec(select(Reply.id).where(Reply.idem_key == answer.key)).first() is None:
        mention = threads.mention(session, mention_id)
        refuse_unless_open(session, mention)
        _refuse_unsendable(mention, answer.body, can_send)


def undo(session: Session, reply_id: int, staff: str, at: int) -> None:
    """Take a reply back that has not left; Refused once it is on its way. Its words are kept."""
    row = threads.locked_with_its_mention(session, reply_id)
    if row.state != ReplyState.QUEUED:
        sentence = _("Too late: the reply is {state}.")
        if row.state == ReplyState.CANCELLED:
            sentence = _("It was taken back already.")
        raise Refused(sentence.format(state=row.state))
    move_reply(session, row, ReplyState.CANCELLED, at, staff, error=None)
    settling.release(session, row, at, staff)
    drafts.give_back(session, row.mention_id, row.body, row.staff, at)


def undo_newest(session: Session, staff: str, at: int) -> int:
    """Take back the newest of somebody's replies that have not left; its id. Refused without."""
    mine = select(Reply.id).where(Reply.staff == staff, Reply.state == ReplyState.QUEUED)
    newest = session.exec(mine.order_by(col(Reply.id).desc())).first()
    if newest is None:
        raise Refused(_("Nothing to undo: no reply of yours waits to leave."))
    undo(session, newest, staff, at)
    return newest


def send_again(session: Session, reply_id: int, staff: str, at: int) -> None:
    """A person has looked and decided that an unknown reply is not there: queue it once more."""
    row = threads.locked_with_its_mention(session, reply_id)
    _refuse_unless_unknown(row)
    if settling.is_overtaken(session, row):
        raise Refused(
            _("Meanwhile the post was answered on the network or deleted; give the reply up.")
        )
    move_reply(session, row, ReplyState.QUEUED, at, staff, send_after=at, looks=0)


def it_is_there(session: Session, reply_id: int, link: str, staff: str, at: int) -> None:
    """A person has seen an unknown reply on the network, under `link`."""
    row = threads.locked_with_its_mention(session, reply_id)
    _refuse_unless_unknown(row)
    settling.confirm(session, row, _checked_link(link), link, at, staff)


def give_up(session: Session, reply_id: int, staff: str, at: int) -> None:
    """A person lets an unknown reply go: its mentions wait again, its words are kept."""
    row = threads.locked_with_its_mention(session, reply_id)
    _refuse_unless_unknown(row)
    move_reply(session, row, ReplyState.CANCELLED, at, staff, error=None)
    settling.release(session, row, at, staff)
    drafts.give_back(session, row.mention_id, row.body, row.staff, at)


def dismiss(session: Session, mention_id: int, reason: str, staff: str, at: int) -> None:
    """Close a mention without reply, by whom and why."""
    if not reason.strip():
        raise Refused(_("Closing without reply needs a reason."))
    mention = threads.locked_mention(session, mention_id)
    refuse_unless_open(session, mention)
    move_mention(
        session,
        mention,
        MentionState.DISMISSED,
        at,
        staff,
        dismissed_reason=reason.strip(),
        dismissed_by=staff,
    )  # the words of a draft stay, for whoever opens it again


def answered_by_hand(session: Session, mention_id: int, link: str, staff: str, at: int) -> None:
    """A person answered on the network itself and confirms it with the permalink.

    When that was is not known, so later words of the same customer still wait.
    """
    checked = _checked_link(link)
    mention = threads.locked_mention(session, mention_id)
    refuse_unless_open(session, mention)
    person = threads.person_of(session, mention)
    proof = {"answered_link": checked, "answered_by": staff}
    for waiting in threads.of_person(session, mention.conversation_id, person, [MentionState.OPEN]):
        if waiting.posted_at <= mention.posted_at:
            move_mention(session, waiting, MentionState.ANSWERED, at, staff, **proof)
    drafts.discard(session, mention_id, staff)


def reopen(session: Session, mention_id: int, staff: str, at: int) -> None:
    """Put an answered or dismissed mention back into the queue."""
    mention = threads.locked_mention(session, mention_id)
    if mention.state not in (MentionState.ANSWERED, MentionState.DISMISSED):
        raise Refused(
            _("Mention {id} is {state}; only a closed one can be reopened.").format(
                id=mention_id, state=mention.state
            )
        )
    move_mention(session, mention, MentionState.OPEN, at, staff, reopened_at=at)


def sender_account(session: Session, mention: Mention) -> int:
    """The account that answers: the last one in the thread, else the source's, else ours there.

    Refused where we have no account on that network.
    """
    in_thread = select(OwnPost.account_id).where(OwnPost.conversation_id == mention.conversation_id)
    latest = session.exec(in_thread.order_by(col(OwnPost.posted_at).desc())).first()
    if latest is not None:
        return latest
    source = session.get_one(Source, mention.source_id)
    if source.account_id is not None:
        return source.account_id
    any_account = select(Account.id).where(Account.channel == mention.channel)
    found = session.exec(any_account.order_by(col(Account.id))).first()
    if found is None:
        reason = obstacle(mention.channel, mention.flags, frozenset())
        raise Refused(f"{reason} {_by_hand(mention)}")
    return found


def refuse_unless_open(session: Session, mention: Mention) -> None:
    """Refused unless it waits, with who answers it."""
    if mention.state == MentionState.OPEN:
        return
    sentence = _("Mention {id} is {state} already.").format(id=mention.id, state=mention.state)
    live = select(Reply).where(Reply.id == mention.reply_id, col(Reply.state).in_(LIVE))
    if mention.reply_id is not None and (theirs := session.exec(live).first()):
        sentence = _("Mention {id} is being answered by {staff} (reply {reply}).").format(
            id=mention.id, staff=theirs.staff, reply=theirs.id
        )
    raise Refused(sentence)


def _refuse_unsendable(mention: Mention, body: str, can_send: frozenset[str]) -> None:
    if not visible(body).strip(" ◊␀"):
        raise Refused(_("The reply is empty."))
    if storable(body)[1]:
        raise Refused(_("The reply holds characters that cannot be sent; write it anew."))
    if reason := obstacle(mention.channel, mention.flags, can_send):
        raise Refused(f"{reason} {_by_hand(mention)}")
    network = NETWORKS[mention.channel]
    if (length := network.count(body)) > network.room:
        raise Refused(
            _("The reply has {length} characters; {network} takes {limit}.").format(
                length=length, network=network.label, limit=network.room
            )
        )
    if reason := too_heavy(mention.channel, body):
        raise Refused(reason)


def _by_hand(mention: Mention) -> str:
    told = _("Answer there yourself, then confirm it: gensvar answered {id} --link URL")
    return told.format(id=mention.id)


def _refuse_unless_unknown(row: Reply) -> None:
    if row.state != ReplyState.UNKNOWN:
        raise Refused(
            _("Reply {id} is {state}; there is nothing to decide.").format(
                id=row.id, state=row.state
            )
        )


def _checked_link(link: str) -> str:
    parts = urlsplit(link.strip())
    odd = any(letter.isspace() or not letter.isprintable() for letter in link.strip())
    if parts.scheme not in {"http", "https"} or not parts.netloc or len(link) > 2000 or odd:
        raise Refused(_("The link must be the address of the answer, beginning with https://"))
    return link.strip()
