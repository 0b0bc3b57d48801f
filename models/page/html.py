"""The page as HTML mail: the words of the text in one column of 600 pixels, nothing to fetch."""

import re

from models.page import Bar, Figure, Item, Page, Quote, Say, Section, Trend
from models.page.markup import SERIF, block, gap, lettering, line, look, safe, sheet, table, words
from models.page.words import quoted
from models.words import speaking

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}")
"""A post may claim to be in any language; only what looks like one (BCP 47) is passed on."""
_CHART = 48
"""Pixels of a trend's column, from nothing to all."""


def html(page: Page) -> str:
    """One self-contained document of 5 to 40 kB; Gmail cuts a mail at 102 kB."""
    with speaking(page.language):
        return _document(page, safe(page.language))


def _document(page: Page, language: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n{_head(page)}\n'
        f"<body {look('desk', css='margin:0;padding:0')}>\n{_preheader(page)}\n"
        f'<div lang="{language}" role="article" aria-label="{safe(page.subject)}">\n'
        f"{_frame(page)}\n</div>\n</body>\n</html>\n"
    )


def _head(page: Page) -> str:
    return (
        '<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="supported-color-schemes" content="light dark">\n'
        '<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">\n'
        f"<title>{safe(page.subject)}</title>\n<style>\n{sheet()}\n</style>\n</head>"
    )


def _preheader(page: Page) -> str:
    """What a list of mails shows behind the subject: the status and the first answer."""
    answers = [
        item.text
        for section in page.sections
        if section.is_headline
        for item in section.items
        if isinstance(item, Say)
    ]
    told = safe(" ".join((page.status, *answers[:1])))
    css = "display:none;max-height:0;overflow:hidden;font-size:1px;line-height:1px;mso-hide:all"
    return f'<div aria-hidden="true" style="{css}">{told}</div>'


def _frame(page: Page) -> str:
    """The sheet in the middle of the window; Word, without max-width, gets a table around it."""
    parts = (_top(page), *map(_section, page.sections), _foot(page))
    css = "width:100%;max-width:600px;table-layout:fixed;margin:0 auto"
    column = table("\n".join(f"<tr>{part}</tr>" for part in parts), "sheet", css=css)
    return table(
        f'<tr><td align="center" {look("desk", "around", css="padding:32px 12px")}>\n'
        '<!--[if mso]><table role="presentation" align="center" width="600"><tr><td><![endif]-->\n'
        f"{column}\n<!--[if mso]></td></tr></table><![endif]-->\n</td></tr>",
        "desk",
    )


def _top(page: Page) -> str:
    title = words("h1", page.title, "ink", css="margin:0 0 4px;font-size:20px;font-weight:600")
    if page.is_complete:
        status = words("p", page.status, "mute", css="margin:0;font-size:15px")
    else:
        status = gap(12) + _boxed(page.status, 18)
    css = f"padding:32px 36px 0;{line('top', 6, 'edge')}"
    return f"<td {look('pad', 'edge', css=css)}>\n{title}\n{status}\n</td>"


def _section(section: Section) -> str:
    """A question in large letters with its answers below, or a heading under a thin line."""
    if section.is_headline:
        css = "margin:0 0 10px;font-size:29px;line-height:1.25;font-weight:600"
        heading, size = words("h2", section.heading, "ink", "ask", css=css), 18
    else:
        css = f"margin:0 0 10px;padding:22px 0 0;{line('top', 1, 'rule')};font-size:18px"
        heading, size = words("h2", section.heading, "ink", "rule", css=css), 16
    items = "\n".join(_item(one, size) for one in section.items)
    return f"<td {look('pad', css='padding:34px 36px 0')}>\n{heading}\n{items}\n</td>"


def _foot(page: Page) -> str:
    css = "margin:0 0 4px;font-size:13px"
    lines = "\n".join(words("p", one, "mute", css=css) for one in page.foot)
    return f"<td {look('pad', css='padding:34px 36px 32px')}>\n{lines}\n</td>"


