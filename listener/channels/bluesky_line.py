"""How atproto reaches Bluesky: whole answers within a total deadline, no retry, nothing in a log.

Importing it loads atproto with all its models, some two seconds: only a call may do so.
"""

import ssl
import threading
import time
import weakref
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx
from atproto_client.client.base import ClientBase
from atproto_client.exceptions import RequestErrorBase
from atproto_client.request import Request

from listener.channels import web

_CONNECT, _SILENCE = 5.0, 10.0
"""Seconds until a connection stands, and between two pieces of an answer."""
_LARGEST = 20_000_000
"""Bytes of one answer."""
_IDLE = 2.0
"""Seconds for which a connection is used again: servers leave idle ones after five, and a reply
into a connection that was just left would cost its certainty."""
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_FAILURES = (RequestErrorBase, httpx.HTTPError, ValueError)
"""How a call can end: httpx's own errors and unreadable JSON come through atproto as they are."""


class Deadline(httpx.HTTPTransport):
    """Every exchange ends within its seconds, even where headers trickle in letter by letter."""

    def __init__(self, proxy: str | None = None) -> None:
        limits = httpx.Limits(max_connections=20, keepalive_expiry=_IDLE)
        super().__init__(proxy=proxy, limits=limits, verify=_trusted())
        self._pool._network_backend = _Backend()
        self.headers: Mapping[str, str] = {}
        """Of the last answer."""
        self.ahead: float | None = None
        """Seconds by which our clock was ahead of the last answer's."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The whole answer; httpx.TimeoutException otherwise."""
        response = super().handle_request(request)
        self.headers, self.ahead = response.headers, web.ahead(response.headers)
        try:
            body = _whole(response)
        finally:
            response.close()
        if response.has_redirect_location:  # atproto would follow it, password and all
            raise httpx.RemoteProtocolError("the service sends us elsewhere")
        return httpx.Response(response.status_code, headers=response.headers, content=body)


class Line:
    """atproto at one address; answers come as they are, not as models.

    Its models refuse a whole page for one post with an embed of tomorrow.
    """

    failures = _FAILURES

    def __init__(self, address: str) -> None:
        web.silence()
        where = urlsplit(address)
        proxy = None if proxy_bypass(where.hostname or "") else getproxies().get(where.scheme)
        self.transport = Deadline(proxy)
        patience = httpx.Timeout(_SILENCE, connect=_CONNECT)
        request = Request(transport=self.transport, timeout=patience)
        weakref.finalize(self, request.close)  # no channel is ever closed; its sockets must be
        self._client = ClientBase(address, request)

    def move(self, address: str) -> None:
        """Call another host from now on."""
        self._client.update_base_url(address)

    def query(self, method: str, params: Mapping[str, Any], token: str, seconds: float) -> Any:
        """A reading, by GET."""
        _clock.end = time.monotonic() + seconds
        address = f"{self._client._build_url(method)}?{httpx.QueryParams(_plain(params))}"
        return self._client.request.get(url=address, headers=_bearer(token)).content

    def procedure(
        self, method: str, body: Mapping[str, Any] | None, token: str, seconds: float
    ) -> Any:
        """A change, by POST."""
        _clock.end = time.monotonic() + seconds
        sent = {} if body is None else {"json": body}
        return self._client.invoke_procedure(method, headers=_bearer(token), **sent).content


@cache
def _trusted() -> ssl.SSLContext:
    """Whom we trust; reading the list takes longer than a call."""
    return httpx.create_ssl_context()


def was_never_sent(error: Exception) -> bool:
    """Whether no connection stood, so that the network cannot have taken anything."""
    return isinstance(error, _NEVER_SENT) or isinstance(error.__cause__, _NEVER_SENT)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if value is not None}


def _whole(response: httpx.Response) -> bytes:
    """The body as it was sent; whoever makes a response of it unpacks it."""
    body = bytearray()
    assert isinstance(response.stream, httpx.SyncByteStream)
    for piece in response.stream:
        body += piece
        if len(body) > _LARGEST:
            raise httpx.RemoteProtocolError("the answer is too large")
    return bytes(body)


_clock = threading.local()
"""`end` is when the exchange of this thread must be over."""


def _left(asked: float | None) -> float:
    """Seconds that the next step may take."""
    end: float = _clock.end
    return max(0.001, min(asked or _SILENCE, _SILENCE, end - time.monotonic()))


class _Backend(httpcore.SyncBackend):
    """Sockets whose every step is held to the deadline of its thread."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        return _Stream(
            super().connect_tcp(host, port, _left(timeout), local_address, socket_options)
        )


class _Stream(httpcore.NetworkStream):
    def __init__(self, below: httpcore.NetworkStream) -> None:
        self._below = below

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._below.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._below.write(buffer, _left(timeout))

    def close(self) -> None:
        self._below.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._below.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._below.get_extra_info(info)
