"""Labelled pairs as evidence: who of two was judged more influential."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kleos.errors import UsageError
from kleos.insight.evaluating.features import OPTION, FeatureMap, values_of
from kleos.insight.evaluating.gathered import Gathered
from kleos.insight.evaluating.judging import find
from kleos.insight.evaluating.labelled import Labelled
from kleos.insight.fitting.windows import columns_of
from kleos.scoring.fitting.comparisons import Comparisons

__all__ = ["compare_accounts", "compare_features"]


def compare_features(labelled: Labelled, mapping: FeatureMap, metrics: Sequence[str]) -> Comparisons:
    """Return comparisons by features that are taken for metrics. Raises `UsageError` for what the table or the model does not have."""
    if not mapping:
        raise UsageError(
            f"it is not said what the columns of {labelled.source} count",
            where=OPTION,
            hint=f"for example --feature mentions=COLUMN; columns: {', '.join(labelled.features)}; metrics: {', '.join(metrics)}",
        )
    unknown = [metric for metric in mapping if metric not in metrics]
    if unknown:
        raise UsageError(f"the model has no metric {unknown[0]}", where=OPTION, hint=f"it has {', '.join(metrics)}")
    values = values_of(labelled, mapping)
    return _compared(labelled, tuple(values), *(np.stack([column[:, side] for column in values.values()], axis=1) for side in (0, 1)))


def compare_accounts(labelled: Labelled, found: Gathered) -> Comparisons:
    """Return comparisons of a population's people, by all metrics as of its whole data, added up over networks.

    Raises `NoDataError` where no pair has both of its accounts in the population.
    """
    wanted = found.config.population
    assert wanted is not None
    names = {name: number for number, name in enumerate(found.names())}
    if wanted.network is not None:
        names |= {name.removeprefix(f"{wanted.network}:"): number for name, number in names.items()}
    pairs = find(labelled, names, where="the population")
    columns = columns_of(found.whole())
    metrics = sum((one.metrics for one in columns), np.zeros_like(columns[0].metrics))
    known, number = pairs.labelled, pairs.number
    return _compared(known, tuple(metric.name for metric in found.resolved.metrics), metrics[number[known.a]], metrics[number[known.b]])


def _compared(labelled: Labelled, metrics: tuple[str, ...], a: NDArray[np.float64], b: NDArray[np.float64]) -> Comparisons:
    chosen = labelled.chosen[:, None]
    accounts = np.stack([labelled.a, labelled.b], axis=1)
    return Comparisons(
        name=labelled.source,
        metrics=metrics,
        chosen=np.where(chosen, a, b),
        other=np.where(chosen, b, a),
        accounts=np.where(chosen, accounts, accounts[:, ::-1]),
        weight=np.ones(len(labelled)),
    )
