"""The leaders' page as values: what the desk and the mail both show, word for word.

Who draws it decides how: as lines of text here, as a table of boxes in the mail's HTML.
"""

from dataclasses import dataclass

WIDTH, HEIGHT = 78, 40
"""Columns and lines of the page as text."""


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence or two; `is_loud` for what must not be overlooked."""

    text: str
    is_loud: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its name and what it means."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """How many, beside others of its kind; `share` of the longest, 0 to 1."""

    label: str
    value: str
    share: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A customer's words as they were written, shortened and masked; `number` is the mention's."""

    text: str
    who: str
    number: int
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """A line over weeks, oldest first, each 0 to 1; None for a week without any."""

    label: str
    shares: tuple[float | None, ...]
    note: str = ""


Item = Say | Figure | Bar | Quote | Trend


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and what stands below it; a headline answers its question in large letters."""

    heading: str
    items: tuple[Item, ...]
    is_headline: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One day for one reader, in that reader's language."""

    language: str
    subject: str
    title: str
    """Brand and day."""
    status: str
    """Whether the data is whole, and if not, what is missing."""
    is_complete: bool
    sections: tuple[Section, ...]
    foot: tuple[str, ...] = ()
    """How to read it, which definitions it follows."""
