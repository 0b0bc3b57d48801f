"""A network on this machine's CPU: texts in, a row of logits each out."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from models.errors import ModelError, Unreadable
from models.sentiment.labels import Numbers
from models.words import _

_PIECES_AT_ONCE = 512
"""In one batch, padding counted: what a processor's cache holds; 1,024 are a tenth slower."""
_MOST_PIECES = 256
_FEWEST_PIECES, _RESERVED = 8, 2
"""RoBERTa's positions begin at 2."""
_THREADS = 2
"""More gain little on texts this short, and the desk wants a core for itself."""


class Tokens(Protocol):
    """Cuts texts into pieces."""

    pad: int

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text's pieces, special ones included, however long it is."""
        ...


class FastTokens:
    """Straight from `tokenizer.json`: 0.1 s to load, where `transformers` takes two seconds."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # the library raises bare Exception for any fault of the file
            raise ModelError(_damaged(folder / "tokenizer.json", error)) from None
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.pad: int = read_config(folder).get("pad_token_id") or 0

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text's pieces."""
        return [found.ids for found in self._tokenizer.encode_batch(list(texts))]


class OnnxNetwork:
    """A folder with an ONNX file, run by onnxruntime."""

    def __init__(self, folder: Path, file: Path, tokens: Tokens, threads: int = _THREADS) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(
                str(file), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # its exceptions have no common base
            raise ModelError(_damaged(file, error)) from None
        self._inputs = {one.name for one in self._session.get_inputs()}
        self._outputs = [one.name for one in self._session.get_outputs()]
        self._tokens = tokens
        config = read_config(folder)
        self._labels = len(config["labels"])
        positions = config.get("max_position_embeddings")
        known = positions - _RESERVED if isinstance(positions, int) else _MOST_PIECES
        self._most = max(_FEWEST_PIECES, min(_MOST_PIECES, known))

    def logits(self, texts: Sequence[str]) -> Numbers:
        """(texts, labels) logits. Raises Unreadable where an answer is no row of numbers."""
        ids = [_bounded(one, self._most) for one in self._tokens.ids(texts)]
        found = np.zeros((len(ids), self._labels), np.float32)
        for rows in _batches(ids):
            found[rows] = self._run([ids[row] for row in rows])
        if not np.isfinite(found).all():
            raise Unreadable(_("the model's answers are no numbers; its file is damaged"))
        return found

    def _run(self, ids: Sequence[Sequence[int]]) -> Numbers:
        width = max(map(len, ids))
        padded = np.full((len(ids), width), self._tokens.pad, np.int64)
        mask = np.zeros((len(ids), width), np.int64)
        for row, one in enumerate(ids):
            padded[row, : len(one)], mask[row, : len(one)] = one, 1
        feed = {"input_ids": padded, "attention_mask": mask, "token_type_ids": mask * 0}
        wanted = {name: array for name, array in feed.items() if name in self._inputs}
        try:
            answer: Numbers = self._session.run(self._outputs[:1], wanted)[0]
        except Exception as error:
            told = _("the model cannot read a post: {error}")
            raise Unreadable(told.format(error=error)) from None
        if answer.shape != (len(ids), self._labels):
            raise Unreadable(_("the model's answers do not fit its labels"))
        return answer


def read_config(folder: Path) -> dict[str, Any]:
    """The folder's config.json, with its labels. Raises ModelError in the user's words."""
    file = folder / "config.json"
    try:
        config: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        labels = config["id2label"]
        config["labels"] = [labels[str(number)].strip() for number in range(len(labels))]
    except OSError:
        raise ModelError(_("there is no {file}").format(file=file)) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ModelError(_damaged(file, error)) from None
    return config


def _bounded(ids: list[int], most: int) -> list[int]:
    """A very long post is read at its beginning and its end."""
    if len(ids) <= most:
        return ids
    end = most // 4
    return ids[: most - end] + ids[-end:]


def _batches(ids: Sequence[Sequence[int]]) -> list[list[int]]:
    """Rows of like length together, so that little is padded."""
    batches = list[list[int]]()
    for row in sorted(range(len(ids)), key=lambda row: len(ids[row])):
        if batches and (len(batches[-1]) + 1) * len(ids[row]) <= _PIECES_AT_ONCE:
            batches[-1].append(row)
        else:
            batches.append([row])
    return batches


def _damaged(file: Path, error: Exception) -> str:
    reason = str(error).strip().partition("\n")[0]
    return _("{file} is damaged or no model: {reason}").format(file=file, reason=reason)
