"""The network: e5's twelve layers, and heads that each look where their answer stands.

The mean over all pieces drowns a half-sentence ("my insulin was in that bag") in a long post. So
each head weighs the pieces by a learnt query before it decides; queries begin at nought, which is
the mean.
"""

import numpy as np
import torch
from torch import nn
from transformers import BertConfig, BertModel

from models.sentiment.judgement import CUES
from models.sentiment.train import base

SENTIMENT = slice(0, 3)
COMPLAINT, QUESTION = 3, 4
CUE = slice(5, 5 + len(CUES))
URGENCY = slice(CUE.stop, CUE.stop + 3)
"""At least 1, at least 2, at least 3."""
OUTPUTS = URGENCY.stop
_FAR = 10_000.0
"""What is padded is never looked at."""


class Net(nn.Module):  # type: ignore[misc]
    """(batch, pieces) ids and mask -> (batch, OUTPUTS) logits and (batch, 384) embeddings."""

    def __init__(self, pieces: int) -> None:
        super().__init__()
        config = BertConfig(
            vocab_size=pieces,
            hidden_size=base.HIDDEN,
            num_hidden_layers=base.LAYERS,
            num_attention_heads=base.HEADS,
            intermediate_size=base.FEED_FORWARD,
            max_position_embeddings=base.POSITIONS,
            hidden_dropout_prob=0.0,  # hidden pieces do its work, at three quarters of the time
            attention_probs_dropout_prob=0.0,
        )
        config._attn_implementation = "eager"  # the other ways cannot be exported
        self.bert = BertModel(config, add_pooling_layer=False)
        self.drop = nn.Dropout(0.1)
        self.queries = nn.Parameter(torch.zeros(OUTPUTS, base.HIDDEN))
        self.heads = nn.Linear(base.HIDDEN, OUTPUTS)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of all heads, and the mean over the pieces."""
        hidden = self.bert(ids, attention_mask=mask).last_hidden_state
        weight = mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * weight).sum(1) / weight.sum(1)
        sought = hidden @ self.queries.T + (weight - 1) * _FAR
        seen = sought.softmax(1).transpose(1, 2) @ hidden
        return (self.drop(seen) * self.heads.weight).sum(-1) + self.heads.bias, mean


def begin(state: base.Weights) -> Net:
    """The network with the base's weights; the heads are new."""
    net = Net(len(state["embeddings.word_embeddings.weight"]))
    tensors = {name: torch.from_numpy(np.ascontiguousarray(a)) for name, a in state.items()}
    missing, unexpected = net.bert.load_state_dict(tensors, strict=False)
    if unexpected or [name for name in missing if "position_ids" not in name]:
        raise ValueError(f"the base does not fit: {missing} {unexpected}")
    return net
