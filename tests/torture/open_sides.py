"""The open networks from their people's side: mastodon-mock, and Bluesky's own servers."""

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest
import requests

from listener.channels.mastodon_posts import stable
from tests.contract.bluesky_town import PASSWORD, BlueskyTown
from tests.contract.mastodon_mock import CuttingProxy, Mock, open_mock, open_proxy
from tests.contract.reddit_town import RedditTown
from tests.contract.town import open_town
from tests.contract.x_town import XTown
from tests.torture.bluesky_network import Network, open_network
from tests.torture.sides import (
    PEOPLE,
    US,
    RedditSide,
    SandboxSide,
    Shown,
    Side,
    TownSide,
    XSide,
    account,
)
from tests.torture.test_bluesky_contract import Front


class MastodonSide(Side):
    """The customers speak to the server itself, we through a proxy that cuts answers off."""

    channel = "mastodon"
    troubles = tuple(("reply", kind) for kind in ("lost answer", "error", "rate limit"))
    troubles += (("list", "error"), ("recall", "malformed"))
    _PATHS: ClassVar = {
        "reply": ("POST", "^/api/v1/statuses$"),
        "list": ("GET", "^/api/v1/(notifications|accounts/.*/statuses)"),
        "recall": ("GET", "^/api/v1/statuses$"),
    }

    def __init__(self, mock: Mock, proxy: CuttingProxy) -> None:
        self.mock, self.proxy = mock, proxy
        self.me, token = mock.settle(US)
        self.people = [mock.settle(f"kund{who}") for who in range(PEOPLE)]
        self.config = f'[mastodon]\nserver = "{proxy.address}"\n'
        self.config += account(self.channel, external_id=self.me)
        self.keys = {"access_token": token}

    def write(self, who: int, text: str, to: str | None = None) -> str:
        return self._post(self.people[who][1], text, to)

    def native(self, who: int, text: str, to: str) -> str:
        return self._post(self.keys["access_token"], f"@kund{who} {text}", to)

    def edit(self, who: int, number: str, text: str) -> None:
        self._ask(self.people[who][1], "PUT", f"statuses/{number}", status=text)

    def delete(self, who: int, number: str) -> None:
        self._ask(self.people[who][1], "DELETE", f"statuses/{number}")

    def fail(self, act: str, kind: str) -> None:
        effects: dict[str, dict[str, Any]] = {
            "error": {"type": "status", "status": 503},
            "malformed": {"type": "malformed"},
            "rate limit": {"type": "ratelimit", "headers": {"Retry-After": "20"}},
        }
        if kind == "lost answer":
            self.proxy.cut = b"POST /api/v1/statuses"
        else:
            self.mock.fail(*self._PATHS[act], **effects[kind])

    def posts(self) -> list[Shown]:
        users = ((self.me, self.keys["access_token"]), *self.people)
        return [one for number, token in users for one in self._posts_of(number, token)]

    def _posts_of(self, number: str, token: str) -> Iterator[Shown]:
        asked: dict[str, Any] = {"limit": 40}
        while page := self._ask(token, "GET", f"accounts/{number}/statuses", **asked):
            for one in page:
                to = one["in_reply_to_id"]
                name = stable(one["id"])
                yield Shown(name, to and stable(to), one["content"], number == self.me)
            asked["max_id"] = page[-1]["id"]

    def _post(self, token: str, text: str, to: str | None) -> str:
        sent = {"status": text} | ({"in_reply_to_id": to} if to else {})
        return stable(self._ask(token, "POST", "statuses", **sent)["id"])

    def _ask(self, token: str, method: str, path: str, **data: Any) -> Any:
        """A fault that was meant for us may strike here: nothing was taken, so ask again."""
        for _time in range(5):
            try:
                return self.mock.ask(token, method, path, **data)
            except (requests.HTTPError, requests.JSONDecodeError) as error:
                last = error
        raise last


class BlueskySide(TownSide):
    """On Bluesky's own servers; what fails on demand is a front before them."""

    channel = "bluesky"
    troubles = tuple(("reply", kind) for kind in ("lost answer", "cut", "error page", "refuse"))
    troubles += (("reply", "rate limit"), ("list", "refuse"), ("recall", "error page"))

    def __init__(self, network: Network, front: Front, address: str) -> None:
        self.town: Front = front
        self.brand = network.person(US)
        self.people = [network.person(f"kund{who}") for who in range(PEOPLE)]
        self.config = f'[bluesky]\nservice = "{address}"\n'
        self.config += account(self.channel, self.brand.handle, self.brand.did)
        self.keys = {"app_password": PASSWORD}

    def write(self, who: int, text: str, to: str | None = None) -> str:
        names = self.brand if US in text else None
        return self.people[who].post(self._named(text), to, names=names, shown=False)

    def native(self, who: int, text: str, to: str) -> str:
        return self.brand.post(text, to, shown=False)

    def edit(self, who: int, number: str, text: str) -> None:
        self.people[who].edit(number, self._named(text))

    def delete(self, who: int, number: str) -> None:
        self.people[who].delete(number)

    def posts(self) -> list[Shown]:
        found = list[Shown]()
        for person in (self.brand, *self.people):
            for post in person.posts():
                to = post["value"].get("reply", {}).get("parent", {}).get("uri")
                found.append(Shown(post["uri"], to, post["value"]["text"], person is self.brand))
        return found

    def _named(self, text: str) -> str:
        return text.replace(f"@{US}", f"@{self.brand.handle}")


class BlueskyTownSide(TownSide):
    """Where its own servers cannot be installed."""

    channel, troubles = "bluesky", BlueskySide.troubles

    def __init__(self, town: BlueskyTown, address: str) -> None:
        self.town: BlueskyTown = town
        self.people = [did for did in town.handles if did != town.me]
        self.config = f'[bluesky]\nservice = "{address}"\n'
        self.config += account(self.channel, town.handle, town.me)
        self.keys = {"app_password": PASSWORD}

    def write(self, who: int, text: str, to: str | None = None) -> str:
        return self.town.write(self.people[who], self._named(text), to)

    def native(self, who: int, text: str, to: str) -> str:
        return self.town.write(self.town.me, text, to)

    def edit(self, who: int, number: str, text: str) -> None:
        with self.town.lock:
            self.town.posts[number].record["text"] = self._named(text)

    def delete(self, who: int, number: str) -> None:
        with self.town.lock:
            del self.town.posts[number]

    def posts(self) -> list[Shown]:
        with self.town.lock:
            there = list(self.town.posts.values())
        me = self.town.me
        return [Shown(one.uri, one.parent, one.record["text"], one.did == me) for one in there]

    def _named(self, text: str) -> str:
        return text.replace(f"@{US}", f"@{self.town.handle}")


@contextmanager
def open_sides(sandbox: Path, chance: random.Random) -> Iterator[list[Side]]:
    """All five while their servers stand."""
    with ExitStack() as stack:
        enter, x, reddit = stack.enter_context, XTown(), RedditTown()
        mock = enter(open_mock())
        yield [
            SandboxSide(sandbox),
            XSide(x, enter(open_town(x))),
            RedditSide(reddit, enter(open_town(reddit)), chance),
            MastodonSide(mock, enter(open_proxy(mock.address))),
            _bluesky(stack),
        ]


def _bluesky(stack: ExitStack) -> Side:
    try:
        network = stack.enter_context(open_network())
    except pytest.skip.Exception:
        town = BlueskyTown()
        return BlueskyTownSide(town, stack.enter_context(open_town(town)))
    front = Front(network)
    stack.enter_context(front.client)
    return BlueskySide(network, front, stack.enter_context(open_town(front)))
