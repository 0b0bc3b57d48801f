"""A golden week: every figure of the page with its rows, as the definitions have them."""

from dataclasses import dataclass
from datetime import date

import pytest
from sqlmodel import select

from models.answer import Answer, Promised
from models.chance import at_least
from models.figures import Figures, Missing
from models.instant import DAY, HOUR, MINUTE, from_rfc3339
from models.post import Post
from models.records import desk, judging, outbox, promises, sources, tally
from models.records.figures import figures
from models.records.figures.changes import compared
from models.records.judging import Bench
from models.records.store import Store
from models.records.tables import Insight, Promise, Source
from models.sentiment.judgement import Judgement
from models.settings import Allowances
from models.topics import load
from tests.world import SANDBOX, calendar, claim, looked, mention, own, post, receipt, take

WEDNESDAY = date(2026, 11, 18)
SINCE = from_rfc3339("2026-11-17T23:00:00Z")
UNTIL = SINCE + DAY
MORNING = SINCE + 31 * HOUR
"""Half past seven the day after, near enough."""
NINE = SINCE + 9 * HOUR
STALE = HOUR


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge says of a post."""

    complaint: float = 0.9
    positive: float = 0.05
    cues: tuple[str, ...] = ()


def arrive(store: Store, written: Post, verdict: Verdict | None = None) -> Post:
    """It comes in when it is written, and is judged."""
    take(store, written, at=written.posted_at + MINUTE)
    said = verdict or Verdict()
    judgement = Judgement("sv", 0.5, 0.3, said.positive, said.complaint, 0.1, said.cues)
    bench = Bench(lambda _name: calendar(), Allowances(), ())
    with store.write() as session:
        waiting = judging.unjudged(session, 100)
        judging.store(session, [(one, judgement) for one in waiting], "t", written.posted_at, bench)
    return written


def send(
    store: Store, written: Post, at: int, *made: Promised, is_holding: bool = False, **more: object
) -> int:
    """A reply that leaves at `at`; its id."""
    key = f"key-{written.external_id}-{at}"
    words = Answer(
        "Jag beklagar.",
        "Anna",
        key,
        is_holding=is_holding,
        promises=made,
        **more,  # type: ignore[arg-type]
    )
    with store.write() as session:
        row = desk.reply(session, mention(store, written).id or 0, words, at, 0, SANDBOX)
        number = row.id or 0
    taken = claim(store, at)
    assert taken is not None
    with store.write() as session:
        outbox.sent(session, taken, receipt(f"r-{key}", at))
    return number


def told(store: Store, *days: date, at: int = MORNING) -> Figures:
    with store.write() as session:
        for source in session.exec(select(Source)):
            source.last_ok_at = at
            session.add(source)
    with store.read() as session:
        return figures(session, days or (WEDNESDAY,), calendar(), at, STALE, load())


def ids(store: Store, *written: Post) -> tuple[int, ...]:
    return tuple(mention(store, one).id or 0 for one in written)


def test_waits_by_how_they_ended_add_up(store: Store) -> None:
    answered = arrive(store, post("anna", at=NINE))
    elsewhere = arrive(store, post("bo", at=NINE + HOUR))
    shown = arrive(store, post("cia", at=NINE + 2 * HOUR))
    waits = arrive(store, post("dag", at=NINE + 3 * HOUR))
    later = arrive(store, post("eva", at=NINE + 4 * HOUR))
    closed = arrive(store, post("fia", at=NINE))
    deleted = arrive(store, post("gun", at=NINE))
    before = arrive(store, post("hal", at=NINE - 3 * DAY))
    send(store, before, NINE - 2 * DAY)
    send(store, answered, NINE + 40 * MINUTE)
    take(
        store,
        own("Hej", to=elsewhere.external_id, at=NINE + 2 * HOUR),
        at=NINE + 2 * HOUR,
    )
    with store.write() as session:
        number = mention(store, shown).id or 0
        link = "https://forum.example/1"
        desk.answered_by_hand(session, number, link, "Bo", NINE + 5 * HOUR)
        desk.dismiss(session, mention(store, closed).id or 0, "spam", "Bo", NINE + HOUR)
        looked(session, {deleted.external_id: None}, NINE + HOUR)
    send(store, later, UNTIL + 9 * HOUR)
    found = told(store, at=UNTIL + 20 * HOUR)
    needed = found.needed
    assert needed.answered == ids(store, answered)
    assert needed.elsewhere == ids(store, elsewhere)
    assert needed.by_hand == ids(store, shown)
    assert needed.waiting == ids(store, waits, later)  # as it stood when the day ended
    assert found.closed == ids(store, closed)
    assert len(needed.all) == len(needed.settled) + len(needed.waiting) == 5
    assert sorted((*found.in_time, *found.late)) == sorted(needed.all)
    assert found.in_time == ids(store, answered, elsewhere)  # on the minute is in time


def test_five_posts_answered_by_one_reply_are_one_wait_from_the_first(store: Store) -> None:
    first = arrive(store, post("anna", at=NINE))
    for number in range(1, 5):
        arrive(
            store,
            post(
                "anna", f"Hallå {number}?", at=NINE + number * HOUR, conversation=first.external_id
            ),
        )
    other = arrive(store, post("bo", "Samma här!", at=NINE + HOUR, conversation=first.external_id))
    send(store, first, NINE + 6 * HOUR)
    found = told(store)
    assert found.needed.answered == ids(store, first)
    assert found.needed.waiting == ids(store, other)
    assert found.wall.median == 6 * 60
    assert found.wall.tenth == 14 * 60  # the one that lasts counts at its age


def test_from_friday_night_to_monday_morning_on_both_clocks(store: Store) -> None:
    friday = from_rfc3339("2026-11-13T18:05:00+01:00")
    monday = from_rfc3339("2026-11-16T08:52:00+01:00")
    asked = arrive(store, post("anna", at=friday))
    send(store, asked, monday)
    found = told(store, date(2026, 11, 16))
    assert found.wall.median == 62 * 60 + 47
    assert found.staffed.median == 52


def test_silence_cannot_improve_a_figure(store: Store) -> None:
    for number in range(9):
        send(store, arrive(store, post(f"k{number}", at=NINE)), NINE + HOUR)
    quick = told(store)
    for number in range(9):
        arrive(store, post(f"w{number}", at=NINE - 4 * DAY))
    slow = told(store)
    assert quick.wall.tenth == 60
    assert slow.wall.tenth == (UNTIL - (NINE - 4 * DAY)) // MINUTE
    assert len(slow.never) == 9
    assert slow.longest == slow.wall.tenth


def test_an_hour_more_in_autumn_is_an_hour_more(store: Store) -> None:
    sunday = date(2026, 10, 25)
    asked = arrive(store, post("anna", at=from_rfc3339("2026-10-25T00:30:00+02:00")))
    found = told(store, sunday, at=from_rfc3339("2026-10-26T07:30:00+01:00"))
    assert found.until - found.since == 25 * HOUR
    assert found.needed.waiting == ids(store, asked)
    assert found.longest == 24 * 60 + 30


def test_what_needs_no_reply_is_no_wait_until_somebody_answers_it(store: Store) -> None:
    quiet = arrive(store, post("anna", "Snöar!", at=NINE, addressed=False), Verdict(0.05, 0.3))
    assert mention(store, quiet).lane == 4
    assert told(store).needed.all == ()
    send(store, quiet, NINE + HOUR)
    assert told(store).needed.answered == ids(store, quiet)


def test_promises_by_what_came_of_them_and_full_answers_owed(store: Store) -> None:
    asked = [arrive(store, post(f"k{number}", at=NINE - DAY)) for number in range(4)]
    calls = Promised("call", "Jag ringer i dag.", SINCE + 15 * HOUR)
    send(store, asked[0], NINE - DAY + HOUR, calls)
    send(store, asked[1], NINE - DAY + HOUR, calls)
    send(store, asked[2], NINE, Promised("send", "Den kommer i morgon.", UNTIL + 10 * HOUR))
    holding = send(
        store,
        asked[3],
        NINE,
        Promised("conclude", "Vi återkommer.", NINE + 8 * HOUR),
        is_holding=True,
    )
    with store.read() as session:
        kept, broken, due, late = sorted(one.id for one in promises.owed(session))
    with store.write() as session:
        promises.keep(session, kept, "Ringde.", "Anna", SINCE + 14 * HOUR)
        promises.break_overdue(session, SINCE + 18 * HOUR)
    found = told(store)
    owed = found.promises
    assert owed.made == (due,)
    assert owed.kept == (kept,)
    assert owed.broken == owed.overdue == (broken,)
    assert owed.due == (due,)
    assert owed.unconcluded == (late,)
    assert found.holding == (holding,)
    assert len(found.concluding) == 1


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (SINCE + 12 * HOUR, ["afternoon"]),
        (MORNING, ["next day"]),
        (UNTIL + 40 * HOUR, ["next day"]),
    ],
    ids=["at noon", "next morning", "two days later"],
)
def test_due_today_ends_at_midnight_and_knows_no_later_promise(
    store: Store, at: int, due: list[str]
) -> None:
    asked = [arrive(store, post(f"k{number}", at=NINE - DAY)) for number in range(4)]
    moments = {"afternoon": SINCE + 15 * HOUR, "next day": UNTIL + 10 * HOUR, "whenever": None}
    for one, (text, moment) in zip(asked, moments.items(), strict=False):
        send(store, one, NINE, Promised("call", text, moment))
    later = Promised("call", "made later", UNTIL + 10 * HOUR)
    send(store, asked[3], UNTIL + HOUR, later)
    with store.write() as session:
        ended = next(one.id for one in promises.owed(session) if one.text == "afternoon")
        promises.keep(session, ended, "Ringde.", "Anna", SINCE + 14 * HOUR)
    found = told(store, at=at).promises.due
    with store.read() as session:
        texts = {row.id: row.text for row in session.exec(select(Promise))}
    assert [texts[number] for number in found] == due


def test_who_is_glad_after_the_answer_has_turned(store: Store) -> None:
    glad = arrive(store, post("anna", at=NINE - 2 * DAY))
    sour = arrive(store, post("bo", at=NINE - 2 * DAY))
    send(store, glad, NINE - DAY)
    send(store, sour, NINE - DAY)
    thanks = Verdict(0.05, 0.9)
    arrive(store, post("anna", "Tack!", at=NINE, conversation=glad.external_id), thanks)
    arrive(store, post("bo", "Jaha.", at=NINE, conversation=sour.external_id), Verdict(0.6, 0.1))
    found = told(store)
    assert found.turned.part == ids(store, glad)
    assert found.turned.whole == ids(store, glad, sour)


def test_quotes_follow_the_rule(store: Store) -> None:
    words = "Tredje veckan utan paket och ni svarar med en länk @tallkotte https://t.example/x"
    first = arrive(store, post("anna", words, at=NINE), Verdict(0.95))
    arrive(store, post("anna", f"{words} igen", at=NINE + HOUR), Verdict(0.94))
    arrive(store, post("bo", f"{words} brand!", at=NINE), Verdict(0.99, cues=("safety",)))
    arrive(store, post("cia", f"{words} privat", at=NINE, flags=("private",)), Verdict(0.98))
    arrive(store, post("dag", "Nej!", at=NINE), Verdict(0.97))
    number = "Mitt personnummer är 811228-9874 och paketet är fortfarande borta"
    second = arrive(store, post("eva", number, at=NINE), Verdict(0.9))
    quotes = told(store).quotes
    assert [one.id for one in quotes] == list(ids(store, first, second))
    assert quotes[0].text == "Tredje veckan utan paket och ni svarar med en länk"
    assert quotes[0].name == "Anna"
    assert "811228" not in quotes[1].text


def test_insights_are_named_only_where_the_author_wants_it(store: Store) -> None:
    asked = arrive(store, post("anna", at=NINE))
    with store.write() as session:
        for number, is_named in enumerate((True, False)):
            session.add(
                Insight(
                    mention_id=mention(store, asked).id or 0,
                    text=f"Alla får två nummer {number}.",
                    staff="Anna",
                    is_named=is_named,
                    at=NINE + number,
                )
            )
    assert [one.staff for one in told(store).insights] == [None, "Anna"]


@pytest.mark.parametrize("kind", ["silent", "gap", "capped", "unjudged"])
def test_whatever_is_missing_is_told(store: Store, kind: str) -> None:
    asked = arrive(store, post("anna", at=NINE))
    assert told(store).is_whole
    at = MORNING
    with store.write() as session:
        source = sources.ensure(session, "test", "sandbox", "mentions")
        if kind == "silent":
            source.last_ok_at = UNTIL - HOUR
        elif kind == "gap":
            source.gap_from, source.gap_to, source.gap_reason = NINE, NINE + HOUR, "too many"
        elif kind == "capped":
            tally.mark(session, "sandbox:mentions", tally.STOPPED, NINE)
        session.add(source)
    if kind == "unjudged":
        take(store, post("bo", at=NINE + HOUR), at=NINE + HOUR)
    with store.read() as session:
        found = figures(session, (WEDNESDAY,), calendar(), at, STALE, load())
    assert [one.kind for one in found.missing] == [kind]
    assert isinstance(found.missing[0], Missing)
    assert found.needed.all[0] == (mention(store, asked).id)


def test_today_is_told_as_far_as_it_went(store: Store) -> None:
    asked = arrive(store, post("anna", at=NINE))
    found = told(store, at=NINE + 2 * HOUR)
    assert found.until == NINE + 2 * HOUR
    assert found.longest == 120
    assert found.needed.waiting == ids(store, asked)
    assert found.is_whole


def test_a_rise_is_more_than_chance() -> None:
    assert at_least(0, 2.0) == pytest.approx(1)
    assert at_least(1, 2.0) == pytest.approx(0.8647, abs=1e-4)
    assert at_least(8, 3.0) == pytest.approx(0.0119, abs=1e-4)
    assert compared("late", tuple(range(14)), [4, 3, 5, 4]).is_risen
    assert not compared("late", (1, 2), [0, 0, 0, 0]).is_risen  # fewer than three
    assert compared("late", (1, 2, 3, 4), [0, 0, 0, 0]).is_risen
    assert not compared("late", tuple(range(7)), [4, 4, 4, 4]).is_risen  # not twice as many
    assert not compared("late", tuple(range(6)), [3, 3, 3, 3]).is_risen  # as likely as not


def test_every_figure_has_a_definition_and_every_id_a_row(store: Store) -> None:
    from models.page.definitions import definitions

    written = [arrive(store, post(f"k{number}", at=NINE)) for number in range(3)]
    send(store, written[0], NINE + HOUR, remarks=("RC09",))
    found = told(store)
    known = definitions()
    for name, rows in found.rows().items():
        head = f"{name.partition(':')[0]}:NAME" if ":" in name else name
        assert head in known, name
        assert all(row > 0 for row in rows)
    assert found.rows()["weak:elsewhere"]
