"""config.toml as checked values; a wrong key names the file, the key and the nearest right one."""

import difflib
import getpass
import os
import re
import tomllib
from collections.abc import Mapping
from datetime import date, time
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from platformdirs import user_config_path, user_data_path
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from models.business import COUNTRIES, Calendar, Period
from models.errors import SettingsError
from models.mailing import Mailing, Recipient, is_address
from models.outside import storable
from models.words import LANGUAGES, _, language_of

DATABASE_VARIABLE = "GENSVAR_DATABASE_URL"
SAVED_REPLIES = "saved_replies.toml"
_HERE = ("localhost", "127.0.0.1")
_CLOCK = re.compile("[0-2][0-9]:[0-5][0-9](:00)?")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _zone(name: object) -> str:
    try:
        return ZoneInfo(str(name)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no time zone is called {name!r}") from None


def _period(text: object) -> str:
    _parse_period(str(text))
    return str(text)


def _parse_period(text: str) -> Period:
    opens, dash, closes = text.partition("-")
    try:
        begin, end = time.fromisoformat(opens.strip()), _closing(closes.strip())
    except ValueError:
        begin = end = time.min
    if not dash or begin.tzinfo or end.tzinfo or begin >= end:
        raise ValueError(f"{text!r} is no period; write it as 08:00-18:00")
    return begin, end


def _day_off(text: object) -> str:
    written = str(text)
    day = written if len(written) > 5 else f"2000-{written}"
    try:
        if date.fromisoformat(day).isoformat() == day:
            return written
    except ValueError:
        pass
    raise ValueError(f"{text!r} is no day; write 2026-06-05, or 12-24 for every year")


def _server(address: object) -> str:
    """The token goes there with every call, so it may not go in the clear."""
    written = str(address).strip().rstrip("/")
    host = urlsplit(written).hostname
    if written and not (written.startswith("https://") and host) and host not in _HERE:
        raise ValueError(f"{written!r} is no server; write https:// and its name")
    return written


def _mail(address: object) -> str:
    if is_address(str(address)):
        return str(address)
    raise ValueError(f"{address!r} is no mail address; write it as name@example.com")


def _clock(text: object) -> time:
    try:
        if _CLOCK.fullmatch(str(text)):
            return time.fromisoformat(str(text))
    except ValueError:
        pass
    raise ValueError(f"{text!r} is no time of day; write it as 07:30")


def _closing(text: str) -> time:
    return time.max if text == "24:00" else time.fromisoformat(text)


def _team(name: object) -> str:
    written = str(name).strip()
    if isinstance(name, str) and written and len(written) <= 60 and ":" not in written:
        return written
    raise ValueError(f"{name!r} is no team; write a name of up to 60 letters without a colon")


Zone = Annotated[str, BeforeValidator(_zone)]
Hours = list[Annotated[str, BeforeValidator(_period)]]
Language = Literal["sv", "nb", "da", "fi", "en"]
Network = Literal["sandbox", "x", "reddit", "mastodon", "bluesky"]
_OFFICE: Hours = ["08:00-18:00"]
_MONTH = 31 * 24 * 60  # minutes


class Section(BaseModel):
    """A part of config.toml; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Brand(Section):
    """Who we are."""

    name: str = "Gensvar"
    handle: str = "brand"


class OpeningHours(Section):
    """One calendar: when somebody is there to answer."""

    zone: Zone = "Europe/Stockholm"
    holidays: Literal["SE", "NO", "DK", "FI", "GB", "none"] = "SE"
    monday: Hours = _OFFICE
    tuesday: Hours = _OFFICE
    wednesday: Hours = _OFFICE
    thursday: Hours = _OFFICE
    friday: Hours = _OFFICE
    saturday: Hours = Field(default=[])
    sunday: Hours = Field(default=[])
    closed: list[Annotated[str, BeforeValidator(_day_off)]] = Field(default=[])
    """Further days off: 2026-06-05, or 12-24 for every year."""

    def calendar(self) -> Calendar:
        """The business clock these hours describe."""
        week = tuple(
            tuple(sorted(_parse_period(text) for text in getattr(self, day))) for day in DAYS
        )
        country = self.holidays if self.holidays in COUNTRIES else None
        return Calendar(ZoneInfo(self.zone), week, country, frozenset(self.closed))


class Allowances(Section):
    """Minutes within which an answer is owed: staffed time, but for urgent ones the wall clock."""

    urgent: int = Field(default=15, ge=1, le=_MONTH)
    complaint: int = Field(default=60, ge=1, le=_MONTH)
    question: int = Field(default=240, ge=1, le=_MONTH)
    other: int = Field(default=480, ge=1, le=_MONTH)
    conclude: int = Field(default=1440, ge=1, le=_MONTH)
    """Of the wall clock, from a reply that only holds the line to one that concludes."""


class Listening(Section):
    """How often and how far back we look."""

    every_seconds: float = Field(default=60, gt=0, le=86_400)
    words: list[str] = Field(default=[])
    """What the brand is called in posts that do not name its account: misspellings, products."""
    listen_for: list[str] = Field(default=[])
    """Further words that make a follower's post ours to answer; `*` ends a stem."""
    overlap_minutes: int = Field(default=15, ge=0, le=_MONTH)
    stale_minutes: int = Field(default=60, ge=1, le=_MONTH)


class Outbox(Section):
    """How replies leave."""

    undo_seconds: float = Field(default=20, ge=0, le=86_400)
    lease_seconds: float = Field(default=60, gt=0, le=86_400)


class Desk(Section):
    """What staff find at the desk."""

    theme: Literal["dark", "light", "contrast", "terminal"] = "dark"
    """`terminal`: its own ground, letters and colours, whatever they are."""
    saved_replies: str = ""
    """A file of one's own; found by itself beside config.toml, see `load`."""
    teams: list[Annotated[str, BeforeValidator(_team)]] = Field(default=[])
    """Whom a question may be handed over to; with none named, any name will do."""


class Alerts(Section):
    """What happens at once when an urgent mention comes in."""

    command: list[str] = Field(default=[])
    mail_to: list[str] = Field(default=[])


class Smtp(Section):
    """The mail server; the password comes from GENSVAR_SMTP_PASSWORD."""

    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    sender: str = ""

    def written_by(self) -> str:
        """Who the mail is from, as the header has it: an address, or a name and one."""
        return self.sender or self.user

    def address(self) -> str:
        """The bare address of that; empty where it is none."""
        found = parseaddr(self.written_by())[1]
        is_whole = self.written_by().isprintable() and is_address(found)
        return found if is_whole else ""


class DigestEntry(Section):
    """One reader of the daily mail."""

    mail: Annotated[str, BeforeValidator(_mail)]
    language: Language | None = None
    """None for that of the screen."""


class Digests(Section):
    """The leaders' daily mail about the day before."""

    at: Annotated[time, BeforeValidator(_clock)] = time(7, 30)
    """Local time, in the zone of [hours]."""
    to: list[DigestEntry] = Field(default=[])


class Sentiment(Section):
    """Which model judges."""

    model: str = ""
    """Empty for the one in the box; else a Hugging Face model's folder or name."""


class TopicsSet(Section):
    """What mentions may be about."""

    trade: Literal["retail", "telecom", "power", "bank_insurance", "transport"] = "retail"
    file: str = ""
    """A set of one's own, in place of the trade's."""


class XPrices(Section):
    """Dollars, as X's price list of November 2026 has them; correct them when it changes."""

    owned_read: float = Field(default=0.001, ge=0, allow_inf_nan=False)
    """A mention, a post or a follower of our own."""
    read: float = Field(default=0.005, ge=0, allow_inf_nan=False)
    """Any other post."""
    user: float = Field(default=0.010, ge=0, allow_inf_nan=False)
    """Whose keys these are."""
    reply: float = Field(default=0.010, ge=0, allow_inf_nan=False)
    """To somebody who named us."""
    reply_with_link: float = Field(default=0.200, ge=0, allow_inf_nan=False)


class X(Section):
    """X, where one of our accounts is there."""

    prices: XPrices = XPrices()
    daily_cap: float = Field(default=10.0, ge=0, allow_inf_nan=False)
    """Dollars a day (UTC) for reading; then nothing more is read. Replies always leave."""
    followers: int = Field(default=0, ge=0, le=500)
    """So many of the newest followers are listened to; 0, and none is."""
    api: str = ""
    """Another address than X's own, for a gateway."""


class Reddit(Section):
    """Reddit, where one of our accounts is there."""

    subreddits: list[str] = Field(default=[])
    """The brand's own, without r/: their posts and comments are read."""
    approval: str = ""
    """Reddit's reference for its approval of this use, which it asks of everybody."""
    api: str = ""
    """Another address than Reddit's own, for a gateway."""


class Mastodon(Section):
    """Mastodon, or a server that speaks its API, where one of our accounts is there."""

    server: Annotated[str, BeforeValidator(_server)] = ""
    """The address of the account's server."""
    max_characters: int = Field(default=500, ge=100, le=1_000_000)
    """How long a post may be on that server."""
    followers: int = Field(default=0, ge=0, le=200)
    """So many of the newest followers are listened to; 0, and none is."""


class Bluesky(Section):
    """Bluesky, where one of our accounts is there."""

    service: Annotated[str, BeforeValidator(_server)] = "https://bsky.social"
    """Where the account signs in; a host of one's own is called for everything."""
    followers: int = Field(default=0, ge=0, le=100)
    """So many of the newest followers are listened to, one call each a look; 0, and none is."""


class AccountEntry(Section):
    """One of our own accounts on a network."""

    channel: Network
    handle: str
    external_id: str | None = None
    name: str | None = None
    market: Literal["SE", "NO", "DK", "FI", "GB"] | None = None
    language: Language | None = None
    calendar: str = "default"
    signature: str = ""


class Away(Section):
    """A member of staff who is away, from one day to another, both included."""

    who: str
    since: date = Field(alias="from")
    until: date
    hand_to: str
    """Who sees to what they promised."""


class Settings(Section):
    """Everything config.toml can say; each section has defaults that work."""

    brand: Brand = Brand()
    language: Language | None = None
    """The language of the screen; None takes it from the environment."""
    hours: OpeningHours = OpeningHours()
    calendars: dict[str, OpeningHours] = Field(default={})
    answer_within: Allowances = Allowances()
    listen: Listening = Listening()
    outbox: Outbox = Outbox()
    desk: Desk = Desk()
    alert: Alerts = Alerts()
    smtp: Smtp = Smtp()
    digest: Digests = Digests()
    sentiment: Sentiment = Sentiment()
    topics: TopicsSet = TopicsSet()
    x: X = X()
    reddit: Reddit = Reddit()
    mastodon: Mastodon = Mastodon()
    bluesky: Bluesky = Bluesky()
    account: list[AccountEntry] = Field(default=[])
    away: list[Away] = Field(default=[])
    staff: dict[str, str] = Field(default={})
    """Operating system user -> name in the records."""
    database: str = ""

    def calendar(self, name: str | None = None) -> Calendar:
        """The named business clock, or the default one."""
        return self.calendars.get(name or "default", self.hours).calendar()

    def mailing(self) -> Mailing | None:
        """Who reads the daily mail and when it leaves; None without readers or a mail server."""
        if not self.digest.to or not self.smtp.host:
            return None
        spoken = language_of(self.language)
        readers = (Recipient(one.mail, one.language or spoken) for one in self.digest.to)
        return Mailing(tuple(readers), ZoneInfo(self.hours.zone), self.digest.at)

    def is_allowed(self, channel: str) -> bool:
        """Whether we may use a network at all: Reddit asks for its approval first, and of Mastodon
        we must know where our account's server is."""
        needed = {"reddit": self.reddit.approval, "mastodon": self.mastodon.server}
        return bool(needed.get(channel, True))

    def member_of_staff(self) -> str:
        """Who sits at this keyboard; `staff` where the system has no name for them.

        What the system calls them may hold bytes that are no text, which no database takes.
        """
        try:
            user = getpass.getuser()
        except (KeyError, OSError):  # a user id without an entry, as in containers
            user = "staff"
        return storable(self.staff.get(user, user))[0]

    def database_url(self) -> str:
        """The address chosen, else a file in the user's data folder."""
        return self.database or f"sqlite:///{user_data_path('gensvar') / 'gensvar.db'}"

    def sandbox_file(self) -> Path:
        """The sandbox network of this database: beside an SQLite file, else in the data folder."""
        backend, _colon, file = self.database_url().partition(":///")
        if backend == "sqlite":
            return Path(file).with_suffix(".sandbox.db")
        name = self.database_url().partition("?")[0].rpartition("/")[2]
        return user_data_path("gensvar") / f"{name}.sandbox.db"


def find(path: Path | None) -> Path | None:
    """The file named, else ./config.toml, else the user's; None if there is none."""
    if path is not None:
        return path
    candidates = (Path("config.toml"), user_config_path("gensvar") / "config.toml")
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def load(path: Path | None = None) -> Settings:
    """Read and check the settings; GENSVAR_DATABASE_URL goes before the file's `database`.

    Where they name no saved replies, those beside the file are meant. SettingsError says which
    file, which key and what to write.
    """
    file = find(path)
    settings = _read(file)
    beside = file.parent / SAVED_REPLIES if file else None
    if beside and beside.is_file() and not settings.desk.saved_replies:
        settings = settings.model_copy(update={"desk": Desk(saved_replies=str(beside))})
    if url := os.environ.get(DATABASE_VARIABLE):
        return settings.model_copy(update={"database": url})
    return settings


def language_in(path: Path | None) -> str | None:
    """The language that a config asks for, even where the rest of it is wrong; None if none."""
    file = find(path)
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8")) if file else {}
    except (OSError, ValueError):
        return None
    return next((code for code in LANGUAGES if code == written.get("language")), None)


def _read(file: Path | None) -> Settings:
    if file is None:
        return Settings()
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            _("{file} cannot be read: {reason}").format(file=file, reason=error.strerror)
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            _("{file} is not valid TOML: {reason}").format(file=file, reason=error)
        ) from None
    return check(content, str(file))


