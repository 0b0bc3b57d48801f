"""How Bluesky is called, and what its refusals mean: signed in, within limits, never twice.

Answers are read as plain JSON. atproto's models are strict: one post with an embed they do not
know would cost the page it is on.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from listener.channels.bluesky_posts import Answer
from models.errors import ChannelError, RateLimited, SignedOut, Unavailable
from models.words import _

if TYPE_CHECKING:
    from listener.channels.bluesky_line import Line
    from listener.channels.bluesky_session import Keeper

EXCHANGE = 20.0
"""Seconds that one request may take."""
_LONGEST = 3600.0
"""Seconds that we believe we have to wait at most."""
_OVERALL = 500
"""Requests from which a limit is one for all we do; smaller ones are for signing in."""
_EXPIRED = ("ExpiredToken", "InvalidToken", "AuthMissing")
_SHUT = ("AccountTakedown", "AccountDeactivated", "AccountSuspended", "AccountInactive")

Call = Callable[["Line", str, float], Any]
"""One exchange: the line, the token, and the seconds it may take."""


@dataclass(frozen=True, slots=True)
class Declined:
    """A definite no: nothing was done; `code` is Bluesky's name for the reason."""

    code: str
    said: str


class Api:
    """Calls in the name of an account; `spared` of its requests are left to others.

    `end` is everywhere the instant of time.monotonic() at which the caller must be done.
    """

    def __init__(self, keeper: "Keeper", spared: int) -> None:
        self._keeper, self._spared, self._closed_until = keeper, spared, 0.0

    def asked(self, method: str, end: float, **params: Any) -> Answer:
        """A reading; every way it can fail, in our words."""
        answer = self.ask(method, end, **params)
        if isinstance(answer, Declined):
            raise Unavailable(answer.said)
        return answer

    def ask(self, method: str, end: float, **params: Any) -> Answer | Declined:
        """A reading whose refusal tells something."""
        wait = self._closed_until - time.monotonic()
        if wait > 0 and self._spared:
            raise RateLimited(_("Bluesky asks us to wait"), wait)
        return self._exchange(
            lambda line, token, seconds: line.query(method, params, token, seconds),
            end,
            Unavailable,
        )

    def change(
        self, method: str, body: Mapping[str, Any], end: float, doubt: type[ChannelError]
    ) -> Answer | Declined:
        """A change; `doubt` where it may have happened."""
        return self._exchange(
            lambda line, token, seconds: line.procedure(method, body, token, seconds), end, doubt
        )

    def _exchange(self, call: Call, end: float, doubt: type[ChannelError]) -> Answer | Declined:
        """With a token that is renewed once where Bluesky no longer takes it: what it refuses for
        that it has not done."""
        session = self._keeper.session(end)
        for is_last in (False, True):
            line = self._keeper.line()
            try:
                answer = call(line, session.access, left(end))
            except line.failures as error:
                self._note(line)
                if not is_last and is_expired(error):
                    session = self._keeper.renewed(session, end)
                    continue
                meant = meaning(error, doubt)
                if isinstance(meant, Declined):
                    return meant
                if isinstance(meant, RateLimited):
                    self._closed_until = time.monotonic() + meant.retry_after
                raise meant from None
            break
        self._note(line)
        if not isinstance(answer, dict):
            raise doubt(_("Bluesky answers in a shape that is not known"))
        return answer

    def _note(self, line: "Line") -> None:
        """How much is left of what we may ask; odd numbers in a header are no failure."""
        headers = line.transport.headers
        with suppress(KeyError, ValueError):
            limit, remaining = int(headers["ratelimit-limit"]), int(headers["ratelimit-remaining"])
            if limit >= _OVERALL and remaining <= self._spared:
                self._closed_until = time.monotonic() + _until(headers["ratelimit-reset"])


def soon() -> float:
    """The end of a call that is one exchange."""
    return time.monotonic() + EXCHANGE


def left(end: float) -> float:
    """Seconds that the next request may take. Unavailable where there are none."""
    seconds = min(EXCHANGE, end - time.monotonic())
    if seconds <= 0:
        raise Unavailable(_("Bluesky is too slow"))
    return seconds


def is_expired(error: Exception) -> bool:
    """Whether the token was refused, and not what was asked for with it."""
    code = code_of(error)
    return code not in _SHUT and (status(error) == 401 or code in _EXPIRED)


def meaning(error: Exception, doubt: type[ChannelError]) -> ChannelError | Declined:
    """What a failed exchange means: never sent, refused, or perhaps done."""
    from listener.channels.bluesky_line import was_never_sent

    number, code = status(error), code_of(error)
    if number == 429:
        response = getattr(error, "response", None)
        wait = _until(response.headers.get("ratelimit-reset", "")) if response else _until("")
        return RateLimited(_("Bluesky asks us to wait"), wait)
    if code in _SHUT or number == 401 or code in _EXPIRED:
        return signed_out(said(error))
    if 400 <= number < 500 and number != 408:
        return Declined(code, said(error))
    return Unavailable(said(error)) if was_never_sent(error) else doubt(said(error))


def signed_out(reason: str) -> SignedOut:
    return SignedOut(
        _("Bluesky does not let us in ({reason}): sign in with `gensvar connect bluesky`").format(
            reason=reason
        )
    )


def status(error: Exception) -> int:
    """The HTTP status behind an error, or 0."""
    return int(getattr(getattr(error, "response", None), "status_code", 0) or 0)


def code_of(error: Exception) -> str:
    """Bluesky's name for the error, such as RecordNotFound."""
    content = getattr(getattr(error, "response", None), "content", None)
    return str(getattr(content, "error", None) or "")


def said(error: Exception) -> str:
    """Bluesky's own words, or the name of what happened to the request."""
    content = getattr(getattr(error, "response", None), "content", None)
    if words := getattr(content, "message", None) or code_of(error):
        return f"Bluesky: {words}"[:300]
    if number := status(error):
        return f"Bluesky: HTTP {number}"
    return f"Bluesky: {type(error.__cause__ or error).__name__}"


def _until(reset: str) -> float:
    """Seconds until an instant in seconds since 1970; a minute where none is told."""
    try:
        wait = float(reset) - time.time()
    except ValueError:
        return 60.0
    return min(max(wait, 1.0), _LONGEST)