def _item(item: Item, size: int) -> str:
    match item:
        case Say(text=text, is_loud=True):
            return _boxed(text, size) + gap(12)
        case Say(text=text):
            return words("p", text, "ink", css=f"margin:0 0 12px;font-size:{size}px")
        case Quote():
            return _quote(item)
        case Bar(label=label, value=value, share=share, note=note):
            return _entry(label, value, note, _bar(share))
        case Figure(label=label, value=value, note=note):
            told = words("p", note, "mute", css="margin:0;font-size:14px") if note else ""
            return _entry(label, value, "", told)
        case Trend(label=label, note=note):
            return _entry(label, note, "", _trend(item))


def _boxed(text: str, size: int) -> str:
    """What must not be overlooked: framed and bold, for those who see no red too."""
    inner = words("p", text, "ink", css=f"margin:0;font-size:{size}px;font-weight:bold")
    css = f"padding:14px 18px;{line('left', 8, 'loud')};" + ";".join(
        line(side, 2, "loud") for side in ("top", "right", "bottom")
    )
    return table(f"<tr><td {look('loud', css=css)}>{inner}</td></tr>")


def _quote(quote: Quote) -> str:
    """Read aloud in the customer's language; what runs from the right stays within its quote."""
    is_known = _LANGUAGE.fullmatch(quote.language or "")
    language = f' lang="{quote.language}"' if is_known else ""
    text = lettering("margin:0;font-size:17px", SERIF)
    who = lettering("margin:3px 0 0;font-size:14px")
    before, after = quoted("|").split("|")
    css = f"margin:0 0 18px;padding:0 0 0 16px;{line('left', 3, 'edge')}"
    return (
        f"<blockquote {look('edge', css=css)}>\n"
        f"<p {look('ink', css=text)}>{before}<bdi{language}>{safe(quote.text)}</bdi>{after}</p>\n"
        f'<p {look("mute", css=who)}>– <bdi dir="ltr">{safe(quote.who)}</bdi> #{quote.number}</p>\n'
        "</blockquote>"
    )


def _entry(label: str, value: str, beside: str, below: str) -> str:
    """A label to the left, its value in words to the right, and what stands below both."""
    number = words("span", value, "ink", css="font-size:18px;font-weight:600")
    note = f" {words('span', beside, 'mute', css='font-size:14px')}" if beside else ""
    cell = lettering("padding:0 0 3px;vertical-align:baseline;font-size:16px")
    rows = (
        f'<tr>\n<td width="60%" {look("ink", css=f"width:60%;{cell}")}>{safe(label)}</td>\n'
        f'<td width="40%" align="right" {look("ink", css=f"width:40%;text-align:right;{cell}")}>'
        f"{number}{note}</td>\n</tr>"
    )
    if below:
        rows += f'\n<tr><td colspan="2" style="padding:0">{below}</td></tr>'
    return table(rows, css="width:100%;table-layout:fixed") + gap(16)


def _bar(share: float) -> str:
    width = f"{min(100, max(1, round(share * 100)))}%"
    return table(f"<tr>{block('fill', 8)}</tr>", css=f"width:{width}", width=width)


def _trend(trend: Trend) -> str:
    """A column a week, as high as its share; read aloud, the shares in percent."""
    told = ", ".join("–" if one is None else f"{round(one * 100)} %" for one in trend.shares)
    wide = 100 // max(1, len(trend.shares))
    columns = "\n".join(
        f'<td width="{wide}%" align="center" valign="bottom" style="padding:0 1px">'
        f"{_column(one)}</td>"
        for one in trend.shares
    )
    chart = table(f"<tr>\n{columns}\n</tr>", css="width:100%;table-layout:fixed")
    return f'<div role="img" aria-label="{safe(trend.label)}: {told}">\n{chart}\n</div>'


def _column(share: float | None) -> str:
    """A week without any is a dot; one with none in time is an empty column."""
    if share is None:
        return words("span", "·", "mute", css="font-size:16px;line-height:1")
    full = min(_CHART, max(0, round(share * _CHART)))
    parts = (("track", _CHART - full), ("fill", full))
    return table("\n".join(f"<tr>{block(name, high)}</tr>" for name, high in parts if high))
