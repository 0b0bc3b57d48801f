"""Urgency: lanes, allowances that are the sum of their terms, and who runs on the wall clock."""

from dataclasses import replace
from datetime import time
from inspect import signature
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.business import Calendar
from models.instant import MINUTE, from_rfc3339
from models.sentiment.judgement import PRESSING_CUES, URGENT_CUES, Judgement
from models.settings import Allowances
from models.urgency import NOT_JUDGED, PERHAPS, Lane, Term, Urgency, unjudged, weigh

ALLOWED = Allowances()
OFFICE = Calendar(ZoneInfo("Europe/Stockholm"), (((time(8), time(17)),),) * 5 + ((), ()))
FRIDAY = from_rfc3339("2026-11-20T16:30:00+01:00")


def judged(complaint: float = 0.0, question: float = 0.0, *cues: str) -> Judgement:
    return Judgement("sv", 0.2, 0.6, 0.2, complaint, question, cues)


def said(urgency: Urgency) -> list[tuple[str, int]]:
    return [(term.term, term.minutes) for term in urgency.why]


judgements = st.builds(
    judged,
    st.floats(0, 1),
    st.floats(0, 1),
).flatmap(
    lambda plain: st.lists(st.sampled_from((*URGENT_CUES, *PRESSING_CUES)), unique=True).map(
        lambda cues: judged(plain.complaint, plain.question, *cues)
    )
)
minutes = st.integers(1, 20_000)
allowances = st.builds(
    Allowances, urgent=minutes, complaint=minutes, question=minutes, other=minutes
)


@given(judgements, st.booleans(), allowances)
def test_the_terms_sum_to_the_allowance_and_the_first_is_the_base(
    judgement: Judgement, addressed: bool, allowed: Allowances
) -> None:
    urgency = weigh(judgement, addressed, allowed)
    assert urgency.allowance_minutes == sum(minutes for _term, minutes in said(urgency))
    assert urgency.why[0].minutes in (
        allowed.urgent,
        allowed.complaint,
        allowed.question,
        allowed.other,
    )
    assert all(term.minutes <= 0 for term in urgency.why[1:])
    assert urgency.allowance_minutes >= 1


@given(judgements, st.booleans(), allowances)
def test_pressing_cues_never_take_more_than_two_thirds(
    judgement: Judgement, addressed: bool, allowed: Allowances
) -> None:
    why = weigh(judgement, addressed, allowed).why
    left = sum(term.minutes for term in why if term.term != PERHAPS)
    assert left * 3 >= why[0].minutes


@given(judgements, allowances)
def test_a_post_addressed_to_us_always_wants_an_answer(
    judgement: Judgement, allowed: Allowances
) -> None:
    assert weigh(judgement, True, allowed).lane is not Lane.NO_REPLY


@given(judgements, st.booleans(), st.sampled_from(URGENT_CUES))
def test_every_urgent_cue_is_answered_now_whatever_else_is_said(
    judgement: Judgement, addressed: bool, cue: str
) -> None:
    cues = (*(found for found in judgement.cues if found != cue), cue)
    urgency = weigh(judged(judgement.complaint, judgement.question, *cues), addressed, ALLOWED)
    assert (urgency.lane, urgency.rank) == (Lane.URGENT, 0)
    assert 5 <= urgency.allowance_minutes <= 15


@pytest.mark.parametrize(
    ("judgement", "addressed", "lane", "why"),
    [
        (judged(0.5), False, Lane.COMPLAINT, [("complaint", 60)]),
        (judged(0.9, 0.9), True, Lane.COMPLAINT, [("complaint", 60)]),
        (judged(0.2, 0.5), False, Lane.QUESTION, [("question", 240)]),
        (judged(0.2, 0.49), True, Lane.OTHER, [("wants an answer", 480)]),
        (judged(0.49, 0.49), False, Lane.NO_REPLY, [("not addressed to us", 480)]),
        (judged(0.9, 0, "safety"), True, Lane.URGENT, [("safety", 15)]),
        (judged(0, 0, "fraud", "legal"), True, Lane.URGENT, [("legal", 15), ("fraud", -5)]),
        (
            judged(0.9, 0, "broken_promise"),
            True,
            Lane.COMPLAINT,
            [("complaint", 60), ("broken_promise", -20)],
        ),
        (
            judged(0, 0, "broken_promise"),
            False,
            Lane.COMPLAINT,
            [("complaint", 60), ("broken_promise", -20)],
        ),
        (judged(0, 0.8, "repeat"), True, Lane.QUESTION, [("question", 240), ("repeat", -60)]),
        (judged(0, 0, "churn"), False, Lane.OTHER, [("wants an answer", 480), ("churn", -120)]),
        (
            judged(0.9, 0, "churn", "repeat", "broken_promise"),
            True,
            Lane.COMPLAINT,
            [("complaint", 60), ("broken_promise", -20), ("repeat", -15), ("churn", -5)],
        ),
    ],
)
def test_what_is_said_decides_the_lane_and_its_reasons(
    judgement: Judgement, addressed: bool, lane: Lane, why: list[tuple[str, int]]
) -> None:
    urgency = weigh(judgement, addressed, ALLOWED)
    assert (urgency.lane, said(urgency)) == (lane, why)


