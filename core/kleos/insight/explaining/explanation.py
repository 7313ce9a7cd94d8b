"""Where a score's points come from: plain values, every level of which adds up to the one above."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.scoring.result import Coverage, ModelId

__all__ = ["NOBODY", "NOTHING", "Explanation", "FactorShare", "KindCoverage", "MetricShare", "NetworkShare", "Part", "Shares", "ranked"]

NOBODY = -1
"""The number of the actor that stands for all anonymous ones."""
NOTHING = -1
"""The number of the item that stands for no item."""


class Part(NamedTuple):
    """A row of the long table."""

    network: str
    metric: str
    factor: str | None
    """None: the metric is computed by a function of its own, and its points lead no further."""
    actor: str | None
    """A pseudonym; None: somebody whom the network does not name."""
    item: str | None
    """None: a reaction to nothing in particular, such as a mention."""
    points: float


class Shares(NamedTuple):
    """A factor's points, by the pairs of actor and item that they come from."""

    actor: NDArray[np.int64]
    """int64[R]: the place in `NetworkShare.actors`, or `NOBODY`."""
    item: NDArray[np.int64]
    """int64[R]: the place in `NetworkShare.items`, or `NOTHING`."""
    points: NDArray[np.float64]
    """float64[R]."""


def together(shares: Iterable[Shares]) -> Shares:
    """Return the points of several factors as one; a pair may then stand there several times."""
    every = list(shares)
    if not every:
        return Shares(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0))
    return Shares(*(np.concatenate(columns) for columns in zip(*every, strict=True)))


@frozen(kw_only=True, eq=False)
class FactorShare:
    """One factor's part in a metric."""

    name: str
    """``<network>.<kind>.<aggregation>``."""
    kind: str
    """``any`` for all kinds together."""
    title: str
    """What people call the kind; empty for ``any``."""
    aggregation: str
    value: float
    """Weighted by the actors' influence."""
    weight: float
    """The factor counts as often in the metric."""
    points: float
    shares: Shares


@frozen(kw_only=True, eq=False)
class MetricShare:
    """One metric's part in a network's points."""

    name: str
    title: str
    family: str
    unit: str
    definition: str
    """One sentence; empty for a factor that the configuration weighs."""
    value: float
    """On this network, in the metric's natural unit: unweighted where that is what a person would count."""
    points: float
    computed: bool
    """True where a function of the metric's own makes its value: then `factors` is empty, and the points stay whole."""
    factors: Sequence[FactorShare]


@frozen(kw_only=True, eq=False)
class KindCoverage:
    """What became of the reactions of one kind: imported = scored + outside_window + after_as_of, if the kind counts."""

    network: str
    kind: str
    title: str
    counts: bool
    """False for views and follows, of which none is scored."""
    imported: int
    scored: int
    """Those inside the window."""
    outside_window: int
    after_as_of: int
    anonymous: int
    """Of those scored: the network does not say who reacted."""
    ages: Mapping[str, int]
    """Those scored by what their age was taken from: time, item_time, captured, unknown."""

    @property
    def untimed(self) -> int:
        """Of those scored: without a time of their own."""
        return self.scored - self.ages.get("time", 0)


@frozen(kw_only=True, eq=False)
class NetworkShare:
    """One network's part in a score."""

    name: str
    title: str
    points: float
    odds: float
    """The odds of outranking a random member of the network's reference population."""
    calibrated: bool
    interactions: int
    """Reactions scored."""
    metrics: Sequence[MetricShare]
    """In the model's order; also those without points."""
    actors: Sequence[str]
    """Pseudonyms, by the numbers in `Shares`."""
    items: Sequence[str]
    """The network's ids, by the numbers in `Shares`."""
    item_times: Mapping[str, datetime]
    """When an item was published, for those of which an import said so; UTC."""

    @property
    def shares(self) -> Shares:
        """The points of all metrics together that lead to actors and items."""
        return together(factor.shares for metric in self.metrics for factor in metric.factors)


@frozen(kw_only=True, eq=False)
class Explanation:
    """A person's score, taken apart: network → metric → factor → actor and item."""

    person: str
    name: str
    score: float
    as_of: datetime
    as_of_reason: str
    window: float
    """Seconds."""
    model: ModelId
    networks: Sequence[NetworkShare]
    """Those with a reaction to the person, by name; their points sum to score − 1."""
    coverage: Coverage
    kinds: Sequence[KindCoverage]
    """By network and kind, views and follows included."""

    def table(self) -> Iterator[Part]:
        """Yield the long table, whose points sum to score − 1: each metric's factors by actor and item."""
        for network in self.networks:
            for metric in network.metrics:
                if metric.computed and metric.points:
                    yield Part(network.name, metric.name, None, None, None, metric.points)
                for factor in metric.factors:
                    for actor, item, points in zip(*(column.tolist() for column in factor.shares), strict=True):
                        yield Part(
                            network.name,
                            metric.name,
                            factor.name,
                            None if actor == NOBODY else network.actors[actor],
                            None if item == NOTHING else network.items[item],
                            points,
                        )


def ranked(codes: NDArray[np.int64], points: NDArray[np.float64]) -> list[tuple[int, float]]:
    """Add up points by code: (code, points), the largest first, and equal ones in the order of their codes."""
    distinct, back = np.unique(codes, return_inverse=True)
    totals = np.bincount(back, weights=points, minlength=len(distinct))
    # Equal parts that were added up along different ways differ in their last bits.
    order = np.lexsort((distinct, -np.round(totals, 12)))
    return list(zip(distinct[order].tolist(), totals[order].tolist(), strict=True))
