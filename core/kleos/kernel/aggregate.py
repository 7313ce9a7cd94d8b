"""Factors → metrics → strength: one pass over the people of one network."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.compiled import compiled

__all__ = ["Form", "aggregate"]


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
def aggregate(factors: NDArray[np.float64], form: Form, metrics: NDArray[np.float64], strength: NDArray[np.float64]) -> None:
    """Fill `metrics` (float64[P, M]) and `strength` (float64[P]) from `factors` (float64[P, F]).

    Metric m is Σ weight · factor over its terms; columns that are computed are read as they stand. The strength is
    S = Σ_m v_m · log1p(metric_m / s_m), 0 for a person without reactions.
    """
    for person in range(len(factors)):
        total = 0.0
        for m in range(len(form.scale)):
            if not form.computed[m]:
                value = 0.0
                for term in range(form.start[m], form.start[m + 1]):
                    value += form.weight[term] * factors[person, form.factor[term]]
                metrics[person, m] = value
            total += form.value[m] * np.log1p(metrics[person, m] / form.scale[m])
        strength[person] = total
