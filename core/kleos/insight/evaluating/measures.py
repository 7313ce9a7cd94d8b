"""Measures of agreement between an order and what came of it: functions of plain arrays.

All return NaN where there is nothing to be told: fewer than two values, all of them the same, or pairs that all fell out one way.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kleos.insight.evaluating.needs import needed

__all__ = ["kendall", "ndcg_at", "pair_accuracy", "pair_auc", "spearman"]

Numbers = NDArray[np.float64] | NDArray[np.int64]


def spearman(a: Numbers, b: Numbers) -> float:
    """Return Spearman's ρ of two columns [N]: the correlation of their ranks, equal values sharing the mean of theirs."""
    if _says_nothing(a) or _says_nothing(b):
        return float("nan")
    return float(needed("scipy.stats").spearmanr(a, b).statistic)


def kendall(a: Numbers, b: Numbers) -> float:
    """Return Kendall's τ-b of two columns [N]: agreeing less disagreeing pairs, corrected for ties."""
    if _says_nothing(a) or _says_nothing(b):
        return float("nan")
    return float(needed("scipy.stats").kendalltau(a, b, variant="b").statistic)


def ndcg_at(scores: Numbers, outcome: Numbers, k: int = 100) -> float:
    """Return the normalised discounted cumulative gain of the first `k` by `scores` [N], with the gain log(1 + outcome) [N].

    The discount is 1 / log2(1 + rank) (Järvelin & Kekäläinen 2002). Those of equal score share the mean of their gains (McSherry & Najork
    2008), so that the order of the rows says nothing. NaN where no outcome is above 0.
    """
    if len(outcome) < 2 or not np.any(outcome):
        return float("nan")
    gains = np.log1p(outcome.astype(np.float64))
    return float(needed("sklearn.metrics").ndcg_score(gains[None, :], scores.astype(np.float64)[None, :], k=k))


def pair_auc(difference: Numbers, chosen: NDArray[np.bool_]) -> float:
    """Return the area under the ROC curve of `difference` [N], A's value less B's, for whether A was `chosen` (bool[N])."""
    if len(chosen) == 0 or bool(chosen.all()) or not chosen.any():
        return float("nan")
    return float(needed("sklearn.metrics").roc_auc_score(chosen, difference))


def pair_accuracy(difference: Numbers, chosen: NDArray[np.bool_]) -> float:
    """Return the share of pairs in which the one of larger value was chosen; equal values are right half of the time."""
    if len(chosen) == 0:
        return float("nan")
    return float(np.mean(np.where(difference == 0, 0.5, (difference > 0) == chosen)))


def _says_nothing(values: Numbers) -> bool:
    return len(values) < 2 or bool(np.all(values == values[0]))
