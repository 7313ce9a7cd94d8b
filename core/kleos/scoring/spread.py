"""How sure a population's scores are: the delta method, from sums that the fold has at hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kleos.contract import AGGREGATIONS
from kleos.kernel.odds import combine, log_odds, score
from kleos.scoring.interval import FEWEST_ACTORS
from kleos.scoring.resolved import NetworkForm, Resolved
from kleos.scoring.strength import NetworkStrength, Scores

__all__ = ["bounds_of", "deviation", "spreads"]

ACTORS = AGGREGATIONS.index("actors")

Z = 1.6448536269514722
"""The 95th percentile of the normal distribution: 5 % lie beyond it on either side."""


def spreads(scores: Scores, resolved: Resolved) -> NDArray[np.float64]:
    """Return float64[P, 2], the 90 % interval of each score by the delta method; NaN with fewer than 5 distinct actors."""
    networks = scores.networks
    shape = (len(networks), len(scores.score))
    return bounds_of(
        np.array([network.strength for network in networks]).reshape(shape),
        np.array([deviation(network) for network in networks]).reshape(shape),
        [network.form for network in networks],
        scores.actors,
        resolved,
    )


def bounds_of(
    strength: NDArray[np.float64],
    deviations: NDArray[np.float64],
    forms: Sequence[NetworkForm],
    actors: NDArray[np.int64],
    resolved: Resolved,
) -> NDArray[np.float64]:
    """Return float64[P, 2] from strengths and their standard deviations (float64[N, P] each) and the numbers of actors (int64[P])."""
    bounds = np.empty((strength.shape[1], 2))
    log_rho = np.array([form.log_rho for form in forms], dtype=np.float64)
    for side, sign in enumerate((-1.0, 1.0)):
        moved = np.where(strength > 0, np.maximum(strength + sign * Z * deviations, 0.0), 0.0)
        logs = np.empty_like(moved)
        for n, form in enumerate(forms):
            logs[n] = log_odds(moved[n], form.table)
        bounds[:, side] = score(combine(logs, log_rho), resolved.curve)
    bounds[actors < FEWEST_ACTORS] = np.nan
    return bounds


def deviation(network: NetworkStrength) -> NDArray[np.float64]:
    """Return float64[P]: the standard deviation of the strength.

    Under a bootstrap over actors, Poisson(1) each, Σ w has the variance Σ w². All metrics of a network are taken to rise and fall with it:
    Var(S) ≈ (Σ_k v_k · m_k / (s_k + m_k))² · Σ w² / (Σ w)².
    """
    form = network.form.form
    total = network.folded.values[:, -1, ACTORS]
    slope = (form.value * network.metrics / (form.scale + network.metrics)).sum(axis=1)
    relative = np.sqrt(network.folded.squares) / np.maximum(total, np.finfo(np.float64).tiny)
    return np.where(network.strength > 0, slope * relative, 0.0)
