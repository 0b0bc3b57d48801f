"""Mastodon.py as we need it: no waiting, no retries, a total deadline; and what its failures mean.

By default it waits 300 seconds for an answer and sleeps through limits. What an answer means is
read from its own status: the library raises the same error for very different ones.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, TypeVar, cast

import requests
from mastodon import Mastodon
from mastodon.types_base import PaginationInfo

from listener.channels import web
from listener.channels.mastodon_posts import ODD, Answer, instant
from models.errors import ChannelError, RateLimited, Rejected, SignedOut, Unavailable, Uncertain
from models.instant import DAY, HOUR, SECOND, now
from models.words import _

EXCHANGE = 25.0
"""Seconds that one request may take."""
_LONGEST_WAIT = 15 * 60.0
"""Seconds; a server's clock may be wrong, and then so is the end of its window."""
_NOTHING = (404, 405, 410, 501)
"""The answers where there is no such thing, or no such call."""
_MEDDLING = ("X-RateLimit-Reset", "Deprecation")
"""Headers over which the library would fail, though the answer is there."""

T = TypeVar("T")


class Line(web.Deadline):
    """What the requests go through.

    `spared` requests of a server's window are left to others: a listener leaves some to the sender.
    Not `lasting`: each request has a connection of its own. One that the server has left while it
    was idle would cost a reply its certainty.
    """

    def __init__(self, spared: int, *, lasting: bool) -> None:
        super().__init__(EXCHANGE)
        self._spared, self._lasting, self._until = spared, lasting, 0.0
        self.status = 0
        """Of the last answer; 0 where none came."""

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        """Nothing is sent while nothing may be."""
        self.status = 0
        if self.wait() > 0:
            raise limited(self.wait())
        if not self._lasting:
            self.close()
        response = super().send(request, **options)
        self.status = response.status_code
        self._note(response.headers)
        for name in _MEDDLING:
            response.headers.pop(name, None)
        return response

    def wait(self) -> float:
        """Seconds until the server will listen again."""
        return self._until - time.monotonic()

    def _note(self, headers: Mapping[str, str]) -> None:
        left, is_over = headers.get("X-RateLimit-Remaining", ""), self.status == 429
        if is_over or (left.isdecimal() and int(left) <= self._spared):
            otherwise = 60.0 if is_over else 0.0
            self._until = time.monotonic() + _pause(headers, self.ahead or 0.0, otherwise)


@dataclass(frozen=True, slots=True)
class Wire:
    """One client of a server, with the line it speaks through."""

    client: Mastodon
    line: Line

    def asked(self, call: Callable[[Mastodon], T]) -> T:
        """A reading; every way it can fail, in our words."""
        try:
            return call(self.client)
        except Exception as error:  # the library falls over some answers by AttributeError
            raise refusal(error, self.line) or Unavailable(said(error, self.line)) from None

    def known(self, call: Callable[[Mastodon], T]) -> T | None:
        """The same; None where the server has no such thing, or no longer."""
        try:
            return self.asked(call)
        except Unavailable:
            if self.line.status in _NOTHING:
                return None
            raise

    def listed(self, path: str, kind: str, **params: Any) -> Any:
        """A listing of which the library's own call leaves out what we need.

        Notifications have no `include_filtered` there, and a search asks for the server's version
        first. `kind` is the library's name for what comes; a narrower one than AttribAccessDict
        costs 3 ms a status, which is most of the work of reading a page.
        """
        page = {"_pagination_method": "GET", "_pagination_endpoint": path, **params}
        page["_mastopy_type"] = kind
        return self.asked(lambda client: client.fetch_next(PaginationInfo(page)))


class Room:
    """How many characters a post may hold: the server's own word, asked for once a day."""

    def __init__(self, otherwise: int) -> None:
        self._room, self._until = otherwise, 0

    def asked(self, wire: Wire) -> int:
        """As the server said last; what the config says until then."""
        if now() >= self._until:
            told = _told_room(wire)
            self._room, self._until = told or self._room, now() + (DAY if told else HOUR)
        return self._room


def _told_room(wire: Wire) -> int | None:
    """By the newer of the two calls that the server has."""
    calls: tuple[Callable[[Mastodon], Answer], ...] = (
        lambda client: client.instance_v2(),
        lambda client: client.instance_v1(),
    )
    for call in calls:
        with suppress(ChannelError, *ODD):
            answer = wire.known(call) or {}
            return int(answer["configuration"]["statuses"]["max_characters"])
    return None


def opened(server: str, token: str, *, spared: int, lasting: bool = True) -> Wire:
    """A client that never waits and ends every call by the line's deadline."""
    web.silence()
    session, line = requests.Session(), Line(spared, lasting=lasting)
    for scheme in ("https://", "http://"):
        session.mount(scheme, line)
    session.max_redirects = 0  # a POST that is led on becomes a GET
    client = Mastodon(
        access_token=token,
        api_base_url=server,
        session=session,
        ratelimit_method="throw",
        request_timeout=EXCHANGE,
        version_check_mode="none",
        user_agent=f"gensvar/{version('gensvar')}",
    )
    return Wire(client, line)


def refusal(error: Exception, line: Line) -> ChannelError | None:
    """What says that nothing was taken, whatever was asked."""
    cause, status = error.__context__, line.status
    if isinstance(cause, ChannelError):
        return cause
    if status == 429:
        return limited(line.wait())
    if status == 401:
        told = _(
            "Mastodon does not accept the token: sign in again with `gensvar connect mastodon`"
        )
        return SignedOut(told)
    if status == 403 and "scope" in _message(error):
        return SignedOut(
            _("Mastodon: the token lacks a scope: {said}").format(said=_message(error))
        )
    if 300 <= status < 400:
        return Unavailable(_("the server leads on to another address: correct [mastodon] server"))
    if isinstance(cause, requests.RequestException) and web.was_never_sent(cause):
        return Unavailable(said(error, line))
    return None


def reply_error(error: Exception, line: Line) -> ChannelError:
    """What a failed POST means: never sent, refused, or perhaps public."""
    if refused := refusal(error, line):
        return refused
    is_no = 400 <= line.status < 500 and line.status not in (408, 409)
    return (Rejected if is_no else Uncertain)(said(error, line))


def unknown_shape() -> Unavailable:
    return Unavailable(_("Mastodon answers in a shape that is not known"))


def limited(wait: float) -> RateLimited:
    """`wait` in seconds."""
    return RateLimited(_("Mastodon asks us to wait"), min(max(wait, 1.0), _LONGEST_WAIT))


def said(error: Exception, line: Line) -> str:
    """The server's own words, or the name of what happened to the request."""
    words = _message(error)
    if line.status:
        words = f"HTTP {line.status}" + (f": {words}" if words else "")
    else:
        words = type(error.__context__ or error).__name__
    return f"Mastodon: {words}"[:300]


def _message(error: Exception) -> str:
    """What the server says; the library puts it fourth."""
    return str(error.args[3] or "") if len(error.args) > 3 else ""


def _pause(headers: Mapping[str, str], ahead: float, otherwise: float) -> float:
    """Seconds until the window ends, by the server's clock; its end is a time or an epoch."""
    end = headers.get("X-RateLimit-Reset", "")
    with suppress(*ODD):
        at = int(end) * SECOND if end.isdecimal() else instant(end)
        return min(max((at - now()) / SECOND + ahead, otherwise and 1.0), _LONGEST_WAIT)
    return otherwise


def as_list(answer: object) -> list[Answer]:
    """A listing; Unavailable where it is none."""
    if not isinstance(answer, list):
        raise unknown_shape()
    return cast("list[Answer]", answer)
