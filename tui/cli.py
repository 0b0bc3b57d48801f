"""The command line: `gensvar` and its commands, as scripts and checks rely on them.

Exit codes: 0 done, 1 a check failed or some input was rejected, 2 wrong use or not built yet,
3 refused. Heavy imports wait until a command needs them.
"""

import os
import sys
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from models import words
from models.errors import ChannelError, Refused, StoreError, UserError
from models.finding import Finding
from models.instant import SECOND
from models.outside import storable
from models.settings import Settings, language_in
from models.words import _, deferred
from tui import config_file
from tui.beginning import init
from tui.checking import check_reply, parse
from tui.context import ROW_ID, App, done
from tui.digest import digest, insight
from tui.outbox import outbox
from tui.owing import promise
from tui.proof import audit, doctor, ledger
from tui.saved import saved
from tui.speaking import Option, Program, argument, group, option
from tui.topics import topics

if TYPE_CHECKING:
    from listener.schedule import Pass
    from models.page import Page
    from models.records.store import Store

_FILE = click.Path(path_type=Path)


def _speak(_context: click.Context, _option: click.Parameter, file: Path | None) -> Path | None:
    """In the language of the config that is named, once it is."""
    if file is not None:
        words.speak(language_in(file))
    return file


@group(
    "gensvar",
    cls=Program,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=deferred("Every mention gets an answer, and you can prove it."),
)
@option(
    "--config",
    type=_FILE,
    is_eager=True,
    callback=_speak,
    help=deferred("Settings file (default: ./config.toml, then yours)."),
)
@click.version_option(
    package_name="gensvar", cls=Option, help=deferred("Show the version and exit.")
)
@click.pass_context
def gensvar(context: click.Context, config: Path | None) -> None:
    context.obj = App(config, _probe, _Post())
    if context.invoked_subcommand is None:
        from tui import opening

        opening.open_desk(context.obj)


@gensvar.command("import", help=deferred("Take mentions in from a JSONL or CSV file."))
@argument("file", metavar=deferred("FILE"), type=click.Path(path_type=Path, allow_dash=True))
@option("--source", help=deferred("Name of the source (default: the file's name)."))
@option("--sandbox", is_flag=True, help=deferred("Make the posts posts of the sandbox network."))
@option("--json", "as_json", is_flag=True, help=deferred("Print the counts as a JSON object."))
@click.pass_obj
def import_(app: App, file: Path, source: str | None, sandbox: bool, as_json: bool) -> None:
    from listener.importing import import_file
    from listener.worker import Worker
    from models.sentiment import LateJudge
    from tui import output

    if str(file) != "-" and not file.exists():
        raise click.BadParameter(_("there is no file {file}").format(file=file))
    with app.store(create=True) as store:
        worker = Worker.on(store, app.settings)
        name = storable(source or file.stem or "-")[0]
        judge = LateJudge(app.settings.sentiment.model)
        done = import_file(worker, judge, file, name, sandbox=sandbox)
    counts = done.counts
    for line in done.rejected:
        output.say(_("line {number}: {reason}").format(number=line.number, reason=line.reason))
    output.say(
        _("{new} new, {duplicate} duplicate, {own} own, {rejected} rejected").format(
            new=counts.new,
            duplicate=counts.duplicate,
            own=counts.own,
            rejected=len(done.rejected),
        )
    )
    if as_json:
        rejected = [{"line": line.number, "reason": line.reason} for line in done.rejected]
        output.print_json(
            {
                "new": counts.new,
                "duplicate": counts.duplicate,
                "own": counts.own,
                "rejected": rejected,
                "judged": done.judged,
            }
        )
    sys.exit(1 if done.rejected else 0)


