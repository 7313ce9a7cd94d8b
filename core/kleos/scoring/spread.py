"""How sure a population's scores are: the delta method, from sums that the fold has at hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.layout import ONE, Influence
from kleos.kernel.odds import combine, log_odds, score
from kleos.scoring.interval import FEWEST_ACTORS
from kleos.scoring.reactions import Reactions
from kleos.scoring.resolved import Resolved
from kleos.scoring.strength import NetworkStrength, Scores

__all__ = ["spreads"]

Z = 1.6448536269514722
"""The 95th percentile of the normal distribution: 5 % lie beyond it on either side."""


def spreads(tables: Sequence[tuple[Reactions, Influence]], scores: Scores, resolved: Resolved) -> NDArray[np.float64]:
    """Return float64[P, 2], the 90 % interval of each score by the delta method; NaN with fewer than 5 distinct actors.

    Under a bootstrap over actors, Poisson(1) each, Σ w has the variance Σ w². All metrics of a network are taken to rise and fall with it:
    Var(S) ≈ (Σ_k v_k · m_k / (s_k + m_k))² · Σ w² / (Σ w)².
    """
    people = len(scores.score)
    bounds = np.empty((people, 2))
    for side, sign in enumerate((-1.0, 1.0)):
        logs = []
        for (reactions, influence), network in zip(tables, scores.networks, strict=True):
            moved = network.strength + sign * Z * _deviation(reactions, influence, network)
            logs.append(log_odds(np.where(network.strength > 0, np.maximum(moved, 0.0), 0.0), network.form.table))
        log_rho = np.array([network.form.log_rho for network in scores.networks], dtype=np.float64)
        bounds[:, side] = score(combine(np.array(logs).reshape(len(logs), people), log_rho), resolved.curve)
    bounds[scores.actors < FEWEST_ACTORS] = np.nan
    return bounds


def _deviation(reactions: Reactions, influence: Influence, network: NetworkStrength) -> NDArray[np.float64]:
    """Return float64[P]: the standard deviation of the strength."""
    named = reactions.named
    people = len(named.start) - 1
    person = np.repeat(np.arange(people), np.diff(named.start))
    scored = reactions.form.in_any[named.kind]
    person, actor = person[scored], named.actor[scored]
    # Rows are sorted by actor within a person: an actor's first row stands for them.
    first = np.ones(len(actor), dtype=np.bool_)
    first[1:] = (actor[1:] != actor[:-1]) | (person[1:] != person[:-1])
    weight = influence.weights()[actor[first]] / ONE
    total = np.bincount(person[first], weights=weight, minlength=people)
    squares = np.bincount(person[first], weights=weight**2, minlength=people)
    unnamed = network.folded.people[:, -1] - np.bincount(person[first], minlength=people)  # each weighs 1
    form = network.form.form
    slope = (form.value * network.metrics / (form.scale + network.metrics)).sum(axis=1)
    relative = np.sqrt(squares + unnamed) / np.maximum(total + unnamed, np.finfo(np.float64).tiny)
    return np.where(network.strength > 0, slope * relative, 0.0)
