"""A line of the queue: what stands on a mention is told in whole words, at every width."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from models.instant import HOUR
from models.records.views import Line
from tests.tui.hostile import FORBIDDEN, tricky
from tests.world import START
from tui.row import Row, paint

PLAIN = Line(
    id=1,
    state="open",
    lane=1,
    judged=True,
    due_at=START + HOUR,
    channel="mastodon",
    language="sv",
    name="Kim Kund",
    handle="kim",
    beginning="Paketet står fortfarande i Malmö och ingen svarar i telefonen",
    media=[],
    perhaps_answered=False,
    assigned_to=None,
    is_pinned=False,
    tags=[],
    handed_to=None,
)
FULL = replace(PLAIN, assigned_to="bo", is_pinned=True, tags=["rea", "höst"], handed_to="lager")


def told(row: Row, width: int) -> str:
    drawn = paint(row, width, START, "anna")
    return "".join(text for text, _style in drawn.cells)


def test_wide_it_tells_everything() -> None:
    line = told(Row(FULL, ("cai",), False, ("dag", "anna")), 160)
    assert line.startswith("▲")
    assert line.rstrip().endswith("✎ cai →bo ⇄lager ◉dag #rea #höst")
    assert "Paketet står fortfarande i Malmö" in line


def test_mine_is_mine_and_i_am_no_viewer_of_mine() -> None:
    line = told(Row(replace(PLAIN, assigned_to="anna"), ("anna",), True, ("anna",)), 120)
    assert line.rstrip().endswith("✎ draft →me")
    assert "◉" not in line


def test_who_writes_there_is_not_told_twice() -> None:
    assert "◉" not in told(Row(PLAIN, ("bo",), False, ("bo",)), 120)


def test_an_urgent_one_that_is_pinned_says_both() -> None:
    line = told(Row(replace(FULL, lane=0)), 120)
    assert line.startswith("▲urgent")


def test_at_eighty_columns_the_words_have_room_and_what_is_left_out_is_told() -> None:
    line = told(Row(FULL, ("cai",), False, ("dag",)), 80)
    assert cell_len(line) == 80
    assert "Paketet står" in line
    assert line.rstrip().endswith("✎ cai →bo ⇄lager …")
    one = told(Row(replace(PLAIN, handed_to="lager")), 80)
    assert one.rstrip().endswith("⇄lager")


def test_what_is_settled_gets_no_later() -> None:
    late = replace(PLAIN, due_at=START - HOUR)
    assert "late 1h00" in told(Row(late), 120)
    assert "late 1h00" in told(Row(replace(late, state="replying")), 120)
    for state in ("answered", "dismissed", "gone"):
        assert "late" not in told(Row(replace(late, state=state)), 120)


def test_a_row_with_nothing_on_it_is_as_it_was() -> None:
    line = told(Row(PLAIN), 80)
    assert not set(line) & set("▲→⇄◉#✎")
    assert line.startswith(" complaint")


MARKED = st.builds(
    lambda who, team, tags, pinned: replace(
        PLAIN, assigned_to=who, handed_to=team, tags=tags, is_pinned=pinned
    ),
    st.none() | tricky,
    st.none() | tricky,
    st.lists(tricky, max_size=3),
    st.booleans(),
)


@pytest.mark.parametrize("width", [70, 80, 96, 160])
@given(line=MARKED, names=st.lists(tricky, max_size=2))
def test_whatever_staff_are_called_the_line_is_printable_and_fits(
    width: int, line: Line, names: list[str]
) -> None:
    shown = told(Row(line, tuple(names[:1]), False, tuple(names)), width)
    assert not FORBIDDEN.search(shown), ascii(shown)
    assert cell_len(shown) <= width
