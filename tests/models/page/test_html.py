"""The mail's HTML: the words of the text, in what every mail client draws, whatever they hold."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.outside import visible
from models.page import Bar, Figure, Item, Page, Quote, Say, Section, Trend
from models.page.html import html
from models.page.text import lines


def names(told: str) -> set[str]:
    return set(told.split())


VOID = names("meta")
ELEMENTS = names("html head meta title style body div table tr td h1 h2 p span blockquote bdi")
ATTRIBUTES = names(
    "lang dir charset name content class style role aria-label aria-hidden"
    " border cellpadding cellspacing width height align valign bgcolor colspan"
)
PROPERTIES = names(
    "color background-color font-family font-size font-weight line-height text-align vertical-align"
    " margin padding border-top border-right border-bottom border-left border-collapse width height"
    " max-width table-layout word-break overflow-wrap display max-height overflow"
    " mso-hide mso-line-height-rule"
)
"""What mail clients draw, or pass over without harm (caniemail.com)."""
BLOCKS = names("title div td h1 h2 p")
HOSTILE = (
    '</p></td><script>alert("1")</script><img src=http://example.test/x onerror=a>'
    "\u202egnp.exe\u2066\r\nBcc: somebody@example.test\0\x1b[31m & &amp; '\" ]]> --><!-- "
    + "Z" * 200
    + " 👩‍👩‍👧 עברית"
)


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    inside: list["Element | str"] = field(default_factory=list)

    @property
    def style(self) -> dict[str, str]:
        rules = filter(None, self.attributes.get("style", "").split(";"))
        return dict(rule.split(":", 1) for rule in rules)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def all(self) -> Iterator["Element"]:
        yield self
        for one in self.inside:
            if isinstance(one, Element):
                yield from one.all()

    def text(self) -> str:
        """What is seen; nothing of what is hidden from those who listen."""
        if "aria-hidden" in self.attributes:
            return ""
        told = "".join(one if isinstance(one, str) else one.text() for one in self.inside)
        return f" {told} " if self.tag in BLOCKS else told


class Reader(HTMLParser):
    """Reads strictly: whatever is opened is closed, in order, and no attribute stands twice."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("", {})]
        self.comments: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute of {tag} stands twice"
        one = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(one)
        if tag not in VOID:
            self.open.append(one)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def read(document: str) -> Element:
    reader = Reader()
    reader.feed(document)
    reader.close()
    assert len(reader.open) == 1, f"{reader.open[-1].tag} is not closed"
    return reader.open[0]


def found(root: Element, tag: str) -> list[Element]:
    return [one for one in root.all() if one.tag == tag]


def body(page: Page) -> Element:
    return found(read(html(page)), "body")[0]


def words(text: str) -> list[str]:
    """Words in order, without bars, rules and the dots between parts."""
    return [one for one in text.casefold().split() if not re.fullmatch("[█▁▂▃▄▅▆▇·─]+", one)]


def a_page(say: Callable[[str], str] = str, *, is_complete: bool = True) -> Page:
    """A page with everything that a page can hold; `say` may twist every word from outside."""
    promised: tuple[Item, ...] = (
        Say(say("14 posts say that something was late.")),
        Bar(say("Late delivery"), "14", 1.0, say("usual: 4")),
        Bar("Arrived damaged", "2", 1 / 7),
        Say("We made 9, kept 7 and broke 1 promises.", is_loud=True),
    )
    answered: tuple[Item, ...] = (
        Say(
            "Half waited up to 52 min; one in ten longer than 5 h 10 min, by the customer's clock."
        ),
        Trend(say("In time, 13 weeks"), (None, 0.0, 0.5, 0.89), "89 %"),
    )
    figures: tuple[Item, ...] = (
        Figure(say("Needed an answer"), "53", say("46 answered + 7 waiting")),
        Figure("Closed without reply", "3"),
    )
    said = Quote(say("Tredje veckan & ni svarar med en länk."), say("Stig on X"), 1042, "sv")
    return Page(
        language="nb",
        subject=say("Tallkotte 21. nov.: 46 of 53 answered"),
        title=say("Tallkotte · lørdag 21. november 2026"),
        status=say("All sources were heard all day."),
        is_complete=is_complete,
        sections=(
            Section("Do we keep what we promise?", promised, True),
            Section("Do we answer in time?", answered, True),
            Section("What they say", (said,)),
            Section(say("In figures"), figures),
        ),
        foot=(say("Definitions v1: gensvar digest --define"),),
    )


