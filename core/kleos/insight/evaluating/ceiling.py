"""The noise ceiling: how well anything could foretell judgements that do not agree with each other."""

from __future__ import annotations

import math

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.insight.evaluating.needs import needed

__all__ = ["Ceiling", "ceiling"]


@frozen(kw_only=True)
class Ceiling:
    """What repeated pairs tell. Without any, the numbers are NaN."""

    repeated: int
    """Pairs that were judged more than once."""
    compared: int
    """Judgements compared two by two."""
    agreement: float
    """The share of those that are the same."""
    low: float
    high: float
    """Its 90 % interval (Wilson)."""
    accuracy: float
    """No ranking can be right more often."""
    auc: float
    """No ranking can have a larger area under the ROC curve."""


def ceiling(a: NDArray[np.int64], b: NDArray[np.int64], chosen: NDArray[np.bool_]) -> Ceiling:
    """Return the ceiling of judgements on the pairs a – b (int64[N]); `chosen` (bool[N]) says where a was.

    With π the chance that a judge chooses a, two judges agree with the chance A = E[π² + (1 − π)²], so E[(2π − 1)²] = 2A − 1. The best
    ranking knows every π. It is right with E[max(π, 1 − π)] ≤ (1 + √(2A − 1)) / 2, by Jensen's inequality; its area is 1/2 + E|π − π'|,
    and E|π − π'| = 4 Cov(π, F(π)) ≤ √(2A − 1) / √3, by Cauchy and Schwarz. Nothing is assumed of how π is distributed.
    """
    low, high = np.minimum(a, b), np.maximum(a, b)
    same, which = np.unique(np.stack([low, high]), axis=1, return_inverse=True)
    times = np.bincount(which.ravel(), minlength=same.shape[1])
    lower = np.bincount(which.ravel(), weights=chosen == (a == low), minlength=same.shape[1])
    compared = int((times * (times - 1) // 2).sum())
    if not compared:
        nothing = float("nan")
        return Ceiling(repeated=0, compared=0, agreement=nothing, low=nothing, high=nothing, accuracy=nothing, auc=nothing)
    agreeing = round(float((lower * (lower - 1) / 2 + (times - lower) * (times - lower - 1) / 2).sum()))
    agreement = agreeing / compared
    interval = needed("scipy.stats").binomtest(agreeing, compared).proportion_ci(0.9, method="wilson")
    certainty = math.sqrt(max(0.0, 2.0 * agreement - 1.0))
    return Ceiling(
        repeated=int((times > 1).sum()),
        compared=compared,
        agreement=agreement,
        low=float(interval.low),
        high=float(interval.high),
        accuracy=0.5 + certainty / 2.0,
        auc=min(1.0, 0.5 + certainty / math.sqrt(3.0)),
    )
