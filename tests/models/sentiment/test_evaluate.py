"""The figures of the model's card, worked out by hand on a few posts."""

import math

import pytest

from models.sentiment.judgement import Judgement
from models.sentiment.train import evaluate
from models.sentiment.train.evaluate import Judged
from models.sentiment.train.sets import Example


def known(urgency: int = 0, *, complaint: bool = False, cues: tuple[str, ...] = ()) -> Example:
    return Example("x", "sv", "posts", complaint=complaint, cues=cues, urgency=urgency)


def said(complaint: float = 0.0, *cues: str) -> Judgement:
    return Judgement("sv", 0.1, 0.8, 0.1, complaint, 0.1, cues)


def test_macro_f1_is_the_mean_over_the_classes() -> None:
    pairs = [(True, True), (True, False), (False, False), (False, False)]
    assert evaluate.macro_f1(pairs, (True, False)) == pytest.approx((2 / 3 + 4 / 5) / 2)


def test_a_cue_counts_when_one_of_them_is_named() -> None:
    examples = [known(cues=("fraud", "churn")), known(cues=("safety",)), known(), known()]
    one = Judged(examples, [said(0, "churn"), said(0, "legal"), said(0, "legal"), said()])
    assert evaluate.cue_recall(one) == 0.5
    assert evaluate.false_alarms(one) == 0.5
    assert evaluate.cue_table(one)["legal"] == (0, 0.0, 0.0)
    assert evaluate.cue_table(one)["churn"] == (1, 1.0, 1.0)


def test_pairs_that_tie_count_a_half() -> None:
    one = Judged([known(3), known(1), known(0)], [said(), said(), said()])
    assert evaluate.pairwise_accuracy(one, [0.0, 1.0, 2.0]) == 1
    assert evaluate.pairwise_accuracy(one, [1.0, 1.0, 1.0]) == 0.5
    assert evaluate.pairwise_accuracy(one, [2.0, 1.0, 0.0]) == 0


def test_posts_that_tie_share_their_gain() -> None:
    one = Judged([known(0), known(3)], [said(), said()])
    shared = 3.5 + 3.5 / math.log2(3)
    assert evaluate.ndcg(one, [1.0, 1.0]) == pytest.approx(shared / 7)
    assert evaluate.ndcg(one, [2.0, 1.0]) == pytest.approx(1)


def test_the_queue_ranks_what_burns_before_complaints_before_the_rest() -> None:
    examples = [known(0), known(1, complaint=True), known(3)]
    one = Judged(examples, [said(0.1), said(0.9), said(0.1, "safety")])
    places = evaluate.ranks(one)
    assert sorted(range(3), key=lambda n: places[n]) == [2, 1, 0]
    assert evaluate.complaint_accuracy(one) == 1
