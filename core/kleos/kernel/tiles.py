"""Tiles of edges: the compiled passes over an attention graph. What they are for is told in attention.py.

A row of tiles has the edges of one block of sources, a column those of one block of targets. With R rows and C columns, the tile of row r
and column c has the edges ``first[k]:first[k + 1]``, k = c · R + r, in no particular order.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.compiled import compiled

__all__ = ["LEAST", "MOST", "SOURCE_BITS", "TARGET_BITS", "add_up_given", "collect_edges", "count_edges", "move_edges", "spread_edges"]

SOURCE_BITS, TARGET_BITS = 16, 15
"""A block of u (float32) and one of x (int64) are 256 KB each: they fit the L2 cache of most processors and leave room for what streams."""
SOURCE_MASK, TARGET_MASK = np.uint32((1 << SOURCE_BITS) - 1), np.uint32((1 << TARGET_BITS) - 1)
SHIFT = np.uint32(SOURCE_BITS)
LEAST, MOST = 1e-18, 1e18
"""Between these a weight, and what is made of it, stays far from the ends of float32."""


@compiled
def count_edges(
    begin: int,
    end: int,
    source: NDArray[np.uint32],
    target: NDArray[np.uint32],
    weight: NDArray[np.floating] | NDArray[np.int64],
    nodes: int,
    rows: int,
    sizes: NDArray[np.int64],
) -> int:
    """Count the edges of each tile; return the first edge that is out of range, or −1."""
    weighted = len(weight) > 0
    for e in range(begin, end):
        a, p = int(source[e]), int(target[e])
        if a >= nodes or p >= nodes or (weighted and weight[e] != 0 and not LEAST <= weight[e] <= MOST):
            return e
        if a != p:
            sizes[(p >> TARGET_BITS) * rows + (a >> SOURCE_BITS)] += 1
    return -1


@compiled
def move_edges(
    begin: int,
    end: int,
    source: NDArray[np.uint32],
    target: NDArray[np.uint32],
    weight: NDArray[np.floating] | NDArray[np.int64],
    rows: int,
    places: NDArray[np.int64],
    edge: NDArray[np.uint32],
    kept: NDArray[np.float32],
) -> None:
    """Move each edge to the next free place of its tile."""
    weighted = len(weight) > 0
    for e in range(begin, end):
        a, p = source[e], target[e]
        if a != p:
            tile = np.int64(p >> np.uint32(TARGET_BITS)) * rows + np.int64(a >> SHIFT)
            to = places[tile]
            places[tile] = to + 1
            edge[to] = (p & TARGET_MASK) << SHIFT | (a & SOURCE_MASK)
            if weighted:
                kept[to] = np.float32(weight[e])


@compiled
def add_up_given(
    row: int,
    rows: int,
    columns: int,
    first: NDArray[np.int64],
    edge: NDArray[np.uint32],
    weight: NDArray[np.float32],
    given: NDArray[np.float64],
) -> None:
    """Add up what each source of a row gives: as integers of 2^62 / E parts of their heaviest edge, so that the order does not matter."""
    size = 1 << SOURCE_BITS
    totals = np.zeros(size, dtype=np.int64)
    units = np.zeros(size)  # first the heaviest edge, then the scale of the integers
    bits = 62 - math.frexp(float(len(edge)))[1]
    weighted = len(weight) > 0
    for column in range(columns if weighted else 0):
        for i in range(first[column * rows + row], first[column * rows + row + 1]):
            a = int(edge[i] & SOURCE_MASK)
            units[a] = max(units[a], weight[i])
    for a in range(size):
        units[a] = math.ldexp(1.0, bits - math.frexp(units[a])[1]) if units[a] > 0.0 else 1.0
    for column in range(columns):
        for i in range(first[column * rows + row], first[column * rows + row + 1]):
            a = int(edge[i] & SOURCE_MASK)
            totals[a] += np.int64(weight[i] * units[a]) if weighted else 1
    for a in range(min(size, len(given) - row * size)):
        given[row * size + a] = totals[a] / units[a]


@compiled
def spread_edges(
    begin: int,
    end: int,
    columns: int,
    first: NDArray[np.int64],
    turn: NDArray[np.int64],
    edge: NDArray[np.uint32],
    weight: NDArray[np.float32],
    u: NDArray[np.float32],
    values: NDArray[np.float32],
) -> None:
    """Write u · c for the edges begin..end, counted along the rows of tiles."""
    rows = (len(first) - 1) // columns
    weighted = len(weight) > 0
    tile = int(np.searchsorted(turn, begin, side="right")) - 1
    while begin < end:
        row, column = tile // columns, tile % columns
        block = u[row << SOURCE_BITS : (row + 1) << SOURCE_BITS]
        i = first[column * rows + row] + begin - turn[tile]
        begin = min(end, int(turn[tile + 1]))
        last = first[column * rows + row] + begin - turn[tile]
        if weighted:
            for e in range(i, last):
                values[e] = block[np.int64(edge[e] & SOURCE_MASK)] * weight[e]
        else:
            for e in range(i, last):
                values[e] = block[np.int64(edge[e] & SOURCE_MASK)]
        tile += 1


@compiled
def collect_edges(
    begin: int,
    end: int,
    columns: int,
    first: NDArray[np.int64],
    edge: NDArray[np.uint32],
    values: NDArray[np.float32],
    x: NDArray[np.int64],
    spill: NDArray[np.int64],
) -> int:
    """Add the edges begin..end, counted along the columns of tiles, to their targets.

    A column that began before `begin` is added to `spill` instead, because another thread may be adding to it; return it, or −1.
    """
    rows = (len(first) - 1) // columns
    column = (int(np.searchsorted(first, begin, side="right")) - 1) // rows
    spilt = column if first[column * rows] < begin else -1
    while begin < end:
        last = min(end, int(first[(column + 1) * rows]))
        block = spill if column == spilt else x[column << TARGET_BITS : (column + 1) << TARGET_BITS]
        for e in range(begin, last):
            block[np.int64(edge[e] >> SHIFT)] += np.int64(values[e])
        begin = last
        column += 1
    return spilt
