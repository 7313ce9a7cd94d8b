"""Strength from numbers that were counted elsewhere: columns of a table of pairs taken for metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kleos.errors import UsageError
from kleos.insight.evaluating.labelled import Labelled
from kleos.scoring.model import Weight

__all__ = ["AGAINST", "OPTION", "FeatureMap", "parse_features", "strength_of", "values_of"]

FeatureMap = Mapping[str, Sequence[str]]
"""Metric → the features that are added up for it."""

OPTION = "--feature"
AGAINST = "--baseline"


def parse_features(texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return what ``metric=feature+feature`` means; raises `UsageError`."""
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        metric, equals, features = text.partition("=")
        names = tuple(name.strip() for name in features.split("+"))
        if not equals or not metric.strip() or not all(names) or metric.strip() in found:
            again = " a second time" if metric.strip() in found else ""
            raise UsageError(
                f"expected METRIC=COLUMN or METRIC=COLUMN+COLUMN, found {text!r}{again}",
                where=OPTION,
                hint="for example --feature mentions=mentions_received, for the columns A_mentions_received and B_mentions_received",
            )
        found[metric.strip()] = names
    return found


def values_of(labelled: Labelled, mapping: FeatureMap, *, where: str = OPTION) -> dict[str, NDArray[np.float64]]:
    """Return {metric: float64[N, 2]}: what A and B have of each metric. Raises `UsageError` for features that are not there."""
    known = {name.lower(): name for name in labelled.features}
    missing = [name for names in mapping.values() for name in names if name.lower() not in known]
    if missing:
        raise UsageError(
            f"there is no A_{missing[0]} in {labelled.source}", where=where, hint=f"there are {', '.join(labelled.features) or 'none'}"
        )
    return {metric: sum((labelled.features[known[n.lower()]] for n in names), np.zeros(())) for metric, names in mapping.items()}


def strength_of(values: Mapping[str, NDArray[np.float64]], weights: Mapping[str, Weight]) -> NDArray[np.float64]:
    """Return float64[N, 2], S = Σ v · log(1 + m / s) over these metrics only, everybody who reacts weighing 1.

    Raises `UsageError` for metrics that the model does not know.
    """
    unknown = [metric for metric in values if metric not in weights]
    if unknown:
        raise UsageError(f"the model has no metric {unknown[0]}", where=OPTION, hint=f"it has {', '.join(weights)}")
    return sum((weights[metric].weight * np.log1p(column / weights[metric].scale) for metric, column in values.items()), np.zeros(()))
