"""One story on two real servers: mastodon-mock, which knows keys, and snac, which does not.

A customer writes, the reply's answer is lost on the way, the customer follows up, a bystander
joins, the brand answers from the telephone, posts are edited and deleted, a message is private.
The server's own data say at the end that every reply is there once.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlmodel import col, select, update

from listener.channels.mastodon_posts import stable
from listener.collect import collect
from listener.deliver import Delivered, deliver
from listener.worker import Worker
from models.answer import Answer
from models.instant import DAY, HOUR
from models.records import desk, ledger
from models.records.audit import audit
from models.records.store import open_store
from models.records.tables import Mention, Reply, Source
from models.settings import load
from tests.contract.mastodon_mock import CuttingProxy, open_mock, open_proxy
from tests.torture.snac import ADDRESS, fetched, open_snac

USERS = ("brand", "cust", "bystander")
FEDERATION = 40.0
"""Seconds within which a post must have come to whom it names."""


@dataclass
class Server:
    """A server as its people use it; `host` is what stands behind a name."""

    address: str
    tokens: dict[str, str]
    host: str

    def ask(self, user: str, method: str, path: str, **data: Any) -> Any:
        """The answer's JSON; None where there is no such thing."""
        answer = requests.request(
            method,
            f"{self.address}/api/v1/{path}",
            headers={"Authorization": f"Bearer {self.tokens[user]}"},
            params=data if method == "GET" else None,
            data=data if method != "GET" else None,
            timeout=30,
        )
        if answer.status_code == 404:
            return None
        answer.raise_for_status()
        return answer.json()

    def post(self, user: str, text: str, to: str | None = None, seen: str = "public") -> str:
        """A post that names its reader in full; its id as we know it."""
        sent = {"status": text.replace("@brand", f"@brand{self.host}"), "visibility": seen}
        sent |= {"in_reply_to_id": to} if to else {}
        return stable(self.ask(user, "POST", "statuses", **sent)["id"])

    def below(self, number: str, author: str) -> list[Any]:
        """What somebody has written directly below a post, by the brand's own view of it."""
        context = self.ask("brand", "GET", f"statuses/{number}/context")
        return [
            one
            for one in context["descendants"]
            if one["account"]["username"] == author and stable(one["in_reply_to_id"]) == number
        ]


@contextmanager
def on_mock(_folder: Path) -> Iterator[Server]:
    with open_mock() as mock:
        tokens = {user: mock.settle(user)[1] for user in USERS}
        yield Server(mock.address, tokens, "")


@contextmanager
def on_snac(folder: Path) -> Iterator[Server]:
    program = fetched(folder / "fetched")
    with open_snac(program, folder / "data", USERS) as tokens:
        yield Server(ADDRESS, tokens, "@localhost")


@dataclass
class Product:
    """Gensvar on that server: its listener's passes, its desk, its ledger."""

    worker: Worker
    server: Server

    def hear(self, number: str) -> Mention:
        """Passes of the listener until a post has come."""
        until = time.monotonic() + FEDERATION
        while time.monotonic() < until:
            self.listen()
            with self.worker.store.read() as session:
                found = session.exec(select(Mention).where(Mention.external_id == number)).first()
                if found is not None:
                    return found
            time.sleep(0.5)
        raise TimeoutError(number)

    def listen(self) -> None:
        """A pass; a server that closes the line between two questions is asked once more."""
        errors = [""]
        for _pass in range(3):
            errors = [heard.error for heard in collect(self.worker) if heard.error]
            if not errors:
                return
            time.sleep(0.1)
        raise AssertionError(errors)

    def answer(self, mention: Mention, text: str) -> Delivered:
        """What staff write at the desk, and a pass of the sender."""
        store = self.worker.store
        with store.write() as session:
            words = Answer.by("Anna", text)
            can_send = self.worker.can_send()
            desk.reply(session, mention.id or 0, words, store.now(), 0, can_send)
        return deliver(self.worker)

    def look_again(self) -> None:
        """Time passes: every post is looked at again."""
        with self.worker.store.write() as session:
            long_ago = self.worker.store.now() - HOUR
            ages = {"received_at": long_ago, "look_at": 0}
            session.connection().execute(update(Mention).values(ages))
            session.connection().execute(update(Source).values(next_at=0))
        self.listen()

    def ledger(self) -> dict[str, tuple[str, str | None]]:
        """Each mention's state and how it was answered; nothing may be wrong in the records."""
        store = self.worker.store
        with store.read() as session:
            assert audit(session, store.now(), DAY).violations == []
            listed = ledger.entries(session, store.now(), None)
            return {one.external_id: (one.state, one.how) for one in listed}

    def mention(self, number: str) -> Mention:
        with self.worker.store.read() as session:
            return session.exec(select(Mention).where(Mention.external_id == number)).one()


