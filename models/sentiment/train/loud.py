"""A few hidden units of each feed-forward layer grow huge; here they run apart from the rest.

Eight bits cannot hold such activations beside the small ones. Cut in two, the layer gives the same
sums: the loud part is so narrow that it can stay in 32 bits, the wide quiet part is fast in eight.
"""

import copy
from collections.abc import Callable, Sequence

import torch
from torch import nn
from torch.nn.functional import gelu

from models.sentiment.train import base
from models.sentiment.train.learn import padded
from models.sentiment.train.net import Net

LOUD = 16
"""Units of each layer; half or twice as many lose about as little."""
_AT_ONCE = 32


def set_apart(net: Net, pieces: Sequence[Sequence[int]]) -> Net:
    """A copy with the same answers, its layers cut by what grows largest on these texts."""
    lean: Net = copy.deepcopy(net).eval()
    for layer, units in zip(lean.bert.encoder.layer, _loudest(net, pieces), strict=True):
        layer.intermediate = _Apart(layer.intermediate.dense, layer.output.dense, units)
        layer.output.dense = nn.Identity()
    return lean


class _Apart(nn.Module):  # type: ignore[misc]
    """A feed-forward layer as the sum of two."""

    def __init__(self, first: nn.Linear, second: nn.Linear, loud: torch.Tensor) -> None:
        super().__init__()
        quiet = torch.ones(base.FEED_FORWARD, dtype=torch.bool).index_fill(0, loud, False)
        self.quiet = _of_units(first, second, quiet.nonzero().flatten())
        self.loud = _of_units(first, second, loud)
        self.loud[1].bias = None

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        (q1, q2), (l1, l2) = self.quiet, self.loud
        return q2(gelu(q1(hidden))) + l2(gelu(l1(hidden)))


def _of_units(first: nn.Linear, second: nn.Linear, units: torch.Tensor) -> nn.ModuleList:
    """The two products of a feed-forward layer for these hidden units alone."""
    into, out = nn.Linear(base.HIDDEN, len(units)), nn.Linear(len(units), base.HIDDEN)
    with torch.no_grad():
        into.weight.copy_(first.weight[units])
        into.bias.copy_(first.bias[units])
        out.weight.copy_(second.weight[:, units])
        out.bias.copy_(second.bias)
    return nn.ModuleList([into, out])


def _loudest(net: Net, pieces: Sequence[Sequence[int]]) -> list[torch.Tensor]:
    """(LOUD,) of each layer: the hidden units that grow largest on these texts."""
    peaks = [torch.zeros(base.FEED_FORWARD) for _layer in net.bert.encoder.layer]
    mask = torch.ones(1, 1)

    def watch(peak: torch.Tensor) -> Callable[[object, object, torch.Tensor], None]:
        def seen(_module: object, _inputs: object, hidden: torch.Tensor) -> None:
            torch.maximum(peak, (hidden.abs() * mask.unsqueeze(-1)).amax((0, 1)), out=peak)

        return seen

    layers = zip(net.bert.encoder.layer, peaks, strict=True)
    watched = [one.intermediate.register_forward_hook(watch(peak)) for one, peak in layers]
    ordered = sorted(pieces, key=len)
    with torch.no_grad():
        for start in range(0, len(ordered), _AT_ONCE):
            ids, mask = padded(ordered[start : start + _AT_ONCE])
            net.eval()(ids, mask)
    for one in watched:
        one.remove()
    return [peak.topk(LOUD).indices.sort().values for peak in peaks]
