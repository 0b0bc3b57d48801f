"""A reply as a record under a key of our own, so that sending it twice is sending it once."""

import hashlib
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from listener.channels.bluesky_posts import POST
from models.instant import MINUTE, SECOND, now, to_datetime
from models.post import Outgoing

_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
_FRESH = 10 * MINUTE
"""What left later than this after it was written is dated when it left: Bluesky sorts by the date,
and an answer of yesterday would be seen by nobody."""


def key(outgoing: Outgoing) -> str:
    """Thirteen letters (a TID: microseconds, then ten bits), the same on every attempt.

    The second is when it was written; the rest comes from the reply's own key and words, so that
    another reply never has the same one.
    """
    parts = (outgoing.key, outgoing.in_reply_to, outgoing.body)
    seed = int.from_bytes(hashlib.sha256("\0".join(parts).encode()).digest()[:8], "big")
    written = outgoing.created_at // SECOND * SECOND + seed % SECOND
    number = (written << 10) | (seed >> 32) % 1024
    return "".join(_LETTERS[number >> shift & 31] for shift in range(60, -1, -5))


def record(
    outgoing: Outgoing, parent: Mapping[str, Any], dids: Callable[[str], str | None]
) -> dict[str, Any]:
    """The post below `parent` (a post as Bluesky shows it); `dids` finds who a handle is."""
    reply = parent["record"].get("reply") or {}
    ours = {"uri": parent["uri"], "cid": parent["cid"]}
    text = unicodedata.normalize("NFC", outgoing.body)
    made: dict[str, Any] = {
        "$type": POST,
        "text": text,
        "createdAt": _dated(outgoing.created_at),
        "reply": {"root": reply.get("root") or ours, "parent": ours},
    }
    if found := facets(text, dids):
        made["facets"] = found
    return made


def facets(text: str, dids: Callable[[str], str | None]) -> list[dict[str, Any]]:
    """Links and names, which Bluesky finds by no means itself, with their places in UTF-8 bytes."""
    from atproto_client.utils import facet_detection

    found = [
        facet.model_dump(exclude_none=True, by_alias=True)
        for facet in facet_detection.detect_facets(text)
    ]
    for name in facet_detection.detect_mentions(text):
        if did := dids(name.handle):
            place = {"byteStart": name.byte_start, "byteEnd": name.byte_end}
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": did}
            found.append({"index": place, "features": [feature]})
    return sorted(found, key=lambda facet: int(facet["index"]["byteStart"]))


def _dated(written: int) -> str:
    at = written if now() - written < _FRESH else now()
    return to_datetime(at).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