@pytest.fixture(params=[on_mock, on_snac], ids=["mastodon-mock", "snac"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    open_server: Callable[[Path], Any] = request.param
    (tmp_path / "fetched").mkdir()
    with open_server(tmp_path) as found:
        yield found


@pytest.fixture
def proxy(server: Server) -> Iterator[CuttingProxy]:
    with open_proxy(server.address.replace("localhost", "127.0.0.1:80")) as found:
        yield found


@pytest.fixture
def product(
    server: Server, proxy: CuttingProxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Product]:
    """With a config as a user writes it; every call goes through the proxy."""
    me = server.ask("brand", "GET", "accounts/verify_credentials")
    config = tmp_path / "config.toml"
    config.write_text(
        f'database = "sqlite:///{tmp_path / "gensvar.db"}"\n'
        '[brand]\nname = "Tallkotte"\nhandle = "brand"\n'
        "[listen]\nevery_seconds = 0.001\n[outbox]\nundo_seconds = 0\n"
        f'[mastodon]\nserver = "{proxy.address}"\n'
        f'[[account]]\nchannel = "mastodon"\nhandle = "brand"\nexternal_id = "{me["id"]}"\n'
    )
    monkeypatch.setenv("GENSVAR_MASTODON_ACCESS_TOKEN", server.tokens["brand"])
    monkeypatch.delenv("GENSVAR_DATABASE_URL", raising=False)
    settings = load(config)
    store = open_store(settings.database_url(), create=True)
    yield Product(Worker.on(store, settings), server)
    store.close()


@pytest.mark.slow
def test_the_story(product: Product, server: Server, proxy: CuttingProxy) -> None:
    first = server.post("cust", "@brand Var är paketet? Det skulle komma i går.")
    mention = product.hear(first)
    assert product.ledger() == {first: ("open", None)}

    proxy.cut = b"POST /api/v1/statuses"
    done = product.answer(mention, "Jag beklagar, vi söker det nu och hör av oss i dag. /Anna")
    assert (done.unknown, proxy.cuts) == (1, 1)
    assert product.ledger() == {first: ("replying", None)}
    _settle(product)
    assert product.ledger() == {first: ("answered", "reply")}
    (ours,) = server.below(first, "brand")
    answer = stable(ours["id"])

    follow_up = server.post("cust", "@brand Tack! När i dag?", to=answer)
    bystander = server.post("bystander", "@brand Mitt är också borta", to=first)
    threads = {product.hear(one).conversation_id for one in (first, follow_up, bystander)}
    assert len(threads) == 1
    assert product.ledger()[follow_up] == product.ledger()[bystander] == ("open", None)

    server.post("brand", f"@cust{server.host} Före klockan tre.", to=follow_up)
    product.listen()
    assert product.ledger()[follow_up] == ("answered", "native")
    assert product.ledger()[bystander] == ("open", None)
    assert product.mention(bystander).perhaps_answered

    edited = "@brand Mitt är också borta, sedan i måndags"
    words = edited.replace("@brand", f"@brand{server.host}")
    assert server.ask("bystander", "PUT", f"statuses/{bystander}", status=words) is not None
    _until(lambda: "måndags" in (product.mention(bystander).text or ""), product.look_again)
    assert len(product.ledger()) == 3

    is_gone = server.ask("bystander", "DELETE", f"statuses/{bystander}") is not None
    product.look_again()
    if is_gone:
        assert product.ledger()[bystander] == ("gone", None)
        assert product.mention(bystander).text is None
    else:
        done = product.answer(product.mention(bystander), "Vi söker även ditt. /Anna")
        assert done.sent == 1
        assert len(server.below(bystander, "brand")) == 1

    private = server.post("cust", "@brand Mitt nummer är 070-1740600.", seen="direct")
    assert product.hear(private).flags == ["private"]
    assert product.answer(product.mention(private), "Tack, vi ringer dig. /Anna").sent == 1
    (ours,) = server.below(private, "brand")
    assert ours["visibility"] in ("direct", "private")
    assert ours["visibility"] == server.ask("cust", "GET", f"statuses/{private}")["visibility"]

    product.listen()
    expected = ("gone", None) if is_gone else ("answered", "reply")
    assert product.ledger() == {
        first: ("answered", "reply"),
        follow_up: ("answered", "native"),
        bystander: expected,
        private: ("answered", "reply"),
    }
    assert [len(server.below(one, "brand")) for one in (first, follow_up, private)] == [1, 1, 1]


@pytest.mark.slow
def test_many_cuts_make_no_second_post(
    product: Product, server: Server, proxy: CuttingProxy
) -> None:
    """Every second answer is lost; the waits are the real ones."""
    sent = [server.post("cust", f"@brand Var är paket {number}?") for number in range(8)]
    for number, one in enumerate(sent):
        mention = product.hear(one)
        proxy.cut = b"POST /api/v1/statuses" if number % 2 else None
        product.answer(mention, f"Vi söker paket {number} nu. /Anna")
    assert proxy.cuts == 4
    _settle(product)
    product.look_again()
    assert [len(server.below(one, "brand")) for one in sent] == [1] * 8
    assert set(product.ledger().values()) == {("answered", "reply")}


def _settle(product: Product) -> None:
    """Passes of the sender until no reply is in doubt, with the real waits between looks."""

    def is_settled() -> bool:
        with product.worker.store.read() as session:
            doubtful = select(Reply).where(col(Reply.state) != "sent")
            return session.exec(doubtful).first() is None

    _until(is_settled, lambda: deliver(product.worker))


def _until(is_so: Callable[[], bool], work: Callable[[], object]) -> None:
    until = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < until
        work()
        time.sleep(0.5)
