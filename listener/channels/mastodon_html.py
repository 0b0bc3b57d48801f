"""The HTML of a status as plain text: line breaks kept, links whole, nothing of it ever run."""

import re
from html.parser import HTMLParser

_LONGEST = 200_000
"""Characters of HTML; what lies beyond is cut off, so that no post can keep us busy."""
_BREAKS = {"br": "\n", "p": "\n\n", "div": "\n", "blockquote": "\n\n", "pre": "\n\n", "li": "\n"}
_BREAKS |= {"ul": "\n\n", "ol": "\n\n", **{f"h{size}": "\n\n" for size in range(1, 7)}}
_HIDDEN = ("script", "style", "template")
_NAMES = ("mention", "hashtag")
"""Links of these classes lead to a profile or a tag; their words say it all."""


def plain(html: str) -> str:
    """What a reader would see, with the whole address of every link that is shown shortened."""
    reader = _Reader()
    reader.feed(html[:_LONGEST])
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.written())).strip()


class _Reader(HTMLParser):
    """Collects words; a link is written when it ends, or with the post."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._words = list[str]()
        self._link: tuple[str, int] | None = None
        """Where the open link leads, and with which word it began."""
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An opening tag."""
        found = {name: value or "" for name, value in attrs}
        self._hidden += tag in _HIDDEN
        self._words.append("• " if tag == "li" else "\n" if tag == "br" else "")
        if tag == "img":
            self._words.append(found.get("alt", ""))
        if tag == "a":
            self._end_link()
            is_name = bool(set(found.get("class", "").split()) & set(_NAMES))
            leads = "" if is_name else found.get("href", "").strip()
            self._link = (leads, len(self._words))

    def handle_endtag(self, tag: str) -> None:
        """A closing tag; one that was never opened does no harm."""
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag == "a":
            self._end_link()
        elif tag != "br":
            self._words.append(_BREAKS.get(tag, ""))

    def handle_data(self, data: str) -> None:
        """Words between tags; a line break in HTML is a space."""
        if not self._hidden:
            self._words.append(re.sub(r"[\t\r\n]+", " ", data))

    def written(self) -> list[str]:
        """All words, a link that nobody closed among them."""
        self._end_link()
        return self._words

    def _end_link(self) -> None:
        if self._link is None:
            return
        (leads, first), self._link = self._link, None
        said = "".join(self._words[first:])
        self._words[first:] = [_link(said, leads)]


def _link(said: str, leads: str) -> str:
    """The address where the words are its beginning; both where they say something else."""
    if not leads.startswith(("https://", "http://")) or said.strip() == leads:
        return said
    begins = said.strip().rstrip("…").removesuffix("...")
    bare = leads.partition("://")[2]
    if begins and (leads.startswith(begins) or bare.startswith(begins)):
        return leads
    return f"{said} <{leads}>"
