"""Near-identical replies among very many, found by an index and not by a scan (MinHash, LSH).

A reply's fingerprint is a handful of integers. Two replies four fifths alike share one of them
nearly always, others hardly ever: store them beside the reply, indexed, and look up those of a
draft; what comes back is compared for real.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from struct import unpack

from models.phrases import Text

ALIKE, ALIKE_IN_AN_INCIDENT = 0.8, 0.95
_GRAM, _SHORT = 4, 12
_BANDS, _ROWS = 12, 4
"""Found at a likeness of .8 in 99.8 of 100, at .5 in 54, at .3 in 9."""
_PRIME = 2**61 - 1
_MASKED = {"link": "<link>", "mail": "<mail>", "handle": "<who>", "number": "<n>"}
SIGNATURE = re.compile(r"\s(?:[/^~]|[–—-]{1,2}|//)\s?[^\W\d_][\w'-]{0,20}[\s.]*$")


def fingerprint(text: str, names: Sequence[str] = ()) -> tuple[int, ...]:
    """Keys to store with a reply, each below 2**63; replies that share one may be alike.

    `names` are whatever the customer and the writer are called.
    """
    words = _masked(text, tuple(names))
    if len(words) < _SHORT:
        return (key(" ".join(words), 0),) if words else ()
    grams = [key(" ".join(gram), 1) % _PRIME for gram in _grams(words)]
    least = [min((gram * by + plus) % _PRIME for gram in grams) for by, plus in _permutations()]
    bands = (least[at : at + _ROWS] for at in range(0, len(least), _ROWS))
    return tuple(key(f"{band}:{row}", 2) for band, row in enumerate(bands))


def lookups(text: str, names: Sequence[str] = ()) -> tuple[int, ...]:
    """The keys by which a draft's copies are found.

    In a short one every word with a capital may be the name of whoever got the same words before.
    """
    if len(_masked(text, tuple(names))) >= _SHORT:
        return fingerprint(text, names)
    capitals = [word.raw for word in Text(text).words if word.is_capital]
    each = [fingerprint(text, (*names, capital)) for capital in capitals]
    return tuple({key for keys in (fingerprint(text, names), *each) for key in keys})


def similarity(one: str, other: str, names: Sequence[str] = ()) -> float:
    """How alike two replies are, 0 to 1: the share of four-word runs they have in common.

    Below twelve words it is 1 for the same words and else 0.
    """
    first, second = _masked(one, tuple(names)), _masked(other, tuple(names))
    if min(len(first), len(second)) < _SHORT:
        return float(bool(first) and first == second)
    grams, others = set(_grams(first)), set(_grams(second))
    return len(grams & others) / len(grams | others)


@lru_cache(maxsize=4096)
def _masked(text: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a reply without what belongs to one customer or writer."""
    ours = {part for name in names for part in name.lower().split()}
    words = Text(SIGNATURE.sub(" ", text)).words
    return tuple(
        _MASKED.get(word.kind, "<who>" if word.text.lstrip("@") in ours else word.text)
        for word in words
    )


def _grams(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [words[at : at + _GRAM] for at in range(len(words) - _GRAM + 1)]


def key(text: str, kind: int) -> int:
    """A number below 2**63 that is the same on every machine and in every run."""
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=8, person=bytes([kind])).digest()
    (value,) = unpack(">Q", digest)
    return int(value) >> 1


@lru_cache(maxsize=1)
def _permutations() -> tuple[tuple[int, int], ...]:
    """Factor and term of each hash of the family; fixed, as the keys are stored."""
    drawn = [key(f"gensvar {place}", 3) % _PRIME for place in range(2 * _BANDS * _ROWS)]
    return tuple((by | 1, plus) for by, plus in zip(drawn[::2], drawn[1::2], strict=True))
