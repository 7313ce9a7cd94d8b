"""Factors → metrics → strength: one pass over the people of one network."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.compiled import compiled

__all__ = ["Form", "add_up", "aggregate"]


class Form(NamedTuple):
    """The metrics of one network as non-negative linear forms over its factors, in rows compressed like a sparse matrix's.

    Lengths: M metrics, T terms, F factors.
    """

    start: NDArray[np.int64]
    """int64[M + 1]: the terms of metric m are ``start[m]:start[m + 1]``."""
    factor: NDArray[np.int64]
    """int64[T], 0 ≤ factor < F."""
    weight: NDArray[np.float64]
    """float64[T], ≥ 0."""
    scale: NDArray[np.float64]
    """float64[M], s > 0: the value that counts as one log unit's beginning."""
    value: NDArray[np.float64]
    """float64[M], v ≥ 0: the metric's weight in the strength."""
    computed: NDArray[np.bool_]
    """bool[M]: the column is given, not made of terms."""


@compiled
def add_up(factors: NDArray[np.float64], form: Form, metrics: NDArray[np.float64]) -> None:
    """Fill `metrics` (float64[P, M]) from `factors` (float64[P, F]): metric m is Σ weight · factor over its terms.

    Columns that are computed are left as they stand.
    """
    start, factor, weight, computed = form.start, form.factor, form.weight, form.computed
    for person in range(len(factors)):
        for m in range(len(computed)):
            if not computed[m]:
                value = 0.0
                for term in range(start[m], start[m + 1]):
                    value += weight[term] * factors[person, factor[term]]
                metrics[person, m] = value


@compiled
def aggregate(factors: NDArray[np.float64], form: Form, metrics: NDArray[np.float64], strength: NDArray[np.float64]) -> None:
    """Fill `metrics` (float64[P, M], as `add_up`) and `strength` (float64[P]) from `factors` (float64[P, F]).

    The strength is S = Σ_m v_m · log1p(metric_m / s_m), 0 for a person without reactions.
    """
    add_up(factors, form, metrics)
    scale, weights = form.scale, form.value
    for person in range(len(factors)):
        total = 0.0
        for m in range(len(scale)):
            # Half of all metrics are 0, and a logarithm takes as long as all the rest.
            if metrics[person, m] > 0.0:
                total += weights[m] * np.log1p(metrics[person, m] / scale[m])
        strength[person] = total
