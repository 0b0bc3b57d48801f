"""Why a mention stands where it does: terms in minutes that sum to its allowance."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from models.instant import MINUTE
from models.words import _
from tui import saying
from tui.screens.dialog import Dialog, said
from tui.widgets.lines import BLANK, Drawn

if TYPE_CHECKING:
    from models.records.tables import Mention


class Why(Dialog[None]):
    """Its terms, their sum, and the moment that follows from it."""

    SCROLLS = True

    def __init__(self, mention_id: int) -> None:
        super().__init__(_("Why it stands here"), about=mention_id)

    def lines(self, width: int) -> Sequence[Drawn]:
        """A term a line."""
        if self.thread is None:
            return [BLANK]
        mention = self.thread.mention
        lane = saying.lane_word(mention.lane)
        lines = [Drawn(((_("Lane: {lane}").format(lane=lane), "strong"),)), BLANK]
        for term in mention.why:
            told = f"{term['minutes']:+6} min  {saying.term_word(term['term'])}"
            lines.append(Drawn(((told, "plain"),)))
        lines.append(Drawn(((f"{mention.allowance_minutes:6} min  " + _("allowed"), "strong"),)))
        return [
            *lines,
            BLANK,
            *said(self._due(mention), width),
            BLANK,
            *said(_fair(), width, "dim"),
        ]

    def _due(self, mention: "Mention") -> str:
        zone, now = self.desk.place.zone, self.desk.now
        since = saying.moment(min(mention.posted_at, mention.received_at), now, zone)
        due = saying.moment(mention.due_at, now, zone)
        clock = _("on the wall clock") if mention.lane == 0 else _("of staffed time")
        told = _("From {since}, {minutes} min {clock}: answer by {due} ({left}).")
        left = saying.clock((mention.due_at - now) // MINUTE * MINUTE)
        return told.format(
            since=since, minutes=mention.allowance_minutes, clock=clock, due=due, left=left
        )


def _fair() -> str:
    return _("Followers, likes, names and money never count.")
