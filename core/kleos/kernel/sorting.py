"""A stable sort by whole numbers into room that is there already: compiled once for all who need one.

Every use of NumPy's own sorts brings a copy of them along, which numba compiles anew: a second and a half of a first run each.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.compiled import inner

__all__ = ["sort_places"]

RUN = 8
"""So many are sorted by insertion before merging begins."""


@inner
def sort_places(keys: NDArray[np.int64], size: int, places: NDArray[np.int64], spare: NDArray[np.int64]) -> None:
    """Fill `places` with the places of the first `size` keys, from the smallest key to the largest, equal ones as they stand.

    All three are int64[≥ size]; what `spare` holds afterwards means nothing. A merge sort from below (Knuth, TAOCP 3, 5.2.4).
    """
    for first in range(0, size, RUN):
        for i in range(first, min(first + RUN, size)):
            j = i
            while j > first and keys[places[j - 1]] > keys[i]:
                places[j] = places[j - 1]
                j -= 1
            places[j] = i
    width = RUN
    while width < size:
        for first in range(0, size, 2 * width):
            middle = min(first + width, size)
            last = min(first + 2 * width, size)
            one, other = first, middle
            for to in range(first, last):
                if other >= last or (one < middle and keys[places[one]] <= keys[places[other]]):
                    spare[to] = places[one]
                    one += 1
                else:
                    spare[to] = places[other]
                    other += 1
        for i in range(size):
            places[i] = spare[i]
        width *= 2
