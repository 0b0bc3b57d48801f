"""Bluesky's own servers on this machine: PDS, PLC and AppView, with Debian's Postgres and Redis.

The first use installs them by npm into the user's cache, some minutes; later ones start in
seconds. Nothing is reached from outside, and nothing is left when the tests end.
"""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from platformdirs import user_cache_path

PACKAGE = "@atproto/dev-env@0.3.215"
"""Bluesky's own test network: PDS 0.4.217 and AppView 0.0.221; runs on Node 20."""
POST = "app.bsky.feed.post"
PASSWORD = "abcd-efgh-ijkl-mnop"
_PATIENCE = 20.0
_START = """
const { TestNetwork } = require('@atproto/dev-env')
const [pds, bsky, plc] = process.argv.slice(2).map(Number)
TestNetwork.create({
  pds: { port: pds, hostname: 'localhost', enableDidDocWithSession: true },
  bsky: { port: bsky, publicUrl: `http://localhost:${bsky}` },
  plc: { port: plc },
}).then((n) => console.log(JSON.stringify({ pds: n.pds.url, view: n.bsky.url })))
  .catch((e) => { console.error(e); process.exit(1) })
"""
Record = dict[str, Any]


@dataclass(frozen=True)
class Network:
    """Its addresses: of the host that has the accounts, and of the view of the whole."""

    pds: str
    view: str

    def person(self, name: str) -> "Person":
        """A new account, which the view knows of."""
        number = time.time_ns() // 1000 % 10**9
        made = {"handle": f"{name}{number}.test", "email": f"{name}{number}@example.org"}
        body = {**made, "password": PASSWORD}
        answer = httpx.post(_at(self.pds, "com.atproto.server.createAccount"), json=body).json()
        person = Person(self, answer["did"], made["handle"], answer["accessJwt"])
        person.act("putRecord", "app.bsky.actor.profile", rkey="self", record={"displayName": name})
        wait_for(lambda: self._knows(person.did), f"{name} is known")
        return person

    def _knows(self, did: str) -> bool:
        method = _at(self.view, "app.bsky.actor.getProfile")
        return httpx.get(method, params={"actor": did}).status_code == 200

    def cid(self, uri: str) -> str | None:
        """The version of a post that the view shows; None where it shows none."""
        answer = httpx.get(_at(self.view, "app.bsky.feed.getPosts"), params={"uris": uri})
        posts = answer.json()["posts"]
        return str(posts[0]["cid"]) if posts else None


@dataclass(frozen=True)
class Person:
    """Somebody with Bluesky's own app in their hand."""

    network: Network
    did: str
    handle: str
    token: str

    def post(
        self,
        text: str,
        to: str | None = None,
        *,
        names: "Person | None" = None,
        shown: bool = True,
    ) -> str:
        """A post, with `names` in it made out; its address, once the view shows it."""
        record: Record = {"text": text}
        if names is not None:
            at = len(text[: text.index(f"@{names.handle}")].encode())
            place = {"byteStart": at, "byteEnd": at + len(names.handle) + 1}
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": names.did}
            record["facets"] = [{"index": place, "features": [feature]}]
        if to is not None:
            above = self.record(to)
            ours = {"uri": to, "cid": above["cid"]}
            root = above["value"].get("reply", {}).get("root", ours)
            record["reply"] = {"root": root, "parent": ours}
        made = self.act("createRecord", POST, record=record)
        if shown:
            wait_for(lambda: self.network.cid(made["uri"]) == made["cid"], "the post is shown")
        return str(made["uri"])

    def edit(self, uri: str, text: str) -> None:
        """Other words in the same post."""
        record = {**self.record(uri)["value"], "text": text}
        made = self.act("putRecord", POST, rkey=_key(uri), record=record)
        wait_for(lambda: self.network.cid(uri) == made["cid"], "the edit is shown")

    def delete(self, uri: str) -> None:
        """Gone for good."""
        self.act("deleteRecord", POST, rkey=_key(uri))
        wait_for(lambda: self.network.cid(uri) is None, "the deletion is seen")

    def block(self, other: "Person") -> None:
        """They and we no longer see each other."""
        self.act("createRecord", "app.bsky.graph.block", record={"subject": other.did})

    def leave(self) -> None:
        """The account is put away, and may come back."""
        held = {"Authorization": f"Bearer {self.token}"}
        method = _at(self.network.pds, "com.atproto.server.deactivateAccount")
        assert httpx.post(method, json={}, headers=held).status_code == 200
        profile = _at(self.network.view, "app.bsky.actor.getProfile")
        wait_for(
            lambda: httpx.get(profile, params={"actor": self.did}).status_code == 400,
            "the account is away",
        )

    def posts(self) -> list[Record]:
        """All that stands in the repository, by the host's own account."""
        method, found = _at(self.network.pds, "com.atproto.repo.listRecords"), list[Record]()
        asked: dict[str, str] = {"repo": self.did, "collection": POST, "limit": "100"}
        while True:
            answer = httpx.get(method, params=asked).json()
            found += answer["records"]
            if not answer.get("cursor"):
                return found
            asked["cursor"] = answer["cursor"]

    def answers_to(self, uri: str) -> list[str]:
        """The texts of our posts below a post."""
        values = [post["value"] for post in self.posts()]
        below = [one for one in values if one.get("reply", {}).get("parent", {}).get("uri") == uri]
        return [one["text"] for one in below]

    def record(self, uri: str) -> Record:
        """What stands at an address."""
        did, _collection, key = uri.removeprefix("at://").split("/")
        method = _at(self.network.pds, "com.atproto.repo.getRecord")
        params = {"repo": did, "collection": POST, "rkey": key}
        return _told(httpx.get(method, params=params))

    def act(self, act: str, collection: str, **body: Any) -> Record:
        """A change in the repository; a record is dated now, to the millisecond."""
        if "record" in body:
            dated = f"{time.strftime('%FT%T', time.gmtime())}.{time.time_ns() // 10**6 % 1000:03}Z"
            body["record"] = {"$type": collection, "createdAt": dated, **body["record"]}
        sent = {"repo": self.did, "collection": collection, **body}
        held = {"Authorization": f"Bearer {self.token}"}
        method = _at(self.network.pds, f"com.atproto.repo.{act}")
        return _told(httpx.post(method, json=sent, headers=held))


