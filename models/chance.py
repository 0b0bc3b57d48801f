"""How likely a count is by chance alone."""

import math


def at_least(count: int, mean: float) -> float:
    """How likely so many or more are where `mean` is usual (Poisson)."""
    term = math.exp(-mean)
    below = 0.0
    for number in range(count):
        below += term
        term *= mean / (number + 1)
    return max(0.0, 1.0 - below)