def check(content: Mapping[str, Any], file: str) -> Settings:
    """The settings in `content`, which came from `file`."""
    try:
        settings = Settings.model_validate(content)
    except ValidationError as error:
        raise SettingsError(_sentence(error.errors()[0], file)) from None
    networks = [entry.channel for entry in settings.account if entry.channel != "sandbox"]
    if doubled := {name for name in networks if networks.count(name) > 1}:
        raise SettingsError(
            _("{file}: two accounts on {name}; there can be one on each network").format(
                file=file, name=min(doubled)
            )
        )
    _check_digest(settings, file)
    for entry in settings.account:
        if entry.calendar != "default" and entry.calendar not in settings.calendars:
            raise SettingsError(
                _("{file}: no [calendars.{name}] for the account {handle}").format(
                    file=file, name=entry.calendar, handle=entry.handle
                )
            )
    return settings


def _check_digest(settings: Settings, file: str) -> None:
    readers = [entry.mail.casefold() for entry in settings.digest.to]
    if doubled := {mail for mail in readers if readers.count(mail) > 1}:
        told = _("{file}: {mail} stands twice in [[digest.to]]")
        raise SettingsError(told.format(file=file, mail=min(doubled)))
    if settings.mailing() is not None and not settings.smtp.address():
        told = _(
            "{file}: [smtp] sender must be the address the digest comes from,"
            " such as desk@example.com"
        )
        raise SettingsError(told.format(file=file))


def _sentence(problem: Any, file: str) -> str:
    where = problem["loc"]
    key = ".".join(str(part) for part in where)
    if problem["type"] != "extra_forbidden":
        reason = problem["msg"].removeprefix("Value error, ")
        return _("{file}: {key}: {reason}").format(file=file, key=key, reason=reason)
    written = str(where[-1]).lower()
    near = difflib.get_close_matches(written, _known_keys(where[:-1]), n=1, cutoff=0.5)
    hint = _(" Did you mean {name}?").format(name=near[0]) if near else ""
    return _("{file}: there is no setting called {key}.").format(file=file, key=key) + hint


def _known_keys(where: tuple[str | int, ...]) -> list[str]:
    """The keys allowed at a place in the file."""
    section: type[BaseModel] = Settings
    for part in where:
        if isinstance(part, str) and part in section.model_fields:
            section = _section_of(section.model_fields[part].annotation) or section
    return list(section.model_fields)


def _section_of(annotation: Any) -> type[BaseModel] | None:
    """The section inside `Section`, `list[Section]` or `dict[str, Section]`."""
    for inner in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return inner
    return None
