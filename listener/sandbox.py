"""The sandbox: a real little network in one file, for demos, rehearsals and hard tests.

It has accounts, threads, followers, edits, deletions, a listing delay, a limited reach and
faults on demand, all persistent and shared by every process. Its log is written in the same
transaction as the deed, so it can testify against Gensvar.
"""

import json
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models import instant
from models.errors import (
    ChannelError,
    RateLimited,
    Rejected,
    SignedOut,
    Unavailable,
    Uncertain,
)
from models.post import Author, Media, Post
from models.words import _

_SCHEMA = """
create table if not exists setting(name text primary key, value integer not null);
create table if not exists account(external_id text primary key, handle text not null,
  name text, ours integer not null default 0, follows_us integer not null default 0);
create table if not exists post(seq integer primary key autoincrement,
  external_id text not null unique, author text not null references account(external_id),
  body text not null, posted_at integer not null, created_at integer not null,
  listed_at integer not null, in_reply_to text, conversation text not null,
  addressed integer not null, lang text, media text not null, url text, origin text not null,
  edited_at integer, deleted_at integer);
create index if not exists post_created on post(created_at, seq);
create index if not exists post_parent on post(in_reply_to);
create table if not exists fault(id integer primary key, act text not null, kind text not null);
create table if not exists log(id integer primary key, at integer not null, act text not null,
  data text not null);
"""
LIMIT = 500
_BUSY_SECONDS = 5.0
FAULTS = ("refuse", "lost answer", "reject", "rate limit", "signed out")
"""`refuse` takes nothing; `lost answer` publishes and then fails to say so."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the network: posts with the instant each was created, and what lies beyond."""

    posts: tuple[tuple[int, Post], ...]
    last: int
    """Where the next page begins."""
    forgotten_until: int | None
    """Posts created up to here exist but are no longer listed."""