@gensvar.command(
    help=deferred(
        "Judge texts from a JSONL file (`text`, optional `id`, `lang`); - reads standard input."
    )
)
@argument("file", metavar=deferred("FILE"), type=click.Path(path_type=Path, allow_dash=True))
@option("--json", "as_json", is_flag=True, help=deferred("One JSON object a line."))
@click.pass_obj
def judge(app: App, file: Path, as_json: bool) -> None:
    from tui.judging import judge_file

    sys.exit(1 if judge_file(file, app.settings, as_json) else 0)


@gensvar.command(help=deferred("What waits, in order."))
@option("--json", "as_json", is_flag=True, help=deferred("A JSON array."))
@option("--limit", type=ROW_ID, help=deferred("At most so many."))
@option("--lane", type=click.IntRange(0, 4), help=deferred("One lane only."))
@click.pass_obj
def queue(app: App, as_json: bool, limit: int | None, lane: int | None) -> None:
    from models.records import queue as waiting
    from tui import output

    with app.store() as store, store.read() as session:
        at = store.now()
        found = (
            waiting.everything(session, lane)
            if limit is None
            else iter(waiting.top(session, limit, lane))
        )
        if as_json:
            output.print_array(output.waiting_json(mention, at) for mention in found)
            return
        headings = [
            _("id"),
            _("lane"),
            _("answer by"),
            _("network"),
            _("lang"),
            _("who"),
            _("text"),
        ]
        output.table(headings, [output.waiting_row(mention, at) for mention in found])


@gensvar.command(
    help=deferred(
        "Answer a mention: through the reply check into the outbox, and out after "
        "the time for undo.\n\n"
        "Exit code 3 where the check holds it back."
    )
)
@argument("mention_id", metavar="ID", type=ROW_ID)
@option("--text", required=True, help=deferred("What to answer."))
@option(
    "--override",
    "overrides",
    multiple=True,
    metavar=deferred("RULE=REASON"),
    help=deferred("Send in spite of a warning of the reply check, e.g. RC01='agreed by phone'."),
)
@click.pass_obj
def reply(app: App, mention_id: int, text: str, overrides: tuple[str, ...]) -> None:
    from models.answer import Answer
    from models.records import answering
    from tui import output

    undo, staff = int(app.settings.outbox.undo_seconds * SECOND), app.settings.member_of_staff()
    answer = replace(Answer.by(staff, text), overrides=tuple(map(_override, overrides)))
    house = answering.House.of(app.settings)
    with app.store() as store, store.write() as session:
        at, can_send = store.now(), app.can_send()
        row = answering.reply(session, mention_id, answer, at, undo, can_send, house)
        reply_id = row.id
    sentence = _("Reply {id} leaves in {seconds:g} s; `gensvar outbox undo {id}` takes it back.")
    if not undo:
        sentence = _("Reply {id} leaves as soon as somebody listens.")
    output.say(sentence.format(id=reply_id, seconds=app.settings.outbox.undo_seconds))


@gensvar.command(help=deferred("Close a mention without reply, with a reason."))
@argument("mention_id", metavar="ID", type=ROW_ID)
@option("--reason", required=True, help=deferred("Why no reply is needed."))
@click.pass_obj
def dismiss(app: App, mention_id: int, reason: str) -> None:
    from models.records import desk

    with app.store() as store, store.write() as session:
        staff, why = app.settings.member_of_staff(), storable(reason)[0]
        desk.dismiss(session, mention_id, why, staff, store.now())
    done(_("Mention {id} is closed without reply."), mention_id)


@gensvar.command(
    help=deferred("Say that you answered on the network yourself, and prove it by the link.")
)
@argument("mention_id", metavar="ID", type=ROW_ID)
@option("--link", "--url", "link", required=True, help=deferred("The answer's address."))
@click.pass_obj
def answered(app: App, mention_id: int, link: str) -> None:
    from models.records import desk

    with app.store() as store, store.write() as session:
        staff = app.settings.member_of_staff()
        desk.answered_by_hand(session, mention_id, link, staff, store.now())
    done(_("Mention {id} is answered by hand."), mention_id)