def hostile(text: str) -> str:
    return text + HOSTILE


@pytest.mark.parametrize("is_complete", [True, False])
def test_the_mail_says_the_words_of_the_text_in_their_order(is_complete: bool) -> None:
    page = a_page(is_complete=is_complete)
    assert words(body(page).text()) == words(" ".join(lines(page)))


def test_only_what_mail_clients_draw_and_nothing_that_is_fetched() -> None:
    document = html(a_page())
    root = read(document)
    assert {one.tag for one in root.all()} - {""} <= ELEMENTS
    assert {name for one in root.all() for name in one.attributes} <= ATTRIBUTES
    assert {name for one in root.all() for name in one.style} <= PROPERTIES
    assert not re.search(r"https?:|url\(|@import|javascript:", document)


def test_it_names_its_language_its_subject_and_that_of_a_quote() -> None:
    root = read(html(a_page()))
    assert found(root, "html")[0].attributes["lang"] == "nb"
    assert found(root, "title")[0].text().strip() == "Tallkotte 21. nov.: 46 of 53 answered"
    assert [one.attributes.get("lang") for one in found(root, "bdi")] == ["sv", None]
    wrapper = found(found(root, "body")[0], "div")[1]
    assert wrapper.attributes["lang"] == "nb", "Gmail drops the html element"


@pytest.mark.parametrize("claimed", [None, "", "x", HOSTILE, '"><b>', "sv\n", "sv_SE"])
def test_a_language_that_is_none_is_not_passed_on(claimed: str | None) -> None:
    quote = Quote("Hej", "Stig", 1, claimed)
    page = Page("sv", "s", "t", "whole", True, (Section("What they say", (quote,)),))
    assert "lang" not in found(body(page), "bdi")[0].attributes


def test_one_title_then_a_heading_for_every_section() -> None:
    headings = [one.tag for one in body(a_page()).all() if re.fullmatch("h[1-6]", one.tag)]
    assert headings == ["h1", "h2", "h2", "h2", "h2"]


def test_a_table_for_layout_says_so() -> None:
    assert all(one.attributes["role"] == "presentation" for one in found(body(a_page()), "table"))


def test_the_list_of_mails_shows_the_status_and_the_first_answer() -> None:
    first = found(body(a_page()), "div")[0]
    assert first.inside == ["All sources were heard all day. 14 posts say that something was late."]
    assert first.style["display"] == "none"
    assert first.attributes["aria-hidden"] == "true"


def test_a_bar_is_as_wide_as_its_share_and_never_nothing() -> None:
    bars = tuple(Bar("Late", "1", share) for share in (1.0, 0.5, 0.004, 0.0, 7.0))
    page = Page("sv", "s", "t", "whole", True, (Section("Bars", bars),))
    drawn = [
        one
        for one in found(body(page), "table")
        if "fill" in [c for td in one.all() for c in td.classes]
    ]
    narrow = [one.attributes["width"] for one in drawn if len(found(one, "table")) == 1]
    assert narrow == ["100%", "50%", "1%", "1%", "100%"]


def test_a_trend_is_drawn_in_heights_and_told_in_percent() -> None:
    (drawn,) = (one for one in body(a_page()).all() if one.attributes.get("role") == "img")
    assert drawn.attributes["aria-label"] == "In time, 13 weeks: –, 0 %, 50 %, 89 %"
    blocks = [
        (one.classes[0], int(one.attributes["height"]))
        for one in found(drawn, "td")
        if "height" in one.attributes
    ]
    assert blocks == [("track", 48), ("track", 24), ("fill", 24), ("track", 5), ("fill", 43)]
    assert words(drawn.text()) == [], "a dot for the week without any, and no word"
    assert "·" in drawn.text()


def framed(page: Page) -> list[str]:
    return [
        one.text().strip() for one in body(page).all() if one.tag == "td" and "loud" in one.classes
    ]


