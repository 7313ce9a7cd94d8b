"""Pairs: does the score agree with people who were asked which of two is more influential?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.insight.evaluating.ceiling import Ceiling, ceiling
from kleos.insight.evaluating.folds import FOLDS, REPEATS, Fold, account_folds
from kleos.insight.evaluating.labelled import Labelled
from kleos.insight.evaluating.measures import pair_accuracy, pair_auc
from kleos.insight.evaluating.needs import needed
from kleos.scoring.result import ModelId

__all__ = ["FITTED", "Judged", "PairsResult", "pairs"]

OURS = "kleos"
FITTED = "fitted to these pairs"
FEWEST = 20
"""A fold with fewer pairs, or pairs that all fell out one way, measures nothing."""

Difference = NDArray[np.float64]
"""float64[N]: A's value less B's."""


@frozen(kw_only=True)
class Judged:
    """How well one way to rank two accounts agrees with the judgements. NaN where there is nothing to tell."""

    name: str
    auc: float
    """Over all pairs; NaN for what was fitted, which is judged by folds only."""
    accuracy: float
    """Over all pairs; of what was fitted, over the pairs of the folds that it was not fitted to."""
    fold_auc: float
    """The mean over the folds."""
    fold_deviation: float
    """Their standard deviation: how much chance there is in it."""


@frozen(kw_only=True)
class PairsResult:
    """What came of comparing the score with labelled pairs."""

    source: str
    model: ModelId
    pairs: int
    accounts: int
    unusable: int
    """Rows of the table that were left out."""
    metrics: Mapping[str, Sequence[str]]
    """Metric → the features that were taken for it; empty where accounts were scored."""
    ours: Judged
    baselines: Sequence[Judged]
    fitted: Judged | None
    """A logistic regression on the same metrics, learnt and judged on folds that share no account; None where accounts were scored."""
    ceiling: Ceiling
    folds: int
    """Folds that were large enough to judge by."""
    seed: int

    @property
    def best(self) -> Judged:
        """The baseline of the largest AUC."""
        return max(self.baselines, key=lambda one: one.auc)


def pairs(
    labelled: Labelled,
    ours: Difference,
    baselines: Mapping[str, Difference],
    *,
    model: ModelId,
    metrics: Mapping[str, Sequence[str]] | None = None,
    learnt_from: NDArray[np.float64] | None = None,
    seed: int = 0,
) -> PairsResult:
    """Judge `ours` and the baselines by the labelled pairs.

    `learnt_from` is float64[N, K], what a regression may learn from: differences of A and B. Its folds share no account, and neither do
    those over which everything else is told.
    """
    folds = [
        fold
        for fold in account_folds(labelled.a, labelled.b, folds=FOLDS, repeats=REPEATS, seed=seed)
        if _large(labelled.chosen[fold.test]) and _large(labelled.chosen[fold.train])
    ]

    def judge(name: str, difference: Difference) -> Judged:
        aucs = [pair_auc(difference[fold.test], labelled.chosen[fold.test]) for fold in folds]
        return _judged(name, pair_auc(difference, labelled.chosen), pair_accuracy(difference, labelled.chosen), aucs)

    return PairsResult(
        source=labelled.source,
        model=model,
        pairs=len(labelled),
        accounts=labelled.size,
        unusable=labelled.unusable,
        metrics=metrics or {},
        ours=judge(OURS, ours),
        baselines=[judge(name, difference) for name, difference in baselines.items()],
        fitted=_fitted(learnt_from, labelled.chosen, folds) if learnt_from is not None and folds else None,
        ceiling=ceiling(labelled.a, labelled.b, labelled.chosen),
        folds=len(folds),
        seed=seed,
    )


def _fitted(learnt_from: NDArray[np.float64], chosen: NDArray[np.bool_], folds: Sequence[Fold]) -> Judged:
    """Learn on one side of every fold, and judge by the other: without an intercept, since nobody knows who is called A."""
    regression = needed("sklearn.linear_model").LogisticRegression
    differences = [
        regression(fit_intercept=False).fit(learnt_from[fold.train], chosen[fold.train]).decision_function(learnt_from[fold.test])
        for fold in folds
    ]
    aucs = [pair_auc(difference, chosen[fold.test]) for difference, fold in zip(differences, folds, strict=True)]
    right = pair_accuracy(np.concatenate(differences), np.concatenate([chosen[fold.test] for fold in folds]))
    return _judged(FITTED, float("nan"), right, aucs)


def _judged(name: str, auc: float, accuracy: float, aucs: Sequence[float]) -> Judged:
    mean = float(np.mean(aucs)) if aucs else float("nan")
    deviation = float(np.std(aucs, ddof=1)) if len(aucs) > 1 else float("nan")
    return Judged(name=name, auc=auc, accuracy=accuracy, fold_auc=mean, fold_deviation=deviation)


def _large(chosen: NDArray[np.bool_]) -> bool:
    return len(chosen) >= FEWEST and 0 < int(chosen.sum()) < len(chosen)
