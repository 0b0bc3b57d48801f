"""A judge with a network: any folder's labels, what its lists add, and files that are damaged."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import ModelError, Unreadable
from models.sentiment import LateJudge, open_judge
from models.sentiment.hugging import AutoTokens
from models.sentiment.judgement import Judge, Judgement
from models.sentiment.labels import Heads
from models.sentiment.network import FastTokens
from tests.models.sentiment import tiny

OURS = ("negative", "neutral", "positive", "complaint", "question", "fraud", "urgency_2")
WORDS = {
    "query": (0, 0.2, 0, -2, -2, -4, -2),
    "paketet": (0.5, 0, 0, 0.5, 0, 0, 0),
    "borta": (3, 0, -2, 4, 0, 0, 3),
    "tack": (-2, 0, 4, -3, 0, 0, -2),
    "när": (0, 1, 0, 0, 5, 0, 0),
    "bluff": (1, 0, 0, 2, 0, 6, 2),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ours = {"name": "tiny-1", "prefix": "query: "}
    return tiny.make(tmp_path_factory.mktemp("m") / "tiny", OURS, WORDS, ours)


@pytest.fixture(scope="module")
def judge(folder: Path) -> Judge:
    return open_judge(str(folder))


def one(judge: Judge, text: str, language: str | None = "sv") -> Judgement:
    (found,) = judge.judge([(text, language)])
    return found


def test_the_labels_of_a_model_say_what_it_tells(judge: Judge) -> None:
    assert judge.name == "tiny-1"
    lost, thanks = one(judge, "Paketet borta"), one(judge, "Tack")
    assert lost.complaint > 0.5 > thanks.complaint
    assert lost.negative > 0.5
    assert thanks.positive > 0.5
    assert lost.pressing > 0.5 > thanks.pressing
    assert one(judge, "När").question > 0.5 > lost.question
    assert lost.negative + lost.neutral + lost.positive == pytest.approx(1, abs=1e-5)


def test_a_cue_is_found_by_the_network_or_by_the_lists(judge: Judge) -> None:
    assert one(judge, "bluff").cues == ("fraud",)
    assert "safety" in one(judge, "Laddaren brinner").cues
    assert one(judge, "Tack").cues == ()


def test_a_post_is_judged_alike_alone_and_among_others(judge: Judge) -> None:
    texts = [("Tack", "sv"), ("Paketet borta " * 40, "sv"), ("", None), ("När", "sv")]
    together = judge.judge(texts)
    for (text, language), found in zip(texts, together, strict=True):
        alone = one(judge, text, language)
        assert found.complaint == pytest.approx(alone.complaint, abs=1e-5)
        assert found.cues == alone.cues


@pytest.mark.parametrize(
    "text", ["", "   ", "😡😡😡", "https://a.example/x @anna", "!!!", "\x00\x1b"]
)
def test_where_nothing_is_said_nothing_is_complained_of(judge: Judge, text: str) -> None:
    assert one(judge, text, None).complaint < 0.1


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=400), language=st.sampled_from([None, "sv", "fi", "xx", ""]))
def test_any_text_gets_a_bounded_answer(judge: Judge, text: str, language: str | None) -> None:
    found = one(judge, text, language)
    numbers = (found.negative, found.neutral, found.positive, found.complaint, found.question)
    assert all(0 <= number <= 1 for number in numbers)


def test_a_very_long_post_is_read_at_its_beginning_and_its_end(judge: Judge) -> None:
    filler = "och " * 2_000
    assert one(judge, f"Paketet borta {filler}").complaint > 0.5
    assert one(judge, "och " * 900 + "Paketet borta").complaint > 0.5


def test_a_calibration_moves_what_decides_by_language(tmp_path: Path) -> None:
    shifts = {"complaint": {"fi": 3.0, "": -1.0}}
    ours = {"shifts": shifts, "scales": {"complaint": 0.5}, "prefix": "query: "}
    judge = open_judge(str(tiny.make(tmp_path / "m", OURS, WORDS, ours)))
    assert one(judge, "Paketti on nyt kateissa", "fi").complaint > 0.5
    assert one(judge, "Paketet kom i dag", "sv").complaint < 0.5


@pytest.mark.parametrize(
    "labels",
    [("NEGATIVE", "POSITIVE"), ("neg", "neu", "pos"), ("LABEL_0", "LABEL_1", "LABEL_2")],
)
def test_a_model_of_tones_alone_complains_where_it_is_negative(
    tmp_path: Path, labels: tuple[str, ...]
) -> None:
    words = {"bad": [2.0, *[0.0] * (len(labels) - 1)], "good": [*[0.0] * (len(labels) - 1), 2.0]}
    judge = open_judge(str(tiny.make(tmp_path / "m", labels, words)))
    assert one(judge, "bad", "en").complaint > 0.5 > one(judge, "good", "en").complaint
    assert one(judge, "When do you open?", "en").question > 0.5


def test_stars_are_tones() -> None:
    heads = Heads.of(["1 star", "2 stars", "3 stars", "4 stars", "5 stars"])
    tones = heads.sentiment(np.array([[3, 3, 0, 0, 0], [0, 0, 0, 0, 5]], np.float32))
    assert tones.argmax(axis=1).tolist() == [0, 2]


def test_five_steps_of_tone_are_three() -> None:
    heads = Heads.of(["Very Negative", "Negative", "Neutral", "Positive", "Very_Positive"])
    assert heads.tones == {"negative": (0, 1), "neutral": (2,), "positive": (3, 4)}


def test_the_fast_way_and_auto_tokenizer_cut_alike(folder: Path) -> None:
    texts = ["query: Paketet borta", "När kommer det?", "", "Tack " * 50, "😡 @anna"]
    fast, auto = FastTokens(folder), AutoTokens(folder)
    assert fast.ids(texts) == auto.ids(texts)
    assert fast.pad == auto.pad


def damaged(folder: Path, name: str, content: bytes | None) -> None:
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("config.json", None, "there is no .*config.json"),
        ("config.json", b"{", "config.json is damaged"),
        ("config.json", b'{"id2label": 7}', "config.json is damaged"),
        ("tokenizer.json", b"{}", "tokenizer.json is damaged"),
        ("onnx/model.onnx", b"nothing", "model.onnx is damaged"),
    ],
)
def test_a_damaged_folder_is_told_in_words(
    tmp_path: Path, name: str, content: bytes | None, told: str
) -> None:
    folder = tiny.make(tmp_path / "m", OURS, WORDS)
    damaged(folder, name, content)
    with pytest.raises(ModelError, match=told):
        open_judge(str(folder))


@pytest.mark.parametrize(
    "gensvar",
    [
        {"scales": {"complaint": float("nan")}},
        {"scales": [1]},
        {"shifts": {"complaint": 3}},
        {"cue_shift": "much"},
        {"prefix": 3},
        ["x"],
    ],
)
def test_a_calibration_that_is_none_is_told_in_words(tmp_path: Path, gensvar: Any) -> None:
    folder = tiny.make(tmp_path / "m", OURS, WORDS, gensvar)
    with pytest.raises(ModelError, match="calibration"):
        open_judge(str(folder))


def test_labels_that_do_not_fit_the_answers_are_told_in_words(tmp_path: Path) -> None:
    folder = tiny.make(tmp_path / "m", OURS, WORDS)
    tiny.save(folder, np.zeros((4 + len(WORDS), 2), np.float32))
    with pytest.raises(Unreadable, match="do not fit"):
        open_judge(str(folder)).judge([("Tack", "sv")])


def test_blank_lines_before_a_complaint_hide_nothing(judge: Judge) -> None:
    assert one(judge, "\n" * 5_000 + "Paketet borta").complaint > 0.5


def test_labels_without_tones_are_told_in_words(tmp_path: Path) -> None:
    folder = tiny.make(tmp_path / "m", ("cat", "dog"), {"a": (0.0, 1.0)})
    with pytest.raises(ModelError, match="cat, dog"):
        open_judge(str(folder))


def test_numbers_that_are_none_are_told_in_words(tmp_path: Path) -> None:
    folder = tiny.make(tmp_path / "m", OURS, WORDS)
    table = np.full((4 + len(WORDS), len(OURS)), np.nan, np.float32)
    tiny.save(folder, table)
    with pytest.raises(ModelError, match="damaged"):
        open_judge(str(folder)).judge([("Tack", "sv")])


def test_a_model_without_an_onnx_file_asks_for_torch(tmp_path: Path) -> None:
    if "torch" in sys.modules:
        pytest.skip("torch is here")
    folder = tiny.make(tmp_path / "m", OURS, WORDS)
    (folder / "onnx" / "model.onnx").unlink()
    with pytest.raises(ModelError, match="PyTorch"):
        open_judge(str(folder))


def test_a_model_that_comes_back_judges_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "m"
    late = LateJudge(str(folder))
    monkeypatch.setattr("models.sentiment.hugging._downloaded", _not_there)
    with pytest.raises(ModelError):
        late.judge([("Tack", "sv")])
    tiny.make(folder, OURS, WORDS)
    with pytest.raises(ModelError):  # not at once
        late.judge([("Tack", "sv")])
    monkeypatch.setattr("models.sentiment._TRY_AGAIN", 0.0)
    assert late.judge([("Tack", "sv")])[0].positive > 0.5


def _not_there(name: str) -> Path | None:
    raise ModelError(f"no model {name}")
