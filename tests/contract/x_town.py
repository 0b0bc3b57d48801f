"""X's API v2 as its recordings show it: shapes, headers and refusals, with texts of our own."""

import html
import time
from dataclasses import dataclass, field
from typing import Any

from tests.contract.town import Answer, Asked, Town

EPOCH = 1_288_834_974_657
_OK_HEADERS = {"x-rate-limit-limit": "300", "x-rate-limit-remaining": "299"}
_TITLES = {400: "Invalid Request", 401: "Unauthorized", 402: "CreditsDepleted", 403: "Forbidden"}


@dataclass
class Tweet:
    """One post with all its versions, the newest last."""

    versions: list[str]
    author: str
    text: str
    to: str | None = None
    quotes: str | None = None
    root: str = ""
    listed: bool = True
    gone: str = ""
    """Why it can be seen no more, in X's title for it."""


@dataclass
class XTown(Town):
    """`me` is our account; `summoned` holds X to its rule of February 2026."""

    me: str = "700"
    handle: str = "tallkotte"
    reach: int = 800
    summoned: bool = False
    access: str = "read-write"
    users: dict[str, str] = field(default_factory=lambda: {"700": "tallkotte", "900": "britta"})
    names: dict[str, str] = field(default_factory=dict)
    followers: list[str] = field(default_factory=list)
    tweets: dict[str, Tweet] = field(default_factory=dict)
    last: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def write(self, author: str, text: str, to: str | None = None, *, listed: bool = True) -> str:
        """A post; its id."""
        with self.lock:
            number = self._next()
            root = self._of(to).root if to and to in self.tweets else number
            self.tweets[number] = Tweet([number], author, text, to, root=root, listed=listed)
            return number

    def edit(self, number: str, text: str) -> None:
        """A new version under a new id."""
        with self.lock:
            tweet = self.tweets[number]
            tweet.versions.append(self._next())
            tweet.text = text

    def answer(self, asked: Asked) -> Answer:
        """The routes that Gensvar uses."""
        if "Authorization" not in asked.headers:
            return _problem(401, "Unauthorized")
        parts = asked.path.strip("/").split("/")
        match (asked.method, parts):
            case ("POST", ["2", "tweets"]):
                return self._publish(asked.body)
            case ("GET", ["2", "tweets", "search", "recent"]):
                return self._listing(asked, self._found(asked.query["query"]), token="next_token")
            case ("GET", ["2", "tweets"]):
                return self._looked_up(asked.query["ids"].split(","))
            case ("GET", ["2", "users", "me"]):
                access = {"x-access-level": self.access}
                me = Answer({"data": self._user(self.me)}, headers=access)
                return _refused(self.fault("me")) or me
            case ("GET", ["2", "users", self.me, "followers"]):
                newest = [self._user(one) for one in reversed(self.followers)]
                return Answer({"data": newest[: int(asked.query["max_results"])]})
            case ("GET", ["2", "users", self.me, "mentions"]):
                return self._listing(asked, self._mentions(), reach=self.reach)
            case ("GET", ["2", "users", self.me, "tweets"]):
                mine = [one for one in self.tweets.values() if one.author == self.me]
                return self._listing(asked, mine)
        return _problem(404, "Not Found")

    def _publish(self, body: dict[str, Any]) -> Answer:
        fault, to = self.fault("reply"), body["reply"]["in_reply_to_tweet_id"]
        refusal = _refused(fault) or self._forbidden(body["text"], to)
        if refusal is not None:
            return refusal
        number = self.write(self.me, body["text"], to)
        if fault == "published, then 503":
            return Answer(b"<html>Over capacity</html>", 503, {"Content-Type": "text/html"})
        if fault == "lost answer":
            return Answer(dropped=True)
        made = {"id": number, "text": body["text"], "edit_history_tweet_ids": [number]}
        return Answer({"data": made}, 201)

    def _forbidden(self, text: str, to: str) -> Answer | None:
        target = self._known(to)
        if target is None or target.gone:
            return _problem(
                403, "You attempted to reply to a Tweet that is deleted or not visible to you."
            )
        if len(text) > 280:
            return _problem(403, "Your Tweet text is too long.")
        quotes_us = target.quotes is not None and self._of(target.quotes).author == self.me
        if self.summoned and f"@{self.handle}" not in target.text and not quotes_us:
            return _problem(
                403,
                "Reply to this conversation is not allowed because you have not been mentioned or"
                " otherwise engaged by the author of the post you are replying to.",
            )
        mine = [one for one in self.tweets.values() if one.author == self.me and not one.gone]
        if any(one.text == text and one.to == to for one in mine):
            return _problem(403, "You are not allowed to create a Tweet with duplicate content.")
        return None

    def _listing(
        self, asked: Asked, tweets: list[Tweet], token: str = "pagination_token", reach: int = 3200
    ) -> Answer:
        """Newest first, within the reach, since an id."""
        if refusal := _refused(self.fault("list")):
            return refusal
        shown = [one for one in tweets if one.listed and not one.gone]
        shown = sorted(shown, key=lambda one: int(one.versions[0]), reverse=True)[:reach]
        since = int(asked.query.get("since_id", "0"))
        shown = [one for one in shown if int(one.versions[0]) > since]
        start, size = int(asked.query.get(token, "0")), int(asked.query["max_results"])
        page = shown[start : start + size]
        meta: dict[str, Any] = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": page[0].versions[0], "oldest_id": page[-1].versions[0]}
        if len(shown) > start + size:
            meta["next_token"] = str(start + size)
        return self._told(page, meta=meta)

    def _looked_up(self, ids: list[str]) -> Answer:
        if refusal := _refused(self.fault("recall")):
            return refusal
        there = [one for one in map(self._known, ids) if one is not None and not one.gone]
        errors = [
            {
                "value": number,
                "title": tweet.gone if tweet else "Not Found Error",
                "resource_type": "tweet",
                "resource_id": number,
                "type": "https://api.twitter.com/2/problems/resource-not-found",
            }
            for number, tweet in ((number, self._known(number)) for number in ids)
            if tweet is None or tweet.gone
        ]
        return self._told(there, errors=errors, old=True)

    def _told(
        self,
        tweets: list[Tweet],
        meta: dict[str, Any] | None = None,
        errors: list[dict[str, Any]] | None = None,
        *,
        old: bool = False,
    ) -> Answer:
        """`old`: the version that was asked for, with the newer ones among the includes."""
        content: dict[str, Any] = {}
        if tweets:
            content["data"] = [self._json(one, 0 if old else -1) for one in tweets]
            users = sorted({one.author for one in tweets})
            content["includes"] = {"users": [self._user(number) for number in users]}
            others = [one for one in tweets if len(one.versions) > 1]
            others += [self._of(one.quotes) for one in tweets if one.quotes]
            if others:
                content["includes"]["tweets"] = [self._json(one, -1) for one in others]
        if errors:
            content["errors"] = errors
        if meta is not None:
            content["meta"] = meta
        return Answer(content, headers=_OK_HEADERS)

    def _json(self, tweet: Tweet, version: int) -> dict[str, Any]:
        names = [word[1:].strip(".,!?") for word in tweet.text.split() if word.startswith("@")]
        is_newest = tweet.versions[version] == tweet.versions[-1]
        found: dict[str, Any] = {
            "id": tweet.versions[version],
            "edit_history_tweet_ids": tweet.versions,
            "author_id": tweet.author,
            "conversation_id": tweet.root,
            "text": html.escape(tweet.text, quote=False) if is_newest else "as it was",
            "lang": "sv",
            "entities": {"mentions": [{"username": name, "id": "1"} for name in names]},
        }
        pairs = (("replied_to", tweet.to), ("quoted", tweet.quotes))
        if any(number for _kind, number in pairs):
            found["referenced_tweets"] = [
                {"type": k, "id": number} for k, number in pairs if number
            ]
        return found

    def _user(self, number: str) -> dict[str, str]:
        handle = self.users[number]
        name = self.names.get(number, handle.title())
        return {"id": number, "username": handle, "name": name}

    def _mentions(self) -> list[Tweet]:
        others = [one for one in self.tweets.values() if one.author != self.me]
        return [one for one in others if self._names_or_answers_us(one)]

    def _names_or_answers_us(self, tweet: Tweet) -> bool:
        target = self._known(tweet.to) if tweet.to else None
        return f"@{self.handle}" in tweet.text or (target is not None and target.author == self.me)

    def _found(self, query: str) -> list[Tweet]:
        inside = query.partition("(")[2].partition(")")[0]
        words = [word.strip('"') for word in inside.split(" OR ")]
        others = [one for one in self.tweets.values() if one.author != self.me]
        writers = {word.removeprefix("from:") for word in words if word.startswith("from:")}
        if writers:
            return [one for one in others if self.users[one.author] in writers]
        return [one for one in others if any(word in one.text.lower() for word in words)]

    def _known(self, number: str) -> Tweet | None:
        return next((one for one in self.tweets.values() if number in one.versions), None)

    def _of(self, number: str) -> Tweet:
        return self.tweets[number]

    def _next(self) -> str:
        """Ids hold their time and grow."""
        self.last = max(self.last + 1, (int(time.time() * 1000) - EPOCH) << 22)
        return str(self.last)


def _refused(fault: str | None) -> Answer | None:
    """The answers that mean nothing was done."""
    match fault:
        case "signed out":
            return _problem(401, "Unauthorized")
        case "refuse":
            return _problem(402, "Your account has no credits left.")
        case "rate limit":
            reset = str(int(time.time()) + 120)
            return Answer({"title": "Too Many Requests"}, 429, {"x-rate-limit-reset": reset})
        case "rate limit without headers":
            return Answer({"title": "Too Many Requests"}, 429)
        case "reject":
            return _problem(403, "You are not permitted to perform this action.")
        case "error page":
            return Answer(b"<html>Bad gateway</html>", 502, {"Content-Type": "text/html"})
        case "cut":
            return Answer(dropped=True)
    return None


def _problem(status: int, detail: str) -> Answer:
    title = _TITLES.get(status, "Not Found Error")
    content = {"title": title, "detail": detail, "type": "about:blank", "status": status}
    return Answer(content, status)
