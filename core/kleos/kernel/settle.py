"""The fixpoint of attention: those count who have the attention of those who count (PageRank: Brin & Page 1998)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.attention import Graph, crew, gather, new_tray, scale_of
from kleos.kernel.compiled import compiled
from kleos.kernel.tiles import MOST

__all__ = ["Leaders", "Settled", "settle"]

BLOCK = 1 << 15
"""People that are added up by themselves before the blocks are, in order: so threads change nothing about a sum of floats."""

Table = Callable[[NDArray[np.float64]], NDArray[np.float64]]


class Leaders(NamedTuple):
    """When the order of the leaders stands still."""

    top: int = 100
    """So many of the largest weights are looked at; those of the same weight go by their number."""
    still: int = 3
    """Rounds in a row in which nobody among them changed places."""


class Settled(NamedTuple):
    """What the last round left."""

    weight: NDArray[np.float64]
    """float64[N]: everybody's influence; without a table its mean is 1, so that PageRank is weight / N."""
    rounds: int
    """Rounds that were made."""
    change: float
    """Σ |change| / Σ weight of the last round (L1). Without a table the fixpoint is at most change · d / (1 − d) away."""
    still: bool
    """Whether a condition was met; False: the rounds were used up."""


def settle(
    graph: Graph,
    damping: float = 0.85,
    *,
    rounds: int = 1_000,
    tolerance: float = 0.0,
    leaders: Leaders | None = None,
    start: NDArray[np.float64] | None = None,
    table: Table | None = None,
    threads: int = 1,
) -> Settled:
    """Let influence w and attention x = Σ w[a] / given[a] · c make each other, round by round.

    A round is w[p] ← (1 − d) + d · (x[p] + D / N), then through `table` if there is one: a monotone map of float64[N] to float64[N], ≥ 0,
    which must treat everybody alike. D is the influence of all who are dangling, that is who react to nobody: what they do not give is
    shared among all, so none is lost. Everybody begins with 1, or with `start` (float64[N], ≥ 0, not all 0; without a table it is
    stretched to a mean of 1).

    The rounds end after `rounds` of them, which with the defaults of the other conditions is what a recorded score needs: the same edges
    give the same bits, in any order and with any number of threads. For exploring they end earlier, when the change is at most
    `tolerance`, or when the `leaders` stand still. Shares are rounded to 24 bits, which leaves the fixpoint true to about 1e-8 (L1,
    relative; measured on heavy tails). Raises ValueError for a damping outside 0..1, for fewer than no rounds, and for a start or a table
    of another length or with values below 0 or above 1e18.
    """
    if not 0.0 <= damping <= 1.0 or rounds < 0:
        raise ValueError(f"expected a damping from 0 to 1 and at least 0 rounds, found {damping} and {rounds}")
    nodes = graph.nodes
    weight = np.ones(nodes) if start is None else _checked(start, nodes, "start").astype(np.float64)  # a copy: it is written over
    if start is not None and table is None and nodes:
        if not weight.any():
            raise ValueError("expected a start with a number above 0, found only zeros")
        weight = weight * (nodes / weight.sum())
    if nodes == 0:
        return Settled(weight, 0, 0.0, still=True)
    blocks = range(-(-nodes // BLOCK))
    sums = np.empty((len(blocks), 3))
    u = np.empty(nodes, dtype=np.float32)
    following = np.empty(nodes)
    tray = new_tray(graph, threads)
    order, unchanged, change = None, 0, np.inf

    # These see what the names below stand for at the time: weight and following change places in every round.
    def attend(block: int) -> None:
        _attend(block, tray.x, damping / scale, 1.0 - damping + damping * dangling / nodes, following)

    def tell(block: int) -> None:
        _tell(block, following, weight, graph.given, sums[block])

    def share(block: int) -> None:
        _share(block, weight, graph.given, scale, u)

    with crew(threads) as deal:
        following[:] = weight
        deal(tell, blocks)
        for made in range(1, rounds + 1):
            total, dangling, _ = sums.sum(axis=0).tolist()
            scale = scale_of(total)
            deal(share, blocks)
            gather(graph, u, tray, deal)
            deal(attend, blocks)
            if table is not None:
                following[:] = _checked(table(following), nodes, "table")
            deal(tell, blocks)
            total, _, moved = sums.sum(axis=0).tolist()
            change = moved / total if total > 0.0 else 0.0
            weight, following = following, weight
            if leaders is not None:
                before, order = order, _order(weight, leaders.top)
                unchanged = unchanged + 1 if before is not None and np.array_equal(before, order) else 0
            if change <= tolerance > 0.0 or (leaders is not None and unchanged >= leaders.still):
                return Settled(weight, made, change, still=True)
    return Settled(weight, rounds, change, still=False)


def _checked(values: NDArray[np.float64], nodes: int, name: str) -> NDArray[np.float64]:
    if values.shape != (nodes,) or not np.all((values >= 0.0) & (values <= MOST)):
        raise ValueError(
            f"expected from the {name} {nodes} numbers from 0 to {MOST}, found an array of shape {values.shape} or other values in it"
        )
    return values


def _order(weight: NDArray[np.float64], top: int) -> NDArray[np.int64]:
    """Return the `top` people of most weight, the largest first, those of the same weight by number."""
    top = min(top, len(weight))
    least = np.partition(weight, len(weight) - top)[len(weight) - top] if top else np.inf
    candidates = np.flatnonzero(weight >= least)
    return candidates[np.argsort(-weight[candidates], kind="stable")][:top]


@compiled
def _share(block: int, weight: NDArray[np.float64], given: NDArray[np.float64], scale: float, u: NDArray[np.float32]) -> None:
    """Share a block's influence out among all that its people give."""
    for a in range(block * BLOCK, min((block + 1) * BLOCK, len(u))):
        u[a] = np.float32(weight[a] * scale / given[a]) if given[a] > 0.0 else np.float32(0.0)


@compiled
def _attend(block: int, x: NDArray[np.int64], part: float, base: float, following: NDArray[np.float64]) -> None:
    """Take a block's attention over, and leave zeros for the next pull."""
    for p in range(block * BLOCK, min((block + 1) * BLOCK, len(x))):
        following[p] = base + x[p] * part
        x[p] = 0


@compiled
def _tell(
    block: int, following: NDArray[np.float64], weight: NDArray[np.float64], given: NDArray[np.float64], sums: NDArray[np.float64]
) -> None:
    """Add up a block's influence, that of its dangling people, and how much has changed."""
    total, dangling, moved = 0.0, 0.0, 0.0
    for p in range(block * BLOCK, min((block + 1) * BLOCK, len(weight))):
        total += following[p]
        moved += abs(following[p] - weight[p])
        if given[p] == 0.0:
            dangling += following[p]
    sums[0], sums[1], sums[2] = total, dangling, moved