class SandboxNetwork:
    """One network in one file."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file
        with self._transaction() as db:
            db.executescript("begin;" + _SCHEMA + "commit; begin immediate;")

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._file, _BUSY_SECONDS, isolation_level=None)) as db:
                db.row_factory = sqlite3.Row
                db.execute("pragma journal_mode=wal")
                db.execute("begin immediate")
                yield db
                db.execute("commit")
        except sqlite3.Error as error:  # rolled back: the network took nothing
            raise Unavailable(
                _("The sandbox network {file} cannot be used: {reason}.").format(
                    file=self._file, reason=error
                )
            ) from None

    def configure(self, *, listing_delay: int = 0, reach: int = 0) -> None:
        """Microseconds until a new post is listed; how many of the newest are listed (0: all)."""
        with self._transaction() as db:
            for name, value in (("listing_delay", listing_delay), ("reach", reach)):
                db.execute("insert or replace into setting values (?, ?)", (name, value))

    def fail_next(self, act: str, kind: str, times: int = 1) -> None:
        """Let the next `times` calls of `act` (reply, list, recall) fail as `kind` says."""
        with self._transaction() as db:
            db.executemany(
                "insert into fault(act, kind) values (?, ?)", [(act, kind) for _n in range(times)]
            )

    def list_everything_now(self) -> None:
        """End every listing delay that is still running."""
        with self._transaction() as db:
            db.execute("update post set listed_at = min(listed_at, ?)", (instant.now(),))

    def sign_up(self, author: Author, *, ours: bool = False, follows_us: bool = False) -> None:
        """Make an account, or bring it up to date."""
        with self._transaction() as db:
            _sign_up(db, author, ours, follows_us)

    def place(self, posts: Sequence[Post]) -> list[bool]:
        """Put posts of another network onto this one, ids and times kept.

        False for a post whose id a post of yet another network has taken here already.
        """
        with self._transaction() as db:
            return [_place(db, post) for post in posts]

    def post(
        self,
        author: Author,
        body: str,
        *,
        in_reply_to: str | None = None,
        addressed: bool = True,
        late: int = 0,
        posted_at: int | None = None,
    ) -> Post:
        """Somebody writes something; `late` microseconds are added to the listing delay."""
        with self._transaction() as db:
            _sign_up(db, author, ours=False, follows_us=False)
            row = _write(db, author, body, in_reply_to, addressed, late, posted_at)
            return _as_post(row)

    def reply(self, account: str, in_reply_to: str, body: str, key: str) -> Post:
        """One of our accounts answers a post, or the network refuses."""
        fault = self._next_fault("reply")
        if fault and fault != "lost answer":
            raise _error(fault)
        with self._transaction() as db:
            author = _account(db, account)
            parent = _row(db, in_reply_to)
            if parent is None or parent["deleted_at"] is not None:
                raise Rejected("the post is gone")
            if len(body) > LIMIT:
                raise Rejected(f"a post has at most {LIMIT} characters")
            row = _write(db, author, body, in_reply_to, False, 0, None)
            _log(db, "reply", external_id=row["external_id"], in_reply_to=in_reply_to, key=key)
        if fault:
            raise _error(fault)
        return _as_post(row)

    def edit(self, external_id: str, body: str) -> None:
        """The author changes the words."""
        with self._transaction() as db:
            db.execute(
                "update post set body = ?, edited_at = ? where external_id = ?",
                (body, instant.now(), external_id),
            )
            _log(db, "edit", external_id=external_id)

    def delete(self, external_id: str) -> None:
        """The author takes the post away."""
        with self._transaction() as db:
            db.execute(
                "update post set deleted_at = ? where external_id = ?",
                (instant.now(), external_id),
            )
            _log(db, "delete", external_id=external_id)

    def listed(self, since: int, after: int, limit: int) -> Listing:
        """Posts created since an instant and listed by now, oldest first, `after` the last page."""
        if fault := self._next_fault("list"):
            raise _error(fault)
        with self._transaction() as db:
            reach = _setting(db, "reach")
            forgotten = _forgotten(db, reach) if reach else None
            start = since if forgotten is None else max(since, forgotten + 1)
            rows = db.execute(
                _SELECT + " where p.created_at >= ? and p.seq > ? and p.listed_at <= ?"
                " and p.deleted_at is null order by p.seq limit ?",
                (start, after, instant.now(), limit),
            ).fetchall()
            last = rows[-1]["seq"] if rows else after
            return Listing(
                tuple((row["created_at"], _as_post(row)) for row in rows), last, forgotten
            )

    def recall(self, external_ids: Sequence[str]) -> dict[str, Post | None]:
        """These posts as they are now; None where they were deleted, left out if never here."""
        if fault := self._next_fault("recall"):
            raise _error(fault)
        with self._transaction() as db:
            rows = {external_id: _row(db, external_id) for external_id in external_ids}
        return {
            external_id: None if row["deleted_at"] else _as_post(row)
            for external_id, row in rows.items()
            if row is not None
        }

    def answers(self, account: str, in_reply_to: str) -> list[Post]:
        """What one account of ours has written below a post, as far as it is listed by now."""
        if fault := self._next_fault("list"):
            raise _error(fault)
        with self._transaction() as db:
            rows = db.execute(
                _SELECT + " where p.in_reply_to = ? and p.author = ? and p.listed_at <= ?"
                " and p.deleted_at is null order by p.seq",
                (in_reply_to, account, instant.now()),
            )
            return [_as_post(row) for row in rows]

    def log(self, act: str) -> list[dict[str, Any]]:
        """Everything of one kind that ever happened here: the outside witness."""
        with self._transaction() as db:
            rows = db.execute("select data from log where act = ? order by id", (act,))
            return [json.loads(row["data"]) for row in rows]

    def _next_fault(self, act: str) -> str | None:
        with self._transaction() as db:
            row = db.execute(
                "delete from fault where id = (select min(id) from fault where act = ?)"
                " returning kind",
                (act,),
            ).fetchone()
            return None if row is None else str(row["kind"])


_SELECT = (
    "select p.*, a.handle, a.name, a.ours from post p join account a on a.external_id = p.author"
)


def _sign_up(db: sqlite3.Connection, author: Author, ours: bool, follows_us: bool) -> None:
    db.execute(
        "insert into account values (?, ?, ?, ?, ?) on conflict(external_id) do update set"
        " handle = excluded.handle, name = excluded.name, ours = max(ours, excluded.ours),"
        " follows_us = max(follows_us, excluded.follows_us)",
        (author.external_id, author.handle, author.name, ours, follows_us),
    )


def _account(db: sqlite3.Connection, external_id: str) -> Author:
    row = db.execute("select * from account where external_id = ?", (external_id,)).fetchone()
    if row is None:
        raise SignedOut(f"the sandbox has no account {external_id}")
    return Author(row["external_id"], row["handle"], row["name"])


def _write(
    db: sqlite3.Connection,
    author: Author,
    body: str,
    in_reply_to: str | None,
    addressed: bool,
    late: int,
    posted_at: int | None,
) -> sqlite3.Row:
    now = _moment(db)
    external_id = uuid.uuid4().hex[:16]
    post = Post(
        channel="sandbox",
        external_id=external_id,
        author=author,
        text=body,
        posted_at=now if posted_at is None else posted_at,
        in_reply_to=in_reply_to,
        addressed=addressed,
    )
    _insert(db, post, now, now + _setting(db, "listing_delay") + late)
    row = _row(db, external_id)
    assert row is not None
    return row


def _place(db: sqlite3.Connection, post: Post) -> bool:
    known = _row(db, post.external_id)
    if known is not None:
        return bool(known["origin"] == post.channel)
    _sign_up(db, post.author, post.own, follows_us=False)
    now = _moment(db)
    _insert(db, post, now, now)
    return True


def _moment(db: sqlite3.Connection) -> int:
    """Now, but never before the newest post, so that a clock set back hides nothing."""
    newest = db.execute("select max(created_at) as at from post").fetchone()["at"]
    return max(instant.now(), (newest or 0) + 1)


def _insert(db: sqlite3.Connection, post: Post, created_at: int, listed_at: int) -> None:
    parent = _row(db, post.in_reply_to) if post.in_reply_to else None
    thread = parent["conversation"] if parent else post.conversation or post.in_reply_to
    media = [[item.kind, item.alt, item.url] for item in post.media]
    db.execute(
        "insert into post(external_id, author, body, posted_at, created_at, listed_at,"
        " in_reply_to, conversation, addressed, lang, media, url, origin)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            post.external_id,
            post.author.external_id,
            post.text,
            post.posted_at,
            created_at,
            listed_at,
            post.in_reply_to,
            thread or post.external_id,
            post.addressed,
            post.lang,
            json.dumps(media),
            post.url or f"sandbox://{post.external_id}",
            post.channel,
        ),
    )
    _log(db, "post", external_id=post.external_id, author=post.author.external_id)


def _row(db: sqlite3.Connection, external_id: str) -> sqlite3.Row | None:
    found: sqlite3.Row | None = db.execute(
        _SELECT + " where p.external_id = ?", (external_id,)
    ).fetchone()
    return found


def _as_post(row: sqlite3.Row) -> Post:
    return Post(
        channel="sandbox",
        external_id=row["external_id"],
        author=Author(row["author"], row["handle"], row["name"]),
        text=row["body"],
        posted_at=row["posted_at"],
        url=row["url"],
        in_reply_to=row["in_reply_to"],
        conversation=row["conversation"],
        addressed=bool(row["addressed"]),
        lang=row["lang"],
        media=tuple(Media(*item) for item in json.loads(row["media"])),
        own=bool(row["ours"]),
        edited_at=row["edited_at"],
    )


def _forgotten(db: sqlite3.Connection, reach: int) -> int | None:
    row = db.execute(
        "select created_at from post order by created_at desc, seq desc limit 1 offset ?", (reach,)
    ).fetchone()
    return None if row is None else int(row["created_at"])


def _setting(db: sqlite3.Connection, name: str) -> int:
    row = db.execute("select value from setting where name = ?", (name,)).fetchone()
    return 0 if row is None else int(row["value"])


def _log(db: sqlite3.Connection, act: str, **data: Any) -> None:
    db.execute(
        "insert into log(at, act, data) values (?, ?, ?)", (instant.now(), act, json.dumps(data))
    )


def _error(kind: str) -> ChannelError:
    return {
        "refuse": Unavailable("the sandbox did not take the call"),
        "lost answer": Uncertain("the sandbox did not answer"),
        "reject": Rejected("the sandbox refused the post"),
        "rate limit": RateLimited("the sandbox asks us to wait", retry_after=1.0),
        "signed out": SignedOut("the sandbox does not know our key"),
    }[kind]
