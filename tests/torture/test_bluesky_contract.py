"""The contract of all channels, on Bluesky's own servers.

A front before them fails on demand, lists some posts late, and forgets; all else is theirs.
"""

from collections.abc import Iterator

import httpx
import pytest

from listener.channels.bluesky import BlueskyChannel
from models.post import Author
from tests.contract.bluesky_town import LISTS, refusal
from tests.contract.channel import ChannelContract
from tests.contract.town import Answer, Asked, Town, open_town
from tests.torture.bluesky_network import PASSWORD, Network, open_network, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
_ACTS = {"getPosts": "recall", **dict.fromkeys(LISTS, "list")}


class Front(Town):
    """Passes every call on to the host, but for what fails."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network, self.client = network, httpx.Client(base_url=network.pds)
        self.hidden = set[str]()
        self.reach: int | None = None
        self.newest: str | None = None
        """The post that the view must show before anything is asked of it."""

    def answer(self, asked: Asked) -> Answer:
        method = asked.path.rpartition(".")[2]
        if method == "putRecord":
            return self._put(asked)
        is_refused = method == "getPosts" and [*self.faults["reply"]][:1] == ["refuse"]
        act = "reply" if is_refused else _ACTS.get(method, "")
        if found := refusal(self.fault(act)):
            return found
        if self.newest is not None:
            newest, self.newest = self.newest, None
            wait_for(lambda: self.network.cid(newest) is not None, "the newest post is shown")
        return self._shown(method, self._passed(asked))

    def _put(self, asked: Asked) -> Answer:
        kind = self.fault("reply")
        if found := refusal(kind):
            return found
        made = self._passed(asked)
        return Answer(dropped=True) if kind == "lost answer" else made

    def _passed(self, asked: Asked) -> Answer:
        names = ("authorization",)
        held = {name.lower(): value for name, value in asked.headers.items()}
        headers = {name: held[name] for name in names if name in held}
        body = asked.body if asked.method == "POST" and asked.body else None
        path = f"{asked.path}?{asked.raw}" if asked.raw else asked.path
        found = self.client.request(asked.method, path, json=body, headers=headers)
        return Answer(found.json(), found.status_code)

    def _shown(self, method: str, answer: Answer) -> Answer:
        if method == "listNotifications" and answer.status == 200:
            found = [
                one for one in answer.content["notifications"] if one["uri"] not in self.hidden
            ]
            answer.content["notifications"] = found[: self.reach]
            if self.reach is not None:
                answer.content.pop("cursor", None)
        return answer


class RealStage:
    """Bluesky, from its customers' side."""

    def __init__(self, network: Network, front: Front, address: str) -> None:
        self.front = front
        self.brand, self.britta = network.person("tallkotte"), network.person("britta")
        account = Author(self.brand.did, self.brand.handle, "Tallkotte")
        keys = {"app_password": PASSWORD}
        self.channel = BlueskyChannel(account, keys, ["tallkotte"], service=address)

    def customer(self, text: str, to: str | None = None, *, late: bool = False) -> str:
        names = self.brand if "@tallkotte" in text else None
        words = text.replace("@tallkotte", f"@{self.brand.handle}")
        made = self.britta.post(words, to, names=names, shown=False)
        self.front.newest = made
        self.front.hidden |= {made} if late else set()
        return made

    def native(self, text: str, to: str) -> str:
        return self.brand.post(text, to)

    def edit(self, external_id: str, text: str) -> None:
        self.britta.edit(external_id, text)

    def delete(self, external_id: str) -> None:
        self.front.newest = None
        self.britta.delete(external_id)

    def show_all(self) -> None:
        self.front.hidden.clear()

    def fail(self, act: str, kind: str) -> None:
        self.front.faults[act].append(kind)

    def forget(self, keep: int) -> None:
        self.front.reach = keep

    def published(self, to: str) -> list[str]:
        return self.brand.answers_to(to)


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with open_network() as opened:
        yield opened


@pytest.fixture
def stage(network: Network) -> Iterator[RealStage]:
    front = Front(network)
    with open_town(front) as address, front.client:
        yield RealStage(network, front, address)


class TestBlueskysOwnServers(ChannelContract):
    """Everything the contract asks."""
