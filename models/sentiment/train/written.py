"""The posts written for this project: read, and held to their guideline (`posts/GUIDELINE.md`)."""

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.sentiment.judgement import CUES

FOLDER = Path(__file__).parent / "posts"
COLUMNS = ["complaint", "kind", "asks", "cues", "urgency", "shape", "voice", "text"]
KINDS = ("complaint", "question", "praise", "other")
SHAPES = {"complaint": ("open", "implied"), "none": ("lookalike", "plain")}
_LEAST, _MOST = 2, 80
"""Words: a little beyond the 3 to 60 asked for, since what is a word is a matter of taste."""


@dataclass(frozen=True, slots=True)
class Written:
    """One post with its labels; `hand` is who wrote it, `language/name`."""

    language: str
    hand: str
    complaint: bool
    kind: str
    asks: bool
    cues: tuple[str, ...]
    urgency: int
    shape: str
    voice: str
    text: str


def hands(folder: Path = FOLDER) -> list[Path]:
    """The files of all hands, in a fixed order."""
    return sorted(folder.glob("*/*.tsv"))


def read(file: Path) -> list[Written]:
    """The posts of one hand. Raises ValueError naming the first line that breaks the guideline."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        if rows.fieldnames != COLUMNS:
            raise ValueError(f"{file}: the columns must be {COLUMNS}, not {rows.fieldnames}")
        posts = []
        for row in rows:
            faults = list(_faults(row))
            if faults:
                raise ValueError(f"{file}:{rows.line_num}: {faults[0]}")
            posts.append(_written(file, row))
        return posts


def _faults(row: dict[str, str]) -> Iterator[str]:
    if None in row or None in row.values():
        yield "there must be eight columns with a tab between them"
        return
    if {row["complaint"], row["asks"]} - {"0", "1"} or row["urgency"] not in ("0", "1", "2", "3"):
        yield "complaint and asks are 0 or 1, urgency 0 to 3"
    if row["kind"] not in KINDS:
        yield f"no such kind: {row['kind']}"
    if (row["complaint"] == "1") != (row["kind"] == "complaint"):
        yield "complaint is 1 exactly when the kind is complaint"
    if row["shape"] not in SHAPES["complaint" if row["complaint"] == "1" else "none"]:
        yield f"this kind cannot have the shape {row['shape']}"
    if unknown := set(row["cues"].split(",")) - {*CUES, "-"}:
        yield f"no such cue: {', '.join(sorted(unknown))}"
    if not _LEAST <= len(row["text"].split()) <= _MOST:
        yield f"a text has {_LEAST} to {_MOST} words"
    if row["complaint"] == "1" and row["urgency"] == "0":
        yield "a complaint has an urgency of at least 1"


def _written(file: Path, row: dict[str, str]) -> Written:
    cues = () if row["cues"] == "-" else tuple(row["cues"].split(","))
    return Written(
        language=file.parent.name,
        hand=f"{file.parent.name}/{file.stem}",
        complaint=row["complaint"] == "1",
        kind=row["kind"],
        asks=row["asks"] == "1",
        cues=cues,
        urgency=int(row["urgency"]),
        shape=row["shape"],
        voice=row["voice"],
        text=row["text"].replace(" / ", "\n"),
    )


def main() -> None:
    """Tell what each file named holds, or what is wrong with it."""
    for name in sys.argv[1:] or map(str, hands()):
        try:
            posts = read(Path(name))
        except ValueError as error:
            print(error)
            continue
        counts = Counter(post.shape for post in posts) + Counter(post.kind for post in posts)
        cues = Counter(cue for post in posts for cue in post.cues)
        starts = Counter(" ".join(post.text.lower().split()[:3]) for post in posts)
        twice = [start for start, times in starts.items() if times > 1]
        urgencies = sorted(Counter(post.urgency for post in posts).items())
        print(f"{name}: {len(posts)} posts, {dict(counts)}\n  cues {dict(cues)}")
        print(f"  urgency {dict(urgencies)}, begun alike: {twice[:10]}")


if __name__ == "__main__":
    main()