def wait_for(is_so: Callable[[], bool], what: str) -> None:
    """The view takes in a moment what the hosts tell it."""
    end = time.monotonic() + _PATIENCE
    while not is_so():
        assert time.monotonic() < end, f"not within {_PATIENCE:g} s: {what}"
        time.sleep(0.02)


@contextmanager
def open_network() -> Iterator[Network]:
    """The servers while they stand; the test is skipped where they cannot be installed."""
    tools = _tools()
    folder = _installed(tools)
    with ExitStack() as stack:
        state = Path(stack.enter_context(_folder()))
        address = stack.enter_context(_postgres(tools, state))
        redis = _port()
        quiet = ("--bind", "127.0.0.1", "--save", "", "--dir", str(state), "--port", str(redis))
        stack.enter_context(_running([tools["redis-server"], *quiet], state / "redis.log"))
        told = {"DB_POSTGRES_URL": address, "DB_POSTGRES_SCHEMA": "gensvar"}
        env = {**os.environ, **told, "REDIS_HOST": f"127.0.0.1:{redis}", "LOG_ENABLED": "false"}
        ports = [str(_port()) for _server in range(3)]
        log = state / "network.log"
        command = [tools["node"], "network.cjs", *ports]
        running = stack.enter_context(_running(command, log, cwd=folder, env=env))
        yield Network(**_ready(running, log))


def _tools() -> dict[str, str]:
    found = {name: shutil.which(name) or "" for name in ("node", "npm", "redis-server", "initdb")}
    for debian in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        found["initdb"] = str(debian)
    if missing := [name for name, path in found.items() if not path]:
        pytest.skip(
            f"Bluesky's servers need {', '.join(missing)}:"
            " apt-get install nodejs npm postgresql redis-server, and Node 20"
        )
    return found


def _installed(tools: dict[str, str]) -> Path:
    """The folder with the servers, installed once for each version."""
    folder = user_cache_path("gensvar-tests") / PACKAGE.rpartition("@")[2]
    if not (folder / "done").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}')
        command = [tools["npm"], "install", "--no-audit", "--no-fund", PACKAGE]
        made = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=1500)
        if made.returncode:
            pytest.skip(f"Bluesky's servers cannot be installed: {made.stderr[-300:]}")
        (folder / "done").touch()
    (folder / "network.cjs").write_text(_START)
    return folder


@contextmanager
def _postgres(tools: dict[str, str], state: Path) -> Iterator[str]:
    """Its address; it never runs as root, so then it runs as the user that Debian made for it."""
    tool, data, port = Path(tools["initdb"]).parent, state / "data", _port()
    user = "postgres" if os.name == "posix" and os.getuid() == 0 else None
    if user:
        shutil.chown(state, user)
    make = [tools["initdb"], "-D", str(data), "-A", "trust", "-U", "pg"]
    subprocess.run(make, check=True, capture_output=True, user=user)
    options = ("-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={state}")
    quick = ("-c", "fsync=off", "-p", str(port))
    command = [str(tool / "postgres"), "-D", str(data), *options, *quick]
    with _running(command, state / "postgres.log", user=user):
        ask = [str(tool / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
        wait_for(lambda: subprocess.run(ask).returncode == 0, "Postgres answers")
        yield f"postgresql://pg@127.0.0.1:{port}/postgres"


@contextmanager
def _running(command: list[str], log: Path, **how: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A server that ends with the tests: by SIGINT, at which Postgres lets nobody finish."""
    with open(log, "wb") as written:
        process = subprocess.Popen(command, stdout=written, stderr=written, **how)
    try:
        yield process
    finally:
        process.send_signal(2)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _ready(process: subprocess.Popen[bytes], log: Path) -> dict[str, str]:
    """The addresses that the servers print once they stand."""
    end = time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None:
        for line in log.read_text(errors="replace").splitlines():
            if line.startswith("{"):
                found: dict[str, str] = json.loads(line)
                return found
        time.sleep(0.1)
    pytest.fail(f"Bluesky's servers do not start: {log.read_text(errors='replace')[-2000:]}")


@contextmanager
def _folder() -> Iterator[str]:
    made = tempfile.mkdtemp(prefix="gensvar-bluesky-")
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _at(address: str, method: str) -> str:
    return f"{address}/xrpc/{method}"


def _told(answer: httpx.Response) -> Record:
    assert answer.status_code == 200, answer.text
    found: Record = answer.json()
    return found


def _key(uri: str) -> str:
    return uri.rpartition("/")[2]
