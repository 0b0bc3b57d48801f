"""The folder that ships: a Hugging Face folder with our labels, tokenizer, ONNX file and card."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.sentiment.judgement import CUES
from models.sentiment.labels import PRESSES
from models.sentiment.train import base

NAME = "gensvar-nordic-1"
LABELS = ("negative", "neutral", "positive", "complaint", "question", *CUES, *PRESSES)
ONNX = "onnx/model.onnx"


def write(folder: Path, tokenizer: Mapping[str, Any]) -> None:
    """Everything but the network itself, calibration and card."""
    (folder / ONNX).parent.mkdir(parents=True, exist_ok=True)
    _dump(folder / "tokenizer.json", tokenizer)
    _dump(folder / "tokenizer_config.json", _TOKENIZER)
    _dump(folder / "config.json", _config(len(tokenizer["model"]["vocab"])))


def calibrate(folder: Path, found: Mapping[str, Any]) -> None:
    """Put the calibration into the folder's config.json."""
    file = folder / "config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    config["gensvar"] |= found
    _dump(file, config, indent=1)


def digest(folder: Path) -> str:
    """SHA-256 of the ONNX file: what the card states and a test compares."""
    return hashlib.sha256((folder / ONNX).read_bytes()).hexdigest()


def _dump(file: Path, content: Mapping[str, Any], indent: int | None = None) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=indent)
    file.write_text(text + "\n", encoding="utf-8")


def _config(pieces: int) -> dict[str, Any]:
    return {
        "model_type": "bert",
        "architectures": ["BertForSequenceClassification"],
        "problem_type": "multi_label_classification",
        "vocab_size": pieces,
        "hidden_size": base.HIDDEN,
        "num_hidden_layers": base.LAYERS,
        "num_attention_heads": base.HEADS,
        "intermediate_size": base.FEED_FORWARD,
        "max_position_embeddings": base.POSITIONS,
        "type_vocab_size": 2,
        "pad_token_id": 1,
        "bos_token_id": 0,
        "eos_token_id": 2,
        "id2label": {str(number): label for number, label in enumerate(LABELS)},
        "label2id": {label: number for number, label in enumerate(LABELS)},
        "gensvar": {"name": NAME, "prefix": base.PREFIX},
    }


_TOKENIZER = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "bos_token": "<s>",
    "eos_token": "</s>",
    "cls_token": "<s>",
    "sep_token": "</s>",
    "pad_token": "<pad>",
    "unk_token": "<unk>",
    "mask_token": "<mask>",
    "model_max_length": 512,
    "clean_up_tokenization_spaces": False,
}
