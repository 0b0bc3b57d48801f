"""The posts written for training keep to their guideline: enough of each kind, from many hands."""

from collections import Counter
from pathlib import Path

import pytest

from models.sentiment.judgement import CUES
from models.sentiment.phrases import lists, plain
from models.sentiment.train import written

LANGUAGES = ("sv", "nb", "da", "fi", "en")
POSTS = [post for file in written.hands() for post in written.read(file)]


def has_negative_word(post: written.Written) -> bool:
    words = plain(post.text)
    found = lists(post.language, "sentiment")["negative"], lists(post.language, "complaint")["open"]
    return any(pattern.search(words) for pattern in found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_enough_of_each_kind(language: str) -> None:
    posts = [post for post in POSTS if post.language == language]
    complaints = [post for post in posts if post.complaint]
    others = [post for post in posts if not post.complaint]
    assert len(posts) >= 800
    assert len({post.hand for post in posts}) >= 8
    assert sum(not has_negative_word(post) for post in complaints) >= len(complaints) / 3
    assert sum(post.shape == "implied" for post in complaints) >= len(complaints) / 3
    assert sum(post.shape == "lookalike" for post in others) >= len(others) / 5
    assert min(Counter(cue for post in posts for cue in post.cues)[cue] for cue in CUES) >= 15


def test_no_post_stands_twice() -> None:
    texts = Counter(" ".join(post.text.lower().split()) for post in POSTS)
    assert not [text for text, times in texts.items() if times > 1]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("1\tpraise\t0\t-\t1\topen\tung\tHej på er där", "exactly when"),
        ("0\tpraise\t0\tfire\t1\tplain\tung\tHej på er där", "no such cue: fire"),
        ("0\tpraise\t0\t-\t4\tplain\tung\tHej på er där", "urgency 0 to 3"),
        ("0\tpraise\t0\t-\t\tplain\tung\tHej på er där", "urgency 0 to 3"),
        ("0\tpraise\t01\t-\t1\tplain\tung\tHej på er där", "asks are 0 or 1"),
        ("0\tpraise\t0\t-\t0\topen\tung\tHej på er där", "cannot have the shape"),
        ("0\tpraise\t0\t-\t0\tplain\tung\tHej", "2 to 80 words"),
        ("0\tpraise\t0\t-\t0\tplain\tung", "eight columns"),
        ("1\tcomplaint\t0\t-\t0\topen\tung\tHej på er där", "at least 1"),
    ],
)
def test_a_line_against_the_guideline_is_named(tmp_path: Path, line: str, told: str) -> None:
    file = tmp_path / "anna.tsv"
    file.write_text("\t".join(written.COLUMNS) + f"\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=told) as error:
        written.read(file)
    assert f"{file}:2" in str(error.value)
