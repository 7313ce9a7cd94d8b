"""Strength → odds → score, in logarithms, so that the far tail keeps its digits."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.compiled import compiled

__all__ = ["LOG_ODDS_LIMIT", "Curve", "Table", "combine", "log_odds", "score"]

LOG_ODDS_LIMIT = 40.0
"""Log-odds are cut here: 1 in 2 · 10^17, beyond any population."""
HIGHEST = float(np.nextafter(100.0, 0.0))
"""The largest score: 100 itself is never reached, whatever the shape of a model's tail."""


class Table(NamedTuple):
    """A network's odds table: knots of strength against log-odds, both increasing, strength > 0, at least two."""

    strength: NDArray[np.float64]
    log_odds: NDArray[np.float64]


class Curve(NamedTuple):
    """The score curve: knots of log-odds against score, both increasing, and the Beta distribution's shape for the tails."""

    log_odds: NDArray[np.float64]
    score: NDArray[np.float64]
    a: float
    b: float


@compiled
def log_odds(strength: NDArray[np.float64], table: Table) -> NDArray[np.float64]:
    """Return float64[P], log-odds of outranking a random member of the reference population; −inf at strength 0.

    Linear between knots; below the first the odds go to 0 on a line through the origin; above the last they go on with the slope
    between the last two, as a power-law tail does. At most 40.
    """
    x = table.strength
    y = table.log_odds
    last = len(x) - 1
    slope = (y[last] - y[last - 1]) / (x[last] - x[last - 1])
    result = np.empty(len(strength))
    for person in range(len(strength)):
        s = strength[person]
        if s <= 0.0:
            result[person] = -np.inf
        elif s < x[0]:
            result[person] = min(y[0] + np.log(s / x[0]), LOG_ODDS_LIMIT)
        elif s >= x[last]:
            result[person] = min(y[last] + (s - x[last]) * slope, LOG_ODDS_LIMIT)
        else:
            k = np.searchsorted(x, s, side="right") - 1
            result[person] = min(y[k] + (s - x[k]) / (x[k + 1] - x[k]) * (y[k + 1] - y[k]), LOG_ODDS_LIMIT)
    return result


@compiled
def combine(logs: NDArray[np.float64], log_rho: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return float64[P], log Σ_n ρ_n · o_n from float64[N, P] and float64[N]; −inf where every network's is. At most 40."""
    networks, people = logs.shape
    result = np.full(people, -np.inf)
    for person in range(people):
        largest = -np.inf
        for n in range(networks):
            largest = max(largest, logs[n, person] + log_rho[n])
        if largest > -np.inf:
            total = 0.0
            for n in range(networks):
                total += np.exp(logs[n, person] + log_rho[n] - largest)
            result[person] = min(largest + np.log(total), LOG_ODDS_LIMIT)
    return result


@compiled
def score(logs: NDArray[np.float64], curve: Curve) -> NDArray[np.float64]:
    """Return float64[P], scores in [1, 100): 1 + 99 · BetaQuantile(F; a, b) for F = o / (1 + o), from the curve's knots.

    Linear between knots. In the tails the quantile is a power of the odds: F^(1/a) below, 1 − (1 − F)^(1/b) above, which carries the
    curve on from its outer knots without a jump; at odds 0 the score is exactly 1.
    """
    x = curve.log_odds
    y = curve.score
    last = len(x) - 1
    result = np.empty(len(logs))
    for person in range(len(logs)):
        value = logs[person]
        if value < x[0]:
            result[person] = 1.0 + (y[0] - 1.0) * np.exp((value - x[0]) / curve.a)
        elif value >= x[last]:
            result[person] = min(100.0 - (100.0 - y[last]) * np.exp((x[last] - value) / curve.b), HIGHEST)
        else:
            k = np.searchsorted(x, value, side="right") - 1
            result[person] = y[k] + (value - x[k]) / (x[k + 1] - x[k]) * (y[k + 1] - y[k])
    return result
