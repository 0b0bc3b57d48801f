"""Reddit as its recordings show it: listings, sign-in and refusals, with texts of our own.

The errors of /api/comment are in no recording; they have the shape that Reddit documents.
"""

import base64
import itertools
import re
import time
from dataclasses import dataclass, field
from typing import Any

from tests.contract.town import Answer, Asked, Town

KEYS = {
    "client_id": "tallkotte-klient",
    "client_secret": "granbarr-hemlighet",
    "username": "tallkotte",
    "password": "blabarssoppa-losen",
}
_INVALID = 'Bearer realm="reddit", error="invalid_token"'
_REPLY_ERRORS = {
    "reject": ["THREAD_LOCKED", "Comments are locked.", "parent"],
    "too old": ["TOO_OLD", "that's a piece of history now; it's too late to reply to it", "parent"],
    "rate limit": [
        "RATELIMIT",
        "Looks like you've been doing that a lot. Take a break for 9 minutes before trying again.",
        "ratelimit",
    ],
    "short rate limit": ["RATELIMIT", "Take a break for 300 milliseconds.", "ratelimit"],
}


@dataclass
class Thing:
    """A comment (t1_) or a submission (t3_), which has a title."""

    name: str
    author: str
    text: str
    created: int
    link: str
    parent: str | None = None
    title: str = ""
    subreddit: str = "paketprat"
    edited: float | bool = False
    listed: bool = True
    gone: str = ""
    """`deleted` by its author, `removed` by a moderator."""

    @property
    def path(self) -> str:
        """Its address below www.reddit.com."""
        below = f"{self.name[3:]}/" if self.parent else ""
        return f"/r/{self.subreddit}/comments/{self.link[3:]}/ett_inlagg/{below}"


