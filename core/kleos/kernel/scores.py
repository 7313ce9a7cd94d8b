"""Sparse factors of many people over all networks → scores, in one pass: no table of people × factors, none of people × metrics.

The metrics of 32 people at a time are added up in a scratch that stays in the first cache, person beside person, so that logarithms,
curves and exponentials are worked out many at once. A factor is looked up, not multiplied with a matrix: the time depends on how many
factors a person has, and not on how many there are. float32 throughout; docs/score.md has the formula, and `kleos.kernel.aggregate` and
`kleos.kernel.odds` have it in float64, network by network.
"""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.batches import SparseFactors, add_factors, add_several, rank, read_scores, share_out, weigh
from kleos.kernel.compiled import compiled
from kleos.kernel.weighing import BATCH, SPREAD, Weighing

__all__ = ["Scored", "SparseFactors", "score_people"]

RANGES = 32
"""Ranges of people for each thread: those who have many factors often stand together, and whoever is done early takes the next."""


class Scored(NamedTuple):
    """Scores of P people, and on request the parts that they are made of, over N networks and M metrics."""

    score: NDArray[np.float64]
    """float64[P], 1 ≤ score < 100: within 1e-3 points of the float64 path where curves are no steeper than the shipped model's."""
    log_odds: NDArray[np.float64]
    """float64[P]: of all networks together, −inf for somebody without reactions."""
    metrics: NDArray[np.float64]
    """float64[P, N, M]: the metrics' values, to a millionth; float64[0, N, M] unless asked for."""
    points: NDArray[np.float64]
    """float64[P, N, M]: every metric's points, which add up to score − 1 to 1e-9; float64[0, N, M] unless asked for."""


def score_people(factors: SparseFactors, weighing: Weighing, *, threads: int = 1, parts: bool = False) -> Scored:
    """Score everybody; with `parts` also say what each score is made of.

    People are dealt to `threads` in contiguous ranges; the result has the same bits for any number of threads, and with or without parts.
    A metric that is computed is one more factor, in the column that ``weighing.computed`` tells.

    Raises ValueError where `start` does not fit the numbers, or a column is not one of the weighing's.
    """
    people = len(factors.start) - 1
    networks, metrics = weighing.value.shape
    if people < 0 or len(factors.factor) != len(factors.value):
        found = f"{len(factors.start)} starts, {len(factors.factor):,} columns and {len(factors.value):,} values"
        raise ValueError(f"expected a start for everybody and one for the end, and as many columns as values, found {found}")
    shape = (people if parts else 0, networks, metrics)
    scored = Scored(np.empty(people), np.empty(people), np.empty(shape), np.empty(shape))

    def work(edges: tuple[int, int]) -> int:
        return _score_range(*edges, factors, weighing, parts, scored)

    ranges = _ranges(people, threads)
    if len(ranges) == 1:
        wrong = [work(ranges[0])]
    else:
        with ThreadPoolExecutor(threads) as pool:
            wrong = list(pool.map(work, ranges))
    first = next((person for person in wrong if person >= 0), None)
    if first is not None:
        columns = len(weighing.slot) - 1
        expected = f"columns from 0 to {columns - 1:,}, and starts that grow, to {len(factors.factor):,} at most"
        raise ValueError(f"expected {expected}; found others at person {first:,}")
    return scored


def _ranges(people: int, threads: int) -> list[tuple[int, int]]:
    """Cut people 0..P into ranges of at least a batch, several for each thread; nobody: one empty range."""
    count = max(1, min(threads * RANGES if threads > 1 else 1, people // BATCH))
    edges = [people * number // count for number in range(count + 1)]
    return list(itertools.pairwise(edges))


@compiled
def _score_range(first: int, last: int, factors: SparseFactors, weighing: Weighing, parts: bool, scored: Scored) -> int:
    """Score the people first..last; return the first one whose factors cannot be read, −1 where all could."""
    metrics, networks = weighing.gain.shape
    nothing = metrics * networks * BATCH
    amounts = np.zeros(nothing + SPREAD + 2 * BATCH, dtype=np.float32)
    odds = np.zeros((networks, BATCH), dtype=np.float32)
    log_odds = np.zeros(BATCH, dtype=np.float32)
    scale, value = weighing.scale, weighing.value
    for begin in range(first, last, BATCH):
        end = min(begin + BATCH, last)
        amounts[:nothing] = 0.0
        wrong = add_factors(begin, end, factors, weighing.slot, weighing.weight, amounts)
        if wrong >= 0:
            return wrong
        if len(weighing.several) > 0:
            add_several(begin, end, factors, weighing.several, weighing.start, weighing.term_slot, weighing.term_weight, amounts)
        weigh(amounts, weighing.gain, odds)
        rank(weighing.odds, weighing.table, weighing.log_rho, odds, log_odds)
        read_scores(begin, end, log_odds, weighing.score, weighing.curve, scored.score, scored.log_odds)
        if parts:
            share_out(begin, end, amounts, odds, scale, value, scored.score, scored.metrics, scored.points)
    return -1
