"""The bootstrap's draws: how often a replicate takes each actor, from a hash and never from arrival order or threads.

Plain NumPy: nothing here is worth compiling.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["draw"]

POISSON = np.cumsum(np.exp(-1.0) / np.array([1.0, 1.0, 2.0, 6.0, 24.0, 120.0, 720.0, 5040.0, 40320.0]))
"""The distribution function of Poisson(1): the multiplicities of a bootstrap over a stream (Oza & Russell 2001)."""


def draw(hashes: NDArray[np.uint64], replicate: int) -> NDArray[np.int64]:
    """Return int64[A]: Poisson(1) multiplicities from uint64[A] hashes of the actors; the same replicate draws the same."""
    # splitmix64 (Steele, Lea & Flood 2014): every bit of the hash and of the replicate reaches every bit of the draw.
    z = hashes + np.uint64((replicate + 1) * 0x9E3779B97F4A7C15 % 2**64)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    uniform = (z >> np.uint64(11)).astype(np.float64) * 2.0**-53
    times: NDArray[np.int64] = np.searchsorted(POISSON, uniform, side="right").astype(np.int64)
    return times
