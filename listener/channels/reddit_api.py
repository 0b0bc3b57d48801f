"""praw as we need it: no retries, no sleeping, a total deadline; and what its failures mean.

praw posts a reply three times when the answer is lost, sleeps through a used-up window for up to
ten minutes, and raises what its own code trips over. All of it is switched off or translated here.
"""

import re
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, ClassVar, cast

import praw
import prawcore
import requests
from praw.exceptions import RedditAPIException
from prawcore.const import WINDOW_SIZE
from prawcore.rate_limit import RateLimiter
from prawcore.sessions import FiniteRetryStrategy

from listener.channels import web
from models.errors import ChannelError, RateLimited, Rejected, SignedOut, Unavailable, Uncertain
from models.post import Author
from models.words import _

WEB = "https://www.reddit.com"
_API = "https://oauth.reddit.com"
EXCHANGE = 25.0
"""Seconds that one request may take."""
ODD = (AttributeError, KeyError, TypeError, ValueError)
"""How reading an item of no known shape ends."""
_EARLY = 60_000_000_000
"""Nanoseconds before its end at which a token is renewed: prawcore trusts it ten seconds longer
than Reddit does, and would meet a 401."""
_SECONDS = {"millisecond": 0.001, "second": 1.0, "minute": 60.0, "hour": 3600.0}

Answer = dict[str, Any]


class Limits(RateLimiter):
    """prawcore sleeps until Reddit's window ends, up to ten minutes; here the schedule waits.

    `spared` requests of a window are left to others: a listener leaves some to the sender.
    """

    def __init__(self, spared: int) -> None:
        super().__init__(window_size=WINDOW_SIZE)
        self._spared, self._until = spared, 0.0

    def update(self, *, response_headers: Mapping[str, str]) -> None:
        """Odd numbers in a header must not turn an answer into a failure."""
        with suppress(KeyError, ValueError):
            is_used_up = float(response_headers["x-ratelimit-remaining"]) <= self._spared
            pause = float(response_headers["x-ratelimit-reset"]) if is_used_up else 0.0
            self._until = time.monotonic() + pause

    def delay(self) -> None:
        """Nothing is sent while nothing may be."""
        wait = self._until - time.monotonic()
        if wait > 0:
            raise RateLimited(_("Reddit asks us to wait"), wait)


@dataclass(frozen=True)
class _Once(FiniteRetryStrategy):
    """No retry. prawcore's own with no retries left sleeps two to four seconds before each call."""

    DEFAULT_RETRIES: ClassVar[int] = 0
    retries: int = 0


def opened(account: Author, keys: Mapping[str, str], base: str, limits: Limits) -> praw.Reddit:
    """praw as we need it: it would send a POST three times, and knows no deadline."""
    web.silence()
    session, deadline = requests.Session(), web.Deadline(EXCHANGE)
    for scheme in ("https://", "http://"):
        session.mount(scheme, deadline)
    reddit = praw.Reddit(
        "DEFAULT",  # and no section that the environment names
        client_id=keys["client_id"],
        client_secret=keys["client_secret"],
        username=keys["username"],
        password=keys["password"],
        user_agent=f"{sys.platform}:gensvar:{version('gensvar')} (by /u/{account.handle})",
        reddit_url=(base or WEB).rstrip("/"),  # also against a praw.ini in the current folder
        oauth_url=base or _API,
        ratelimit_seconds=-1,  # at 0, a pause of milliseconds would be slept and sent again
        check_for_updates=False,
        check_for_async=False,
        requestor_kwargs={"session": session},
    )
    session_of_core = core(reddit)
    session_of_core._retry_strategy_class = _Once
    session_of_core._rate_limiter = limits
    return reddit


def core(reddit: praw.Reddit) -> prawcore.Session:
    return cast("prawcore.Session", reddit._core)


def line(reddit: praw.Reddit) -> web.Deadline:
    """What its requests go through."""
    return cast("web.Deadline", core(reddit).requestor._http.get_adapter(WEB))


