"""The page as plain text: forty lines of seventy-eight columns at most, in desk and mail alike."""

from collections.abc import Iterator
from textwrap import wrap

from models.outside import visible
from models.page import HEIGHT, WIDTH, Bar, Figure, Item, Page, Quote, Say, Section, Trend
from models.page.words import quoted
from models.words import speaking

_LABEL, _BAR, _VALUE = 27, 12, 6
_STEPS = "▁▂▃▄▅▆▇█"
_RULE = "─" * WIDTH


def lines(page: Page) -> list[str]:
    """Never more than HEIGHT; what does not fit is cut at the end of the longest section."""
    with speaking(page.language):
        sections = [list(_section(one)) for one in page.sections]
    head = [*_wrapped(page.title.upper()), *_wrapped(page.status), _RULE]
    foot = [_RULE, *(line for told in page.foot for line in _wrapped(told))]
    while len(head) + len(foot) + sum(map(len, sections)) > HEIGHT:
        longest = max(sections, key=len)
        if len(longest) <= 2:
            break
        del longest[-1]
    return [*head, *(line for section in sections for line in section), *foot]


def _section(section: Section) -> Iterator[str]:
    yield section.heading.upper() if section.is_headline else section.heading
    for item in section.items:
        yield from _item(item)


def _item(item: Item) -> Iterator[str]:
    match item:
        case Say(text=text):
            yield from _wrapped(text, 1)
        case Quote(text=text, who=who, number=number):
            yield from _wrapped(f"{quoted(visible(text))} – {visible(who)} #{number}", 1)
        case Bar(label=label, value=value, share=share, note=note):
            bar = "█" * max(1, round(share * _BAR))
            start = f" {_cut(label, _LABEL - 2):<{_LABEL - 1}}{bar} {value}"
            yield f"{start}  {note}".rstrip()[:WIDTH]
        case Figure(label=label, value=value, note=note):
            yield from _figure(label, value, note)
        case Trend(label=label, shares=shares, note=note):
            line = "".join(_step(share) for share in shares)
            yield f" {_cut(label, _LABEL - 2):<{_LABEL - 1}}{line} {note}".rstrip()


def _figure(label: str, value: str, note: str) -> Iterator[str]:
    start = f" {_cut(label, _LABEL - 2):<{_LABEL - 1}}{value:>{_VALUE}}"
    told = wrap(note, WIDTH - len(start) - 2)
    yield f"{start}  {told[0] if told else ''}".rstrip()
    for more in told[1:]:
        yield " " * (len(start) + 2) + more


def _step(share: float | None) -> str:
    return "·" if share is None else _STEPS[min(7, int(share * 8))]


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _wrapped(text: str, indent: int = 0) -> list[str]:
    lead = " " * indent
    return wrap(text, WIDTH, initial_indent=lead, subsequent_indent=lead, break_on_hyphens=False)
