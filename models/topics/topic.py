"""One topic, as a file defines it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """`name` is kept in the records and never changes; `labels` are what the screen says."""

    name: str
    labels: Mapping[str, str]
    broken_word: bool = False
    """Whether it answers "do we keep what we promise": late, missing, promised in vain."""
    unless: frozenset[str] = frozenset()
    """Topics beside which this one adds nothing: money not paid back says that it was a return."""

    def label(self, language: str) -> str:
        """On the screen in this language, else in English, else its name."""
        return self.labels.get(language) or self.labels.get("en") or self.name
