"""How the libraries of networks reach them: within a total deadline, and with no word in a log.

tweepy sets no time-out at all and praw ignores its own; both write keys and texts to their debug
logs. Both go through `requests`, so both are held here.
"""

import io
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from urllib3.exceptions import HTTPError, NewConnectionError

_CONNECT, _SILENCE = 5.0, 10.0
"""Seconds until a connection stands, and between two pieces of an answer."""
_PIECE = 65_536
_LARGEST = 20_000_000
"""Bytes of one answer; no listing of any network is near it."""
_TALKATIVE = (
    "tweepy",
    "prawcore",
    "praw",
    "oauthlib",
    "requests_oauthlib",
    "urllib3",
    "httpx",
    "httpcore",
)


class Deadline(HTTPAdapter):
    """Every call through it ends within `seconds`, whatever trickles in; it never tries again.

    `base` replaces the scheme and host that a library has built in.
    """

    def __init__(self, seconds: float, base: str = "") -> None:
        super().__init__(max_retries=0)
        self._seconds, self._base = seconds, base.rstrip("/")
        self.headers: Mapping[str, str] = {}
        """Of the last answer."""
        self.ahead: float | None = None
        """Seconds by which our clock was ahead of the last answer's."""

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        """The whole answer, read within the deadline; requests.ReadTimeout otherwise."""
        end = time.monotonic() + self._seconds - _SILENCE
        if self._base:
            where = urlsplit(request.url or "")
            request.url = f"{self._base}{where.path}" + (f"?{where.query}" if where.query else "")
        options |= {"stream": True, "timeout": (_CONNECT, _SILENCE)}
        response = super().send(request, **options)
        self.headers, self.ahead = response.headers, ahead(response.headers)
        response.raw = _whole(response, end)
        return response


def silence() -> None:
    """Keys, texts and names stay out of every log, at every level."""
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [logging.NullHandler()], False
        logger.setLevel(logging.CRITICAL)  # a handler put there later hears nothing either


def was_never_sent(error: requests.RequestException) -> bool:
    """Whether no connection stood, so that the network cannot have taken anything."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)


def ahead(headers: Mapping[str, str]) -> float | None:
    """Seconds by which our clock is ahead of an answer's Date."""
    with suppress(KeyError, ValueError, TypeError):
        return time.time() - parsedate_to_datetime(headers["Date"]).timestamp()
    return None


def _whole(response: requests.Response, end: float) -> HTTPResponse:
    """The body, already read and unpacked."""
    body = io.BytesIO()
    try:
        for piece in response.raw.stream(_PIECE, decode_content=True):
            body.write(piece)
            if time.monotonic() > end:
                raise requests.ReadTimeout("the answer took too long", request=response.request)
            if body.tell() > _LARGEST:
                raise requests.ConnectionError("the answer is too large", request=response.request)
    except HTTPError as error:
        raise requests.ConnectionError(error, request=response.request) from None
    finally:
        response.raw.close()
    body.seek(0)
    return HTTPResponse(body, status=response.status_code, preload_content=False)
