"""The doctor: what works, what does not, and the remedy, in the user's terms."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import models
import tui
from models import secrets
from models.errors import ModelError, NoDatabase, UserError
from models.finding import FAILS, LOOK, WORKS, Finding
from models.instant import MINUTE, to_rfc3339
from models.page.words import dollars
from models.settings import Brand, Settings
from models.words import _, counted, spoken
from tui import saying


def examine(settings: Settings, file: Path | None) -> list[Finding]:
    """Everything that can be examined without sending anything; the settings are of `file`."""
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _installation,
        _records,
        _judge,
        _phrases,
        _topics,
        _saved,
        _alerts,
        _digest,
        _networks,
    )
    found = [finding for check in checks for finding in check(settings)]
    return [_config(settings, file), *found]


def _config(settings: Settings, file: Path | None) -> Finding:
    if file is None:
        says = _("there is none; `gensvar init` makes one in three questions")
        return Finding(LOOK, "config.toml", says)
    if settings.brand == Brand():
        says = _("{file} names no brand; `gensvar init` asks for it")
        return Finding(LOOK, "config.toml", says.format(file=file))
    return Finding(WORKS, "config.toml", str(file.absolute()))


def _installation(settings: Settings) -> Iterator[Finding]:
    homes = {Path(package.__file__ or "").parent.parent for package in (models, tui)}
    if len(homes) == 1:
        yield Finding(WORKS, _("installation"), str(homes.pop()))
    else:
        says = _("another package called models or tui is in the way; install Gensvar alone")
        yield Finding(FAILS, _("installation"), says)


def _records(settings: Settings) -> Iterator[Finding]:
    """The database, and what its own audit says."""
    from models.records import digests, presence, tally
    from models.records.audit import audit
    from models.records.store import open_store

    name = _("database")
    try:
        store = open_store(settings.database_url())
    except NoDatabase as error:
        yield Finding(LOOK, name, str(error))
        return
    except UserError as error:
        yield Finding(FAILS, name, str(error))
        return
    try:
        with store.write():
            pass
        with store.read() as session:
            heard = presence.listeners(session, store.now())
            stale = settings.listen.stale_minutes * MINUTE
            at, mailing = store.now(), settings.mailing()
            found = audit(session, at, stale, mailing)
            mails = digests.delivery(session, mailing, mailing.yesterday(at)) if mailing else None
            now = to_rfc3339(store.now())
            spent = tally.of_day(session, "x", tally.SPENT, store.now())
    except UserError as error:
        yield Finding(FAILS, name, str(error))
        return
    finally:
        store.close()
    count = found.counts["mentions"]
    says = _("{count} mentions, writable, clock {now}").format(count=count, now=now)
    yield Finding(WORKS, name, says)
    if heard:
        who = ", ".join(listener.name for listener in heard)
        yield Finding(WORKS, _("listener"), _("{who} listens").format(who=who))
    else:
        says = _("nobody listens; `gensvar listen` does, and so does an open desk")
        yield Finding(LOOK, _("listener"), says)
    if mailing:
        says, style = saying.delivery(mails, at, mailing.zone)
        yield Finding(WORKS if style == "plain" else LOOK, _("leaders' page"), says)
    if spent:
        says = _("{spent} of {cap} spent today (UTC), by our own count")
        cap = dollars(round(settings.x.daily_cap * 1_000_000), spoken())
        yield Finding(WORKS, "x", says.format(spent=dollars(spent, spoken()), cap=cap))
    for alarm in found.alarms:
        yield Finding(LOOK, alarm["kind"], alarm["text"])
    for broken in found.violations:
        yield Finding(FAILS, broken["invariant"], broken["text"])


def _judge(settings: Settings) -> Iterator[Finding]:
    from models.sentiment import open_judge

    try:
        judge = open_judge(settings.sentiment.model)
        judge.judge([("Hej", None)])
    except ModelError as error:
        yield Finding(FAILS, _("judge"), str(error))
    else:
        yield Finding(WORKS, _("judge"), _("{name} judges").format(name=judge.name))


def _phrases(_settings: Settings) -> Iterator[Finding]:
    """The reply check's files, which a native reader may have corrected."""
    from models import promises, reply_check
    from models.phrases import LANGUAGES

    problems = list[str]()
    for books in (reply_check.PHRASES, promises.PHRASES):
        for language in LANGUAGES:
            problems += books[language].problems
    for problem in problems:
        yield Finding(FAILS, _("reply check"), problem)
    if not problems:
        yield Finding(WORKS, _("reply check"), _("reads sv, nb, da, fi and en"))


