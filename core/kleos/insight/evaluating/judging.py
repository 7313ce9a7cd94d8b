"""What is held against labelled pairs: strength from features, or the scores of accounts that are known by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.errors import NoDataError, UsageError
from kleos.insight.evaluating.features import AGAINST, OPTION, FeatureMap, strength_of, values_of
from kleos.insight.evaluating.labelled import Labelled
from kleos.insight.evaluating.pairs import PairsResult, pairs
from kleos.scoring.resolved import Resolved
from kleos.scoring.result import ModelId

__all__ = ["Found", "find", "pairs_by_features", "pairs_by_scores"]


@frozen(kw_only=True, eq=False)
class Found:
    """Labelled pairs of which both accounts are known, and are two people."""

    labelled: Labelled
    number: NDArray[np.int64]
    """int64[accounts]: the person behind each account, −1 where there is none."""

    def less(self, column: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return float64[N], A's value less B's, of a column of all people."""
        difference: NDArray[np.float64] = column[self.number[self.labelled.a]] - column[self.number[self.labelled.b]]
        return difference


def find(labelled: Labelled, people: Mapping[str, int], *, where: str) -> Found:
    """Look accounts up by name; raises `NoDataError` where no pair has both of its accounts `where` people are."""
    number = np.array([people.get(account, -1) for account in labelled.accounts], dtype=np.int64)
    a, b = number[labelled.a], number[labelled.b]
    usable = labelled.select((a >= 0) & (b >= 0) & (a != b))
    if not len(usable):
        raise NoDataError(
            f"no pair of {labelled.source} has both of its accounts in {where}",
            where="--pairs",
            hint=f"accounts are called like {next(iter(people), 'network:account')!r} there",
        )
    return Found(labelled=usable, number=number)


def pairs_by_scores(
    found: Found, scores: NDArray[np.float64], columns: Mapping[str, NDArray[np.float64]], *, model: ModelId, seed: int = 0
) -> PairsResult:
    """Judge people's scores, and the logarithms of the columns (all float64[P])."""
    baselines = {name: found.less(np.log1p(column)) for name, column in columns.items()}
    return pairs(found.labelled, found.less(scores), baselines, model=model, seed=seed)


def pairs_by_features(
    labelled: Labelled, mapping: FeatureMap, resolved: Resolved, *, against: Sequence[Sequence[str]] = (), seed: int = 0
) -> PairsResult:
    """Judge the strength that the model gives to the metrics which features are taken for.

    The baselines are the logarithm of each feature by itself, of the sum of all that were taken for a metric, and of the sum of those that
    stand together in `against`. Raises `UsageError`.
    """
    if not mapping:
        raise UsageError(
            f"it is not said what the columns of {labelled.source} count",
            where=OPTION,
            hint=f"for example --feature mentions=COLUMN; columns: {', '.join(labelled.features)}; metrics: {', '.join(resolved.weights)}",
        )
    values = values_of(labelled, mapping)
    taken = tuple(dict.fromkeys(name for names in mapping.values() for name in names))
    sums: dict[str, tuple[str, ...]] = {name: (name,) for name in labelled.features}
    if len(taken) > 1:
        sums["+".join(taken)] = taken
    asked = {"+".join(names): tuple(names) for names in against}
    sums |= asked
    return pairs(
        labelled,
        _less(strength_of(values, resolved.weights)),
        {f"log {name}": _less(np.log1p(column)) for name, column in values_of(labelled, sums, where=AGAINST).items()},
        against=[f"log {name}" for name in asked],
        model=resolved.id,
        metrics=mapping,
        learnt_from=np.stack([_less(np.log1p(column)) for column in values.values()], axis=1),
        seed=seed,
    )


def _less(sides: NDArray[np.float64]) -> NDArray[np.float64]:
    difference: NDArray[np.float64] = sides[:, 0] - sides[:, 1]
    return difference
