"""A small world for the tests of the records: posts, a clock that is told the time, shorthands."""

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import count

from sqlmodel import Session, select

from models.answer import Answer, Promised
from models.business import Calendar
from models.instant import MINUTE, from_rfc3339
from models.post import Author, Outgoing, Post, Receipt
from models.records import desk, intake, outbox, people, recheck, sources
from models.records.audit import audit
from models.records.intake import Counts, Policy
from models.records.outbox import Claim
from models.records.store import Store
from models.records.tables import Mention, OwnPost, Reply
from models.settings import Allowances, OpeningHours

START = from_rfc3339("2026-11-16T09:00:00Z")  # a Monday, staffed
US = Author("us", "tallkotte", "Tallkotte")
SANDBOX = frozenset({"sandbox"})
UNDO, LEASE = 20_000_000, 60_000_000

_numbers = count(1)


def calendar() -> Calendar:
    return OpeningHours().calendar()


def policy() -> Policy:
    return Policy(lambda _name: calendar(), Allowances())


def post(
    who: str,
    text: str = "Var är paketet?",
    *,
    to: str | None = None,
    at: int = START,
    **more: object,
) -> Post:
    """A customer's post; `to` is the id of the post it answers."""
    written = Post(
        channel="sandbox",
        external_id=f"p{next(_numbers)}",
        author=Author(who, who, who.title()),
        text=text,
        posted_at=at,
        in_reply_to=to,
    )
    return replace(written, **more)  # type: ignore[arg-type]


def own(text: str, *, to: str | None, at: int = START, **more: object) -> Post:
    """A post of ours."""
    return replace(post("us", text, to=to, at=at, **more), author=US, own=True)


def take(store: Store, *posts: Post, at: int = START, rejected: int = 0) -> Counts:
    """Take posts in as one page of the source `test`."""
    with store.write() as session:
        account = people.own_account(session, "sandbox", US)
        source = sources.ensure(session, "test", "sandbox", "mentions", account)
        return intake.take_in(session, source, posts, at, policy(), rejected)


def mention(store: Store, written: Post) -> Mention:
    with store.read() as session:
        return session.exec(select(Mention).where(Mention.external_id == written.external_id)).one()


def own_post(store: Store, written: Post) -> OwnPost:
    with store.read() as session:
        return session.exec(select(OwnPost).where(OwnPost.external_id == written.external_id)).one()


def reply_row(store: Store, reply_id: int) -> Reply:
    with store.read() as session:
        return session.get_one(Reply, reply_id)


def answer(
    store: Store,
    written: Post,
    text: str = "Jag beklagar.",
    *,
    at: int = START,
    promises: tuple[Promised, ...] | None = None,
) -> int:
    """Queue a reply to a post by Anna; its id."""
    mention_id = mention(store, written).id
    assert mention_id is not None
    with store.write() as session:
        said = replace(Answer.by("Anna", text), promises=promises)
        row = desk.reply(session, mention_id, said, at, UNDO, SANDBOX)
        assert row.id is not None
        return row.id


def claim(store: Store, at: int, owner: str = "one") -> Claim | None:
    with store.write() as session:
        return outbox.claim(session, SANDBOX, owner, at, LEASE)


def receipt(external_id: str, at: int) -> Receipt:
    return Receipt(external_id, f"sandbox://{external_id}", at)


def looked(session: Session, found: Mapping[str, Post | None], at: int) -> None:
    """What the sandbox shows when it is asked for these posts again."""
    recheck.apply(session, "sandbox", list(found), found, at)


def broken(store: Store, at: int = START) -> list[str]:
    """The names of the invariants that do not hold."""
    with store.read() as session:
        return [row["invariant"] for row in audit(session, at, 60 * MINUTE).violations]


def outgoing(written: Post, text: str) -> Outgoing:
    return Outgoing("us", written.external_id, text, "key", START, 1)


def line(number: int, handle: str, text: str) -> str:
    """A post as a line of a file for `gensvar import`."""
    entry = {
        "channel": "x",
        "external_id": f"k{number}",
        "author": {"external_id": f"u{number}", "handle": handle},
        "text": text,
        "posted_at": "2026-11-20T10:00:00Z",
    }
    return json.dumps(entry) + "\n"
