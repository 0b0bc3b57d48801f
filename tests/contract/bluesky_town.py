"""Bluesky as its own servers answer: a repository, a view of the network, sessions that end.

One server is both here. Errors, names and limits are those that the real ones gave.
"""

import base64
import hashlib
import itertools
import json
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from grapheme import graphemes

from models.instant import to_datetime
from tests.contract.town import Answer, Asked, Town

POST = "app.bsky.feed.post"
PASSWORD = "abcd-efgh-ijkl-mnop"
_TID = re.compile("[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
LISTS = ("listNotifications", "searchPosts", "listRecords", "getRecord", "getAuthorFeed")
"""What `list` may fail: listings, and the look for a reply of ours."""
Record = dict[str, Any]


@dataclass
class Written:
    """A post: its address, its record, and what the network does with it."""

    uri: str
    did: str
    record: Record
    at: int
    """Milliseconds; where listings have it."""
    listed: bool = True
    gated: bool = False

    @property
    def cid(self) -> str:
        sealed = json.dumps(self.record, sort_keys=True).encode()
        return f"bafyrei{hashlib.sha256(sealed).hexdigest()[:52]}"

    @property
    def parent(self) -> str | None:
        answered = self.record.get("reply")
        return str(answered["parent"]["uri"]) if answered else None


@dataclass
class BlueskyTown(Town):
    """`me` is our account; a town has its own, so that no session is taken for another's."""

    me: str = field(default_factory=lambda: f"did:plc:{secrets.token_hex(12)}")
    handle: str = "tallkotte.test"
    lasts: int = 7200
    """Seconds that a token is good for."""
    reach: int = 10_000
    posts: dict[str, Written] = field(default_factory=dict)
    handles: dict[str, str] = field(default_factory=dict)
    blockers: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)
    away: set[str] = field(default_factory=set)
    """Accounts that are deactivated."""
    lost: set[str] = field(default_factory=set)
    """Posts that only their authors' repositories still have."""
    elsewhere: str = ""
    """Where every call is sent on to."""
    followers: list[str] = field(default_factory=list)
    odd: list[Any] = field(default_factory=list)
    """What stands first in every listing and is no post."""
    headers: dict[str, str] = field(default_factory=dict)
    password: str = PASSWORD
    tokens: set[str] = field(default_factory=set)
    last: int = 0

    def __post_init__(self) -> None:
        super().__init__()
        self.numbers = itertools.count(1)
        others = {f"did:plc:{name}": f"{name}.test" for name in ("britta", "ola", "eva", "dag")}
        self.handles |= {self.me: self.handle, **others}

    def write(
        self, did: str, text: str, to: str | None = None, *, listed: bool = True, **more: Any
    ) -> str:
        """A post with the names in it made out, as the apps do it; its address."""
        with self.lock:
            self.last = max(self.last + 1, int(time.time() * 1000))
            record: Record = {"$type": POST, "text": text, "createdAt": _iso(self.last), **more}
            record["facets"] = list(self._names(text))
            if to:
                above = self.posts[to]
                ours = {"uri": to, "cid": above.cid}
                root = above.record["reply"]["root"] if above.parent else ours
                record["reply"] = {"root": root, "parent": ours}
            uri = f"at://{did}/{POST}/{tid(self.last * 1000)}"
            self.posts[uri] = Written(uri, did, record, self.last, listed)
            return uri

    def _names(self, text: str) -> Iterator[Record]:
        for did, handle in self.handles.items():
            at = text.find(f"@{handle}")
            if at >= 0:
                first = len(text[:at].encode())
                place = {"byteStart": first, "byteEnd": first + len(handle) + 1}
                feature = {"$type": "app.bsky.richtext.facet#mention", "did": did}
                yield {"index": place, "features": [feature]}

    def answer(self, asked: Asked) -> Answer:
        method = asked.path.removeprefix("/xrpc/").rpartition(".")[2]
        if self.elsewhere:
            return Answer({}, 307, {"Location": self.elsewhere})
        found = self._session(method, asked) or self._refused(method, asked)
        if found is None:
            found = getattr(self, f"_{method}")(asked)
        found.headers = {**self.headers, **found.headers}
        return found

    def _session(self, method: str, asked: Asked) -> Answer | None:
        """Signing in and staying so; None where the call may go on."""
        headers = {name.lower(): value for name, value in asked.headers.items()}
        token = headers.get("authorization", "").removeprefix("Bearer ")
        if method == "createSession":
            if fault := refusal(self.fault("sign in")):
                return fault
            if asked.body != {"identifier": asked.body["identifier"], "password": self.password}:
                return _problem(401, "AuthenticationRequired", "Invalid identifier or password")
            return self._opened()
        if token not in self.tokens:
            return _problem(400, "ExpiredToken", "Token has expired")
        if method == "refreshSession":
            if fault := refusal(self.fault("refresh")):
                return fault
            self.tokens.discard(token)
            return self._opened()
        return None

    def _opened(self) -> Answer:
        made = [self._token(scope, lasts) for scope, lasts in (("a", self.lasts), ("r", 10**6))]
        self.tokens.update(made)
        names = {"did": self.me, "handle": self.handle, "active": True}
        return Answer({"accessJwt": made[0], "refreshJwt": made[1], **names})

    def _token(self, scope: str, lasts: int) -> str:
        claims = {"scope": scope, "exp": int(time.time()) + lasts, "jti": next(self.numbers)}
        return f"e30.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode()}.c2ln"

    def _refused(self, method: str, _asked: Asked) -> Answer | None:
        if method in LISTS:
            return refusal(self.fault("list"))
        if method == "getPosts":
            if self.faults["reply"] and self.faults["reply"][0] == "refuse":
                return refusal(self.fault("reply"))
            return refusal(self.fault("recall"))
        acts = {"getSession": "me", "resolveHandle": "resolve"}
        return refusal(self.fault(acts[method])) if method in acts else None

    def _getSession(self, _asked: Asked) -> Answer:  # noqa: N802
        return Answer({"did": self.me, "handle": self.handle, "active": True})

    def _resolveHandle(self, asked: Asked) -> Answer:  # noqa: N802
        for did, handle in self.handles.items():
            if handle == asked.query["handle"]:
                return Answer({"did": did})
        return _problem(400, "InvalidRequest", "Unable to resolve handle")

    def _listNotifications(self, asked: Asked) -> Answer:  # noqa: N802
        if asked.query.get("priority") != "false":
            return Answer({"notifications": []})
        found = [(post, reason) for post in self._newest() if (reason := self._reason(post))]
        shown = [{**self._view(post), "reason": reason, "isRead": False} for post, reason in found][
            : self.reach
        ]
        return self._paged(asked, "notifications", shown)

    def _reason(self, post: Written) -> str | None:
        """Why we are told of a post, if we are."""
        if post.did == self.me or post.did in self.blocked | self.blockers:
            return None
        if any(self.me in json.dumps(facet) for facet in post.record["facets"]):
            return "mention"
        if self.me in json.dumps(post.record.get("embed")):
            return "quote"
        above, height = post.parent, 0
        while above in self.posts and height < 5:
            if self.posts[above].did == self.me:
                return "reply"
            above, height = self.posts[above].parent, height + 1
        return None

    def _searchPosts(self, asked: Asked) -> Answer:  # noqa: N802
        word = asked.query["q"].strip('"').lower()
        found = [post for post in self._newest() if word in post.record["text"].lower()]
        return self._paged(asked, "posts", [self._view(post) for post in found[: self.reach]])

    def _getAuthorFeed(self, asked: Asked) -> Answer:  # noqa: N802
        if asked.query["actor"] in self.blockers:
            return _problem(400, "BlockedByActor", "Requester is blocked by actor")
        theirs = [post for post in self._newest() if post.did == asked.query["actor"]]
        shown: list[Any] = [{"post": self._view(post)} for post in theirs]
        return self._paged(asked, "feed", shown)

    def _getFollowers(self, asked: Asked) -> Answer:  # noqa: N802
        shown = [{"did": did, "handle": self.handles.get(did, did)} for did in self.followers]
        return self._paged(asked, "followers", shown)

    def _getPosts(self, asked: Asked) -> Answer:  # noqa: N802
        wanted = parse_qs(asked.raw)["uris"]
        if len(wanted) > 25:
            return _problem(400, "InvalidRequest", "too many uris")
        hidden = self.blocked | self.blockers | self.away
        found = [self.posts[uri] for uri in wanted if uri in self.posts and uri not in self.lost]
        return Answer({"posts": [self._view(post) for post in found if post.did not in hidden]})

    def _getPostThread(self, asked: Asked) -> Answer:  # noqa: N802
        post = self.posts.get(asked.query["uri"])
        if post is None or post.did in self.away or post.uri in self.lost:
            return _problem(400, "NotFound", f"Post not found: {asked.query['uri']}")
        return Answer({"thread": self._node(post, int(asked.query["depth"]))})

    def _node(self, post: Written, depth: int) -> Record:
        if post.did in self.blocked | self.blockers:
            viewer: Record = {"blockedBy": post.did in self.blockers}
            if post.did in self.blocked:
                viewer["blocking"] = f"at://{self.me}/app.bsky.graph.block/1"
            return {"uri": post.uri, "blocked": True, "author": {"did": post.did, "viewer": viewer}}
        below = [one for one in self.posts.values() if one.parent == post.uri and depth]
        return {
            "post": self._view(post),
            "replies": [self._node(one, depth - 1) for one in below if one.listed],
        }

    def _listRecords(self, asked: Asked) -> Answer:  # noqa: N802
        mine = [post for post in self.posts.values() if post.did == asked.query["repo"]]
        mine.sort(key=lambda post: post.uri, reverse=True)
        shown = [{"uri": post.uri, "cid": post.cid, "value": post.record} for post in mine]
        return self._paged(asked, "records", shown)

    def _getRecord(self, asked: Asked) -> Answer:  # noqa: N802
        did, key = asked.query["repo"], asked.query["rkey"]
        if did not in self.handles or did in self.away:
            return _problem(400, "InvalidRequest", f"Could not find repo: {did}")
        uri = f"at://{did}/{asked.query['collection']}/{key}"
        if uri not in self.posts:
            return _problem(400, "RecordNotFound", f"Could not locate record: {uri}")
        post = self.posts[uri]
        return Answer({"uri": uri, "cid": post.cid, "value": post.record})

    def _putRecord(self, asked: Asked) -> Answer:  # noqa: N802
        kind = self.fault("reply")
        if fault := refusal(kind):
            return fault
        made = self._put(asked.body)
        if kind == "too late":
            time.sleep(1.0)
        if kind == "published, then 503":
            return Answer(b"upstream", 503, {"Content-Type": "text/plain"})
        return Answer(dropped=True) if kind == "lost answer" else made

    def _put(self, body: Record) -> Answer:
        record, text = body["record"], body["record"]["text"]
        uri = f"at://{body['repo']}/{body['collection']}/{body['rkey']}"
        if body["repo"] != self.me or not _TID.fullmatch(body["rkey"]):
            return _problem(400, "InvalidRequest", "Invalid record key")
        said = f"Invalid {POST} record: "
        if (length := len(list(graphemes(text)))) > 300:
            said += f"grapheme too big (maximum 300, got {length}) at $.record.text"
            return _problem(400, "InvalidRequest", said)
        if len(text.encode()) > 3000:
            return _problem(400, "InvalidRequest", said + "string too big (maximum 3000)")
        made, before = Written(uri, self.me, record, int(time.time() * 1000)), self.posts.get(uri)
        content: Record = {"uri": uri, "cid": made.cid, "validationStatus": "valid"}
        if before and before.cid == made.cid:
            return Answer(content)
        if before and "swapRecord" in body:
            return _problem(400, "InvalidSwap", f"Record was at {before.cid}")
        self.posts[uri] = made
        return Answer({**content, "commit": {"cid": made.cid, "rev": body["rkey"]}})

    def _newest(self) -> list[Written]:
        shown = [post for post in self.posts.values() if post.listed and post.did not in self.away]
        return sorted(shown, key=lambda post: post.at, reverse=True)

    def _view(self, post: Written) -> Record:
        author = {"did": post.did, "handle": self.handles[post.did], "viewer": {"muted": False}}
        viewer = {"replyDisabled": True} if post.gated else {}
        return {
            "uri": post.uri,
            "cid": post.cid,
            "author": author,
            "record": post.record,
            "indexedAt": _iso(post.at),
            "viewer": viewer,
        }

    def _paged(self, asked: Asked, name: str, shown: list[Any]) -> Answer:
        start, size = int(asked.query.get("cursor", 0)), int(asked.query["limit"])
        if size > 100:
            return _problem(400, "InvalidRequest", "limit must be 100 at most")
        content: Record = {name: [*self.odd, *shown[start : start + size]]}
        if len(shown) > start + size:
            content["cursor"] = str(start + size)
        return Answer(content)


