"""mastodon-mock as a process of its own, and a proxy before it that cuts answers off."""

import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, cast

import requests

_START = 60.0
"""Seconds until it must answer."""


@dataclass
class Mock:
    """The server as its administrator and its users see it."""

    address: str

    def reset(self) -> None:
        """Nobody there, nothing said, no faults."""
        self._control("reset", {})
        requests.delete(f"{self.address}/api/v1/_mock/faults", timeout=30)

    def settle(self, name: str) -> tuple[str, str]:
        """A new user's id and token."""
        made = self._control("dev_user", {"username": name})
        return made["id"], made["access_token"]

    def fail(self, methods: str, path: str, **effect: Any) -> None:
        """Let the next such request fail; `path` is an expression."""
        match = {"methods": [methods], "path_regex": path}
        self._control("faults", {"match": match, "effect": effect, "count": 1})

    def ask(self, token: str, method: str, path: str, **data: Any) -> Any:
        """A call of the ordinary API, as the user of that token."""
        where = f"{self.address}/api/v1/{path}"
        asked, sent = (data, None) if method == "GET" else (None, data)
        headers = {"Authorization": f"Bearer {token}"}
        answer = requests.request(
            method, where, params=asked, data=sent, headers=headers, timeout=30
        )
        answer.raise_for_status()
        return answer.json()

    def _control(self, what: str, body: dict[str, Any]) -> Any:
        answer = requests.post(f"{self.address}/api/v1/_mock/{what}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def open_mock() -> Iterator[Mock]:
    """The server while it stands."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mastodon_mock", "serve", "--in-memory"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "critical"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    mock = Mock(f"http://127.0.0.1:{port}")
    try:
        _wait(mock)
        yield mock
    finally:
        process.terminate()
        process.wait()


def _wait(mock: Mock) -> None:
    until = time.monotonic() + _START
    while time.monotonic() < until:
        with suppress(requests.ConnectionError):
            requests.get(f"{mock.address}/api/v2/instance", timeout=5)
            return
        time.sleep(0.05)
    raise TimeoutError(mock.address)


class CuttingProxy(socketserver.ThreadingTCPServer):
    """Passes bytes on; of the next request that begins with `cut` it keeps the answer to itself.

    Each connection carries one request at a time, which HTTP/1.1 without pipelining holds to.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: str) -> None:
        host, port = address.removeprefix("http://").split(":")
        self.upstream = (host, int(port))
        self.cut: bytes | None = None
        self.cuts = 0
        super().__init__(("127.0.0.1", 0), _Passing)

    @property
    def address(self) -> str:
        """Where clients knock."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Passing(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        proxy = cast("CuttingProxy", self.server)
        with socket.create_connection(proxy.upstream) as there:
            back = threading.Thread(target=self._answers, args=(there,))
            self._doomed = False
            back.start()
            while sent := _received(self.request):
                if proxy.cut and sent.startswith(proxy.cut):
                    self._doomed, proxy.cut = True, None
                there.sendall(sent)
            with suppress(OSError):
                there.shutdown(socket.SHUT_WR)
            back.join()

    def _answers(self, there: socket.socket) -> None:
        while answer := _received(there):
            if self._doomed:
                cast("CuttingProxy", self.server).cuts += 1
                break
            with suppress(OSError):
                self.request.sendall(answer)
        with suppress(OSError):
            self.request.shutdown(socket.SHUT_RDWR)


def _received(peer: socket.socket) -> bytes:
    try:
        return peer.recv(65_536)
    except OSError:
        return b""


@contextmanager
def open_proxy(address: str) -> Iterator[CuttingProxy]:
    """A proxy before a server, while it stands."""
    with CuttingProxy(address) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()