def test_a_minute_cannot_be_shortened() -> None:
    tight = Allowances(complaint=1)
    urgency = weigh(judged(0.9, 0, *PRESSING_CUES), True, tight)
    assert urgency.allowance_minutes == 1


@pytest.mark.parametrize("pair", list(combinations(PRESSING_CUES, 2)))
def test_two_pressing_cues_press_harder_than_one(pair: tuple[str, str]) -> None:
    both = weigh(judged(0.9, 0, *pair), True, ALLOWED).allowance_minutes
    alone = [weigh(judged(0.9, 0, cue), True, ALLOWED).allowance_minutes for cue in pair]
    assert both < min(alone)


@pytest.mark.parametrize("pair", list(combinations(URGENT_CUES, 2)))
def test_two_alarms_are_met_before_one(pair: tuple[str, str]) -> None:
    both = weigh(judged(0.9, 0, *pair), True, ALLOWED).allowance_minutes
    assert both < weigh(judged(0.9, 0, pair[0]), True, ALLOWED).allowance_minutes


def test_an_alarm_that_presses_harder_is_met_first() -> None:
    alarms = [replace(judged(0.9, 0, "safety"), pressing=p) for p in (0.2, 0.7, 0.95)]
    waits = [weigh(alarm, True, ALLOWED).allowance_minutes for alarm in alarms]
    assert waits == sorted(waits, reverse=True)
    assert len(set(waits)) == 3


def test_the_order_of_the_cues_changes_nothing() -> None:
    backwards = weigh(judged(0.9, 0, *reversed(PRESSING_CUES)), True, ALLOWED)
    assert backwards == weigh(judged(0.9, 0, *PRESSING_CUES), True, ALLOWED)


def test_urgent_first_then_everybody_then_who_needs_no_reply() -> None:
    ranks = {lane: Urgency(lane, (Term("base", 1),)).rank for lane in Lane}
    assert ranks == {
        Lane.URGENT: 0,
        Lane.COMPLAINT: 1,
        Lane.QUESTION: 1,
        Lane.OTHER: 1,
        Lane.NO_REPLY: 2,
    }
    assert [int(lane) for lane in Lane] == [0, 1, 2, 3, 4]


def test_urgent_posts_run_on_the_wall_clock_and_others_in_staffed_time() -> None:
    urgent = weigh(judged(0, 0, "health"), True, Allowances(urgent=45))
    complaint = weigh(judged(0.9), True, ALLOWED)
    assert urgent.due(FRIDAY, OFFICE) == FRIDAY + 45 * MINUTE
    assert complaint.due(FRIDAY, OFFICE) == from_rfc3339("2026-11-23T08:30:00+01:00")


def test_a_post_nobody_has_judged_is_a_complaint_until_shown_otherwise() -> None:
    urgency = unjudged(Allowances(complaint=90))
    assert (urgency.lane, said(urgency)) == (Lane.COMPLAINT, [(NOT_JUDGED, 90)])
    assert urgency.due(FRIDAY, OFFICE) == from_rfc3339("2026-11-23T09:00:00+01:00")


def test_a_cue_moves_a_post_that_nobody_has_judged() -> None:
    burns = unjudged(ALLOWED, ("repeat", "safety"))
    assert (burns.lane, said(burns)) == (Lane.URGENT, [("safety", 15), (NOT_JUDGED, 0)])
    again = unjudged(ALLOWED, ("repeat",))
    assert (again.lane, said(again)) == (Lane.COMPLAINT, [(NOT_JUDGED, 60), ("repeat", -15)])


def test_what_presses_is_answered_before_what_does_not() -> None:
    calm, presses = judged(0.9), replace(judged(0.9), pressing=0.9)
    assert said(weigh(calm, True, ALLOWED)) == [("complaint", 60)]
    assert said(weigh(presses, True, ALLOWED)) == [("complaint", 60), ("presses", -12)]


def test_what_may_be_a_complaint_waits_hardly_longer_than_one() -> None:
    waits = [weigh(judged(p, 0.9), True, ALLOWED).allowance_minutes for p in (0.1, 0.3, 0.49, 0.5)]
    assert waits == [240, 180, 66, 60]
    assert said(weigh(judged(0.35), True, ALLOWED))[1] == ("perhaps a complaint", -210)


def test_nothing_about_the_customer_but_their_words_is_asked() -> None:
    assert list(signature(weigh).parameters) == ["judgement", "addressed", "allowances"]
    assert not {"author", "followers", "likes", "name"} & set(Judgement.__dataclass_fields__)
