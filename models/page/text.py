"""The page as plain text: forty lines of seventy-eight columns at most, in desk and mail alike."""

from collections.abc import Iterator
from textwrap import wrap

from models.outside import visible
from models.page import HEIGHT, WIDTH, Bar, Figure, Item, Page, Quote, Say, Section, Trend
from models.page.words import quoted
from models.words import speaking

_BAR, _VALUE = 10, 6
_LABELS = 24, 38
"""The narrowest and the widest column of labels; what is longer is cut."""
_NARROWEST = 10
"""Columns of a note beside a figure."""
_STEPS = "▁▂▃▄▅▆▇█"
_RULE = "─" * WIDTH
Block = list[str]


def lines(page: Page) -> list[str]:
    """Never more than HEIGHT; what does not fit is left out, the last items of the figures first.

    An item stands whole or not at all.
    """
    with speaking(page.language):
        sections = [list(_section(one)) for one in page.sections]
    head = [*_wrapped(page.title.upper()), *_wrapped(page.status), _RULE]
    foot = [_RULE, *(line for told in page.foot for line in _wrapped(told))]
    while len(head) + len(foot) + sum(map(_height, sections)) > HEIGHT:
        longest = max(sections, key=_height)
        if len(longest) <= 2:
            break
        del longest[-1]
    told = (line for section in sections for block in section for line in block)
    return [*head, *told, *foot]


def _height(section: list[Block]) -> int:
    return sum(map(len, section))


def _section(section: Section) -> Iterator[Block]:
    yield [section.heading.upper() if section.is_headline else section.heading]
    labels = [item.label for item in section.items if isinstance(item, Bar | Figure | Trend)]
    width = min(max([_LABELS[0], *(len(label) + 2 for label in labels)]), _LABELS[1])
    for item in section.items:
        yield list(_item(item, width))


def _item(item: Item, width: int) -> Iterator[str]:
    match item:
        case Say(text=text):
            yield from _wrapped(text, 1)
        case Quote(text=text, who=who, number=number):
            yield from _wrapped(f"{quoted(text)} – {who} #{number}", 1)
        case Bar(label=label, value=value, share=share, note=note):
            bar = "█" * max(1, round(share * _BAR))
            told = f" {_cut(label, width)}{bar:<{_BAR}} {visible(value)}  {visible(note)}"
            yield told.rstrip()[:WIDTH]
        case Figure(label=label, value=value, note=note):
            yield from _figure(_cut(label, width), value, note)
        case Trend(label=label, shares=shares, note=note):
            line = "".join(_step(share) for share in shares)
            yield f" {_cut(label, width)}{line} {visible(note)}".rstrip()


def _figure(label: str, value: str, note: str) -> Iterator[str]:
    start = f" {label}{value:>{_VALUE}}"
    told = wrap(visible(note), max(_NARROWEST, WIDTH - len(start) - 2))
    yield f"{start}  {told[0] if told else ''}".rstrip()
    for more in told[1:]:
        yield " " * (len(start) + 2) + more


def _step(share: float | None) -> str:
    return "·" if share is None else _STEPS[min(7, int(share * 8))]


def _cut(text: str, width: int) -> str:
    """In a column of this width, with a blank behind it."""
    shown = visible(text)
    told = shown if len(shown) < width else shown[: width - 2] + "…"
    return f"{told:<{width}}"


def _wrapped(text: str, indent: int = 0) -> list[str]:
    lead = " " * indent
    shown = visible(text)
    return wrap(shown, WIDTH, initial_indent=lead, subsequent_indent=lead, break_on_hyphens=False)
