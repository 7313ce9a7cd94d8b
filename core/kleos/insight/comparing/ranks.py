"""Ranks with ties: where somebody may stand, given that some differences are noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["rank_ranges"]


def rank_ranges(score: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return int64[P, 2], the first and the last rank that each of P people may have; all three are float64[P], low ≤ score ≤ high.

    The first is one more than the number of people who are told to be ahead by `kleos.insight.comparing.difference`, the last is P less
    the number of those told to be behind. People who cannot be told apart from each other, and stand alike to all others, share a range.
    Without intervals (low = score = high) these are plain ranks, equal scores sharing theirs.
    """
    order = np.argsort(score, kind="stable")
    score, down, up = score[order], (score - low)[order], (high - score)[order]
    size = len(score)
    # Who is further away than this is told apart from anybody: only those nearer are looked at one by one.
    reach_down, reach_up = np.hypot(down, up.max(initial=0.0)), np.hypot(up, down.max(initial=0.0))
    # Places are widened by one part in 10^9, since sums are rounded.
    nearest = np.searchsorted(score, (score - reach_down) * (1 - 1e-9), side="left")
    farthest = np.searchsorted(score, (score + reach_up) * (1 + 1e-9), side="right")
    behind, ahead = nearest.copy(), size - farthest
    for place in range(size):
        lower, upper = slice(int(nearest[place]), place), slice(place + 1, int(farthest[place]))
        behind[place] += np.count_nonzero(score[place] - score[lower] > np.hypot(down[place], up[lower]))
        ahead[place] += np.count_nonzero(score[upper] - score[place] > np.hypot(up[place], down[upper]))
    ranges = np.empty((size, 2), dtype=np.int64)
    ranges[order, 0] = ahead + 1
    ranges[order, 1] = size - behind
    return ranges
