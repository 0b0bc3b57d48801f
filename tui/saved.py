"""`gensvar saved`: the saved replies there are."""

import click

from models.outside import first_line
from models.saved_replies import load
from models.words import _
from tui.context import App

_WIDTH = 80


@click.command()
@click.option("--json", "as_json", is_flag=True, help="A JSON array.")
@click.pass_obj
def saved(app: App, as_json: bool) -> None:
    """List the saved replies, which Ctrl-O puts into a draft at the desk."""
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
