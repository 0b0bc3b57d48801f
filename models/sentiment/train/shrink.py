"""From the learnt network to the file that ships: ONNX, eight bits a weight and an activation.

Only what is narrow stays in 32 bits: the loud units of the feed-forward layers, and the queries of
the heads.
"""

import logging
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from models.sentiment.train import base
from models.sentiment.train.loud import LOUD
from models.sentiment.train.net import OUTPUTS, Net

_NARROW = ((base.HIDDEN, LOUD), (LOUD, base.HIDDEN), (base.HIDDEN, OUTPUTS))


def shrink(whole: Path, file: Path) -> None:
    """Write the exported network `whole` to `file`, a quarter of its size."""
    logging.getLogger("root").setLevel(logging.ERROR)
    quantize_dynamic(
        whole,
        file,
        op_types_to_quantize=["MatMul", "Gather"],
        nodes_to_exclude=_narrow(onnx.load(whole)),
        weight_type=QuantType.QInt8,
        per_channel=True,
        extra_options={"MatMulConstBOnly": True},
    )


def export(net: Net, file: Path) -> None:
    """The network as ONNX in 32 bits: ids and mask in, logits and mean out."""
    ids = torch.tensor([[0, 5, 6, 2], [0, 5, 2, 1]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    batch, pieces = torch.export.Dim("batch", min=1), torch.export.Dim("pieces", min=2, max=512)
    torch.onnx.export(
        net.eval(),
        (ids, mask),
        str(file),
        input_names=["input_ids", "attention_mask"],
        output_names=["logits", "mean"],
        dynamic_shapes={"ids": {0: batch, 1: pieces}, "mask": {0: batch, 1: pieces}},
        dynamo=True,
        external_data=False,
        optimize=True,
    )
    model = onnx.load(file)
    del model.graph.value_info[:]  # shapes that no longer fit once products are rewritten
    onnx.save_model(model, file)


def _narrow(model: onnx.ModelProto) -> list[str]:
    """The products with few weights."""
    weights = {one.name for one in model.graph.initializer if tuple(one.dims) in _NARROW}
    return [node.name for node in model.graph.node if weights & set(node.input)]
