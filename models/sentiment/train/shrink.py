"""From the learnt network to the file that ships: ONNX, eight bits a weight.

Each layer's widest product, the feed-forward output, has a few huge activations that eight bits
cannot hold beside the small ones; there only the weights are shrunk. Everywhere else activations
are eight bits too, which is what makes it fast.
"""

import logging
import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

from models.sentiment.train import base
from models.sentiment.train.net import OUTPUTS, Net

WIDE, QUERIES = (base.FEED_FORWARD, base.HIDDEN), (base.HIDDEN, OUTPUTS)
_BLOCK = 128


def shrink(whole: Path, file: Path) -> None:
    """Write the exported network `whole` to `file`, a quarter of its size."""
    logging.getLogger("root").setLevel(logging.ERROR)
    model = onnx.load(whole)
    kept = [*_with_weights(model, WIDE), *_with_weights(model, QUERIES)]
    with tempfile.TemporaryDirectory() as name:
        dynamic = Path(name) / "dynamic.onnx"
        quantize_dynamic(
            whole,
            dynamic,
            op_types_to_quantize=["MatMul", "Gather"],
            nodes_to_exclude=kept,
            weight_type=QuantType.QInt8,
            per_channel=True,
            extra_options={"MatMulConstBOnly": True},
        )
        rest = MatMulNBitsQuantizer(
            onnx.load(dynamic), bits=8, block_size=_BLOCK, is_symmetric=True, accuracy_level=1
        )
        rest.process()
        onnx.save_model(rest.model.model, file)


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


def _with_weights(model: onnx.ModelProto, shape: tuple[int, int]) -> list[str]:
    """The products with weights of this shape."""
    weights = {one.name for one in model.graph.initializer if tuple(one.dims) == shape}
    return [node.name for node in model.graph.node if weights & set(node.input)]
