"""How sure a population's scores are: the delta method, from sums that the fold has at hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.odds import combine, log_odds, score
from kleos.scoring.dispersion import crowding, sampling_deviation
from kleos.scoring.interval import FEWEST_ACTORS, Z
from kleos.scoring.resolved import NetworkForm, Resolved
from kleos.scoring.strength import NetworkStrength, Scores

__all__ = ["bounds_of", "deviation", "spreads"]


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
    """Return float64[P, 2] from strengths and their standard deviations (float64[N, P] each) and the numbers of actors (int64[P]).

    Networks err independently of each other: what each would move the score by adds up in squares.
    """
    log_rho = np.array([form.log_rho for form in forms], dtype=np.float64)
    logs = np.array([log_odds(found, form.table) for found, form in zip(strength, forms, strict=True)]).reshape(strength.shape)
    middle = score(combine(logs, log_rho), resolved.curve)
    bounds = np.empty((strength.shape[1], 2))
    for side, sign in enumerate((-1.0, 1.0)):
        squares = np.zeros(len(middle))
        for n, form in enumerate(forms):
            moved = np.where(strength[n] > 0, np.maximum(strength[n] + sign * Z * deviations[n], 0.0), 0.0)
            others = logs.copy()
            others[n] = log_odds(moved, form.table)
            squares += (score(combine(others, log_rho), resolved.curve) - middle) ** 2
        bounds[:, side] = middle + sign * np.sqrt(squares)
    np.clip(bounds, 1.0, np.nextafter(100.0, 0.0), out=bounds)
    bounds[actors < FEWEST_ACTORS] = np.nan
    return bounds


def deviation(network: NetworkStrength) -> NDArray[np.float64]:
    """Return float64[P]: the standard deviation of the strength, people coming in such crowds as its days tell of."""
    return sampling_deviation(network) * np.sqrt(crowding(network.folded))
