"""Any Hugging Face model by name or folder: with an ONNX file without torch, else with it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import ModelError, Unreadable
from models.sentiment.labels import Numbers
from models.sentiment.network import FastTokens, OnnxNetwork, Tokens, read_config
from models.words import _

_ONNX = ("onnx/model.onnx", "onnx/model_quantized.onnx", "model.onnx")
_AT_ONCE = 16


class AutoTokens:
    """The tokenizer that `transformers` finds in a folder."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer: Any = _auto("AutoTokenizer", str(folder))
        self.pad: int = self._tokenizer.pad_token_id or 0

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text's pieces."""
        found: list[list[int]] = self._tokenizer(list(texts), verbose=False)["input_ids"]
        return found


class TorchNetwork:
    """A model without an ONNX file, where the user has torch."""

    def __init__(self, name: str) -> None:
        self._tokenizer: Any = _auto("AutoTokenizer", name)
        self._model: Any = _auto("AutoModelForSequenceClassification", name).eval()
        labels = self._model.config.id2label
        self.labels: list[str] = [labels[number] for number in range(len(labels))]

    def logits(self, texts: Sequence[str]) -> Numbers:
        """(texts, labels) logits."""
        import torch

        parts = []
        for start in range(0, len(texts), _AT_ONCE):
            chosen = list(texts[start : start + _AT_ONCE])
            pieces = self._tokenizer(chosen, padding=True, truncation=True, return_tensors="pt")
            with torch.inference_mode():
                parts.append(self._model(**pieces).logits.float().numpy())
        found: Numbers = np.concatenate(parts)
        if not np.isfinite(found).all():
            raise Unreadable(_("the model's answers are no numbers; its file is damaged"))
        return found


def onnx_file(folder: Path) -> Path | None:
    """The folder's ONNX file, if it has one."""
    return next((folder / name for name in _ONNX if (folder / name).is_file()), None)


def open_network(name: str) -> tuple[OnnxNetwork | TorchNetwork, dict[str, Any], list[str]]:
    """A network, its config and its labels, for a folder or a model's name on the hub."""
    folder = Path(name).expanduser()
    if not folder.is_dir():
        found = _downloaded(name)
        if found is None:
            network = TorchNetwork(name)
            return network, {}, network.labels
        folder = found
    config, file = read_config(folder), onnx_file(folder)
    if file is None:
        return TorchNetwork(str(folder)), config, config["labels"]
    return OnnxNetwork(folder, file, _tokens(folder)), config, config["labels"]


def _tokens(folder: Path) -> Tokens:
    return FastTokens(folder) if (folder / "tokenizer.json").is_file() else AutoTokens(folder)


def _downloaded(name: str) -> Path | None:
    """Where the hub's files of this model are, if one of them is ONNX; fetched when missing."""
    from huggingface_hub import snapshot_download

    try:
        folder = Path(snapshot_download(name, allow_patterns=["*.json", "*.model", *_ONNX]))
    except Exception as error:  # no network, no such name, no leave: each has its own kind
        told = _("no model {name}: {reason}")
        raise ModelError(told.format(name=name, reason=_first_line(error))) from None
    return folder if onnx_file(folder) else None


def _auto(kind: str, name: str) -> Any:
    import transformers

    try:
        return getattr(transformers, kind).from_pretrained(name)
    except ImportError as error:
        told = _("{name} needs a package that is not installed: {reason}")
        raise ModelError(told.format(name=name, reason=_first_line(error))) from None
    except Exception as error:
        told = _("{name} is no model that can be loaded: {reason}")
        raise ModelError(told.format(name=name, reason=_first_line(error))) from None


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
