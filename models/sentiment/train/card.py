"""The model card: what it is, what taught it, what it can and cannot do, with its figures."""

from collections.abc import Mapping
from pathlib import Path

from models.sentiment.train import figures, folder, sets
from models.sentiment.train.workshop import Workshop

_SETS = {
    "norec": "NoReC_sentence, 3 classes (Norwegian reviews; CC BY-NC 4.0 for the text, its authors "
    "allow commercial use of models)",
    "scandisent": "ScandiSent, machine-translated part (reviews; no licence stated)",
    "xed": "XED (film subtitles; CC BY 4.0)",
    "tweeteval": "TweetEval, sentiment (tweets; the tasks' own terms)",
    "complaints-en": "Complaints in social media (tweets; no licence stated)",
}
_OF_TWEETS = ("complaints-en", "tweeteval")


def write(out: Path, found: Mapping[str, figures.Figures], shop: Workshop) -> None:
    """README.md of the folder."""
    clean = [name for name in _SETS if name not in {*shop.without, *_OF_TWEETS}]
    text = _TEXT.format(
        name=folder.NAME,
        digest=folder.digest(out),
        size=sum(file.stat().st_size for file in out.rglob("*") if file.is_file()) / 1e6,
        sets="\n".join(f"- {_SETS[name]}" for name in clean),
        tweets="\n".join(f"- {_SETS[name]}" for name in _OF_TWEETS),
        seed=shop.seed,
        posts=len(sets.posts("train")),
        dev=len(sets.posts("dev")),
        test=len(sets.posts("test")),
        table=figures.as_table(found),
    )
    (out / "README.md").write_text(text, encoding="utf-8")


_TEXT = """---
license: mit
language: [sv, nb, nn, da, fi, en]
base_model: intfloat/multilingual-e5-small
pipeline_tag: text-classification
---

# {name}

Reads what customers post to and about firms, in Swedish, Norwegian, Danish, Finnish and English:
sentiment (negative, neutral, positive), complaint, question, ten hard cues, how much it presses,
and the mean over its pieces as an embedding. It runs on a CPU without torch.

`onnx/model.onnx`, SHA-256 `{digest}`; the folder has {size:.1f} MB.

## What taught it

The base is multilingual-e5-small (MIT), its vocabulary pruned to the pieces our texts hold. It
learnt, with seed {seed}:

- {posts} posts **written for this project**, none of them collected (`../train/posts/`)
{sets}

These hold tweets and state no licence, so this file was **not** taught with them:

{tweets}

It never learns from what a listener collects. The posts were written with the help of language
models under one guideline; a second, blind labelling of 300 agreed on complaint in 99 %
(kappa .98), on kind in 97 %, on urgency in 96 %, kappa .94 on whether there is a cue.

## Figures

The posts are {test} of ten hands (two in each language) that nothing was taught or chosen with;
{dev} posts of ten other hands chose the calibration and the recipe. A hand is one writer's work.
All hands share a guideline, so a stranger's posts may fare otherwise. Official test parts
elsewhere; F1 is macro-F1; a cue is recalled when one of a post's cues is named, a false alarm is a
post without a cue where one is named. The language is found out, not told. A
column "before shrinking" is the same network in 32 bits, "with tweets" a variant from the same
start that was taught with those sets too; what has no column or "–" was not measured.

{table}

## What it cannot do

It reads one post, not the thread, and no pictures. Dry sarcasm and bare facts without a day, an
amount or a name are often missed. Cues are hints to look now, not findings about a person: many
are missed, see the table, and nobody should take their absence as a sign that all is well.
"""
