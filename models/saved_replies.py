"""Saved replies: half-finished answers, whose open places (seams) in braces the writer fills in.

One TOML file of [[saved]] entries; docs/saved.md says how to write one's own.
"""

import os
import re
import tomllib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from models.outside import first_line, storable
from models.phrases import LANGUAGES
from models.words import _

STARTER = Path(__file__).with_suffix(".toml")
SEAM = re.compile(r"\{[^{}\n]{1,78}\}")
"""Within what RC17 of the reply check takes for a place to fill in: none leaves unfilled."""
_BRACE = re.compile("[{}]")
_NO_WORD = re.compile(r"^\W+|\W+$")
_LONGEST = {"name": 60, "text": 1000}
"""Characters."""
_KEYS = ("name", "language", "text", "topics")


@dataclass(frozen=True, slots=True)
class SavedReply:
    """What everybody gets, in one language, with at least one seam."""

    name: str
    language: str
    text: str
    topics: tuple[str, ...] = ()
    """Names of topics it answers."""


class SavedReplies:
    """The saved replies of one file, which is read when first asked for.

    What is wrong in it is left out, and said in `problems`.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    @cached_property
    def _sorted(self) -> tuple[tuple[SavedReply, ...], tuple[str, ...]]:
        entries, problems = _read(self._file)
        found = dict[tuple[str, str], SavedReply]()
        for number, entry in enumerate(entries, 1):
            fault = next(_faults(entry), "")
            key = str(entry.get("language")), str(entry.get("name")).casefold()
            if not fault and key in found:
                fault = _("its name stands twice for {language}").format(language=key[0])
            if fault:
                told = _("{file}, saved reply {name}: {reason}")
                name = first_line(str(entry.get("name") or f"#{number}"), _LONGEST["name"])
                problems.append(told.format(file=self._file.name, name=name, reason=fault))
            else:
                topics = tuple(entry.get("topics", ()))
                found[key] = SavedReply(entry["name"], entry["language"], entry["text"], topics)
        return tuple(found.values()), tuple(problems)

    @property
    def all(self) -> tuple[SavedReply, ...]:
        """In the order of the file."""
        return self._sorted[0]

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong in the file, a sentence each."""
        return self._sorted[1]

    def fitting(self, language: str | None, topics: Collection[str]) -> list[SavedReply]:
        """All of them: those in the customer's language first, and of these those on the topics."""
        return sorted(
            self.all,
            key=lambda one: (one.language != language, not {*one.topics}.intersection(topics)),
        )

    def begun(self, draft: str) -> SavedReply | None:
        """The one a draft began with: all its fixed words stand there, in order."""
        plain = _plain(draft)
        held = [one for one in self.all if _around(_fixed(one.text), plain) is not None]
        return max(held, key=lambda one: sum(map(len, _fixed(one.text))), default=None)


@cache
def load(file: str = "") -> SavedReplies:
    """Those of a file of one's own, else those in the box."""
    return SavedReplies(Path(os.path.expanduser(file)) if file else STARTER)


def filled(saved: str, reply: str) -> tuple[str, Sequence[str], str] | None:
    """What a reply says before, between and after the fixed words of a saved one.

    None where it does not hold them all; seams still in it count as nothing.
    """
    fixed = _fixed(saved)
    found = _around(fixed, _plain(SEAM.sub(" ", reply)))
    if found is None:
        return None
    parts = [_NO_WORD.sub("", part) for part in SEAM.split(saved)]
    before, between, after = found[0], found[1:-1], found[-1]
    if not parts[0]:
        before, between = "", [before, *between]
    if not parts[-1]:
        after, between = "", [*between, after]
    return before, between, after


def _fixed(saved: str) -> list[str]:
    """The words around the seams, without the signs beside them."""
    parts = (_NO_WORD.sub("", _plain(part)) for part in SEAM.split(saved))
    return [part for part in parts if part]


def _around(fixed: Sequence[str], plain: str) -> list[str] | None:
    """What stands around the fixed words in a plain text, one more than there are of them."""
    gaps, at = list[str](), 0
    for part in fixed:
        place = plain.find(part, at)
        if place < 0:
            return None
        gaps.append(plain[at:place])
        at = place + len(part)
    return [*gaps, plain[at:]] if fixed else None


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _read(file: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """The entries of a file, unchecked, and what is wrong with the file itself."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        told = _("{file} cannot be read: {reason}")
        return [], [told.format(file=file, reason=error.strerror)]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return [], [_("{file} is not valid TOML: {reason}").format(file=file, reason=error)]
    saved = content.pop("saved", [])
    if not isinstance(saved, list) or not all(isinstance(one, dict) for one in saved):
        content, saved = {"saved": saved}, []
    told = _("{file}: {key} is unknown; a saved reply begins with [[saved]]")
    return saved, [told.format(file=file.name, key=key) for key in content]


def _faults(entry: dict[str, Any]) -> Iterator[str]:
    """What is wrong with one entry; later ones hold only where there is none before them."""
    for key in entry.keys() - {*_KEYS}:
        yield _("{key} is unknown; there are: {keys}").format(key=key, keys=", ".join(_KEYS))
    for key in ("name", "language", "text"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            yield _("{key} is missing, or is no text").format(key=key)
    for key, limit in _LONGEST.items():
        if len(entry[key]) > limit:
            yield _("{key} has more than {limit} characters").format(key=key, limit=limit)
    if storable(entry["text"])[1] or not entry["name"].isprintable():
        yield _("it holds control characters")
    if entry["language"] not in LANGUAGES:
        told = _("{language} is none of our languages: {languages}")
        yield told.format(language=entry["language"], languages=", ".join(LANGUAGES))
    topics = entry.get("topics", [])
    if not isinstance(topics, list) or not all(isinstance(name, str) for name in topics):
        yield _("topics is no list of names")
    if not SEAM.search(entry["text"]):
        yield _("it has no open place: a few words in braces, which its writer replaces")
    if _BRACE.search(SEAM.sub("", entry["text"])):
        yield _("a brace stands alone, or around other braces or too many words")
