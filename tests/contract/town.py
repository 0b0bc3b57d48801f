"""A small HTTP server that stands in for a network; each network brings its routes.

The libraries speak to it unmodified over loopback. A fault waits for the next call of its act.
"""

import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Asked:
    """A request as a route sees it."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str]
    raw: str = ""
    """The query as it came: some networks repeat a name."""


@dataclass
class Answer:
    """What goes back: content that is no bytes is sent as JSON."""

    content: Any = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    dropped: bool = False
    """The connection is cut instead, after all that was done."""


class Town:
    """The network itself: its routes, its faults, and who knocked."""

    def __init__(self) -> None:
        self.faults: dict[str, deque[str]] = defaultdict(deque)
        self.calls: list[Asked] = []
        self.lock = threading.RLock()
        self.ahead = 0.0
        """Seconds by which the network's clock is ahead of ours."""

    def answer(self, asked: Asked) -> Answer:
        """One route for each kind of request."""
        raise NotImplementedError

    def fault(self, act: str) -> str | None:
        """The fault that waits for this act, if any; it strikes once."""
        return self.faults[act].popleft() if self.faults[act] else None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    """An answer leaves in one piece; in two, the second waits for the first to be acknowledged."""

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def date_time_string(self, timestamp: float | None = None) -> str:
        town = cast("_Server", self.server).town
        return super().date_time_string((timestamp or time.time()) + town.ahead)

    def log_message(self, *_arguments: Any) -> None:
        """Silence."""

    def _handle(self) -> None:
        town = cast("_Server", self.server).town
        where = urlsplit(self.path)
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        is_json = "json" in (self.headers.get("Content-Type") or "")
        body = json.loads(sent) if is_json and sent else dict(parse_qsl(sent))
        asked = Asked(
            self.command,
            where.path,
            dict(parse_qsl(where.query)),
            body,
            dict(self.headers),
            where.query,
        )
        with town.lock:
            town.calls.append(asked)
            found = town.answer(asked)
        if found.dropped:
            self.close_connection = True
            return
        raw = found.content if isinstance(found.content, bytes) else json.dumps(found.content)
        content = raw if isinstance(raw, bytes) else raw.encode()
        self.send_response(found.status)
        for name, value in {"Content-Type": "application/json", **found.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    town: Town


@contextmanager
def open_town(town: Town) -> Iterator[str]:
    """Its address while it stands."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.town = town
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
