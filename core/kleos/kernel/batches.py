"""A batch of people, side by side in the scratch: the steps of `kleos.kernel.scores`, each for 32 people at once.

The scratch: `amounts` (float32) holds what every metric adds up to, over its scale: metric m of network n of person b stands at
(m · N + n) · BATCH + b, and behind the last are places for what is nothing or wrong. `odds` (float32[N, BATCH]) holds strengths, then odds.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.approximate import exp, log, log2_1p
from kleos.kernel.compiled import compiled
from kleos.kernel.knots import Knots, on_curve
from kleos.kernel.odds import HIGHEST, LOG_ODDS_LIMIT, Curve
from kleos.kernel.weighing import BATCH

__all__ = ["SparseFactors", "add_factors", "add_several", "rank", "read_scores", "share_out", "weigh"]

# A plain Python number would make float64 of all that it meets.
ZERO = np.float32(0.0)
ONE = np.float32(1.0)
LIMIT = np.float32(LOG_ODDS_LIMIT)
NOBODY = np.float32(-1e30)
"""Log-odds where nobody reacted: less than any, and still a number that can be reckoned with."""
FAINT = np.float32(1e-30)
"""A strength up to this is none: its odds would leave the range of float32. The shipped model would give less than 1e-5 points for it."""


class SparseFactors(NamedTuple):
    """The factors of P people that are not 0, in rows compressed like a sparse matrix's. Lengths: P people, Z numbers."""

    start: NDArray[np.int64]
    """int64[P + 1]: person p has ``start[p]:start[p + 1]``."""
    factor: NDArray[np.int32]
    """int32[Z]: columns over all networks, as `Weighing.offset` and `Weighing.computed` number them, in any order."""
    value: NDArray[np.float32] | NDArray[np.float64]
    """float32[Z] or float64[Z], finite and ≥ 0, which is not looked at; a column that occurs twice counts twice."""


@compiled
def add_factors(
    begin: int, end: int, factors: SparseFactors, slot: NDArray[Any], weight: NDArray[np.float32], amounts: NDArray[np.float32]
) -> int:
    """Add the factors of the people begin..end to their metrics; return the first person whose cannot be read, −1 where all can.

    The inner loop has no branch, and unsigned numbers, of which nobody asks whether they count from the end: that halves its time.
    """
    start, factor, value = factors.start, factors.factor, factors.value
    nowhere = np.uint64(len(slot) - 1)
    for person in range(begin, end):
        if not 0 <= start[person] <= start[person + 1] <= len(factor):
            return person
        b = np.uint64(person - begin)
        for place in range(np.uint64(start[person]), np.uint64(start[person + 1])):
            column = min(np.uint64(np.uint32(factor[place])), nowhere)
            amounts[np.uint64(slot[column]) + b] += weight[column] * np.float32(value[place])
        if np.isnan(amounts[np.uint64(slot[nowhere]) + b]):
            return person
    return -1


@compiled
def add_several(
    begin: int,
    end: int,
    factors: SparseFactors,
    several: NDArray[np.bool_],
    start: NDArray[np.int64],
    slot: NDArray[np.int64],
    weight: NDArray[np.float32],
    amounts: NDArray[np.float32],
) -> None:
    """Add those factors of the people begin..end that have several terms."""
    for person in range(begin, end):
        for place in range(factors.start[person], factors.start[person + 1]):
            column = factors.factor[place]
            if several[column]:
                for term in range(start[column], start[column + 1]):
                    amounts[slot[term] + person - begin] += weight[term] * np.float32(factors.value[place])


@compiled
def weigh(amounts: NDArray[np.float32], gain: NDArray[np.float32], strength: NDArray[np.float32]) -> None:
    """Fill `strength` (float32[N, BATCH]): Σ v · log1p(m / s)."""
    metrics, networks = gain.shape
    strength[:] = ZERO
    for m in range(metrics):
        for n in range(networks):
            amount = amounts[(m * networks + n) * BATCH :]
            for b in range(BATCH):
                strength[n, b] += gain[m, n] * log2_1p(amount[b])


@compiled
def rank(
    curves: Knots, table: NDArray[np.int64], log_rho: NDArray[np.float32], odds: NDArray[np.float32], log_odds: NDArray[np.float32]
) -> None:
    """Turn strengths (float32[N, BATCH]) into odds relative to those of the person's largest network, and add them up to log-odds.

    Below a table's first knot the odds are a part of that knot's: they lie on a line through the origin, which needs no logarithm.
    """
    networks = len(log_rho)
    part = np.empty((networks, BATCH), dtype=np.float32)
    total = np.zeros(BATCH, dtype=np.float32)
    log_odds[:] = NOBODY
    for n in range(networks):
        curve = table[n]
        first = curves.x[curve, 0]
        for b in range(BATCH):
            strength = odds[n, b]
            found = min(np.float32(on_curve(curves, curve, max(strength, first))), LIMIT) + log_rho[n]
            part[n, b] = min(strength / first, ONE)
            odds[n, b] = found if strength > FAINT else NOBODY
            log_odds[b] = max(log_odds[b], odds[n, b])
    for n in range(networks):
        for b in range(BATCH):
            odds[n, b] = exp(odds[n, b] - log_odds[b]) * part[n, b]
            total[b] += odds[n, b]
    for b in range(BATCH):
        if log_odds[b] > NOBODY:
            log_odds[b] = min(log_odds[b] + log(total[b]), LIMIT)


@compiled
def read_scores(
    begin: int,
    end: int,
    log_odds: NDArray[np.float32],
    knots: Knots,
    curve: Curve,
    scores: NDArray[np.float64],
    logs: NDArray[np.float64],
) -> None:
    """Read the scores of the people begin..end off the curve, as `kleos.kernel.odds.score` does."""
    x, y = curve.log_odds, curve.score
    for person in range(begin, end):
        value = np.float64(log_odds[person - begin])
        if value < x[0]:
            found = 1.0 + (y[0] - 1.0) * np.exp((value - x[0]) / curve.a)
        elif value >= x[-1]:
            found = min(100.0 - (100.0 - y[-1]) * np.exp((x[-1] - value) / curve.b), HIGHEST)
        else:
            found = on_curve(knots, 0, value)
        scores[person] = found
        logs[person] = value if value > NOBODY else -np.inf


@compiled
def share_out(
    begin: int,
    end: int,
    amounts: NDArray[np.float32],
    odds: NDArray[np.float32],
    scale: NDArray[np.float64],
    value: NDArray[np.float64],
    scores: NDArray[np.float64],
    metric: NDArray[np.float64],
    points: NDArray[np.float64],
) -> None:
    """Share points among networks by their odds, and among a network's metrics by v · log1p(m / s).

    In float64, said outright: without the compiler a plain Python sum of float32 numbers would be a float32.
    """
    networks, metrics = value.shape
    for person in range(begin, end):
        b = person - begin
        total = 0.0
        for n in range(networks):
            total += np.float64(odds[n, b])
        for n in range(networks):
            strength = 0.0
            for m in range(metrics):
                amount = np.float64(amounts[(m * networks + n) * BATCH + b])
                metric[person, n, m] = amount * scale[n, m]
                points[person, n, m] = value[n, m] * np.log1p(amount)
                strength += points[person, n, m]
            share = (scores[person] - 1.0) * np.float64(odds[n, b]) / total / strength if strength > 0.0 and total > 0.0 else 0.0
            for m in range(metrics):
                points[person, n, m] *= share
