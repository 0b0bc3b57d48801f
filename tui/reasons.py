"""Why a mention stands where it does: terms in minutes that sum to its allowance."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from models.instant import MINUTE
from models.words import _
from tui import saying
from tui.widgets.lines import Drawn, wrapped

if TYPE_CHECKING:
    from models.records.tables import Mention


def reason_lines(mention: "Mention", width: int) -> Sequence[Drawn]:
    """Its lane, a term a paragraph of at most `width` cells, and their sum."""
    lane = saying.lane_word(mention.lane)
    lines = [Drawn(((_("Lane: {lane}").format(lane=lane), "strong"),))]
    for term in mention.why:
        minutes = f"{term['minutes']:+6} min  "
        for line in wrapped(saying.term_word(term["term"]), max(10, width - len(minutes))):
            lines.append(Drawn(((f"{minutes}{line}", "plain"),)))
            minutes = " " * len(minutes)
    allowed = f"{mention.allowance_minutes:6} min  " + _("allowed")
    return [*lines, Drawn(((allowed, "strong"),))]


def owed_by(mention: "Mention", now: int, zone: tzinfo) -> str:
    """The moment that follows from it, and by which clock."""
    since = saying.moment(min(mention.posted_at, mention.received_at), now, zone)
    due = saying.moment(mention.due_at, now, zone)
    clock = _("on the wall clock") if mention.lane == 0 else _("of staffed time")
    told = _("From {since}, {minutes} min {clock}: answer by {due} ({left}).")
    left = saying.clock((mention.due_at - now) // MINUTE * MINUTE)
    return told.format(
        since=since, minutes=mention.allowance_minutes, clock=clock, due=due, left=left
    )
