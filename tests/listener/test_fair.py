"""Who you are moves nobody: the same words from a star and from a nobody stand at one place."""

import json
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from listener.importing import import_file
from listener.worker import Worker
from models.records.tables import Mention
from models.sentiment.lexicon_judge import LexiconJudge

WORDS = (
    "Dag 9. Fortfarande inget paket.",
    "Det brinner i laddaren!",
    "Tredje gången jag ringer, nu byter jag.",
    "När öppnar ni?",
    "Tack för hjälpen!",
)
NOBODY: dict[str, Any] = {
    "external_id": "1",
    "handle": "u83921",
    "name": "Fatima Öberg",
    "followers": 0,
    "avatar": None,
}
STAR: dict[str, Any] = {
    "external_id": "2",
    "handle": "premiumkund_vip",
    "name": "Direktör Carl von Guld",
    "followers": 4_000_000,
    "verified": True,
    "avatar": "https://example.org/guld.png",
}


def line(number: int, text: str, author: dict[str, Any], **more: Any) -> str:
    content = {
        "channel": "x",
        "external_id": f"{author['external_id']}-{number}",
        "author": author,
        "text": text,
        "posted_at": "2026-11-21T14:05:00Z",
        "lang": "sv",
        **more,
    }
    return json.dumps(content)


def test_followers_likes_name_avatar_and_money_weigh_nothing(
    worker: Worker, tmp_path: Path
) -> None:
    file = tmp_path / "posts.jsonl"
    plain = [line(n, text, NOBODY, likes=0) for n, text in enumerate(WORDS)]
    shining = [
        line(n, text, STAR, likes=90_000, reposts=7_000, customer_value=250_000)
        for n, text in enumerate(WORDS)
    ]
    file.write_text("\n".join([*shining, *plain]), encoding="utf-8")
    assert import_file(worker, LexiconJudge(), file, "posts").counts.new == 2 * len(WORDS)
    with worker.store.read() as session:
        found = session.exec(select(Mention).order_by(col(Mention.external_id))).all()
    places = {
        mention.external_id: (mention.rank, mention.lane, mention.due_at, mention.why)
        for mention in found
    }
    for number in range(len(WORDS)):
        assert places[f"1-{number}"] == places[f"2-{number}"]
    assert len({place[1] for place in places.values()}) > 2
