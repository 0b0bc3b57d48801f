"""The model card: what it is, what taught it, what it can and cannot do, with its figures."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from models.sentiment.train import figures, folder, sets

_SETS = {
    "norec": "NoReC_sentence, 3 classes (Norwegian reviews; CC BY-NC 4.0 for the text, its authors "
    "allow commercial use of models)",
    "scandisent": "ScandiSent, machine-translated part (reviews; no licence stated)",
    "xed": "XED (film subtitles; CC BY 4.0)",
    "tweeteval": "TweetEval, sentiment (tweets; the tasks' own terms)",
    "complaints-en": "Complaints in social media (tweets; no licence stated)",
}


def write(out: Path, found: Mapping[str, float], without: Iterable[str], seed: int) -> None:
    """README.md of the folder."""
    learnt = [told for name, told in _SETS.items() if name not in set(without)]
    text = _TEXT.format(
        name=folder.NAME,
        digest=folder.digest(out),
        size=sum(file.stat().st_size for file in out.rglob("*") if file.is_file()) / 1e6,
        sets="\n".join(f"- {told}" for told in learnt),
        left_out=", ".join(sorted(without)) or "none",
        seed=seed,
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

- {posts} posts **written for this project**, none of them collected (`train/posts/`)
{sets}

Left out on purpose: {left_out}. It never learns from what a listener collects.

## Figures

On the file that ships. The posts are {test} of hands that nothing was taught or chosen with; {dev}
of other hands chose the calibration and the recipe. A hand is one writer's work; the hands share a
guideline, so a stranger's posts are judged a little less well.

{table}

## What it cannot do

It reads one post, not the thread, and no pictures. Dry sarcasm and bare facts without a day, an
amount or a name are often missed. Cues are hints to look now, not findings about a person.
"""
