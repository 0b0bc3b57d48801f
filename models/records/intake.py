"""Posts in. Nobody is forgotten: a post is a mention in the queue before anybody judges it.

Each becomes a mention, a post of our own, or a duplicate, and all are counted.

A page's rows, its counts and the source's checkpoint belong in one transaction; the caller owns
it. Unique (channel, external id) is the law that makes re-reading harmless.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from sqlmodel import Session, col, select

from models.business import Calendar
from models.instant import MINUTE
from models.networks import same_words
from models.outside import storable
from models.post import Author, Post
from models.records import settling, threads
from models.records.events import LISTENER, NETWORK, record
from models.records.kinds import MentionState, ReplyState
from models.records.people import identify, insert_new, own_account
from models.records.sources import IMPORT, calendar_name
from models.records.tables import Account, Conversation, Ingest, Mention, OwnPost, Reply, Source
from models.records.work import snoozes
from models.urgency import Allowances, Lane, rank_of, unjudged

FUTURE = 5 * MINUTE
"""A post dated further ahead than this is flagged; its clock starts when we received it."""
LOOK_AFTER = 10 * MINUTE
"""How long a post that waits is taken to be as it was when the network showed it last."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a new mention's clock starts from: calendars by name, and allowances."""

    calendar: Callable[[str], Calendar]
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
    """Store a page of posts, oldest first, and its counts; `rejected` were refused before.

    Authors and conversations are met in one order everywhere, so that two listeners with the same
    posts cannot wait for each other.
    """
    posts = recognised(session, posts)
    fresh, known = _split(session, posts)
    homes = _conversations(session, fresh, known)
    for channel, author in sorted({(p.channel, p.author) for p in fresh if not p.own}, key=_by_id):
        identify(session, channel, author)
    counts = Counts(duplicate=len(known), rejected=rejected)
    calendar = policy.calendar(calendar_name(session, source))
    assert source.id is not None
    for post in fresh:
        home = homes[post.channel, post.external_id]
        if post.own:
            taken = _take_own(session, post, home, source.id, at)
        else:
            taken = _take_mention(session, post, home, source.id, at, (calendar, policy.allowances))
        counts += (
            Counts(own=taken, duplicate=1 - taken)
            if post.own
            else Counts(new=taken, duplicate=1 - taken)
        )
    if fresh:
        _wake(session, fresh, homes, at)
    for post in known:
        _read_again(session, post, at, chosen=source.feed == IMPORT)
    session.add(Ingest(source_id=source.id, at=at, fetched=len(posts) + rejected, **asdict(counts)))
    return counts


def _storable(post: Post) -> Post:
    """The post with only what a database can hold; its flags say what was unusual."""
    text, found = storable(post.text)
    author = post.author
    cleaned = [storable(word)[0] for word in (author.external_id, author.handle, author.name or "")]
    return replace(
        post,
        text=text,
        author=Author(cleaned[0], cleaned[1], cleaned[2] or None),
        flags=(*post.flags, *(flag for flag in found if flag not in post.flags)),
    )


def recognised(session: Session, posts: Sequence[Post]) -> list[Post]:
    """The posts as a database can hold them; those by one of our accounts are ours, whether or
    not their source says so."""
    ours = set(session.exec(select(Account.channel, Account.external_id)).all())
    posts = [_storable(post) for post in posts]
    return [
        replace(post, own=True)
        if not post.own and (post.channel, post.author.external_id) in ours
        else post
        for post in posts
    ]


def known(session: Session, channel: str, external_ids: Collection[str]) -> set[str]:
    """Those of these posts that are mentions, or posts of ours."""
    found = set[str]()
    for table in (Mention, OwnPost):
        where = (table.channel == channel, col(table.external_id).in_(external_ids))
        found.update(session.exec(select(table.external_id).where(*where)))
    return found


def _by_id(pair: tuple[str, Author]) -> tuple[str, str]:
    return pair[0], pair[1].external_id


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


def _conversations(
    session: Session, posts: Sequence[Post], known: Sequence[Post]
) -> dict[tuple[str, str], int]:
    """The conversation of each new post, made where it is new, locked with those of the known."""
    roots = dict[tuple[str, str], str]()
    for post in posts:
        roots[post.channel, post.external_id] = _root(session, post, roots)
    wanted = {(key[0], root) for key, root in roots.items()}
    ids = _conversation_ids(session, wanted)
    for channel, root in sorted(wanted - ids.keys()):
        insert_new(session, Conversation, channel=channel, root_external_id=root)
    if wanted - ids.keys():
        ids = _conversation_ids(session, wanted)
    threads.lock(session, {*ids.values(), *_homes_of_changed(session, known)})
    return {key: ids[key[0], root] for key, root in roots.items()}


