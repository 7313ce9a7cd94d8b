"""Bradley–Terry with non-negative weights: how much each metric tells who of two comes first."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kleos.errors import KleosError, UsageError
from kleos.scoring.fitting.comparisons import Choices

__all__ = ["agreement", "bradley_terry", "log_loss"]

START = 0.2
SIZE = 0.01
"""How strongly the size of the weights is held back, beside their differences: there is an end where no choice contradicts another."""


def bradley_terry(choices: Choices, *, penalty: float, limits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return float64[C], the weights v ≥ 0 that make the choices likeliest: the chosen wins with odds e^(v · difference).

    That is logistic regression without an intercept (Bradley & Terry 1952). `penalty` draws the weights towards each other: to the mean
    negative log-likelihood it adds penalty · Σ (v − their mean)² (and a hundredth of penalty · Σ v²), so that what the data do not tell
    apart weighs alike. `limits` are rows r (float64[L, C]) with r · v ≥ 0. The problem is convex; SciPy's SLSQP solves it. Raises
    `UsageError` without SciPy, `KleosError` where it finds no solution.
    """
    difference, parts = choices.difference, choices.weight / choices.weight.sum()
    columns = difference.shape[1]

    def loss(v: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = difference @ v
        apart = v - v.mean()
        value = float(parts @ np.logaddexp(0.0, -margin) + penalty * (apart @ apart + SIZE * (v @ v)))
        return value, -(parts * _logistic(-margin)) @ difference + 2.0 * penalty * (apart + SIZE * v)

    held = [{"type": "ineq", "fun": lambda v: limits @ v, "jac": lambda v: limits}] if len(limits) else []
    found = _optimize().minimize(
        loss,
        np.full(columns, START),
        jac=True,
        bounds=[(0.0, None)] * columns,
        constraints=held,
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-10},
    )
    if not found.success or not np.all(np.isfinite(found.x)):
        raise KleosError(
            f"the weights could not be fitted: {found.message}",
            hint="give it more data, a larger --penalty, or limits that leave more room",
        )
    v: NDArray[np.float64] = np.maximum(found.x, 0.0)
    return v


def log_loss(choices: Choices, v: NDArray[np.float64]) -> float:
    """Return the mean negative log-likelihood of the choices; log 2 is what a coin has."""
    return float(np.average(np.logaddexp(0.0, -(choices.difference @ v)), weights=choices.weight))


def agreement(choices: Choices, v: NDArray[np.float64]) -> float:
    """Return the share of the choices, by weight, in which the chosen has the larger strength; equal ones are right half the time."""
    margin = choices.difference @ v
    return float(np.average(np.where(margin == 0, 0.5, margin > 0), weights=choices.weight))


def _logistic(x: NDArray[np.float64]) -> NDArray[np.float64]:
    value: NDArray[np.float64] = np.exp(-np.logaddexp(0.0, -x))
    return value


def _optimize() -> Any:
    try:
        return import_module("scipy.optimize")
    except ImportError as error:
        raise UsageError(f"fitting needs SciPy, which cannot be imported: {error}", hint="pip install 'kleos[fit]'") from None
