"""Mastodon's API in the shapes a real server sends, with texts of our own.

A server of the older kind: it looks no statuses up in batches.
"""

import html
import re
import time
from dataclasses import dataclass, field
from typing import Any

from models.instant import SECOND, now, to_datetime
from tests.contract.town import Answer, Asked, Town

_NAME = re.compile(r"(?<![\w@/])@(\w+)(?:@[\w.-]+)?")
_LINK = re.compile(r"https?://\S+")
WINDOW = 300


@dataclass
class Status:
    """One post."""

    id: str
    author: str
    text: str
    at: int
    to: str | None = None
    visibility: str = "public"
    warning: str = ""
    edited_at: int | None = None
    media: list[dict[str, Any]] = field(default_factory=list)
    html: str | None = None
    """Instead of what the server makes of the text."""
    is_odd: bool = False
    """Whether nobody wrote it."""


@dataclass
class MastodonTown(Town):
    """`me` is our account; `keeps_keys` is whether a key is known again."""

    me: str = "700"
    handle: str = "tallkotte"
    room: int = 500
    keeps_keys: bool = True
    scopes: list[str] | None = field(default_factory=lambda: ["read", "write:statuses"])
    has_v2: bool = True
    lists_direct: bool = True
    """Whether our own direct messages are listed among our posts."""
    left: int = WINDOW
    """Requests that the window still holds."""
    users: dict[str, str] = field(
        default_factory=lambda: {"700": "tallkotte", "900": "britta@annan.example"}
    )
    followers: list[str] = field(default_factory=list)
    statuses: dict[str, Status] = field(default_factory=dict)
    notices: list[tuple[int, str, str, int]] = field(default_factory=list)
    """Number, kind, status and time; the newest last."""
    late: list[str] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    last: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def write(
        self, author: str, text: str, to: str | None = None, *, listed: bool = True, **more: Any
    ) -> str:
        """A post; its id."""
        with self.lock:
            self.last = max(self.last + 1, (now() // 1000) << 16)
            number = str(self.last)
            self.statuses[number] = Status(number, author, text, now(), to, **more)
            if author != self.me and self.handle in _NAME.findall(text):
                if listed:
                    self.notify(number)
                else:
                    self.late.append(number)
            return number

    def notify(self, number: str, kind: str = "mention") -> None:
        """Tell us of a post; numbers are counted, as a real server does."""
        self.notices.append((len(self.notices) + 21, kind, number, now()))

    def edit(self, number: str, text: str) -> None:
        with self.lock:
            self.statuses[number].text, self.statuses[number].edited_at = text, now()

    def delete(self, number: str) -> None:
        """What answered it answers nothing any more."""
        with self.lock:
            del self.statuses[number]
            self.notices = [one for one in self.notices if one[2] != number]
            for status in self.statuses.values():
                status.to = None if status.to == number else status.to

    def answer(self, asked: Asked) -> Answer:
        """The routes that Gensvar uses."""
        found = self._route(asked)
        reset = to_datetime(now() + 120 * SECOND).isoformat().replace("+00:00", "Z")
        left = {"X-RateLimit-Limit": str(WINDOW), "X-RateLimit-Remaining": str(self.left)}
        found.headers = {**left, "X-RateLimit-Reset": reset, **found.headers}
        return found

    def _route(self, asked: Asked) -> Answer:
        if not asked.headers.get("Authorization", "").startswith("Bearer "):
            return problem(401, "The access token is invalid")
        match (asked.method, asked.path.strip("/").split("/")[1:]):
            case ("POST", ["v1", "statuses"]):
                return self._publish(asked)
            case ("GET", ["v1", "statuses"]):
                return refused(self.fault("recall")) or problem(404, "Record not found")
            case ("GET", ["v1", "statuses", number]):
                return refused(self.fault("parent")) or self._one(number)
            case ("GET", ["v1", "statuses", number, "context"]):
                return self._context(number)
            case ("GET", ["v1", "statuses", number, "source"]):
                return Answer({"id": number, "text": self.statuses[number].text})
            case ("GET", ["v1", "notifications"]):
                return refused(self.fault("list")) or self._notifications(asked)
            case ("GET", ["v1", "accounts", "verify_credentials"]):
                return refused(self.fault("me")) or Answer(self._account(self.me))
            case ("GET", ["v1", "apps", "verify_credentials"]):
                return Answer({"name": "Gensvar", "scopes": self.scopes})
            case ("GET", ["v1", "accounts", number, "statuses"]):
                return refused(self.fault("list")) or self._listed(asked, number)
            case ("GET", ["v1", "accounts", self.me, "followers"]):
                return Answer([self._account(one) for one in reversed(self.followers)])
            case ("GET", ["v2", "search"]):
                return self._found(asked)
            case ("GET", [version, "instance"]) if version == "v1" or self.has_v2:
                told = {"statuses": {"max_characters": self.room}}
                return Answer({"configuration": told})
        return problem(404, "Record not found")

    def _publish(self, asked: Asked) -> Answer:
        fault, body, key = self.fault("reply"), asked.body, asked.headers["Idempotency-Key"]
        if refusal := refused(fault):
            return refusal
        if self.keeps_keys and key in self.keys:
            return self._one(self.keys[key])
        to = body.get("in_reply_to_id")
        if to is not None and to not in self.statuses:
            return problem(404, "The post you are trying to reply to does not appear to exist.")
        if len(body["status"]) + len(body.get("spoiler_text", "")) > self.room:
            said = f"Validation failed: Text character limit of {self.room} exceeded"
            return problem(422, said)
        warning = body.get("spoiler_text", "")
        seen = body.get("visibility", "public")
        number = self.write(self.me, body["status"], to, visibility=seen, warning=warning)
        self.keys[key] = number
        if fault == "published, then 503":
            return Answer(b"<html>Over capacity</html>", 503, {"Content-Type": "text/html"})
        if fault == "published, then garbled":
            return Answer(b'{"id": "11')
        time.sleep(0.6 if fault == "too late" else 0)
        return Answer(dropped=True) if fault == "lost answer" else self._one(number)

    def _one(self, number: str) -> Answer:
        if number not in self.statuses:
            return problem(404, "Record not found")
        return Answer(self._json(self.statuses[number]))

    def _context(self, number: str) -> Answer:
        above, below, one = list[Status](), list[Status](), self.statuses.get(number)
        if one is None:
            return problem(404, "Record not found")
        while one.to and (one := self.statuses.get(one.to)):
            above.insert(0, one)
        wanted = {number}
        for status in self.statuses.values():
            if status.to in wanted:
                below.append(status)
                wanted.add(status.id)
        told = {"ancestors": above, "descendants": below}
        return Answer({name: [self._json(one) for one in told[name]] for name in told})

    def _notifications(self, asked: Asked) -> Answer:
        """Those set aside are told only to who asks for them."""
        until = int(asked.query.get("max_id", "999999999"))
        limit, told = int(asked.query["limit"]), list[dict[str, Any]]()
        for number, kind, post, at in reversed(self.notices):
            status = self.statuses[post]
            is_aside = status.visibility == "direct" and "include_filtered" not in asked.query
            if number < until and not is_aside and len(told) < limit:
                one = {"id": str(number), "type": kind, "created_at": stamp(at)}
                told.append({**one, "status": self._json(status)})
        return Answer(told)

    def _listed(self, asked: Asked, author: str) -> Answer:
        until, limit = int(asked.query.get("max_id", "9" * 20)), int(asked.query["limit"])
        theirs = [
            one
            for one in reversed(self.statuses.values())
            if one.author == author and int(one.id) < until and self._is_shown(one)
        ]
        return Answer([self._json(one) for one in theirs[:limit]])

    def _is_shown(self, status: Status) -> bool:
        return status.visibility != "direct" or (status.author == self.me and self.lists_direct)

    def _found(self, asked: Asked) -> Answer:
        word, start = asked.query["q"].strip('"').lower(), int(asked.query["offset"])
        found = [
            one
            for one in reversed(self.statuses.values())
            if word in one.text.lower() and one.visibility == "public"
        ]
        found = found[start:][: int(asked.query["limit"])]
        return Answer({"statuses": [self._json(one) for one in found]})

    def _json(self, status: Status) -> dict[str, Any]:
        names = {handle.partition("@")[0]: number for number, handle in self.users.items()}
        told = [names[name] for name in _NAME.findall(status.text) if name in names]
        parent = self.statuses.get(status.to or "")
        return {
            "id": status.id,
            "created_at": stamp(status.at),
            "edited_at": stamp(status.edited_at) if status.edited_at else None,
            "in_reply_to_id": status.to,
            "in_reply_to_account_id": parent.author if parent else None,
            "sensitive": bool(status.warning),
            "spoiler_text": status.warning,
            "visibility": status.visibility,
            "language": "sv",
            "uri": f"https://hem.example/users/{status.author}/statuses/{status.id}",
            "url": f"https://hem.example/@{self.users[status.author]}/{status.id}",
            "replies_count": sum(one.to == status.id for one in self.statuses.values()),
            "content": rendered(status.text) if status.html is None else status.html,
            "reblog": None,
            "account": None if status.is_odd else self._account(status.author),
            "media_attachments": status.media,
            "mentions": [{"id": number, "acct": self.users[number]} for number in told],
        }

    def _account(self, number: str) -> dict[str, Any]:
        handle = self.users[number]
        return {
            "id": number,
            "username": handle.partition("@")[0],
            "acct": handle,
            "display_name": handle.partition("@")[0].title(),
            "statuses_count": sum(one.author == number for one in self.statuses.values()),
        }


def stamp(at: int) -> str:
    """As Mastodon writes a time; microseconds are kept, so that tests can be quick."""
    return to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def rendered(text: str) -> str:
    """What a server makes of a text: names without their server, links in three parts."""
    safe = html.escape(text, quote=False)
    safe = _LINK.sub(lambda found: _shown(found[0]), safe)
    safe = _NAME.sub(
        r'<span class="h-card" translate="no"><a href="https://hem.example/@\1"'
        r' class="u-url mention">@<span>\1</span></a></span>',
        safe,
    )
    paragraphs = safe.split("\n\n")
    return "".join(f"<p>{one.replace(chr(10), '<br />')}</p>" for one in paragraphs)


def _shown(link: str) -> str:
    scheme, _slashes, rest = link.partition("://")
    return (
        f'<a href="{link}" target="_blank" rel="nofollow noopener" translate="no">'
        f'<span class="invisible">{scheme}://</span><span class="ellipsis">{rest[:30]}</span>'
        f'<span class="invisible">{rest[30:]}</span></a>'
    )


def refused(fault: str | None) -> Answer | None:
    """The answers that mean nothing was done."""
    match fault:
        case "signed out":
            return problem(401, "The access token is invalid")
        case "refuse":
            return problem(503, "Service Unavailable")
        case "rate limit":
            return problem(429, "Too many requests")
        case "rate limit without a time":
            return Answer({"error": "Too many requests"}, 429, {"X-RateLimit-Reset": "soon"})
        case "reject":
            return problem(422, "Validation failed: Text contains forbidden words")
        case "scope":
            return problem(403, "This action is outside the authorized scopes")
        case "moved":
            return Answer({}, 301, {"Location": "https://elsewhere.example/api/v1/statuses"})
        case "error page":
            return Answer(b"<html>Bad gateway</html>", 502, {"Content-Type": "text/html"})
        case "cut":
            return Answer(dropped=True)
    return None


def problem(status: int, says: str) -> Answer:
    return Answer({"error": says}, status)
