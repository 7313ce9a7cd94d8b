"""The attention graph: who reacts to whom, and how much of everybody's attention a person has.

A pull, x[p] = Σ over reactions a → p of u[a] · c, jumps to a random u[a] and to a random x[p] for every edge, and waits for memory both
times. So edges are kept in tiles, one for each block of sources and block of targets, and a pull takes two steps: along the rows of tiles
every edge writes u[a] · c at its own place, while the row's part of u stays in the cache; then along the columns every edge adds that to
x[p], while the column's part of x stays. Memory is read and written in sequence only (propagation blocking: Beamer, Asanović & Patterson,
IPDPS 2017): 3.2 ns an edge and thread where compressed rows over float32 took 9, on ten million edges among a million people.

The sums are integers, whose order does not matter: tiles need no sorting, shuffled edges and any number of threads give the same bits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.tiles import LEAST, MOST, SOURCE_BITS, TARGET_BITS, add_up_given, collect_edges, count_edges, move_edges, spread_edges

__all__ = ["Deal", "Graph", "Tray", "build", "crew", "gather", "new_tray", "pull", "scale_of"]

SMALL = 1 << 16
"""Edges that are not worth a thread of their own."""

Deal = Callable[[Callable[[int], None], Iterable[int]], None]
"""Calls a function once for each number, on one thread or on several."""


class Graph(NamedTuple):
    """E edges between N people in R rows (sources) × C columns (targets) of tiles; 4 bytes an edge, 8 with weights.

    The edges of tile (row r, column c) are ``first[k]:first[k + 1]`` with k = c · R + r, in no particular order.
    """

    nodes: int
    """N."""
    edge: NDArray[np.uint32]
    """uint32[E]: the target's number within its column (upper 16 bits) and the source's within its row (lower 16)."""
    weight: NDArray[np.float32]
    """float32[E]; float32[0]: all weigh 1."""
    first: NDArray[np.int64]
    """int64[R · C + 1]."""
    turn: NDArray[np.int64]
    """int64[R · C + 1]: where tile k = r · C + c would begin if rows followed one another, as the first step takes them."""
    given: NDArray[np.float64]
    """float64[N]: the weights of what a person gives, added up; 0: dangling, they react to nobody."""


class Tray(NamedTuple):
    """What a pull works with; allocated once and reused."""

    values: NDArray[np.float32]
    """float32[E]: u · c, edge by edge."""
    x: NDArray[np.int64]
    """int64[N], fixed point: zero before a pull, the sums after it."""
    spill: NDArray[np.int64]
    """int64[parts, targets of a column]: sums of a part that begins in the middle of a column, which belongs to the part before."""


def build(
    source: NDArray[np.uint32],
    target: NDArray[np.uint32],
    weight: NDArray[np.float32] | NDArray[np.float64] | NDArray[np.int64],
    nodes: int,
    *,
    threads: int = 1,
) -> Graph:
    """Sort edges into tiles: one histogram and one move of every edge, in which each thread takes a share of the edges.

    `source` and `target` are uint32[E] below `nodes`; `weight` has E numbers that are 0 or between 1e-18 and 1e18, kept as float32, or is
    empty where every edge weighs 1. Edges to oneself are dropped, the same edge several times is added up. The table of tiles has
    nodes² / 2^31 cells, half a million for 33 million people, and while building a copy for each of up to four parts a thread. Raises
    ValueError for other types and lengths, and for the first edge that has a number or a weight out of range.
    """
    if source.dtype != np.uint32 or target.dtype != np.uint32:
        raise ValueError(f"expected the ends of edges as uint32, found {source.dtype} and {target.dtype}")
    if len(source) != len(target) or len(weight) not in {0, len(source)}:
        raise ValueError(f"expected as many targets and weights as sources ({len(source)}), found {len(target)} and {len(weight)}")
    rows, columns = -(-nodes >> SOURCE_BITS), -(-nodes >> TARGET_BITS)
    cuts = _cuts(len(source), threads)
    places = np.zeros((len(cuts) - 1, rows * columns), dtype=np.int64)
    wrong = np.full(len(cuts) - 1, -1, dtype=np.int64)

    def count(part: int) -> None:
        wrong[part] = count_edges(cuts[part], cuts[part + 1], source, target, weight, nodes, rows, places[part])

    def move(part: int) -> None:
        move_edges(cuts[part], cuts[part + 1], source, target, weight, rows, places[part], edge, kept)

    def add_up(row: int) -> None:
        add_up_given(row, rows, columns, first, edge, kept, given)

    with crew(threads) as deal:
        deal(count, range(len(places)))
        for at in wrong[wrong >= 0].tolist():
            weighs = weight[at] if len(weight) else 1
            raise ValueError(
                f"expected people below {nodes} and weights of 0 or from {LEAST} to {MOST}, "
                f"found {source[at]} → {target[at]} with weight {weighs} at edge {at}"
            )
        first, turn = np.zeros(rows * columns + 1, dtype=np.int64), np.zeros(rows * columns + 1, dtype=np.int64)
        sizes = places.sum(axis=0)
        np.cumsum(sizes, out=first[1:])
        np.cumsum(sizes.reshape(columns, rows).T, out=turn[1:])
        places[:] = first[:-1] + np.cumsum(places, axis=0) - places
        edge = np.empty(first[-1], dtype=np.uint32)
        kept = np.empty(first[-1] if len(weight) else 0, dtype=np.float32)
        given = np.zeros(nodes)
        deal(move, range(len(places)))
        deal(add_up, range(rows))
    return Graph(nodes, edge, kept, first, turn, given)


def pull(graph: Graph, u: NDArray[np.float64], *, threads: int = 1) -> NDArray[np.float64]:
    """Return float64[N]: x[p] = Σ over edges a → p of u[a] · c, where u (float64[N], ≥ 0) is what a's reactions are worth apiece.

    With u = w / given everybody's influence w is shared among all they react to, each in proportion to how much (Burt's proportional tie
    strength, Structural Holes, 1992). Summands are rounded to 24 bits and their sums kept in steps of Σ x / 2^60; the same bits for any
    order of the edges and any number of threads. Raises ValueError for another length, and for values below 0 or above 1e18.
    """
    if u.shape != (graph.nodes,) or not np.all((u >= 0.0) & (u <= MOST)):
        raise ValueError(f"expected {graph.nodes} numbers from 0 to {MOST}, found an array of shape {u.shape} or other values in it")
    gives = graph.given > 0.0
    apiece = np.where(gives, u, 0.0)
    scale = scale_of(float(np.sum(apiece * graph.given)))
    tray = new_tray(graph, threads)
    with crew(threads) as deal:
        gather(graph, (apiece * scale).astype(np.float32), tray, deal)
    return tray.x / scale


def scale_of(total: float) -> float:
    """Return the power of two, at most 2^1000, that makes integers of values which add up to `total`: below 2^62, with a bit to spare."""
    return math.ldexp(1.0, min(61 - math.frexp(total)[1], 1_000)) if total > 0.0 else 1.0


def new_tray(graph: Graph, threads: int) -> Tray:
    """Allocate what the pulls of a graph by so many threads work with."""
    parts = len(_cuts(len(graph.edge), threads)) - 1
    return Tray(
        np.empty(len(graph.edge), dtype=np.float32),
        np.zeros(graph.nodes, dtype=np.int64),
        np.zeros((parts, 1 << TARGET_BITS), dtype=np.int64),
    )


def gather(graph: Graph, u: NDArray[np.float32], tray: Tray, deal: Deal) -> None:
    """Add everything up in ``tray.x``; `u` is float32[N], scaled so that all sums together stay below 2^62."""
    parts = len(tray.spill)
    cuts = [len(graph.edge) * part // parts for part in range(parts + 1)]
    columns = -(-graph.nodes >> TARGET_BITS)
    spilt = [-1] * parts

    def spread(part: int) -> None:
        spread_edges(cuts[part], cuts[part + 1], columns, graph.first, graph.turn, graph.edge, graph.weight, u, tray.values)

    def collect(part: int) -> None:
        spilt[part] = collect_edges(cuts[part], cuts[part + 1], columns, graph.first, graph.edge, tray.values, tray.x, tray.spill[part])

    if len(graph.edge):
        deal(spread, range(parts))
        deal(collect, range(parts))
    for part, column in enumerate(spilt):
        if column >= 0:
            block = tray.x[column << TARGET_BITS : (column + 1) << TARGET_BITS]
            block += tray.spill[part, : len(block)]
            tray.spill[part] = 0


@contextmanager
def crew(threads: int) -> Iterator[Deal]:
    """Open a pool of threads that deals numbers out; for one thread none is started."""

    def alone(work: Callable[[int], None], numbers: Iterable[int]) -> None:
        for number in numbers:
            work(number)

    if threads == 1:
        yield alone
        return
    with ThreadPoolExecutor(threads) as pool:

        def together(work: Callable[[int], None], numbers: Iterable[int]) -> None:
            for _ in pool.map(work, numbers):
                pass  # what a thread raised is raised here

        yield together


def _cuts(edges: int, threads: int) -> list[int]:
    """Cut edges into equal parts: several for each thread, so that a thread which is held up leaves its share to others."""
    parts = 1 if threads == 1 else max(1, min(4 * threads, edges // SMALL))
    return [edges * part // parts for part in range(parts + 1)]
