"""What stands in a column of the screens fits it, in every language."""

import pytest
from rich.cells import cell_len

from models.instant import DAY, HOUR, MINUTE
from models.networks import FEEDS
from models.records.kinds import ReplyState
from models.words import LANGUAGES, _, speaking
from tui import saying


def columns() -> dict[int, list[str]]:
    """Words by the cells their column has."""
    lanes = [saying.lane_word(lane) for lane in saying.LANES if lane != 4]
    clocks = [saying.short_clock(-late) for late in (45 * MINUTE, 47 * HOUR, 9 * DAY)]
    feeds = [saying.feed(feed) for feed in (*FEEDS, "own", "recheck")]
    replies = [saying.reply_word(state) for state in ReplyState]
    actions = ("call", "send", "reply", "refund", "check", "fix", "visit", "private", "conclude")
    return {
        5: [saying.short_span(minutes) for minutes in (59, 47 * 60 + 59, 12 * 1440)],
        8: [_("broken")],
        10: [*lanes, *clocks, _("not judged"), _("no need")],
        11: [*feeds, _("judge"), _("listening"), _("outbox"), _("today")],
        16: [*replies, _("leaves in {seconds} s").format(seconds=30), _("leaving")],
        17: [saying.action_word(action) for action in actions],
        21: [_("no time given")],
        24: [f"{saying.state_word('answered')}, {saying.how_word('native')}"],
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_columns_hold_their_words(language: str) -> None:
    with speaking(language):
        too_wide = [
            told for cells, words in columns().items() for told in words if cell_len(told) > cells
        ]
    assert too_wide == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_demo_says_so_in_eighty_columns(language: str) -> None:
    told = "DEMO – nothing leaves this machine. The posts are invented; reply as you like."
    with speaking(language):
        assert cell_len(" " + _(told)) <= 80
