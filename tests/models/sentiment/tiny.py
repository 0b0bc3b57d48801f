"""A tiny model that a test makes: a Hugging Face folder whose words carry their own logits."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")


def make(
    folder: Path,
    labels: Sequence[str],
    words: Mapping[str, Sequence[float]],
    gensvar: Any = None,
) -> Path:
    """Logits are the sum over the words of a post of what each carries."""
    names = [*SPECIAL, *words]
    tokenizer = Tokenizer(models.WordLevel({name: n for n, name in enumerate(names)}, "<unk>"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        "<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    folder.mkdir(parents=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    _write(folder / "tokenizer_config.json", _TOKENIZER)
    config = {
        "model_type": "bert",
        "pad_token_id": 1,
        "id2label": {str(n): label for n, label in enumerate(labels)},
        **({"gensvar": gensvar} if gensvar else {}),
    }
    _write(folder / "config.json", config)
    table = [[0.0] * len(labels)] * len(SPECIAL) + [list(carried) for carried in words.values()]
    save(folder, np.array(table, np.float32))
    return folder


def save(folder: Path, table: Any) -> None:
    """The graph: a lookup, a mask, a sum."""
    (folder / "onnx").mkdir(exist_ok=True)
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["column"]),
        helper.make_node("Mul", ["rows", "column"], ["counted"]),
        helper.make_node("ReduceSum", ["counted", "middle"], ["logits"], keepdims=0),
    ]
    shape = ["batch", "pieces"]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [
            helper.make_tensor_value_info("input_ids", TensorProto.INT64, shape),
            helper.make_tensor_value_info("attention_mask", TensorProto.INT64, shape),
        ],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", table.shape[1]])],
        [
            numpy_helper.from_array(table, "table"),
            numpy_helper.from_array(np.array([2], np.int64), "last"),
            numpy_helper.from_array(np.array([1], np.int64), "middle"),
        ],
    )
    opset = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=9)
    onnx.save_model(model, folder / "onnx" / "model.onnx")


def _write(file: Path, content: Mapping[str, Any]) -> None:
    file.write_text(json.dumps(content), encoding="utf-8")


_TOKENIZER = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "bos_token": "<s>",
    "pad_token": "<pad>",
    "eos_token": "</s>",
    "unk_token": "<unk>",
    "model_max_length": 512,
}