def _homes_of_changed(session: Session, known: Sequence[Post]) -> Sequence[int]:
    """The conversations of known mentions that this page may change."""
    changed = [post.external_id for post in known]
    statement = select(Mention.conversation_id).where(
        col(Mention.external_id).in_(changed),
        col(Mention.edited_at).is_not(None)
        | col(Mention.gone_at).is_not(None)
        | (Mention.lane == Lane.NO_REPLY)
        | col(Mention.external_id).in_([p.external_id for p in known if p.edited_at is not None]),
    )
    return session.exec(statement).all()


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
    """The thread: a known parent's, else as the network names it, else it begins with the parent.

    The parent goes first, or an answer and what it answers could stand in two threads.
    """
    if not post.in_reply_to:
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
    return post.conversation or post.in_reply_to


def _take_mention(
    session: Session,
    post: Post,
    home: int,
    source_id: int,
    at: int,
    start: tuple[Calendar, Allowances],
) -> int:
    """Store a mention, in the queue before anybody has judged it; 0 if it was there."""
    identity = identify(session, post.channel, post.author)
    urgency = unjudged(start[1])
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
        look_at=at + LOOK_AFTER,
        edited_at=post.edited_at,
        lane=urgency.lane,
        rank=urgency.rank,
        allowance_minutes=urgency.allowance_minutes,
        why=[asdict(term) for term in urgency.why],
        due_at=urgency.due(min(post.posted_at, at), start[0]),
    )
    if mention_id is None:
        return 0
    record(session, at, LISTENER, "mention", mention_id, "received", (None, MentionState.OPEN))
    _meet_our_posts(session, session.get_one(Mention, mention_id))
    return 1


def _wake(
    session: Session, posts: Sequence[Post], homes: Mapping[tuple[str, str], int], at: int
) -> None:
    """Whoever writes again in a conversation is no longer put off there."""
    said = [post for post in posts if not post.own]
    talking = {homes[post.channel, post.external_id] for post in said}
    for mention, person in snoozes.put_off_in(session, talking):
        authors = {
            (post.channel, post.author)
            for post in said
            if homes[post.channel, post.external_id] == mention.conversation_id
        }
        if any(identify(session, *author).person_id == person for author in authors):
            snoozes.end(session, mention, at, LISTENER)


def _meet_our_posts(session: Session, mention: Mention) -> None:
    """Our own posts may have been read before the mention they answer, and filed elsewhere."""
    for post in _answers_without_person(session, mention):
        post.identity_id, post.conversation_id = mention.identity_id, mention.conversation_id
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
        col(OwnPost.identity_id).is_(None),
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
        identity_id=_addressee(session, post),
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
        if reply.state == ReplyState.SENT:  # a person had seen it; now we have the network's id
            reply.external_id, reply.url = post.external_id, post.url or reply.url
        settling.confirm(session, reply, post.external_id, post.url, post.posted_at, NETWORK)
    else:
        settling.settle_natively(session, own)
    return 1


def _addressee(session: Session, post: Post) -> int | None:
    """Whom a post of ours answers: its parent's author, or whom our own parent answered."""
    for table in (Mention, OwnPost):
        statement = select(table.identity_id).where(
            table.channel == post.channel, table.external_id == post.in_reply_to
        )
        found = session.exec(statement).first()
        if found is not None:
            return found
    return None


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
        col(Reply.external_id).is_(None) | col(Reply.external_id).like("http%"),
        col(Reply.state) != ReplyState.FAILED,
        col(Reply.id).not_in(select(OwnPost.reply_id).where(col(OwnPost.reply_id).is_not(None))),
    )
    candidates: Iterable[Reply] = session.exec(underway.with_for_update())
    return next((reply for reply in candidates if same_words(reply.body, post.text)), None)


def _read_again(session: Session, post: Post, at: int, *, chosen: bool) -> None:
    """A known post: what changed since; `chosen`: somebody imported it, so it wants an answer."""
    where = (Mention.channel == post.channel, Mention.external_id == post.external_id)
    mention = session.exec(select(Mention).where(*where)).first()
    if mention is None:
        return
    if mention.gone_at is not None:
        settling.bring_back(session, mention, post.text, at)
    if chosen and mention.lane == Lane.NO_REPLY:
        mention.addressed, mention.judged_at, mention.lane, mention.rank = (
            True,
            None,
            3,
            rank_of(3, is_pinned=mention.is_pinned),
        )
        session.add(mention)
    if post.edited_at is not None:
        note_edit(session, post)


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
    mention.text, mention.edited_at = storable(post.text)[0], post.edited_at
    mention.judged_at, mention.snoozed_until = None, 0
    mention.version += 1
    session.add(mention)
    at = post.edited_at or mention.received_at
    record(session, at, NETWORK, "mention", found.id, "edited", text_before=before)
