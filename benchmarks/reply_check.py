"""The reply check and the promises against labelled texts: python -m benchmarks.reply_check FOLDER.

FOLDER holds `*.jsonl`, of replies (`must` and `may` name the rules of the levels block and warn) or
of promises (`promises` with their `due_at`). Printed by language: precision and recall over all
such rules, false blocks, due moments right, then every miss.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from models.business import Calendar
from models.instant import from_rfc3339, to_rfc3339
from models.promises import found
from models.reply_check import BLOCK, HINT, Draft, Names, check
from models.settings import OpeningHours

_COUNTRIES = {"sv": "SE", "nb": "NO", "da": "DK", "fi": "FI", "en": "GB"}
_ZONES = {
    "sv": "Europe/Stockholm",
    "nb": "Europe/Oslo",
    "da": "Europe/Copenhagen",
    "fi": "Europe/Helsinki",
    "en": "Europe/London",
}
_MONDAY = from_rfc3339("2026-11-23T10:00:00+01:00")
Row = dict[str, Any]


@dataclass(slots=True)
class Figures:
    """What was right and what was not, in one language."""

    rows: int = 0
    right: int = 0
    wrong: int = 0
    missed: int = 0
    false_blocks: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Of the rules raised, the share that should be."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Of the rules that should be raised, the share that was."""
        return self.right / max(1, self.right + self.missed)


def rows_of(folder: Path) -> dict[str, list[Row]]:
    """The labelled rows by the file's name, which is the writers' language."""
    return {
        file.stem: [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        for file in sorted(folder.glob("*.jsonl"))
    }


def calendar(language: str, zone: str | None = None) -> Calendar:
    """Office hours and holidays where a language is spoken."""
    hours = OpeningHours.model_validate(
        {"zone": zone or _ZONES[language], "holidays": _COUNTRIES[language]}
    )
    return hours.calendar()


def draft_of(row: Row, language: str) -> Draft:
    """A labelled reply as the check takes it."""
    return Draft(
        mention=row["mention"],
        reply=row["reply"],
        at=from_rfc3339(row["at"]) if row.get("at") else _MONDAY,
        calendar=calendar(language),
        language=row.get("lang"),
        intent=row["intent"],
        names=Names(row.get("name"), row.get("full_name"), row.get("handle")),
        is_private=bool(row.get("private")),
    )


def replies(rows: Iterable[Row], language: str) -> Figures:
    """The check over labelled replies."""
    figures = Figures()
    for row in rows:
        remarks = [one for one in check(draft_of(row, language)) if one.level != HINT]
        raised = {one.rule for one in remarks}
        must, may = set(row["must"]), set(row["may"])
        figures.rows += 1
        figures.right += len(raised & must)
        figures.wrong += len(raised - must - may)
        figures.missed += len(must - raised)
        figures.false_blocks += any(
            one.level == BLOCK and one.rule not in must | may for one in remarks
        )
        if raised - must - may or must - raised:
            figures.misses.append(_told(row, remarks, raised - must - may, must - raised))
    return figures


def _told(row: Row, remarks: list[Any], wrong: set[str], missed: set[str]) -> str:
    spans = {
        one.rule: row["reply"][slice(*one.span)]
        for one in remarks
        if one.span and one.rule in wrong
    }
    signs = [*(f"-{rule}" for rule in sorted(missed)), *(f"+{rule}" for rule in sorted(wrong))]
    return f"{row['id']} {row['intent']} {' '.join(signs)} {spans or ''}\n    {row['reply']}"


def promises(rows: Iterable[Row], language: str) -> Figures:
    """The promises of labelled texts: right are those whose due moments are all right."""
    figures = Figures()
    for row in rows:
        at = from_rfc3339(row["at"])
        zone = calendar(language, ZoneInfo(row["tz"]).key)
        made = found(row["text"], row["lang"], at, zone)
        due = [None if one.due_at is None else to_rfc3339(one.due_at) for one in made]
        wanted = [one["due_at"] for one in row["promises"]]
        figures.rows += 1
        figures.right += due == wanted
        if due != wanted:
            shown = f"{row['id']} wanted {wanted} found {due} at {row['at']}"
            figures.misses.append(f"{shown}\n    {row['text']}")
    figures.missed = figures.rows - figures.right
    return figures


def main(folder: Path) -> None:
    """Print the figures of every file, then what went wrong."""
    total, misses, rules = Figures(), list[str](), Counter[str]()
    for language, rows in rows_of(folder).items():
        is_promises = "promises" in rows[0]
        one = (promises if is_promises else replies)(rows, language)
        misses += one.misses
        if is_promises:
            print(f"{language}: {one.right} of {one.rows} texts with the right due moments")
            continue
        for miss in one.misses:
            rules.update(sign for sign in miss.partition("\n")[0].split() if sign[:1] in "+-")
        _print(language, one)
        for name in ("rows", "right", "wrong", "missed", "false_blocks"):
            setattr(total, name, getattr(total, name) + getattr(one, name))
    if total.rows:
        _print("all", total)
        print(" ".join(f"{rule}:{count}" for rule, count in rules.most_common()))
    print("\n".join(misses))


def _print(language: str, figures: Figures) -> None:
    print(
        f"{language}: {figures.rows} replies, precision {figures.precision:.3f}, "
        f"recall {figures.recall:.3f}, false blocks {figures.false_blocks}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