def refusal(kind: str | None) -> Answer | None:
    """The answers that mean nothing was done."""
    match kind:
        case "signed out":
            return _problem(401, "AccountTakedown", "Account has been taken down")
        case "refuse":
            return _problem(502, "UpstreamFailure", "Upstream service unreachable")
        case "rate limit":
            reset = {"ratelimit-reset": str(int(time.time()) + 120), "ratelimit-limit": "3000"}
            return Answer({"error": "RateLimitExceeded", "message": "Rate Limit"}, 429, reset)
        case "rate limit without headers":
            return Answer({"error": "RateLimitExceeded", "message": "Rate Limit"}, 429)
        case "rate limit of a year":
            return Answer({}, 429, {"ratelimit-reset": str(int(time.time()) + 31_000_000)})
        case "reject":
            return _problem(400, "InvalidRequest", "Record could not be validated")
        case "expired":
            return _problem(400, "ExpiredToken", "Token has expired")
        case "factor":
            return _problem(401, "AuthFactorTokenRequired", "A sign in code has been sent")
        case "error page":
            return Answer(b"<html>Bad gateway</html>", 502, {"Content-Type": "text/html"})
        case "no json":
            return Answer(b"<html>", 200)
        case "a list":
            return Answer([])
        case "cut":
            return Answer(dropped=True)
    return None


def _problem(status: int, code: str, message: str) -> Answer:
    return Answer({"error": code, "message": message}, status)


def _iso(at: int) -> str:
    return to_datetime(at * 1000).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def tid(at: int) -> str:
    """Of an instant in microseconds."""
    return "".join(_LETTERS[(at << 10) >> shift & 31] for shift in range(60, -1, -5))
