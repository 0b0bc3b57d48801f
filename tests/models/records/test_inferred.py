"""What was inferred of somebody's health or need stays with the open mention, and goes with it."""

import pytest

from models.instant import HOUR, MINUTE
from models.records import desk, judging, settling
from models.records.inferred import SENSITIVE
from models.records.judging import Bench
from models.records.store import Store
from models.records.tables import Mention
from models.sentiment.judgement import Judgement
from models.settings import Allowances
from tests.world import START, calendar, mention, post, take

ASKED = post("britta", "Mamma är 84 och står utan värme.")
VERDICT = Judgement("sv", 0.7, 0.2, 0.1, 0.9, 0.1, ("health", "vulnerable", "repeat"))


def judge(store: Store) -> Mention:
    bench = Bench(lambda _name: calendar(), Allowances(), ())
    with store.write() as session:
        items = judging.unjudged(session, 10)
        judging.store(session, [(item, VERDICT) for item in items], "test", START, bench)
    return mention(store, ASKED)


def inferred(store: Store) -> set[str]:
    found = mention(store, ASKED)
    return {*SENSITIVE} & ({*found.cues} | {term["term"] for term in found.why})


@pytest.mark.parametrize("end", ["dismissed", "by hand", "deleted"])
def test_it_is_forgotten_when_the_mention_closes(store: Store, end: str) -> None:
    take(store, ASKED)
    before = judge(store)
    assert inferred(store) == SENSITIVE
    with store.write() as session:
        mention_id = before.id or 0
        if end == "dismissed":
            desk.dismiss(session, mention_id, "spam", "Anna", START + MINUTE)
        elif end == "by hand":
            link = "https://example.org/1"
            desk.answered_by_hand(session, mention_id, link, "Anna", START + MINUTE)
        else:
            settling.mark_gone(session, session.get_one(Mention, mention_id), START + MINUTE)
    after = mention(store, ASKED)
    assert inferred(store) == set()
    assert (after.cues, after.lane, after.due_at) == (["repeat"], 0, before.due_at)
    minutes = [term["minutes"] for term in after.why]
    assert minutes == [term["minutes"] for term in before.why]


def test_who_is_put_back_into_the_queue_is_judged_anew(store: Store) -> None:
    take(store, ASKED)
    found = judge(store)
    with store.write() as session:
        desk.dismiss(session, found.id or 0, "spam", "Anna", START + MINUTE)
    with store.write() as session:
        desk.reopen(session, found.id or 0, "Anna", START + HOUR)
    assert mention(store, ASKED).judged_at is None
    judge(store)
    assert inferred(store) == SENSITIVE


def test_a_closed_mention_that_is_judged_late_learns_nothing_of_it(store: Store) -> None:
    take(store, ASKED)
    with store.write() as session:
        desk.dismiss(session, mention(store, ASKED).id or 0, "spam", "Anna", START + MINUTE)
    assert judge(store).cues == ["repeat"]
    assert inferred(store) == set()
