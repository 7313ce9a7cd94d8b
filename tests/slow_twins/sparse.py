"""The slow twin of the fused pass: one person's sparse factors over several networks → metrics, log-odds, score and points."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, inf, log1p

from attrs import frozen

from slow_twins import strength as twin

__all__ = ["Person", "Place", "World", "metric_shares", "metrics_of", "network_share", "score_at"]

Person = Sequence[tuple[int, float]]
"""(column over all networks, value), in any order; a column may occur more than once."""


@frozen
class Place:
    """One network."""

    factors: int
    metrics: Sequence[twin.MetricForm]
    computed: Sequence[bool]
    """Whether a metric is given, in a column of its own, whatever its terms say."""
    knots: Sequence[tuple[float, float]]
    rho: float


@frozen
class World:
    """Some networks with equally many metrics, and the score curve."""

    places: Sequence[Place]
    curve: Sequence[tuple[float, float]]
    a: float
    b: float

    @property
    def columns(self) -> int:
        """How many columns there are: the factors of all networks, then the metrics that are given."""
        return sum(place.factors + sum(place.computed) for place in self.places)


def metrics_of(world: World, person: Person) -> list[list[float]]:
    """Return the metrics of every network."""
    whole = [0.0] * world.columns
    for column, value in person:
        whole[column] += value
    offset, given, found = 0, sum(place.factors for place in world.places), []
    for place in world.places:
        factors = whole[offset : offset + place.factors]
        offset += place.factors
        metrics = []
        for metric, computed in zip(place.metrics, place.computed, strict=True):
            metrics.append(whole[given] if computed else twin.metric(metric, factors))
            given += computed
        found.append(metrics)
    return found


def score_at(world: World, person: Person, *, strength: float = 1.0, more: float = 0.0) -> tuple[float, float]:
    """Return log-odds and score, with all strengths multiplied by `strength` and `more` added to the log-odds."""
    logs = [_log_odds(place, values, strength) for place, values in zip(world.places, metrics_of(world, person), strict=True)]
    total = twin.combine(logs, [place.rho for place in world.places])
    if total == -inf:
        return -inf, 1.0
    total = min(total + more, twin.LOG_ODDS_LIMIT)
    return total, twin.score(total, world.curve, world.a, world.b)


def network_share(world: World, person: Person, network: int, *, strength: float = 1.0, more: float = 0.0) -> float:
    """Return what part of the points is a network's, with its own strength multiplied and its log-odds raised, and the others' lowered."""
    odds = []
    for n, (place, values) in enumerate(zip(world.places, metrics_of(world, person), strict=True)):
        sign = 1 if n == network else -1
        odds.append(place.rho * exp(_log_odds(place, values, strength**sign) + sign * more))
    return odds[network] / sum(odds) if sum(odds) > 0 else 0.0


def metric_shares(world: World, person: Person, network: int) -> list[float]:
    """Return what part of a network's points is each metric's."""
    parts = [
        form.value * log1p(value / form.scale)
        for form, value in zip(world.places[network].metrics, metrics_of(world, person)[network], strict=True)
    ]
    return [part / sum(parts) if part > 0 else 0.0 for part in parts]


def _log_odds(place: Place, metrics: Sequence[float], times: float) -> float:
    return twin.log_odds(times * twin.strength(place.metrics, metrics), place.knots)