@gensvar.command(help=deferred("Put a closed mention back into the queue."))
@argument("mention_id", metavar="ID", type=ROW_ID)
@click.pass_obj
def reopen(app: App, mention_id: int) -> None:
    from models.records import desk

    with app.store() as store, store.write() as session:
        desk.reopen(session, mention_id, app.settings.member_of_staff(), store.now())
    done(_("Mention {id} waits again."), mention_id)


@gensvar.command(
    "acknowledge-gap",
    help=deferred("You have checked for the posts that a source could no longer read."),
)
@argument("source", metavar=deferred("SOURCE"))
@click.pass_obj
def acknowledge_gap(app: App, source: str) -> None:
    from models.records import sources

    with app.store() as store, store.write() as session:
        staff = app.settings.member_of_staff()
        sources.acknowledge_gap(session, storable(source)[0], staff, store.now())
    click.echo(_("The gap is acknowledged."), err=True)


@gensvar.command(
    help=deferred(
        "Collect, judge, alert and deliver, on a schedule.\n\n"
        "With --once: exit code 1 where a whole network could not be read."
    )
)
@option("--once", is_flag=True, help=deferred("One pass of all that is due, then exit."))
@option("--beside", is_flag=True, hidden=True)
@click.pass_obj
def listen(app: App, once: bool, beside: bool) -> None:
    from listener.schedule import Listener
    from listener.worker import Worker
    from models import secrets
    from models.sentiment import LateJudge
    from tui import output

    with app.store(create=True) as store:
        listener = Listener(Worker.on(store, app.settings), LateJudge(app.settings.sentiment.model))
        if not once:
            output.say(_("Listening. Ctrl-C stops."))
            listener.run(beside=beside)
            return
        done = listener.once()
        output.say(_told(done))
        for heard in done.heard:
            if heard.held_by:
                output.say(
                    _("{source} is held by another listener, {holder}; it was left alone.").format(
                        source=heard.source, holder=heard.held_by
                    )
                )
            elif heard.error:
                output.say(f"{heard.source}: {heard.error}")
        for name in secrets.without_keys(entry.channel for entry in app.settings.account):
            told = _("{name} is not listened to: its keys are missing, see `gensvar doctor`.")
            output.say(told.format(name=name))
        if done.is_deaf():
            sys.exit(1)


@gensvar.command(help=deferred("The whole product on invented posts; nothing leaves this machine."))
@option(
    "--headless",
    type=click.FloatRange(0, 86_400),
    metavar=deferred("SECONDS"),
    help=deferred("No screen."),
)
@option("--keep", type=_FILE, help=deferred("Keep the database in this file."))
@option("--lang", type=click.Choice(words.LANGUAGES), help=deferred("Language of the screen."))
@click.pass_obj
def demo(app: App, headless: float | None, keep: Path | None, lang: str | None) -> None:
    from listener.demo.run import UNDO_SECONDS, place, run_headless
    from tui import output

    if lang:
        app.settings = app.settings.model_copy(update={"language": lang})
        words.speak(lang)
    if headless is not None:
        output.print_json(run_headless(app.settings, headless, keep))
        return
    from tui import opening

    with place(app.settings, keep, UNDO_SECONDS) as chosen:
        opening.open_demo(app, chosen)
    opening.after_demo(keep)


@gensvar.command(
    "demo-stage",
    hidden=True,
    help=deferred(
        "The stage and the listener of a demo on the screen, until standard input closes."
    ),
)
@argument("file", metavar=deferred("FILE"), type=_FILE)
@click.pass_obj
def demo_stage(app: App, file: Path) -> None:
    from listener.demo.run import run_beside

    run_beside(app.settings, file)


@gensvar.command(
    "keys",
    help=deferred(
        "Every key of the desk by its name: what to write into keymap.toml to put it elsewhere."
    ),
)
def print_keys() -> None:
    from tui import remapping

    for line in remapping.shipped():
        click.echo(line)


