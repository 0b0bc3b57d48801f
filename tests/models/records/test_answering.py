"""What a reply is held against: the customer's other posts, and what others were told."""

import pytest

from models.answer import Answer
from models.business import Calendar
from models.errors import Held
from models.instant import DAY, HOUR, MINUTE
from models.post import Post
from models.records import answering
from models.records.answering import House, Scene
from models.records.store import Store
from models.records.tables import Mention
from models.reply_check import Remark
from tests.world import SANDBOX, START, calendar, mention, post, take

LATER = START + HOUR
SHORT = "Hej {}! Vi packar din order {} nu. /Bo"
LONG = (
    "Hej {}! Förlåt att leveransen till Umeå blev sen och att ingen hörde av sig till dig under"
    " veckan. Din order {} packas i natt och lämnar lagret före kl 12 i morgon. /Bo"
)


def house() -> House:
    def hours(_name: str) -> Calendar:
        return calendar()

    return House(hours, ("Tallkotte",), DAY)


def reply(store: Store, written: Post, body: str, at: int = LATER, **more: object) -> None:
    """Sent in spite of every warning."""
    rules = ("RC01", "RC04", "RC05", "RC06", "RC09")
    spite = tuple((rule, "agreed") for rule in rules)
    answer = Answer(body, "Bo", f"key {written.external_id}", overrides=spite, **more)  # type: ignore[arg-type]
    with store.write() as session:
        number = mention(store, written).id or 0
        answering.reply(session, number, answer, at, 0, SANDBOX, house())


def scene(store: Store, written: Post, body: str, at: int = LATER, **more: object) -> Scene:
    with store.read() as session:
        number = mention(store, written).id or 0
        return answering.full_scene(session, number, body, None, at, house(), **more)  # type: ignore[arg-type]


def complains(store: Store, written: Post) -> None:
    with store.write() as session:
        session.get_one(Mention, mention(store, written).id).complaint = 0.9


def copied(store: Store, written: Post, body: str, at: int = LATER) -> list[Remark]:
    remarks = scene(store, written, body, at).remarks(body)
    return [one for one in remarks if one.rule == "RC04"]


@pytest.mark.parametrize("words", [SHORT, LONG])
def test_a_reply_pasted_with_somebody_elses_number_is_found(store: Store, words: str) -> None:
    karin, patrik = post("karin"), post("patrik", "Var är min soffa?")
    take(store, karin, patrik)
    reply(store, karin, words.format("Karin", "40017"))
    for name in ("Patrik", "Karin"):
        body = words.format(name, "40017")
        [found] = copied(store, patrik, body)
        assert (found.level, body[slice(*found.span or (0, 0))]) == ("warn", "40017")
    assert copied(store, patrik, words.format("Patrik", "40018")) == []
    assert copied(store, patrik, words.format("Patrik", "40017"), START + 9 * DAY) == []


def test_only_the_number_need_be_the_same(store: Store) -> None:
    karin, patrik = post("karin"), post("patrik")
    take(store, karin, patrik)
    reply(store, karin, SHORT.format("Karin", "40017"))
    body = "Soffan har beställning 40017 och kommer på onsdag."
    assert len(copied(store, patrik, body)) == 1
    number, answer = mention(store, patrik).id or 0, Answer(body, "Bo", "held")
    with pytest.raises(Held, match="RC04"), store.write() as session:
        answering.reply(session, number, answer, LATER, 0, SANDBOX, house())


def test_what_many_were_told_does_not_hide_whose_number_it_is(store: Store) -> None:
    karin, patrik = post("karin"), post("patrik")
    crowd = [post(f"one{place}") for place in range(60)]
    take(store, karin, patrik, *crowd)
    reply(store, karin, SHORT.format("Karin", "40017"))
    for place, one in enumerate(crowd):
        reply(store, one, f"Avbrott {place} har ärende 77123 hos oss. /Bo")
    body = "Avbrottet har ärende 77123, och din order 40017 packas i natt."
    [found] = copied(store, patrik, body)
    assert body[slice(*found.span or (0, 0))] == "40017"


def test_a_number_from_an_earlier_post_is_the_customers_own(store: Store) -> None:
    karin, patrik = post("karin"), post("patrik", "Min order är 40017.")
    again = post("patrik", "Hallå?", to=patrik.external_id, at=START + 2 * MINUTE)
    take(store, karin, patrik)
    reply(store, karin, SHORT.format("Karin", "40017"))
    reply(store, patrik, "Tack, jag tittar på din order och ringer i dag.")
    take(store, again, at=LATER + MINUTE)
    assert copied(store, again, SHORT.format("Patrik", "40017"), LATER + MINUTE) == []


def test_a_short_reply_to_two_others_is_found_by_any_name(store: Store) -> None:
    karin, olle, patrik = post("karin"), post("olle"), post("patrik")
    take(store, karin, olle, patrik)
    for who, name in ((karin, "Karin"), (olle, "Olle")):
        reply(store, who, f"Tack {name}, vi lagar växeln nu!")
    for name in ("Patrik", "Karin"):
        assert len(copied(store, patrik, f"Tack {name}, vi lagar växeln nu!")) == 1


def test_the_posts_that_one_reply_answers_count_as_a_whole(store: Store) -> None:
    first = post("patrik", "Soffan kom inte.")
    second = post("patrik", "Och fåtöljen är trasig!", to=first.external_id, at=START + MINUTE)
    other = post("karin", "Min lampa då?", to=first.external_id, at=START + MINUTE)
    take(store, first, second, other)
    complains(store, first)
    body = "Förlåt att fåtöljen kom trasig. Vi byter den i dag. /Bo"
    rules = {one.rule for one in scene(store, first, body).remarks(body)}
    assert "RC14" not in rules
    assert scene(store, first, body).thread.settles == ("Och fåtöljen är trasig!",)
    lamp = "Förlåt att lampan dröjer. Vi byter den i dag. /Bo"
    assert "RC14" in {one.rule for one in scene(store, first, lamp).remarks(lamp)}


def test_a_post_that_nobody_had_seen_is_not_answered(store: Store) -> None:
    first = post("patrik", "Soffan kom inte.")
    second = post("patrik", "Och fåtöljen är trasig!", to=first.external_id, at=START + MINUTE)
    take(store, first, second)
    seen = frozenset({mention(store, first).id or 0})
    assert scene(store, first, "Förlåt.", seen=seen).thread.settles == ()
