"""Every figure of the card, measured as users meet it: a judge, texts, no hint of the language."""

from collections.abc import Mapping
from pathlib import Path

from models.sentiment.judgement import Judge
from models.sentiment.lexicon_judge import LexiconJudge
from models.sentiment.train import evaluate, sets
from models.sentiment.train.evaluate import LANGUAGES, Judged, judged

Figures = dict[str, float]


def measured(judge: Judge, data: Path, without: frozenset[str], tweets: bool) -> Figures:
    """Name -> figure; sets that are not there are left out. `tweets`: whether it learnt them."""
    posts = judged(judge, sets.posts("test"))
    found = on_posts(posts) | _ranked(posts)
    found |= _lists(judged(LexiconJudge(), sets.posts("test")))
    if "norec" not in without:
        found["norec, 3 classes, official test"] = evaluate.tone_f1(
            judged(judge, sets.norec(data, "test"))
        )
    if "scandisent" not in without:
        reviews = judged(judge, sets.scandisent(data, "test"))
        found["scandisent-mt, test parts"] = evaluate.polarity_accuracy(reviews)
    if not (data / "complaints-en").is_dir():
        return found
    return found | _complaints(judge, data, tweets and "complaints-en" not in without)


def write_misses(judge: Judge, file: Path) -> None:
    """The posts kept for testing whose complaint or cue was missed or made up."""
    posts = judged(judge, sets.posts("test"))
    lines = ["language\tcomplaint\tsaid\tcues\tsaid\ttext"]
    for known, said in zip(posts.examples, posts.judgements, strict=True):
        cues = ",".join(known.cues or ()) or "-", ",".join(said.cues) or "-"
        if (said.complaint >= 0.5) != known.complaint or bool(known.cues) != bool(said.cues):
            told = f"{int(bool(known.complaint))}\t{said.complaint:.2f}\t{cues[0]}\t{cues[1]}"
            lines.append(f"{known.language}\t{told}\t{known.text}")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def on_posts(one: Judged) -> Figures:
    """Complaints, questions and cues of our own posts, by language."""
    found = dict[str, float]()
    for language in LANGUAGES:
        here = one.only(lambda example, wanted=language: example.language == wanted)  # type: ignore[misc]
        found[f"posts, {language}, complaint accuracy"] = evaluate.complaint_accuracy(here)
        found[f"posts, {language}, question accuracy"] = evaluate.question_accuracy(here)
        found[f"posts, {language}, cue recall"] = evaluate.cue_recall(here)
        found[f"posts, {language}, cue false alarms"] = evaluate.false_alarms(here)
    found["posts, complaint accuracy"] = evaluate.complaint_accuracy(one)
    found["posts, question accuracy"] = evaluate.question_accuracy(one)
    found["posts, cue recall"] = evaluate.cue_recall(one)
    found["posts, cue false alarms"] = evaluate.false_alarms(one)
    return found


def _ranked(one: Judged) -> Figures:
    """How near the queue's order comes to the urgency that was labelled, and what else would."""
    orders: Mapping[str, list[float]] = {
        "queue": evaluate.ranks(one),
        "complaint only": [-said.complaint for said in one.judgements],
        "oldest first": [0.0] * len(one.judgements),
    }
    found = dict[str, float]()
    for name, places in orders.items():
        found[f"ranking, {name}, nDCG@20"] = evaluate.ndcg(one, places)
        found[f"ranking, {name}, pairs"] = evaluate.pairwise_accuracy(one, places)
    return found


def _lists(one: Judged) -> Figures:
    places = evaluate.ranks(one)
    return {
        "posts, lists alone, complaint accuracy": evaluate.complaint_accuracy(one),
        "posts, lists alone, cue recall": evaluate.cue_recall(one),
        "posts, lists alone, cue false alarms": evaluate.false_alarms(one),
        "ranking, lists alone, nDCG@20": evaluate.ndcg(one, places),
        "ranking, lists alone, pairs": evaluate.pairwise_accuracy(one, places),
    }


def _complaints(judge: Judge, data: Path, learnt: bool) -> Figures:
    """On a set of tweets: those kept aside where it was learnt from, else all that name a firm."""
    if not learnt:
        brands = judged(judge, sets.to_brands(sets.complaints(data)))
        return {"complaints-en, brand posts, never seen": evaluate.complaint_f1(brands)}
    kept = judged(judge, sets.complaints_part(data, "test"))
    return {"complaints-en, a random fifth": evaluate.complaint_f1(kept)}


def as_table(variants: Mapping[str, Figures]) -> str:
    """The figures as lines of a table, a column for each variant."""
    names = list(dict.fromkeys(name for found in variants.values() for name in found))
    lines = [f"| figure | {' | '.join(variants)} |", "| --- |" + " --- |" * len(variants)]
    for name in names:
        cells = [f"{found[name]:.3f}" if name in found else "–" for found in variants.values()]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)
