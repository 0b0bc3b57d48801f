"""Complaints of a trade never met: each domain judged by a network taught on all the others."""

from collections.abc import Sequence

import torch

from models.sentiment.reading import prepared
from models.sentiment.train import base, learn, sets
from models.sentiment.train.evaluate import macro_f1
from models.sentiment.train.net import COMPLAINT, Net
from models.sentiment.train.sets import Example
from models.sentiment.train.workshop import Started, Workshop

_BATCH = 64


def unmet_domains(shop: Workshop, learnt: Net, started: Started) -> float:
    """Macro-F1 over all posts to brands, whoever judged them."""
    brands = sets.to_brands(sets.complaints(shop.data))
    pairs = list[tuple[object, object]]()
    for domain in sorted({one.group for one in brands}):
        kept = [one for one in brands if one.group == domain]
        said = complaints(shop.fold(learnt, started, domain), kept, started)
        pairs += zip([one.complaint for one in kept], said, strict=True)
    return macro_f1(pairs, (True, False))


def complaints(network: Net, examples: Sequence[Example], started: Started) -> list[bool]:
    """What the network says of each, before any calibration."""
    encoded = learn.encoded([prepared(one.text, base.PREFIX) for one in examples], started.cutter)
    network.eval()
    said = list[bool]()
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(encoded), _BATCH):
            logits, _mean = network(*learn.padded(encoded[start : start + _BATCH]))
            said += (logits[:, COMPLAINT] > 0).tolist()
    return said
