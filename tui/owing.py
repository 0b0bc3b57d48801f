"""`gensvar promise`: what we owe, kept, taken back or handed over."""

from collections.abc import Callable

import click

from models.instant import to_rfc3339
from models.words import _, deferred
from tui.context import ROW_ID, App, done
from tui.speaking import argument, group, option


@group(
    invoke_without_command=True,
    help=deferred(
        "What we owe: list (also without a word), keep, withdraw, hand-over; parse reads a text."
    ),
)
@click.pass_context
def promise(context: click.Context) -> None:
    if context.invoked_subcommand is None:
        context.invoke(list_)


@promise.command("list", help=deferred("Promises we have not done yet, what is due soonest first."))
@option("--json", "as_json", is_flag=True, help=deferred("A JSON array."))
@click.pass_obj
def list_(app: App, as_json: bool = False) -> None:
    from models.records import promises
    from tui import output

    with app.store() as store, store.read() as session:
        owed = promises.owed(session)
    if as_json:
        output.print_array(
            {
                "id": one.id,
                "state": one.state,
                "action": one.action,
                "text": one.text,
                "owner": one.owner,
                "due_at": None if one.due_at is None else to_rfc3339(one.due_at),
                "customer": one.customer,
                "channel": one.channel,
                "mention_id": one.mention_id,
            }
            for one in owed
        )
        return
    headings = [_("id"), _("due"), _("state"), _("owner"), _("who"), _("text")]
    rows = [
        [
            str(one.id),
            "–" if one.due_at is None else to_rfc3339(one.due_at),
            one.state,
            one.owner,
            one.customer,
            one.text,
        ]
        for one in owed
    ]
    output.table(headings, rows)


@promise.command(help=deferred("It is done. A broken promise stays broken, but is owed no longer."))
@argument("promise_id", metavar="ID", type=ROW_ID)
@option("--note", default="", help=deferred("What came of it."))
@click.pass_obj
def keep(app: App, promise_id: int, note: str) -> None:
    from models.records import promises

    _act(app, promises.keep, promise_id, note)
    done(_("Promise {id} is done."), promise_id)


@promise.command(help=deferred("It no longer holds, and the customer knows."))
@argument("promise_id", metavar="ID", type=ROW_ID)
@option("--reason", required=True, help=deferred("Why, and how the customer knows."))
@click.pass_obj
def withdraw(app: App, promise_id: int, reason: str) -> None:
    from models.records import promises

    _act(app, promises.withdraw, promise_id, reason)
    done(_("Promise {id} is taken back."), promise_id)


@promise.command("hand-over", help=deferred("Somebody else sees to it."))
@argument("promise_id", metavar="ID", type=ROW_ID)
@option(
    "--to", required=True, metavar=deferred("WHO"), help=deferred("Who sees to it from now on.")
)
@click.pass_obj
def hand_over(app: App, promise_id: int, to: str) -> None:
    from models.records import promises

    _act(app, promises.hand_over, promise_id, to)
    done(_("Promise {id} is handed over."), promise_id)


def _act(app: App, deed: Callable[..., None], promise_id: int, words: str) -> None:
    with app.store() as store, store.write() as session:
        deed(session, promise_id, words, app.settings.member_of_staff(), store.now())
