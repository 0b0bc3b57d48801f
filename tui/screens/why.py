"""Why a mention stands where it does, and what never counts."""

from collections.abc import Sequence

from models.words import _
from tui.reasons import owed_by, reason_lines
from tui.screens.dialog import Told, said
from tui.widgets.lines import BLANK, Drawn


class Why(Told):
    """Its terms, their sum, and the moment that follows from it."""

    def __init__(self, mention_id: int) -> None:
        super().__init__(_("Why it stands here"), about=mention_id)

    def lines(self, width: int) -> Sequence[Drawn]:
        """A term a line."""
        if self.thread is None:
            return [BLANK]
        mention, place = self.thread.mention, self.desk.place
        lane, *terms = reason_lines(mention, width)
        return [
            lane,
            BLANK,
            *terms,
            BLANK,
            *said(owed_by(mention, self.desk.now, place.zone), width),
            BLANK,
            *said(_("Followers, likes, names and money never count."), width, "dim"),
        ]
