"""Posts in: each becomes a mention, a post of our own, or a duplicate, and all are counted.

A page's rows, its counts and the source's checkpoint belong in one transaction; the caller owns
it. Unique (channel, external id) is the law that makes re-reading harmless.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from sqlmodel import Session, col, select

from models.business import Calendar
from models.networks import same_words
from models.post import Post
from models.records import settling, threads
from models.records.events import LISTENER, NETWORK, record
from models.records.people import identify, insert_new, own_account
from models.records.tables import (
    Conversation,
    Identity,
    Ingest,
    Mention,
    MentionState,
    OwnPost,
    Reply,
    ReplyState,
    Source,
)
from models.urgency import Allowances, unjudged

FUTURE = 5 * 60_000_000
"""A post dated further ahead than this is flagged; its clock starts when we received it."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The clock and allowances a new mention starts with."""

    calendar: Calendar
    allowances: Allowances


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the posts handed over."""

    new: int = 0
    own: int = 0
    duplicate: int = 0
    rejected: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        pairs = zip(asdict(self).values(), asdict(other).values(), strict=True)
        return Counts(*(mine + theirs for mine, theirs in pairs))


def take_in(
    session: Session,
    source: Source,
    posts: Sequence[Post],
    at: int,
    policy: Policy,
    rejected: int = 0,
) -> Counts:
    """Store a page of posts, oldest first, and its counts; `rejected` were refused before."""
    fresh, known = _split(session, posts)
    homes = _conversations(session, fresh)
    counts = Counts(duplicate=len(known), rejected=rejected)
    assert source.id is not None
    for post in fresh:
        home = homes[post.channel, post.external_id]
        if post.own:
            taken = _take_own(session, post, home, source.id, at)
        else:
            taken = _take_mention(session, post, home, source.id, at, policy)
        counts += (
            Counts(own=taken, duplicate=1 - taken)
            if post.own
            else Counts(new=taken, duplicate=1 - taken)
        )
    for post in known:
        if post.edited_at is not None:
            note_edit(session, post)
    session.add(Ingest(source_id=source.id, at=at, fetched=len(posts) + rejected, **asdict(counts)))
    return counts


def _split(session: Session, posts: Sequence[Post]) -> tuple[list[Post], list[Post]]:
    """Posts never seen, each once, and the rest."""
    seen = set[tuple[str, str]]()
    for channel in {post.channel for post in posts}:
        ids = [post.external_id for post in posts if post.channel == channel]
        for table in (Mention, OwnPost):
            statement = select(table.external_id).where(
                table.channel == channel, col(table.external_id).in_(ids)
            )
            seen.update((channel, external_id) for external_id in session.exec(statement))
    fresh, known = list[Post](), list[Post]()
    for post in posts:
        key = (post.channel, post.external_id)
        (known if key in seen else fresh).append(post)
        seen.add(key)
    return fresh, known


def _conversations(session: Session, posts: Sequence[Post]) -> dict[tuple[str, str], int]:
    """The conversation of each post, made where it is new, and all of them locked."""
    roots = dict[tuple[str, str], str]()
    for post in posts:
        roots[post.channel, post.external_id] = _root(session, post, roots)
    wanted = {(key[0], root) for key, root in roots.items()}
    ids = _conversation_ids(session, wanted)
    for channel, root in sorted(wanted - ids.keys()):
        insert_new(session, Conversation, channel=channel, root_external_id=root)
    if wanted - ids.keys():
        ids = _conversation_ids(session, wanted)
    threads.lock(session, ids.values())
    return {key: ids[key[0], root] for key, root in roots.items()}


def _conversation_ids(session: Session, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The ids of those (channel, root) pairs that are known."""
    found = dict[tuple[str, str], int]()
    for channel in {channel for channel, _root in wanted}:
        roots = [root for other, root in wanted if other == channel]
        statement = select(Conversation.root_external_id, Conversation.id).where(
            Conversation.channel == channel, col(Conversation.root_external_id).in_(roots)
        )
        found |= {(channel, root): number or 0 for root, number in session.exec(statement)}
    return found


def _root(session: Session, post: Post, page: dict[tuple[str, str], str]) -> str:
    """The network's id of the thread; where the network names none, the parent's, or the parent."""
    if post.conversation or not post.in_reply_to:
        return post.conversation or post.external_id
    if known := page.get((post.channel, post.in_reply_to)):
        return known
    for table in (Mention, OwnPost):
        statement = (
            select(Conversation.root_external_id)
            .join(table, col(table.conversation_id) == col(Conversation.id))
            .where(table.channel == post.channel, table.external_id == post.in_reply_to)
        )
        if root := session.exec(statement).first():
            return root
    return post.in_reply_to