def _topics(settings: Settings) -> Iterator[Finding]:
    """The set of topics, which a user may have edited."""
    from models.topics import load

    topics = load(settings.topics.trade, settings.topics.file)
    for problem in topics.problems:
        yield Finding(FAILS, _("topics"), problem)
    for sentence in topics.unheard:
        yield Finding(LOOK, _("topics"), sentence)
    if not topics.problems:
        says = _("{count} topics").format(count=len(topics.all))
        yield Finding(WORKS, _("topics"), says)


def _saved(settings: Settings) -> Iterator[Finding]:
    """The saved replies, which a user may have written."""
    from models.saved_replies import load

    saved = load(settings.desk.saved_replies)
    for problem in saved.problems:
        yield Finding(FAILS, _("saved replies"), problem)
    if not saved.problems:
        says = counted("{number} saved reply", "{number} saved replies", len(saved.all))
        yield Finding(WORKS, _("saved replies"), says)


def _alerts(settings: Settings) -> Iterator[Finding]:
    name, alert = _("alerts"), settings.alert
    if not alert.command and not alert.mail_to:
        yield Finding(
            LOOK,
            name,
            _(
                "nobody is called for an urgent mention; in the config, below [alert]:"
                ' mail_to = ["you@example.com"]'
            ),
        )
        return
    if alert.command:
        found = shutil.which(alert.command[0])
        says = _("{command} runs").format(command=found) if found else _("no such command: ")
        level = WORKS if found else FAILS
        yield Finding(level, name, says if found else says + alert.command[0])
    if alert.mail_to and not settings.smtp.host:
        yield Finding(FAILS, name, _("mail is wanted but [smtp] names no host"))
    elif alert.mail_to:
        says = _("mail by {host}").format(host=settings.smtp.host)
        yield Finding(WORKS, name, says)


def _digest(settings: Settings) -> Iterator[Finding]:
    name, digest = _("digest"), settings.digest
    if not digest.to:
        yield Finding(
            LOOK,
            name,
            _(
                "nobody reads the daily page; at the end of the config [[digest.to]], below it"
                ' mail = "boss@example.com"'
            ),
        )
    elif not settings.smtp.host:
        yield Finding(FAILS, name, _("readers are named but [smtp] names no host"))
    else:
        told = counted("{number} reader", "{number} readers", len(digest.to))
        says = _("{readers}, at {time}, by {host}")
        says = says.format(readers=told, time=f"{digest.at:%H:%M}", host=settings.smtp.host)
        yield Finding(WORKS, name, says)


def _networks(settings: Settings) -> Iterator[Finding]:
    yield Finding(WORKS, "sandbox", _("listens and sends, on this machine only"))
    named = {entry.channel for entry in settings.account} - {"sandbox"}
    if others := sorted(secrets.WANTED.keys() - named):
        says = _("no account in the config; `gensvar connect {name}` signs in, as for the others")
        if len(others) == 1:
            says = _("no account in the config; `gensvar connect {name}` signs in")
        yield Finding(LOOK, ", ".join(others), says.format(name=others[0]))
    for name in sorted(named):
        if name not in secrets.WANTED:
            says = _("this network is not built yet; answer there and use `gensvar answered`")
            yield Finding(LOOK, name, says)
        elif not settings.is_allowed(name):
            yield Finding(FAILS, name, _unset(name).format(name=name))
        elif missing := secrets.missing(name):
            says = _("keys are missing: set {names}, or use `gensvar connect {name}`")
            yield Finding(FAILS, name, says.format(names=", ".join(missing), name=name))


def _unset(name: str) -> str:
    """What config.toml must say before a network may be used."""
    if name == "mastodon":
        return _("[mastodon] server is missing; `gensvar connect {name}` asks for it")
    return _("Reddit's approval is missing at [reddit]; `gensvar connect {name}` asks for it")
