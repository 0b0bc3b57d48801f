"""The stage: invented posts with their moments, put onto the sandbox network when they are due."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from listener.sandbox import SandboxNetwork
from models.instant import SECOND
from models.post import Author, Media, Post

_FILE = Path(__file__).parent / "stage.jsonl"
HANDLE, NAME = "tallkotte", "Tallkotte"


@dataclass(slots=True)
class Stage:
    """What is still to happen, in order; `start` is the instant the curtain rises."""

    network: SandboxNetwork
    start: int
    _acts: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)

    @classmethod
    def open(cls, network: SandboxNetwork, start: int) -> "Stage":
        """The whole play, nothing performed yet."""
        acts = sorted(_acts(), key=lambda act: act[0])
        return cls(network, start, acts)

    def perform(self, until: int) -> int:
        """Do everything due at `until`; how many acts."""
        done = 0
        while self._acts and self.start + self._acts[0][0] <= until:
            after, kind, line = self._acts.pop(0)
            self._perform(kind, line, self.start + after)
            done += 1
        return done

    def _perform(self, kind: str, line: dict[str, Any], at: int) -> None:
        if kind == "post":
            self.network.place([_post(line, at)])
        elif kind == "edit":
            self.network.edit(line["id"], line["edit"]["text"])
        else:
            self.network.delete(line["id"])


def _acts() -> Iterator[tuple[int, str, dict[str, Any]]]:
    for text in _FILE.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        yield line["after"] * SECOND, "post", line
        if "edit" in line:
            yield line["edit"]["after"] * SECOND, "edit", line
        if "delete" in line:
            yield line["delete"] * SECOND, "delete", line


def _post(line: dict[str, Any], at: int) -> Post:
    media = tuple(Media(item["kind"], item.get("alt")) for item in line.get("media", []))
    return Post(
        channel="sandbox",
        external_id=line["id"],
        author=Author(line["handle"], line["handle"], line["name"]),
        text=line["text"],
        posted_at=at,
        in_reply_to=line["reply_to"],
        conversation=None,
        addressed=line["addressed"],
        lang=line["lang"],
        media=media,
        own=line["own"],
    )
