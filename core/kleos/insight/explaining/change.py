"""Why a score changed between two times: plain values. The steps add up to the change, and every level to the one above."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.insight.explaining.explanation import Shares, together
from kleos.scoring.result import ModelId

__all__ = ["STEPS", "Change", "FactorChange", "MetricChange", "Standing", "NetworkChange", "Recorded", "Step", "Way", "moved"]


@frozen(kw_only=True)
class Way:
    """A way in which one score becomes another."""

    name: str
    title: str
    """What people call it."""
    direction: int = 0
    """1: can only raise a score; −1: only lower it; 0: either."""
    comparable: bool = True
    """False where strengths and odds before and after are not of one scale, so that only points can be compared."""


STEPS = (
    Way(name="aged_out", title="aged out of the window", direction=-1),
    Way(name="grew_older", title="grew older within it"),
    Way(name="arrived", title="arrived", direction=1),
    Way(name="audiences", title="audiences of those who reacted"),
    Way(name="model", title="the model", comparable=False),
)
"""The steps from the score of one time to that of another, in their order."""


@frozen(kw_only=True)
class Recorded:
    """What a run recorded on the day of one of the two times."""

    score: float
    as_of: datetime
    model: ModelId
    unusable: str = ""
    """Why that model does not score the time once more, as a part of a sentence; empty where it does, or another was asked for."""


@frozen(kw_only=True)
class Standing:
    """One of the two times, scored from what the store holds today."""

    as_of: datetime
    score: float
    model: ModelId
    recorded: Recorded | None = None
    """None: nothing was recorded on that day. It differs from `score` where data came later, or the model was another one."""


@frozen(kw_only=True, eq=False)
class FactorChange:
    """What one factor did to a metric in a step."""

    name: str
    """``<network>.<kind>.<aggregation>``."""
    kind: str
    title: str
    """What people call the kind; empty for ``any``."""
    aggregation: str
    before: float
    """Weighted by the actors' influence."""
    after: float
    points: float
    shares: Shares
    """By the actors and items of the `NetworkChange`; they sum to `points`. None are there where the factor moved without any."""


@frozen(kw_only=True, eq=False)
class MetricChange:
    """What one metric did to a network's points in a step."""

    name: str
    title: str
    family: str
    unit: str
    before: float
    """On this network, in the metric's natural unit."""
    after: float
    points: float
    computed: bool
    """True where a function of the metric's own makes its value: then `factors` is empty, and the points stay whole."""
    factors: Sequence[FactorChange]
    """Those that moved."""


@frozen(kw_only=True, eq=False)
class NetworkChange:
    """What happened on one network in a step."""

    name: str
    title: str
    points: float
    calibrated: bool
    reactions: Mapping[str, int]
    """How many reactions this step is about, by kind: those that left, stayed, came, or whose actor's audience changed."""
    metrics: Sequence[MetricChange]
    """In the model's order, those that moved."""
    actors: Sequence[str]
    """Pseudonyms, by the numbers in `Shares`."""
    items: Sequence[str]
    """The network's ids, by the numbers in `Shares`."""
    item_times: Mapping[str, datetime]
    """When an item was published, as far as that is known."""

    @property
    def shares(self) -> Shares:
        """The points of all metrics together that lead to actors and items."""
        return together(factor.shares for metric in self.metrics for factor in metric.factors)


@frozen(kw_only=True, eq=False)
class Step:
    """What one way of changing it did to a score."""

    way: Way
    before: float
    """The score."""
    after: float
    networks: Sequence[NetworkChange]
    """Those where something moved, by name; their points sum to `points`."""

    @property
    def name(self) -> str:
        """Of the way."""
        return self.way.name

    @property
    def title(self) -> str:
        """What people call it."""
        return self.way.title

    @property
    def points(self) -> float:
        """after − before."""
        return self.after - self.before


@frozen(kw_only=True, eq=False)
class Change:
    """A person's score at two times, and what lies between."""

    person: str
    name: str
    window: float
    """Seconds: of the later time."""
    before: Standing
    after: Standing
    steps: Sequence[Step]
    """All of `STEPS`, in their order, also those that did nothing."""

    @property
    def points(self) -> float:
        """The change: `after.score` − `before.score`, which is what the points of the steps sum to."""
        return self.after.score - self.before.score

    def by_network(self) -> dict[str, float]:
        """Return the change by network, all steps together; sums to `points`."""
        return _summed((network.name, network.points) for step in self.steps for network in step.networks)

    def by_metric(self) -> dict[str, float]:
        """Return the change by metric, all steps and networks together; sums to `points`."""
        return _summed((metric.name, metric.points) for step in self.steps for network in step.networks for metric in network.metrics)


def moved(codes: NDArray[np.int64], points: NDArray[np.float64]) -> list[tuple[int, float]]:
    """Add up points by code: (code, points), what moved the score most first, up or down, and equal ones in the order of their codes."""
    distinct, back = np.unique(codes, return_inverse=True)
    totals = np.bincount(back, weights=points, minlength=len(distinct))
    # Equal parts that were added up along different ways differ in their last bits.
    order = np.lexsort((distinct, -np.round(np.abs(totals), 12)))
    return list(zip(distinct[order].tolist(), totals[order].tolist(), strict=True))


def _summed(parts: Iterable[tuple[str, float]]) -> dict[str, float]:
    sums: dict[str, list[float]] = {}
    for name, points in parts:
        sums.setdefault(name, []).append(points)
    return {name: math.fsum(points) for name, points in sorted(sums.items())}
