"""How X is called, and what its refusals mean.

tweepy raises its own errors for what X says, and those of `requests` for what it does not say.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

import requests
import tweepy

from listener.channels import web
from models.errors import ChannelError, RateLimited, Rejected, SignedOut, Unavailable, Uncertain
from models.words import _

HOST = "https://api.twitter.com"

Answer = dict[str, Any]


def opened(keys: Mapping[str, str], line: web.Deadline) -> tweepy.Client:
    """A client that answers in JSON, never waits and ends every call by the line's deadline."""
    web.silence()
    client = tweepy.Client(**keys, return_type=dict)
    client.session.mount(HOST, line)
    return client


def asked(call: Callable[[], Answer]) -> Answer:
    """A reading; every way it can fail, in our words."""
    try:
        answer = call()
    except requests.RequestException as error:
        raise Unavailable(_("X does not answer: {error}").format(error=_name(error))) from None
    except tweepy.TweepyException as error:
        raise _refusal(error) or Unavailable(_said(error)) from None
    if not isinstance(answer, dict):
        raise Unavailable(_("X answers in a shape that is not known"))
    return answer


def _refusal(error: tweepy.TweepyException) -> ChannelError | None:
    """What says that nothing was taken, whatever was asked."""
    if isinstance(error, tweepy.TooManyRequests):
        wait = (error.reset_time or 0) - time.time()
        return RateLimited(_("X asks us to wait"), wait if wait > 0 else 60.0)
    if isinstance(error, tweepy.Unauthorized):
        return SignedOut(_("X does not accept the keys: sign in again with `gensvar connect x`"))
    if isinstance(error, tweepy.HTTPException) and error.response.status_code == 402:
        return Unavailable(_("X: the credits are used up; buy more in X's developer console"))
    return None


def reply_error(error: Exception, attempt: int) -> ChannelError:
    """What a failed POST means: never sent, refused, or perhaps public."""
    if isinstance(error, requests.RequestException):
        kind = Unavailable if web.was_never_sent(error) else Uncertain
        return kind(_("X does not answer: {error}").format(error=_name(error)))
    if isinstance(error, tweepy.TweepyException) and (refusal := _refusal(error)):
        return refusal
    if isinstance(error, tweepy.Forbidden):
        if "duplicate content" in _said(error) and attempt > 1:
            return Uncertain(_("X says these words are there already"))
        return Rejected(_said(error))
    if isinstance(error, tweepy.HTTPException) and error.response.status_code < 500:
        return Rejected(_said(error))
    return Uncertain(_said(error))


def _said(error: Exception) -> str:
    """X's own sentence."""
    messages = getattr(error, "api_messages", None) or [str(error)]
    return f"X: {' '.join(map(str, messages))}".strip()[:300]


def _name(error: Exception) -> str:
    return type(error).__name__
