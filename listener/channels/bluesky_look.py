"""Looking at single posts: as they are now, or why they are not shown."""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from listener.channels.bluesky_api import EXCHANGE, Api, Declined
from listener.channels.bluesky_posts import ADDRESS, ODD, POST, Answer, Reader
from models.instant import now
from models.post import Post

_BATCH = 25
"""Posts that one look-up takes."""
_THREAD, _RECORD = "app.bsky.feed.getPostThread", "com.atproto.repo.getRecord"
_NOWHERE = ("RecordNotFound", "RepoNotFound", "RepoDeactivated", "RepoTakendown", "RepoSuspended")
DELETED, BLOCKED, BLOCKING = "deleted", "blocked", "blocking"
"""By its author or with the account; its author blocks us; we block its author."""
_GONE = (DELETED, BLOCKED)
"""What may no longer be kept. Whom we block has not taken anything back."""


@dataclass(frozen=True, slots=True)
class Look:
    """Looks through `api`; `end` as there."""

    api: Api
    reader: Reader

    def recall(self, external_ids: Sequence[str], end: float) -> dict[str, Post | None]:
        """As Bluesky shows them. It tells of no edit, neither whether nor when: each may have been
        edited up to now, and only its words show it. What is not looked at in time is left out."""
        known = [one for one in external_ids if ADDRESS.fullmatch(one)]
        found = dict[str, Post | None]()
        for item in self._shown(known, end):
            with suppress(*ODD):
                found[item["uri"]] = replace(self.reader.viewed(item), edited_at=now())
        for address in known:
            has_time = end - time.monotonic() > EXCHANGE
            if address not in found and has_time and self.absence(address, end) in _GONE:
                found[address] = None
        return found

    def at(self, address: str, end: float) -> Answer | None:
        """One post, as Bluesky shows it; None where it shows it not."""
        return next((post for post in self._shown([address], end) if post["uri"] == address), None)

    def _shown(self, addresses: Sequence[str], end: float) -> Iterator[Answer]:
        for start in range(0, len(addresses), _BATCH):
            chosen = list(addresses[start : start + _BATCH])
            answer = self.api.asked("app.bsky.feed.getPosts", end, uris=chosen)
            posts = answer.get("posts")
            for post in posts if isinstance(posts, list) else ():
                if isinstance(post, dict) and post.get("uri") in chosen:
                    yield post

    def absence(self, address: str, end: float) -> str | None:
        """Why a post is not shown; None where Bluesky does not say it twice.

        A look-up leaves out what is deleted as well as what is blocked.
        """
        answer = self.api.ask(_THREAD, end, uri=address, depth=0, parentHeight=0)
        thread = {} if isinstance(answer, Declined) else answer.get("thread") or {}
        if thread.get("blocked"):
            viewer = (thread.get("author") or {}).get("viewer") or {}
            return BLOCKED if viewer.get("blockedBy") else BLOCKING
        if not (isinstance(answer, Declined) or thread.get("notFound")):
            return None
        return DELETED if self.record(address, end) is None else None

    def record(self, address: str, end: float) -> Answer | Declined | None:
        """What stands in the author's repository; None where it says that nothing does."""
        found = ADDRESS.fullmatch(address)
        assert found is not None
        did, key = found.groups()
        answer = self.api.ask(_RECORD, end, repo=did, collection=POST, rkey=key)
        if not isinstance(answer, Declined):
            return answer
        is_nowhere = answer.code in _NOWHERE or "Could not find repo" in answer.said
        return None if is_nowhere else answer