def _take_mention(
    session: Session, post: Post, home: int, source_id: int, at: int, policy: Policy
) -> int:
    """Store a mention, in the queue before anybody has judged it; 0 if it was there."""
    identity = identify(session, post.channel, post.author)
    urgency = unjudged(policy.allowances)
    flags = [*post.flags, *(["future date"] if post.posted_at > at + FUTURE else [])]
    mention_id = insert_new(
        session,
        Mention,
        channel=post.channel,
        external_id=post.external_id,
        conversation_id=home,
        identity_id=identity.id,
        source_id=source_id,
        in_reply_to=post.in_reply_to,
        text=post.text,
        url=post.url,
        lang=post.lang,
        media=[asdict(media) for media in post.media],
        flags=flags,
        addressed=post.addressed,
        posted_at=post.posted_at,
        received_at=at,
        edited_at=post.edited_at,
        lane=urgency.lane,
        rank=urgency.rank,
        allowance_minutes=urgency.allowance_minutes,
        why=[asdict(term) for term in urgency.why],
        due_at=urgency.due(min(post.posted_at, at), policy.calendar),
    )
    if mention_id is None:
        return 0
    record(session, at, LISTENER, "mention", mention_id, "received", (None, MentionState.OPEN))
    _meet_our_posts(session, session.get_one(Mention, mention_id), identity.person_id)
    return 1


def _meet_our_posts(session: Session, mention: Mention, person_id: int) -> None:
    """Our own posts may have been read before the mention they answer."""
    ours = select(OwnPost.id).where(OwnPost.conversation_id == mention.conversation_id)
    if session.exec(ours.limit(1)).first() is None:
        return
    for post in _answers_without_person(session, mention):
        post.person_id = person_id
        session.add(post)
        if post.reply_id is None:
            settling.settle_natively(session, post)
    if mention.state != MentionState.OPEN:
        return
    if native := settling.native_answer(session, mention):
        settling.answer_natively(session, mention, native)
        return
    later = select(OwnPost.id).where(
        OwnPost.conversation_id == mention.conversation_id,
        col(OwnPost.in_reply_to).is_not(None),
        OwnPost.posted_at >= mention.posted_at,
    )
    mention.perhaps_answered = session.exec(later).first() is not None
    session.add(mention)


def _answers_without_person(session: Session, mention: Mention) -> list[OwnPost]:
    statement = select(OwnPost).where(
        OwnPost.channel == mention.channel,
        OwnPost.in_reply_to == mention.external_id,
        col(OwnPost.person_id).is_(None),
    )
    return list(session.exec(statement.order_by(col(OwnPost.posted_at))))


def _take_own(session: Session, post: Post, home: int, source_id: int, at: int) -> int:
    """Store a post of ours, as a reply's receipt or as a native one; 0 if it was there."""
    own_id = insert_new(
        session,
        OwnPost,
        channel=post.channel,
        external_id=post.external_id,
        conversation_id=home,
        account_id=own_account(session, post.channel, post.author),
        source_id=source_id,
        in_reply_to=post.in_reply_to,
        person_id=_addressee(session, post),
        text=post.text,
        url=post.url,
        posted_at=post.posted_at,
        received_at=at,
    )
    if own_id is None:
        return 0
    own = session.get_one(OwnPost, own_id)
    if reply := _reply_behind(session, post):
        own.reply_id = reply.id
        session.add(own)
        settling.confirm(session, reply, post.external_id, post.url, post.posted_at, NETWORK)
    else:
        settling.settle_natively(session, own)
    return 1


def _addressee(session: Session, post: Post) -> int | None:
    """The person a post of ours answers: its parent's author, or whom our own parent answered."""
    parent = (post.channel, post.in_reply_to)
    mention = select(Identity.person_id).join(Mention, col(Mention.identity_id) == col(Identity.id))
    found = session.exec(
        mention.where(Mention.channel == parent[0], Mention.external_id == parent[1])
    ).first()
    if found is not None:
        return found
    return session.exec(
        select(OwnPost.person_id).where(
            OwnPost.channel == parent[0], OwnPost.external_id == parent[1]
        )
    ).first()


def _reply_behind(session: Session, post: Post) -> Reply | None:
    """The reply this post is the receipt of: by id, or by parent and words if underway."""
    by_id = select(Reply).where(
        Reply.channel == post.channel, Reply.external_id == post.external_id
    )
    if reply := session.exec(by_id).first():
        return reply
    underway = select(Reply).where(
        Reply.channel == post.channel,
        Reply.in_reply_to == post.in_reply_to,
        col(Reply.attempts) > 0,
        col(Reply.external_id).is_(None),
        col(Reply.state).in_((ReplyState.SENDING, ReplyState.UNKNOWN, ReplyState.QUEUED)),
    )
    candidates: Iterable[Reply] = session.exec(underway.with_for_update())
    return next((reply for reply in candidates if same_words(reply.body, post.text)), None)


def note_edit(session: Session, post: Post) -> None:
    """A post we know was edited: keep the new words and judge them again."""
    where = (Mention.channel == post.channel, Mention.external_id == post.external_id)
    found = session.exec(select(Mention).where(*where)).first()
    if found is None or found.text in (None, post.text):
        return
    if found.edited_at is not None and (post.edited_at or 0) <= found.edited_at:
        return
    assert found.id is not None
    mention = threads.locked_mention(session, found.id)
    before = hashlib.sha256((mention.text or "").encode()).hexdigest()[:16]
    mention.text, mention.edited_at, mention.judged_at = post.text, post.edited_at, None
    mention.version += 1
    session.add(mention)
    at = post.edited_at or mention.received_at
    record(session, at, NETWORK, "mention", found.id, "edited", text_before=before)
