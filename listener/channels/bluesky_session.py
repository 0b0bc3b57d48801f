"""Being signed in at Bluesky: one session, kept over restarts, renewed when it ends.

Bluesky lets an account sign in 30 times in five minutes and 300 times a day; a wrong password
counts. So a session is used until it ends, and a refused password is not tried again for an hour.
"""

import base64
import hashlib
import hmac
import json
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from listener.channels.bluesky_api import Declined, code_of, left, meaning, said, signed_out, status
from listener.channels.bluesky_posts import ODD
from models import sessions
from models.errors import ChannelError, RateLimited, Unavailable
from models.words import _

if TYPE_CHECKING:
    from listener.channels.bluesky_line import Line

SERVICE = "https://bsky.social"
_EARLY = 60.0
"""Seconds before its end at which a token is renewed."""
_REFUSED_FOR = 3600.0
_CREATE, _REFRESH = (f"com.atproto.server.{act}Session" for act in ("create", "refresh"))


@dataclass(frozen=True, slots=True)
class Session:
    """Two tokens, whose they are, and the host that takes them."""

    did: str
    access: str
    refresh: str
    host: str

    def ends(self) -> float:
        """When the access token ends (seconds since 1970); never where it does not say."""
        try:
            middle = self.access.split(".")[1]
            claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
            return float(claims["exp"])
        except (*ODD, IndexError):
            return float("inf")


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept: the session, or when a password was refused, bound to that password.

    Another password is another beginning. scrypt, so that who reads it learns no password.
    """

    salt: str
    check: str
    refused_at: float = 0.0
    session: Session | None = None


class Keeper:
    """Signs in as `login` (a DID or a handle) at `service`, when somebody needs it.

    Calls go to `service`, but from bsky.social on to the host that has the account.
    """

    def __init__(self, login: str, password: str, service: str = "") -> None:
        self._login, self._password = login, password
        self._service = (service or SERVICE).rstrip("/")
        self._name = f"GENSVAR_BLUESKY_SESSION {login} {self._service}"
        self._lock = threading.RLock()
        self._line: Line | None = None
        self._kept: _Kept | None = None
        self._closed_until = 0.0

    def line(self) -> "Line":
        """The line to call on; the first call loads atproto."""
        with self._lock:
            if self._line is None:
                from listener.channels.bluesky_line import Line

                self._line = Line(self._service)
            return self._line

    def clock_ahead(self) -> float | None:
        """By the Date of the last answer."""
        return self._line.transport.ahead if self._line else None

    def session(self, end: float, *, again: bool = False) -> Session:
        """One that lasts; `again` tries a password that was refused."""
        with self._alone(end):
            kept = self._load()
            if kept.session is None:
                return self._signed_in(end, again=again)
            if kept.session.ends() - time.time() < _EARLY:
                return self.renewed(kept.session, end)
            self.line().move(kept.session.host)
            return kept.session

    def renewed(self, stale: Session, end: float) -> Session:
        """In place of one that Bluesky takes no more; another process may have renewed it."""
        with self._alone(end):
            if self._load().session == stale:
                self._kept = None
            found = self._load().session
            if found is not None and found != stale and found.ends() - time.time() > _EARLY:
                self.line().move(found.host)
                return found
            try:
                answer = self.line().procedure(_REFRESH, None, stale.refresh, left(end))
            except self.line().failures as error:
                meant = meaning(error, Unavailable)
                if status(error) not in (400, 401) or isinstance(meant, RateLimited):
                    raise _as_error(meant) from None
                return self._signed_in(end)
            return self._keep_session(answer)

    @contextmanager
    def _alone(self, end: float) -> Iterator[None]:
        """Nobody else signs in meanwhile; waited for no longer than until `end`."""
        if not self._lock.acquire(timeout=left(end)):
            raise Unavailable(_("Bluesky is too slow"))
        try:
            yield
        finally:
            self._lock.release()

    def _signed_in(self, end: float, *, again: bool = False) -> Session:
        kept, wait = self._load(), self._closed_until - time.monotonic()
        if not again and time.time() - kept.refused_at < _REFUSED_FOR:
            raise signed_out(_("the password was refused"))
        if wait > 0:
            raise RateLimited(_("Bluesky lets nobody sign in so often"), wait)
        self.line().move(self._service)
        body = {"identifier": self._login, "password": self._password}
        try:
            answer = self.line().procedure(_CREATE, body, "", left(end))
        except self.line().failures as error:
            raise self._refused(error, kept) from None
        return self._keep_session(answer)

    def _refused(self, error: Exception, kept: _Kept) -> ChannelError:
        meant = meaning(error, Unavailable)
        if isinstance(meant, RateLimited):
            self._closed_until = time.monotonic() + meant.retry_after
            return RateLimited(_("Bluesky lets nobody sign in so often"), meant.retry_after)
        if status(error) in (400, 401):
            self._keep(replace(kept, refused_at=time.time(), session=None))
            if code_of(error) == "AuthFactorTokenRequired":
                return signed_out(_("this is no app password"))
            return signed_out(said(error))
        return _as_error(meant)

    def _keep_session(self, answer: Any) -> Session:
        try:
            access, refresh = str(answer["accessJwt"]), str(answer["refreshJwt"])
            host = _host(answer) if self._service == SERVICE else None
            session = Session(str(answer["did"]), access, refresh, host or self._service)
        except ODD:
            raise Unavailable(_("Bluesky answers in a shape that is not known")) from None
        self._keep(replace(self._load(), refused_at=0.0, session=session))
        self.line().move(session.host)
        return session

    def _load(self) -> _Kept:
        """What was kept for this password, else nothing."""
        if self._kept is None:
            kept = _read(sessions.kept(self._name))
            if kept is None or not hmac.compare_digest(kept.check, self._check(kept.salt)):
                salt = os.urandom(16).hex()
                kept = _Kept(salt, self._check(salt))
            self._kept = kept
        return self._kept

    def _keep(self, kept: _Kept) -> None:
        self._kept = kept
        sessions.keep(self._name, json.dumps(asdict(kept)))

    def _check(self, salt: str) -> str:
        secret = self._password.encode()
        return hashlib.scrypt(secret, salt=bytes.fromhex(salt), n=2**12, r=8, p=1).hex()


def _read(text: str) -> _Kept | None:
    with suppress(*ODD):
        found = json.loads(text)
        inner = found.pop("session")
        bytes.fromhex(found["salt"])
        return _Kept(**found, session=Session(**inner) if inner else None)
    return None


def _host(answer: Mapping[str, Any]) -> str | None:
    """Where the account lives, by its own document; only where the way there is encrypted."""
    with suppress(*ODD):
        for one in answer["didDoc"]["service"]:
            address = str(one["serviceEndpoint"])
            if str(one["id"]).endswith("#atproto_pds") and address.startswith("https://"):
                return address
    return None


def _as_error(meant: ChannelError | Declined) -> ChannelError:
    return Unavailable(meant.said) if isinstance(meant, Declined) else meant