@gensvar.command(
    "connect",
    help=deferred(
        "Sign in to a network: x, reddit, mastodon or bluesky. Keys that work go into the keyring,"
        " the account into your config."
    ),
)
@argument("channel", metavar=deferred("CHANNEL"))
@click.pass_obj
def connect_(app: App, channel: str) -> None:
    from listener.channels import open_channels
    from models import secrets
    from tui.connecting import SignedIn, connect

    if channel == "sandbox":
        raise click.UsageError(
            _("The sandbox needs no keys; `gensvar import FILE --sandbox` brings posts there.")
        )
    if channel not in secrets.WANTED:
        _not_built(f"gensvar connect {channel}")

    def sign_in(settings: Settings) -> SignedIn:
        opened = open_channels(settings)[channel]
        return SignedIn(opened.whoami(), opened.is_read_only())

    connect(app.settings, config_file.home(app.config), channel, sign_in)


for command in (
    init,
    outbox,
    ledger,
    audit,
    digest,
    insight,
    doctor,
    check_reply,
    promise,
    topics,
    saved,
):
    gensvar.add_command(command)
promise.add_command(parse)


def _override(written: str) -> tuple[str, str]:
    """RULE=REASON; a reason is not optional."""
    rule, _equals, reason = written.partition("=")
    if not reason.strip():
        raise click.BadParameter(_("write RULE=REASON, for example RC01='agreed by phone'"))
    return rule.strip().upper(), storable(reason.strip())[0]


def _probe(settings: Settings) -> list[Finding]:
    from listener.probe import probe

    return probe(settings)


class _Post:
    """The listener's own ways with the leaders' page."""

    def write(self, settings: Settings, page: "Page", day: date, folder: Path, at: int) -> None:
        """Into files of a folder."""
        from listener.digest.posting import write

        write(settings, page, day, folder, at)

    def send_test(self, settings: Settings, page: "Page", day: date, address: str, at: int) -> None:
        """To one address, now."""
        from listener.digest.posting import send_test

        send_test(settings, page, day, address, at)

    def send_due(self, settings: Settings, store: "Store") -> dict[str, int]:
        """To whom it is due."""
        from listener.digest.posting import send_due

        return asdict(send_due(settings, store))


def _not_built(what: str) -> None:
    click.echo(_("{what} is not built yet.").format(what=what), err=True)
    sys.exit(2)


def _later(name: str, summary: str) -> None:
    """A command whose capability is still to come: it has its name, and says so."""

    @gensvar.command(name, help=summary, context_settings={"ignore_unknown_options": True})
    @argument("arguments", nargs=-1, metavar=deferred("[ARGUMENTS]..."), type=click.UNPROCESSED)
    def command(arguments: tuple[str, ...]) -> None:
        _not_built(f"gensvar {name}")


_later("customers", deferred("Customers (not built yet)."))
_later("rules", deferred("Rules (not built yet)."))
_later("suppression", deferred("Who must not get marketing (not built yet)."))


def _told(done: "Pass") -> str:
    """One pass of the listener in a sentence."""
    new = sum(heard.counts.new for heard in done.heard)
    sentence = _(
        "New mentions: {new}. Replies sent: {sent}, in doubt: {unknown}, refused: {failed}."
    )
    out = done.delivered
    sent = out.sent + out.found
    return sentence.format(new=new, sent=sent, unknown=out.unknown, failed=out.failed)


def main(arguments: list[str] | None = None) -> Any:
    """The console script: every error a user can cause ends as one sentence."""
    try:
        sys.exit(gensvar.main(args=arguments, prog_name="gensvar", standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)
    except (Refused, StoreError) as error:
        return _end(error, 3)
    except UserError as error:
        return _end(error, 2)
    except (ChannelError, OSError) as error:
        return _end(error, 1)


def _end(error: Exception, code: int) -> None:
    from tui import output

    output.say(str(error))
    sys.exit(code)


if __name__ == "__main__":
    main()
