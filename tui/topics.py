"""`gensvar topics`: the set of topics, and what one mention is about."""

import click

from models.topics import Topics, load
from models.words import _, deferred, spoken
from tui.context import ROW_ID, App
from tui.speaking import argument, command, option


@command(
    help=deferred("List the topics; or show what mention ID is about, or put it right with --set.")
)
@argument("mention_id", metavar="[ID]", type=ROW_ID, required=False)
@option("--set", "names", metavar="A,B", help=deferred("Put its topics right; '' for none."))
@option("--json", "as_json", is_flag=True, help=deferred("A JSON array."))
@click.pass_obj
def topics(app: App, mention_id: int | None, names: str | None, as_json: bool) -> None:
    known = load(app.settings.topics.trade, app.settings.topics.file)
    if mention_id is None:
        if names is not None:
            raise click.UsageError(_("--set needs the ID of a mention"))
        _list(known, as_json)
    else:
        _one(app, known, mention_id, names, as_json)


def _list(known: Topics, as_json: bool) -> None:
    from tui import output

    for problem in known.problems:
        output.say(problem)
    if as_json:
        output.print_array(
            {"name": one.name, "label": one.label(spoken()), "broken_word": one.broken_word}
            for one in known.all
        )
        return
    headings = [_("name"), _("topic"), _("do we keep what we promise?")]
    rows = [[one.name, one.label(spoken()), "✓" if one.broken_word else ""] for one in known.all]
    output.table(headings, rows)


def _one(app: App, known: Topics, mention_id: int, names: str | None, as_json: bool) -> None:
    from models.records import threads
    from models.records import topics as about
    from tui import output

    with app.store() as store:
        if names is not None:
            chosen = known.checked(names.split(","))
            with store.write() as session:
                staff = app.settings.member_of_staff()
                about.correct(session, mention_id, chosen, staff, store.now())
        with store.read() as session:
            found = list(threads.mention(session, mention_id).topics)
    if as_json:
        output.print_array(found)
        return
    told = ", ".join(known.label(name, spoken()) for name in found)
    click.echo(told or _("none"))
