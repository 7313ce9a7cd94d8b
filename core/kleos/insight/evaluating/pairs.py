"""Pairs: does the score agree with people who were asked which of two is more influential?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.insight.evaluating.ceiling import Ceiling, ceiling
from kleos.insight.evaluating.folds import FOLDS, REPEATS, Fold, account_folds
from kleos.insight.evaluating.labelled import Labelled
from kleos.insight.evaluating.measures import pair_accuracy, pair_auc
from kleos.scoring.fitting.comparisons import Choices
from kleos.scoring.fitting.regression import bradley_terry
from kleos.scoring.result import ModelId

__all__ = ["FITTED", "Ahead", "Judged", "PairsResult", "pairs"]

OURS = "kleos"
FITTED = "fitted to these pairs"
FEWEST = 20
"""A fold with fewer pairs, or pairs that all fell out one way, measures nothing."""
PENALTY = 0.001
"""The weakest that `kleos model fit` tries: what is learnt here is to show what the metrics can tell."""

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


class Ahead(NamedTuple):
    """By how much one way to rank two accounts does better than a baseline, fold by fold: how hard a fold is says nothing about either."""

    name: str
    baseline: str
    gain: float
    """In AUC, the mean over the folds."""
    deviation: float
    """Its standard deviation over the folds; NaN where there is one only."""
    folds: int
    """In how many it does better."""


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
    """Weights of at least 0 for the same metrics, learnt and judged on folds that share no account; None where accounts were scored."""
    ceiling: Ceiling
    folds: int
    """Folds that were large enough to judge by."""
    seed: int
    ahead: Sequence[Ahead] = ()
    """Ours, and what was fitted, compared with the baselines that were asked for, else with the best."""

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
    against: Sequence[str] = (),
    seed: int = 0,
) -> PairsResult:
    """Judge `ours` and the baselines by the labelled pairs.

    `learnt_from` is float64[N, K], what weights may be learnt from: differences of A and B. Its folds share no account, and neither do
    those over which everything else is told. `against` names the baselines that the score is compared with, fold by fold; the best if
    there are none.
    """
    folds = [
        fold
        for fold in account_folds(labelled.a, labelled.b, folds=FOLDS, repeats=REPEATS, seed=seed)
        if _large(labelled.chosen[fold.test]) and _large(labelled.chosen[fold.train])
    ]

    def fold_aucs(difference: Difference) -> list[float]:
        return [pair_auc(difference[fold.test], labelled.chosen[fold.test]) for fold in folds]

    def judge(name: str, difference: Difference) -> Judged:
        whole = pair_auc(difference, labelled.chosen), pair_accuracy(difference, labelled.chosen)
        return _judged(name, *whole, fold_aucs(difference))

    judged = [judge(name, difference) for name, difference in baselines.items()]
    fitted = _fitted(learnt_from, labelled.chosen, folds) if learnt_from is not None and folds else None
    ways = {OURS: fold_aucs(ours)} | ({FITTED: fitted[1]} if fitted is not None else {})
    rivals = against or [max(judged, key=lambda one: one.auc).name] if folds else []
    return PairsResult(
        source=labelled.source,
        model=model,
        pairs=len(labelled),
        accounts=labelled.size,
        unusable=labelled.unusable,
        metrics=metrics or {},
        ours=judge(OURS, ours),
        baselines=judged,
        fitted=fitted[0] if fitted is not None else None,
        ceiling=ceiling(labelled.a, labelled.b, labelled.chosen),
        folds=len(folds),
        seed=seed,
        ahead=[_ahead(name, rival, aucs, fold_aucs(baselines[rival])) for rival in rivals for name, aucs in ways.items()],
    )


def _ahead(name: str, baseline: str, aucs: Sequence[float], of_baseline: Sequence[float]) -> Ahead:
    gains = np.subtract(aucs, of_baseline)
    deviation = float(gains.std(ddof=1)) if len(gains) > 1 else float("nan")
    return Ahead(name, baseline, float(gains.mean()), deviation, int((gains > 0).sum()))


def _fitted(learnt_from: NDArray[np.float64], chosen: NDArray[np.bool_], folds: Sequence[Fold]) -> tuple[Judged, list[float]]:
    """Learn on one side of every fold, as `kleos model fit` does, and judge by the other; return the folds' AUC, too."""
    won = np.where(chosen[:, None], learnt_from, -learnt_from)
    differences = []
    for fold in folds:
        size = int(fold.train.sum())
        choices = Choices(difference=won[fold.train], weight=np.ones(size), accounts=np.zeros((size, 2), dtype=np.int64))
        v = bradley_terry(choices, penalty=PENALTY, limits=np.zeros((0, learnt_from.shape[1])))
        differences.append(learnt_from[fold.test] @ v)
    aucs = [pair_auc(difference, chosen[fold.test]) for difference, fold in zip(differences, folds, strict=True)]
    right = pair_accuracy(np.concatenate(differences), np.concatenate([chosen[fold.test] for fold in folds]))
    return _judged(FITTED, float("nan"), right, aucs), aucs


def _judged(name: str, auc: float, accuracy: float, aucs: Sequence[float]) -> Judged:
    mean = float(np.mean(aucs)) if aucs else float("nan")
    deviation = float(np.std(aucs, ddof=1)) if len(aucs) > 1 else float("nan")
    return Judged(name=name, auc=auc, accuracy=accuracy, fold_auc=mean, fold_deviation=deviation)


def _large(chosen: NDArray[np.bool_]) -> bool:
    return len(chosen) >= FEWEST and 0 < int(chosen.sum()) < len(chosen)
