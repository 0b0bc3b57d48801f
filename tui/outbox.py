"""`gensvar outbox`: replies on their way, and the decisions only a person can take."""

import click

from models.words import _, deferred
from tui.context import ROW_ID, App, done
from tui.speaking import argument, group, option


@group(help=deferred("Replies on their way: what is known of each, and what you can decide."))
def outbox() -> None:
    pass


@outbox.command(
    "list", help=deferred("Replies that are queued, on their way, doubtful or refused.")
)
@option("--json", "as_json", is_flag=True, help=deferred("A JSON array."))
@click.pass_obj
def outbox_list(app: App, as_json: bool) -> None:
    from models.records import outbox as replies
    from tui import output

    with app.store() as store, store.read() as session:
        pending = replies.pending(session, store.now())
    if as_json:
        output.print_array(output.pending_json(reply) for reply in pending)
        return
    headings = [_("reply"), _("mention"), _("state"), _("text"), _("error")]
    rows = ([str(r.id), str(r.mention_id), r.state, r.text, r.error or ""] for r in pending)
    output.table(headings, rows)


def _decision(name: str, help_text: str) -> None:
    """A command of `outbox` that decides one reply by the desk's function of the same name."""

    @outbox.command(name.replace("_", "-"), help=help_text)
    @argument("reply_id", metavar="ID", type=ROW_ID)
    @click.pass_obj
    def decide(app: App, reply_id: int) -> None:
        from models.records import desk

        with app.store() as store, store.write() as session:
            act = getattr(desk, name)
            act(session, reply_id, app.settings.member_of_staff(), store.now())
        done(_("Reply {id}: done."), reply_id)


_decision("undo", deferred("Take back a reply that has not left."))
_decision("send_again", deferred("You looked: a doubtful reply is not there. Send it once more."))
_decision("give_up", deferred("Let a doubtful reply go; its mention waits again."))


@outbox.command(
    "it-is-there", help=deferred("You looked: a doubtful reply is public, under this link.")
)
@argument("reply_id", metavar="ID", type=ROW_ID)
@option("--link", required=True, help=deferred("The reply's address on the network."))
@click.pass_obj
def it_is_there(app: App, reply_id: int, link: str) -> None:
    from models.records import desk

    with app.store() as store, store.write() as session:
        staff = app.settings.member_of_staff()
        desk.it_is_there(session, reply_id, link, staff, store.now())
    done(_("Reply {id} is sent; the link is its proof."), reply_id)