def sign_in(reddit: praw.Reddit) -> None:
    """A token that lasts, taken apart from any call so that its failures cost no doubt."""
    authorizer = cast("prawcore.ScriptAuthorizer", core(reddit).authorizer)
    if authorizer.is_valid():
        left = authorizer._expiration_timestamp_ns - time.monotonic_ns()
        if left > _EARLY:
            return
    try:
        authorizer.refresh()
    except Exception as error:
        if _status(error) == 400:
            raise _signed_out() from None
        raise refusal(error) or Unavailable(said(error)) from None


def asked(reddit: praw.Reddit, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
    """What Reddit sends for a reading; every way it can fail, in our words."""
    sign_in(reddit)
    try:
        answer = reddit.request(method="GET", path=path, params=dict(params or {}))
    except Exception as error:  # praw falls over some answers by KeyError or AssertionError
        raise refusal(error) or Unavailable(said(error)) from None
    return cast("Answer", answer) if isinstance(answer, dict) else {}


def listed(reddit: praw.Reddit, path: str, params: Mapping[str, str | int]) -> Answer:
    """The `children` of a listing, and `after`."""
    data = asked(reddit, path, params).get("data")
    if not isinstance(data, dict) or not isinstance(data.get("children"), list):
        raise unknown_shape()
    return data


def unknown_shape() -> Unavailable:
    return Unavailable(_("Reddit answers in a shape that is not known"))


def refusal(error: Exception) -> ChannelError | None:
    """What says that nothing was taken, whatever was asked."""
    status = _status(error)
    if isinstance(error, ChannelError):
        return error
    if isinstance(error, RedditAPIException):
        types = {item.error_type for item in error.items}
        if "RATELIMIT" in types:
            return RateLimited(said(error), _wait(said(error)))
        return _signed_out() if "USER_REQUIRED" in types else None
    if status == 429:
        response = _response(error)
        asked = response.headers.get("retry-after", "") if response is not None else ""
        return RateLimited(_("Reddit asks us to wait"), float(asked) if asked.isdecimal() else 60.0)
    if status == 401 or isinstance(error, prawcore.OAuthException | prawcore.InsufficientScope):
        return _signed_out()
    original = getattr(error, "original_exception", None)
    if isinstance(original, requests.RequestException) and web.was_never_sent(original):
        return Unavailable(said(error))
    return None


def reply_error(error: Exception) -> ChannelError:
    """What a failed POST means: never sent, refused, or perhaps public."""
    is_refused = 400 <= _status(error) < 500 and _status(error) != 408
    if isinstance(error, RedditAPIException) or is_refused:
        return refusal(error) or Rejected(said(error))
    return refusal(error) or Uncertain(said(error))


def _signed_out() -> SignedOut:
    return SignedOut(
        _("Reddit does not accept the keys: sign in again with `gensvar connect reddit`")
    )


def _response(error: Exception) -> requests.Response | None:
    """The answer behind an error; at a 400 without a reason, praw's own KeyError lies on top."""
    below = error.__context__
    found = below if isinstance(below, prawcore.ResponseException) else error
    return getattr(found, "response", None)


def _status(error: Exception) -> int:
    """The HTTP status behind an error, or 0; KeyError(401) is prawcore's 401 without a header."""
    if isinstance(error, KeyError) and error.args == (401,):
        return 401
    response = _response(error)
    return response.status_code if response is not None else 0


def said(error: Exception) -> str:
    """Reddit's own words, or the name of what happened to the request."""
    if isinstance(error, RedditAPIException):
        words = " ".join(item.message or item.error_type for item in error.items)
    elif status := _status(error):
        words = f"HTTP {status}{_explained(_response(error))}"
    else:
        words = type(getattr(error, "original_exception", error)).__name__
    return f"Reddit: {words}"[:300]


def _explained(response: requests.Response | None) -> str:
    with suppress(*ODD):
        body = response.json() if response is not None else {}
        if words := body.get("explanation") or body.get("message"):
            return f": {words}"
    return ""


def _wait(words: str) -> float:
    """Seconds, from `Take a break for 9 minutes before trying again.`"""
    found = re.search(r"(\d{1,4}) (millisecond|second|minute|hour)", words)
    return float(found[1]) * _SECONDS[found[2]] if found else 60.0