@dataclass
class RedditTown(Town):
    """`me` is our account. Every item has a second of its own: Reddit knows no shorter time."""

    me: str = "tallkotte"
    reach: int = 1000
    things: dict[str, Thing] = field(default_factory=dict)
    odd: list[Any] = field(default_factory=list)
    """Children that stand first in every listing and are no posts."""
    headers: dict[str, str] = field(default_factory=dict)
    lasts: int = 3600
    """Seconds that a token is good for."""
    clock: int = 0
    signed_in: int = 0
    """How many tokens were given."""

    def __post_init__(self) -> None:
        super().__init__()
        self.numbers = itertools.count(0x1A2B3C)

    def submit(self, author: str, title: str, text: str = "", subreddit: str = "paketprat") -> str:
        """A submission; its fullname."""
        with self.lock:
            name = f"t3_{_base36(next(self.numbers))}"
            self.things[name] = Thing(
                name, author, text, self._second(), name, None, title, subreddit
            )
            return name

    def comment(self, author: str, text: str, to: str, *, listed: bool = True) -> str:
        """A comment; its fullname."""
        with self.lock:
            name, target = f"t1_{_base36(next(self.numbers))}", self.things[to]
            self.things[name] = Thing(
                name,
                author,
                text,
                self._second(),
                target.link,
                to,
                subreddit=target.subreddit,
                listed=listed,
            )
            return name

    def answer(self, asked: Asked) -> Answer:
        """Says `close` back to who says it, as HTTP wants it."""
        found = self._answer(asked)
        if asked.headers.get("Connection") == "close":
            found.headers = {**found.headers, "Connection": "close"}
        return found

    def _answer(self, asked: Asked) -> Answer:
        path = asked.path.strip("/")
        if path == "api/v1/access_token":
            return self._token(asked)
        if not asked.headers.get("Authorization", "").startswith("bearer sesam-"):
            return _signed_out()
        if (asked.method, path) == ("POST", "api/comment"):
            return self._publish(asked.body)
        if path == "api/v1/me":
            return Answer({"id": self.me, "name": self.me, "is_suspended": False})
        if path == "api/info":
            names = asked.query["id"].split(",")
            there = [self.things[name] for name in names if name in self.things]
            return self._refused("recall") or self._told([self._json(one) for one in there])
        return self._refused("list") or self._listing(asked, path)

    def _token(self, asked: Asked) -> Answer:
        """Keys that are not ours are refused in two ways, as recorded."""
        if self.faults["reply"] and self.faults["reply"][0] == "refuse":
            self.fault("reply")
            return Answer(b"", 503)
        if fault := self.fault("sign in"):
            return _refusal(fault) or Answer({"error": 400}, 400)
        pair = f"{KEYS['client_id']}:{KEYS['client_secret']}".encode()
        if asked.headers.get("Authorization") != f"Basic {base64.b64encode(pair).decode()}":
            return Answer({"message": "Unauthorized", "error": 401}, 401)
        if asked.body.get("password") != KEYS["password"]:
            return Answer({"error": "invalid_grant"})
        self.signed_in += 1
        given = {"access_token": f"sesam-{self.signed_in}", "token_type": "bearer", "scope": "*"}
        return Answer({**given, "expires_in": self.lasts})

    def _publish(self, body: dict[str, str]) -> Answer:
        fault, to = self.fault("reply"), body["thing_id"]
        if refusal := _refusal(fault) or _api_error(_REPLY_ERRORS.get(fault or "")):
            return refusal
        if refusal := self._forbidden(body["text"], to):
            return refusal
        name = self.comment(self.me, body["text"], to)
        if fault == "published, then 503":
            return Answer(b"", 503)
        if fault == "too late":
            time.sleep(0.6)
        if fault in ("lost answer", "too late"):
            return Answer(dropped=True)
        made = [] if fault == "not shown" else [self._json(self.things[name])]
        return Answer({"json": {"errors": [], "data": {"things": made}}}, headers=self.headers)

    def _forbidden(self, text: str, to: str) -> Answer | None:
        target = self.things.get(to)
        if target is None:
            return Answer({"message": "Not Found", "error": 404}, 404)
        if target.gone:
            return _api_error(["DELETED_COMMENT", "that comment has been deleted", "parent"])
        if len(text) > 10_000:
            return _api_error(["TOO_LONG", "this is too long (max: 10000)", "text"])
        return None

    def _listing(self, asked: Asked, path: str) -> Answer:
        """Newest first, within the reach, after a fullname."""
        found = self._found(path, asked.query)
        if found is None:
            return Answer({"message": "Not Found", "error": 404}, 404)
        shown = sorted(
            (one for one in found if one.listed), key=lambda one: one.created, reverse=True
        )
        shown, after, size = (
            shown[: self.reach],
            asked.query.get("after"),
            int(asked.query["limit"]),
        )
        names = ["", *(one.name for one in shown)]
        start = names.index(after or "") if (after or "") in names else len(shown)
        page = shown[start : start + min(size, 100)]
        following = page[-1].name if len(shown) > start + len(page) else None
        inbox = path.startswith("message/")
        return self._told([*self.odd, *(self._json(one, inbox) for one in page)], following)

    def _found(self, path: str, query: dict[str, str]) -> list[Thing] | None:
        everything = list(self.things.values())
        comments = [one for one in everything if one.parent]
        submissions = [one for one in everything if not one.parent]
        others = [one for one in comments if one.author != self.me]
        match path.split("/"):
            case ["message", "mentions"]:
                return [one for one in others if f"u/{self.me}" in one.text]
            case ["message", "comments"]:
                return [one for one in others if self._is_below_ours(one, "t1")]
            case ["message", "selfreply"]:
                return [one for one in others if self._is_below_ours(one, "t3")]
            case ["user", self.me, kind]:
                chosen = comments if kind == "comments" else submissions
                return [one for one in chosen if one.author == self.me and not one.gone]
            case ["r", "all", "search"]:
                words = re.findall(r'"([^"]+)"', query["q"])
                texts = ((one, f"{one.title} {one.text}".lower()) for one in submissions)
                return [one for one, text in texts if any(word in text for word in words)]
            case ["r", names, kind]:
                chosen = comments if kind == "comments" else submissions
                return [one for one in chosen if one.subreddit in names.split("+")]
        return None

    def _is_below_ours(self, comment: Thing, kind: str) -> bool:
        target = self.things[comment.parent or ""]
        return target.author == self.me and target.name.startswith(kind)

    def _told(self, children: list[Any], after: str | None = None) -> Answer:
        data = {"after": after, "before": None, "modhash": None, "children": children}
        return Answer({"kind": "Listing", "data": data}, headers=self.headers)

    def _json(self, thing: Thing, inbox: bool = False) -> dict[str, Any]:
        """The inbox gives a context where other listings give link and permalink."""
        found: dict[str, Any] = {
            "id": thing.name[3:],
            "name": thing.name,
            "author": thing.author,
            "author_fullname": f"t2_{thing.author}",
            "created_utc": float(thing.created),
            "edited": thing.edited,
            "subreddit": thing.subreddit,
        }
        if not thing.parent:
            found |= {"title": thing.title, "selftext": thing.text, "permalink": thing.path}
        elif inbox:
            found |= {"parent_id": thing.parent, "body": thing.text, "was_comment": True}
            found["context"] = f"{thing.path}?context=3"
            del found["edited"]
        else:
            found |= {"parent_id": thing.parent, "body": thing.text}
            found |= {"link_id": thing.link, "permalink": thing.path, "replies": ""}
        return {"kind": thing.name[:2], "data": found | _taken(thing)}

    def _refused(self, act: str) -> Answer | None:
        return _refusal(self.fault(act))

    def _second(self) -> int:
        self.clock = max(self.clock + 1, int(time.time()))
        return self.clock


def _taken(thing: Thing) -> dict[str, Any]:
    """What stands in place of a text that was taken away."""
    text = "body" if thing.parent else "selftext"
    if thing.gone == "deleted":
        return {"author": "[deleted]", text: "[deleted]"}
    return {text: "[removed]"} if thing.gone else {}


def _refusal(fault: str | None) -> Answer | None:
    """The answers that come before anything is done."""
    match fault:
        case "signed out":
            return _signed_out()
        case "signed out without a header":
            return Answer({"message": "Unauthorized", "error": 401}, 401)
        case "refuse":
            return Answer(b"", 503)
        case "forbidden":
            return Answer({"message": "Forbidden", "error": 403}, 403)
        case "bare 400":
            return Answer({"error": 400}, 400)
        case "too many":
            page = b"<!doctype html><h1>whoa there, pardner!</h1>"
            return Answer(page, 429, {"Content-Type": "text/html", "retry-after": "4"})
        case "too many without headers":
            return Answer({"message": "Too Many Requests", "error": 429}, 429)
        case "error page":
            return Answer(b"<html>Bad gateway</html>", 502, {"Content-Type": "text/html"})
        case "cut":
            return Answer(dropped=True)
    return None


def _signed_out() -> Answer:
    content = {"message": "Unauthorized", "error": 401}
    return Answer(content, 401, {"www-authenticate": _INVALID})


def _api_error(error: list[str] | None) -> Answer | None:
    """A refusal that Reddit sends as a success."""
    return Answer({"json": {"errors": [error]}}) if error else None


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return (_base36(number // 36) if number >= 36 else "") + digits[number % 36]
