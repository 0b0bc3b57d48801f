"""The leaders' page in every language: it fits its paper, and nothing of ours is cut."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from models.figures import (
    Change,
    Figures,
    Learnt,
    Missing,
    Needed,
    Promises,
    Share,
    Waits,
    Weak,
    Week,
    Words,
)
from models.instant import DAY, HOUR, from_datetime
from models.page import HEIGHT, WIDTH, Bar, Figure, Item, Page, Trend, build, text
from models.words import LANGUAGES

UNTIL = from_datetime(datetime(2026, 11, 21, 23, tzinfo=UTC))
NAMES = {"delivery": "Tallkotte Express", "parts": "Fyrre"}
WEAK = ("elsewhere", "offer", "data", "promise", "copied", "apology", "silence")


def ids(number: int) -> tuple[int, ...]:
    return tuple(range(1201, 1201 + number))


FULL = Figures(
    days=(date(2026, 11, 21),),
    since=UNTIL - DAY,
    until=UNTIL,
    needed=Needed(ids(1017), ids(12), ids(3), ids(41)),
    in_time=ids(912),
    late=ids(161),
    never=ids(5),
    longest=4 * 24 * 60 + 185,
    wall=Waits(138, 1565),
    staffed=Waits(47, 9 * 60),
    closed=ids(6),
    holding=ids(4),
    concluding=ids(1016),
    promises=Promises(ids(7), ids(4), ids(2), ids(3), ids(1), ids(2)),
    topics=(
        Change("delivery", ids(9), 2.5, True, True),
        Change("parts", ids(4), 1.0, True, True),
    ),
    rising=(("nyckel", ids(4)), ("krympt", ids(3))),
    followers=Share(ids(11), ids(14)),
    turned=Share(ids(5), ids(19)),
    weak=tuple(Weak(name, ids(7 - place)) for place, name in enumerate(WEAK)),
    spent=1_370_000,
    quotes=(
        Words(1203, "Åtta veckor, tre samtal och ingen stol.", "Britta", "x", "sv"),
        Words(1209, "Er der nogen hjemme?", None, "mastodon", "da"),
    ),
    insights=(Learnt(3, "Skruvpåsen till Fyrre saknar nyckel.", "Anna"),),
    weeks=tuple(Week(UNTIL - week * 7 * DAY, 8, 10) for week in range(13, 0, -1)),
    missing=(
        Missing("silent", "x:mentions", since=UNTIL - 5 * HOUR),
        Missing("silent", "reddit:comments"),
        Missing("gap", "bluesky:mentions", since=UNTIL - 9 * HOUR, until=UNTIL - 7 * HOUR),
        Missing("capped", "x:search"),
        Missing("unjudged", "", number=2),
    ),
)
EMPTY = Share((), ())
QUIET = replace(
    FULL,
    needed=Needed((), (), (), ()),
    in_time=(),
    late=(),
    never=(),
    longest=None,
    closed=(),
    holding=(),
    concluding=(),
    promises=Promises((), (), (), (), (), ()),
    topics=(),
    rising=(),
    followers=EMPTY,
    turned=EMPTY,
    weak=(),
    spent=0,
    quotes=(),
    insights=(),
    weeks=(),
    missing=(),
)


def page(figures: Figures, language: str, *late: str) -> Page:
    zone = ZoneInfo("Europe/Stockholm")
    edition = build.Edition("Tallkotte", language, zone, lambda name: NAMES[name], late)
    return build.page(figures, edition)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("figures", [FULL, QUIET], ids=["full", "quiet"])
def test_a_page_fits(figures: Figures, language: str) -> None:
    lines = text.lines(page(figures, language, "20.11."))
    assert len(lines) <= HEIGHT
    assert max(map(len, lines)) <= WIDTH
    told = [line for line in lines if "#" not in line]
    assert [line for line in told if "…" in line] == []


@pytest.mark.parametrize("until", [UNTIL - 1, UNTIL])
def test_a_day_that_lasts_is_told_so_far(until: int) -> None:
    told = page(replace(QUIET, until=until), "en")
    is_over = until == UNTIL
    assert ("21 Nov, so far: " in told.subject, "2026, so far" in told.title) == (not is_over,) * 2
    assert told.status == (
        "All sources were heard all day." if is_over else "All sources have been heard so far."
    )
    cut = page(replace(FULL, until=until), "en")
    assert cut.status.startswith("DATA INCOMPLETE: ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_label_is_cut(language: str) -> None:
    told = page(replace(FULL, missing=FULL.missing[:1]), language)
    shown = "\n".join(text.lines(told))
    labels = [label for label in map(_label, items(told)) if label]
    assert len(labels) == 13
    assert [label for label in labels if label not in shown] == []


def items(page: Page) -> list[Item]:
    return [item for section in page.sections for item in section.items]


def _label(item: Item) -> str:
    return item.label if isinstance(item, (Bar, Figure, Trend)) else ""


@pytest.mark.parametrize(
    ("language", "asked", "incomplete", "weak"),
    [
        ("sv", "Håller vi vad vi lovar?", "OFULLSTÄNDIGA DATA", "Svar att förbättra"),
        ("nb", "Holder vi det vi lover?", "UFULLSTENDIGE DATA", "Svar å forbedre"),
        ("da", "Holder vi, hvad vi lover?", "UFULDSTÆNDIGE DATA", "Svar, der kan forbedres"),
        ("fi", "Pidämmekö lupauksemme?", "PUUTTEELLISET TIEDOT", "Parannettavat vastaukset"),
        ("en", "Do we keep what we promise?", "DATA INCOMPLETE", "Weak replies"),
    ],
)
def test_the_fixed_words(language: str, asked: str, incomplete: str, weak: str) -> None:
    told = page(FULL, language)
    assert told.sections[0].heading == asked
    assert told.subject.startswith(f"{incomplete} · Tallkotte ")
    assert told.status.startswith(f"{incomplete}: ")
    assert weak in map(_label, items(told))


@pytest.mark.parametrize(
    ("language", "quote", "day", "moment", "wait"),
    [
        ("sv", "”Er der nogen hjemme?” – på Mastodon", "21 nov.", "19:00", "2 h 18 min"),
        ("nb", "«Er der nogen hjemme?» – på Mastodon", "21. nov.", "19:00", "2 t 18 min"),
        ("da", "”Er der nogen hjemme?” – på Mastodon", "21. nov.", "19.00", "2 t 18 min"),
        ("fi", "”Er der nogen hjemme?” – Mastodon", "21.11.", "19.00", "2 h 18 min"),
        ("en", "“Er der nogen hjemme?” – on Mastodon", "21 Nov", "19:00", "2 h 18 min"),
    ],
)
def test_days_times_and_quotes_as_the_country_writes_them(
    language: str, quote: str, day: str, moment: str, wait: str
) -> None:
    told = page(FULL, language)
    shown = "\n".join(text.lines(told)).replace("\u00a0", " ")
    assert f" Tallkotte {day}: " in told.subject
    for words in (quote, moment, wait):
        assert words in shown