def test_what_is_loud_is_framed_and_bold_and_not_only_red() -> None:
    loud = "We made 9, kept 7 and broke 1 promises."
    assert framed(a_page()) == [loud]
    assert framed(a_page(is_complete=False)) == ["All sources were heard all day.", loud]
    for one in body(a_page(is_complete=False)).all():
        if "loud" in one.classes:
            assert all(f"border-{side}" in one.style for side in ("top", "right", "bottom", "left"))
            assert [p.style["font-weight"] for p in found(one, "p")] == ["bold"]


def luminance(colour: str) -> float:
    """Of #rrggbb, 0 to 1 (WCAG 2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def night(root: Element) -> dict[tuple[str, str], str]:
    """By class and property, what the sheet says for the night."""
    (told,) = (one for one in found(root, "style")[0].inside if isinstance(one, str))
    rules = re.findall(r"\.(\w+)\{([\w-]+):(#\w{6})!important\}", told)
    return {(name, what): colour for name, what, colour in rules}


def test_all_that_is_coloured_has_a_colour_for_the_night() -> None:
    root = read(html(a_page(is_complete=False)))
    dark = night(root)
    for one in root.all():
        for name, told in one.style.items():
            if "#" in told:
                what = "border-color" if name.startswith("border-") else name
                assert any((each, what) in dark for each in one.classes), (one.tag, one.attributes)


def test_words_stand_out_by_day_and_by_night() -> None:
    root = read(html(a_page(is_complete=False)))
    dark = night(root)
    (sheet,) = (one for one in root.all() if "sheet" in one.classes)
    day_ground, night_ground = sheet.style["background-color"], dark["sheet", "background-color"]
    seen = 0
    for one in root.all():
        if colour := one.style.get("color"):
            (by_night,) = (dark[each, "color"] for each in one.classes if (each, "color") in dark)
            assert contrast(colour, day_ground) >= 4.5
            assert contrast(by_night, night_ground) >= 4.5
            seen += 1
        if "fill" in one.classes:
            assert contrast(one.style["background-color"], day_ground) >= 3
            assert contrast(one.style["background-color"], "#121212") >= 3, "inverted by force"
            assert contrast(dark["fill", "background-color"], night_ground) >= 3
    assert seen > 20


def test_without_its_sheet_every_word_has_its_colour_face_and_size() -> None:
    """Gmail may drop the sheet, and Word inherits nothing."""
    said = {"color", "font-family", "font-size", "line-height"}
    seen = 0
    for one in body(a_page()).all():
        own = "".join(each for each in one.inside if isinstance(each, str)).strip("\n\xa0 ")
        if own and one.tag != "bdi" and "aria-hidden" not in one.attributes:
            assert said <= set(one.style), (one.tag, own)
            seen += 1
    assert seen > 20


def shape(page: Page) -> list[tuple[str, list[str]]]:
    return [(one.tag, sorted(one.attributes)) for one in read(html(page)).all()]


def test_hostile_words_change_nothing_but_words() -> None:
    document = html(a_page(hostile))
    assert shape(a_page(hostile)) == shape(a_page())
    assert not set(document) & {*"\r\0\x1b\u202e\u2066"}
    reader = Reader()
    reader.feed(document)
    assert len(reader.comments) == 2, "the two that only Word reads"
    assert visible(HOSTILE) in body(a_page(hostile)).text(), "and all of them are there to be read"


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_words_are_only_words(told: str) -> None:
    page = a_page(lambda text: f"{text}{told}.")
    assert shape(page) == shape(a_page())
    assert visible(f"svarar med en länk.{told}.") in body(page).text()


def test_hostile_and_long_as_it_is_gmail_does_not_cut_it() -> None:
    page = a_page(hostile)
    many = tuple(item for section in page.sections for item in section.items) * 3
    assert len(html(Page("sv", "s", "t", "w", True, (Section("Much", many),))).encode()) < 102_000


def test_a_page_without_sections_still_stands() -> None:
    page = Page("fi", "Tallkotte", "Tallkotte", "All sources were heard all day.", True, ())
    assert words(body(page).text()) == words(" ".join(lines(page)))
