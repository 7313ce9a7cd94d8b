"""The factors of a metric with what each of them is worth, and what they are the sums of."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.contract import AGGREGATIONS
from kleos.insight.explaining.alone import SUMS_OVER_ACTORS, alone
from kleos.insight.explaining.received import received
from kleos.insight.explaining.summands import Summands, of_actors, summands
from kleos.pipeline.prepare import Prepared

__all__ = ["Term", "shared", "taken_apart", "terms_of"]


@frozen
class Term:
    """A factor of a metric: its column among the network's factors, weight, value and points."""

    place: int
    weight: float
    value: float
    points: float


def terms_of(prepared: Prepared, n: int, place: int, m: int) -> list[Term]:
    """Return the factors of metric `m` in network `n` for the person at `place`; they share its points by weight · value."""
    strength = prepared.scores.networks[n]
    form = strength.form.form
    weights: dict[int, float] = {}
    for term in range(form.start[m], form.start[m + 1]):
        column = int(form.factor[term])
        weights[column] = weights.get(column, 0.0) + float(form.weight[term])
    values = strength.folded.values[place].ravel()
    parts = [weight * float(values[column]) for column, weight in weights.items()]
    points = shared(float(prepared.scores.metric_points[n, place, m]), np.array(parts))
    return [
        Term(column, weight, float(values[column]), float(share)) for (column, weight), share in zip(weights.items(), points, strict=True)
    ]


def taken_apart(prepared: Prepared, n: int, place: int, columns: Sequence[int]) -> dict[int, Summands]:
    """Return the summands of the factors of these columns (all above 0) for network `n` and the person at `place`, by column."""
    reactions, influence = prepared.tables[n]
    width = len(AGGREGATIONS)
    values = prepared.scores.networks[n].folded.values[place].ravel()
    whole = [column for column in columns if AGGREGATIONS[column % width] in SUMS_OVER_ACTORS]
    actor, added = alone(reactions, influence, prepared.clock, place, whole)
    slots = {slot: received(reactions, influence, prepared.clock, place, slot) for slot in {column // width for column in columns}}
    apart = {column: of_actors(slots[column // width], actor, added[:, k]) for k, column in enumerate(whole)}
    for column in columns:
        if column not in apart:
            apart[column] = summands(slots[column // width], AGGREGATIONS[column % width], float(values[column]))
    return apart


def shared(points: float, parts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share points by parts of at least 0; the shares add up to the points, whatever the parts add up to."""
    total = math.fsum(parts.tolist())
    return parts / total * points if total > 0 else np.zeros(len(parts))
