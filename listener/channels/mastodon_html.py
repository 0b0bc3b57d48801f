"""The HTML of a status as plain text: line breaks kept, links whole, nothing of it ever run.

Read in one pass over the angle brackets: Python's own parser needs time by the square of what a
hostile server sends (measured: 9 s for 20,000 characters of unfinished tags).
"""

import html
import re
from collections.abc import Iterator

_LONGEST = 200_000
"""Characters of HTML; what lies beyond is cut off."""
_ATTRIBUTE = re.compile(r"""(?<![\w-])([\w-]++)\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"']++)""")
_BREAKS = {"p": "\n\n", "div": "\n", "blockquote": "\n\n", "pre": "\n\n", "li": "\n"}
_BREAKS |= {"ul": "\n\n", "ol": "\n\n", **{f"h{size}": "\n\n" for size in range(1, 7)}}
_HIDDEN = ("script", "style", "template")
_NAMES = frozenset(("mention", "hashtag"))
"""Links of these classes lead to a profile or a tag; their words say it all."""


def plain(source: str) -> str:
    """What a reader would see, with the whole address of every link that is shown shortened."""
    words, hidden = list[str](), ""
    leads, first = "", -1  # of the open link, and with which word it began
    for tag, attributes, said in _pieces(source[:_LONGEST]):
        if hidden:
            hidden = "" if tag == f"/{hidden}" else hidden
        elif tag in _HIDDEN:
            hidden = tag
        if tag in ("a", "/a") and first >= 0:
            words[first:] = [_link("".join(words[first:]), leads)]
            first = -1
        if tag == "a":
            leads, first = _address(attributes), len(words)
        words.append(_mark(tag, attributes))
        words.append("" if hidden else said)
    if first >= 0:
        words[first:] = [_link("".join(words[first:]), leads)]
    return re.sub(r"\n{3,}", "\n\n", "".join(words)).strip()


def _pieces(source: str) -> Iterator[tuple[str, str, str]]:
    """Each tag with a / where it closes, what stands in it, and the words that follow it."""
    before, *rest = source.split("<")
    yield "", "", _words(before)
    for piece in rest:
        inside, end, after = piece.partition(">")
        if not end or not re.match(r"/?[a-zA-Z]|!", inside):
            yield "", "", _words(f"<{piece}")
            continue
        tag = re.match(r"/?\w*", inside)
        yield (tag[0].lower() if tag else ""), inside, _words(after)


def _words(text: str) -> str:
    """A line break in HTML is a space."""
    return html.unescape(re.sub(r"[\t\r\n]+", " ", text))


def _mark(tag: str, attributes: str) -> str:
    """What a tag itself looks like."""
    if tag.startswith("/"):
        return _BREAKS.get(tag[1:], "")
    if tag == "img":
        return _attributes(attributes).get("alt", "")
    return {"br": "\n", "li": "• "}.get(tag, "")


def _address(attributes: str) -> str:
    found = _attributes(attributes)
    is_name = _NAMES & set(found.get("class", "").split())
    return "" if is_name else found.get("href", "").strip()


def _attributes(inside: str) -> dict[str, str]:
    found = _ATTRIBUTE.findall(inside)
    return {name.lower(): html.unescape(value.strip("\"'")) for name, value in found}


def _link(said: str, leads: str) -> str:
    """The address where the words are its beginning; both where they say something else."""
    if not leads.startswith(("https://", "http://")) or said.strip() == leads:
        return said
    begins = said.strip().rstrip("…").removesuffix("...")
    bare = leads.partition("://")[2]
    if begins and (leads.startswith(begins) or bare.startswith(begins)):
        return leads
    return f"{said} <{leads}>"
