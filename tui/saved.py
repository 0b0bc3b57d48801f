"""`gensvar saved`: the saved replies there are."""

import click

from models.outside import first_line
from models.saved_replies import load
from models.words import _, deferred
from tui.context import App
from tui.speaking import command, option

_WIDTH = 80


@command(help=deferred("List the saved replies, which Ctrl-O puts into a draft at the desk."))
@option("--json", "as_json", is_flag=True, help=deferred("A JSON array."))
@click.pass_obj
def saved(app: App, as_json: bool) -> None:
    from tui import output

    known = load(app.settings.desk.saved_replies)
    for problem in known.problems:
        output.say(problem)
    if as_json:
        output.print_array(
            {"name": one.name, "language": one.language, "topics": one.topics, "text": one.text}
            for one in known.all
        )
        return
    rows = [[one.name, one.language, first_line(one.text, _WIDTH)] for one in known.all]
    output.table([_("name"), _("lang"), _("text")], rows)
