"""Curves of straight lines between knots, read without a search: an index of equal cells tells the first line that may matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.compiled import compiled

__all__ = ["Knots", "index_knots", "on_curve"]

CELLS = 2048
"""Cells of an index: with a hundred knots few cells hold two of them, and the indexes of seven curves fit the first cache."""
MARGIN = 1e-3
"""Cells begin this share of their width early, so that no rounding can step over a knot."""
MOST = 1 << 16


class Knots(NamedTuple):
    """C curves of up to L lines each, as float32 or float64. A curve's last line goes on beyond its last knot."""

    x: NDArray[Any]
    """[C, L + 1]: where the lines begin; infinite after the last."""
    y: NDArray[Any]
    """[C, L]: the curve there."""
    slope: NDArray[Any]
    """[C, L]."""
    first: NDArray[np.uint16]
    """uint16[C, 1024]: the line on which a cell begins."""
    cells: NDArray[Any]
    """[C]: cells for one unit of x."""


def index_knots(curves: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]], dtype: type[np.float32 | np.float64]) -> Knots:
    """Return curves, each given by x and y of its knots (float64[K], K ≥ 2, x increasing), as numbers of `dtype`.

    Raises ValueError for a curve of more than 65,536 knots.
    """
    lines = max((len(x) - 1 for x, _ in curves), default=1)
    if lines >= MOST:
        raise ValueError(f"expected at most {MOST:,} knots in a curve, found {lines + 1:,}")
    knots = Knots(
        np.full((len(curves), lines + 1), np.inf, dtype),
        np.zeros((len(curves), lines), dtype),
        np.zeros((len(curves), lines), dtype),
        np.zeros((len(curves), CELLS), np.uint16),
        np.zeros(len(curves), dtype),
    )
    for curve, (x, y) in enumerate(curves):
        last = len(x) - 1
        width = (x[last] - x[0]) / CELLS
        begins = x[0] + (np.arange(CELLS) - MARGIN) * width
        knots.x[curve, :last] = x[:last]
        knots.y[curve, :last] = y[:last]
        knots.slope[curve, :last] = np.diff(y) / np.diff(x)
        knots.first[curve] = np.clip(np.searchsorted(x, begins, side="right") - 1, 0, last - 1)
        knots.cells[curve] = 1 / width
    return knots


@compiled
def on_curve(knots: Knots, curve: int, at: float) -> float:
    """Return the height of a curve at a place that is not before its first knot."""
    cell = min(int((at - knots.x[curve, 0]) * knots.cells[curve]), CELLS - 1)
    line = int(knots.first[curve, cell])
    while knots.x[curve, line + 1] <= at:
        line += 1
    height: float = knots.y[curve, line] + (at - knots.x[curve, line]) * knots.slope[curve, line]
    return height
