"""What a scoring run leaves behind: plain values, ready to be shown, recorded and printed as JSON."""

from __future__ import annotations

import bisect
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from kleos.events import Fault

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "Coverage",
    "Delta",
    "MetricPart",
    "ModelId",
    "Move",
    "NetworkPart",
    "PersonScore",
    "PopulationId",
    "RunResult",
    "bucket",
    "iso",
    "over_population",
]

SCHEMA = 1


@frozen(kw_only=True)
class ModelId:
    """Which model made a score: history is never rewritten, so every score carries this."""

    name: str
    version: str
    digest: str
    """sha256 (hex) of the resolved model, overrides included."""


@frozen(kw_only=True)
class PopulationId:
    """What a percentile is a percentile of."""

    source: str
    """A population's table, or the model's reference population in words."""
    size: int


@frozen(kw_only=True)
class NetworkPart:
    """One network's part in a person's score."""

    points: float
    """Its share of score − 1."""
    odds: float
    """The odds of outranking a random member of the network's reference population."""
    interactions: int
    """Reactions scored."""
    calibrated: bool
    """False where the model does not know the network and lends it another's curve."""


@frozen(kw_only=True)
class MetricPart:
    """One metric's part in a person's score, over all networks."""

    title: str
    family: str
    unit: str
    value: float
    """In its natural unit, unweighted where that is what a person would count, summed over networks."""
    points: float
    """Its share of score − 1; 0 for a metric that is shown and not scored."""


@frozen(kw_only=True)
class Delta:
    """Change of the score since the newest record at least a day, a week, a month before; None where there is none."""

    day: float | None = None
    week: float | None = None
    month: float | None = None


@frozen(kw_only=True)
class Move:
    """What happened to a score when the model changed: points = own + model."""

    since: datetime
    """`as_of` of the old model's last record."""
    points: float
    """The new model's score now, less the old one's then."""
    own: float
    """The old model's score now, less what it said then: the person's part."""
    model: float
    """The new model's score now, less the old one's now."""
    old: ModelId
    old_score: float
    """The old model's score now: recorded beside the new one's."""


@frozen(kw_only=True)
class Coverage:
    """What the score rests on, and what it does not know. imported = scored + outside_window + after_as_of."""

    networks: Sequence[str] = ()
    imported: int = 0
    outside_window: int = 0
    after_as_of: int = 0
    actors: float | None = None
    """Share (0..1) of the scored reactions whose actor is known; None without any."""
    times: float | None = None
    """Share (0..1) of the scored reactions with a time of their own; None without any."""
    kinds: Mapping[str, int] = field(factory=dict)
    """Imported reactions per "<network>.<kind>"; kinds that are never scored (views, follows) stand here, not in `imported`."""
    ages: Mapping[str, int] = field(factory=dict)
    """Scored reactions by what their age was taken from: time, item_time, captured, unknown."""

    @property
    def scored(self) -> int:
        """Reactions inside the window."""
        return self.imported - self.outside_window - self.after_as_of


@frozen(kw_only=True)
class PersonScore:
    """One person's score and the parts it is made of."""

    id: str
    name: str
    score: float
    """1 ≤ score < 100, decimals kept."""
    percentile: float
    """0..100: the share of the named population that ranks lower."""
    interval: tuple[float, float] | None
    """90 % interval of the score; None with fewer than 5 actors: too few to tell."""
    networks: Mapping[str, NetworkPart]
    """The points of the networks sum to score − 1."""
    metrics: Mapping[str, MetricPart]
    """The points of the metrics sum to score − 1."""
    coverage: Coverage
    delta: Delta = Delta()
    move: Move | None = None
    """Only in runs after a change of model."""

    @property
    def bucket(self) -> str:
        """The ten-point band that the score falls in, by floor: "50-59"."""
        return bucket(self.score)


@frozen(kw_only=True)
class RunResult:
    """Everything that one run found out."""

    as_of: datetime
    as_of_reason: str
    model: ModelId
    population: PopulationId
    people: Sequence[PersonScore]
    faults: Sequence[Fault]
    window: float = 0.0
    """Length of the window in seconds."""
    notes: Sequence[str] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``kleos run --json`` prints (schema 1): numbers unrounded, times in ISO 8601 with Z."""
        return {
            "schema": SCHEMA,
            "as_of": iso(self.as_of),
            "as_of_reason": self.as_of_reason,
            "model": {"name": self.model.name, "version": self.model.version, "digest": self.model.digest},
            "population": {"source": self.population.source, "size": self.population.size},
            "people": [_person(person) for person in self.people],
            "faults": [
                {
                    "plugin": fault.plugin,
                    "distribution": fault.distribution,
                    "version": fault.version,
                    "stage": fault.stage,
                    "where": fault.where,
                    "error": fault.error,
                    "count": fault.count,
                }
                for fault in self.faults
            ],
        }


def over_population(result: RunResult, source: str, scores: Sequence[float] | NDArray[np.float64]) -> RunResult:
    """Return a result whose percentiles are over a population scored in the same run, named `source`; its `scores` are sorted."""
    ranks = [bisect.bisect_left(scores, person.score) for person in result.people]
    people = [evolve(person, percentile=100.0 * rank / len(scores)) for person, rank in zip(result.people, ranks, strict=True)]
    return evolve(result, people=tuple(people), population=PopulationId(source=source, size=len(scores)))


def bucket(score: float) -> str:
    """Return "1-9", "10-19", … "90-100" for a score, by floor."""
    low = min(90, math.floor(score / 10) * 10)
    return f"{max(1, low)}-{100 if low == 90 else low + 9}"


def iso(moment: datetime) -> str:
    """Return a time as ISO 8601 in UTC with Z; fractions of a second only where there are any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _move(move: Move) -> dict[str, Any]:
    old = move.old
    return {
        "since": iso(move.since),
        "points": move.points,
        "own": move.own,
        "model": move.model,
        "old": {"name": old.name, "version": old.version, "digest": old.digest, "score": move.old_score},
    }


def _person(person: PersonScore) -> dict[str, Any]:
    coverage = person.coverage
    return {
        "id": person.id,
        "name": person.name,
        "score": person.score,
        "bucket": person.bucket,
        "percentile": person.percentile,
        "interval": None if person.interval is None else list(person.interval),
        "delta": {"day": person.delta.day, "week": person.delta.week, "month": person.delta.month},
        "move": None if person.move is None else _move(person.move),
        "networks": {
            name: {"points": part.points, "odds": part.odds, "interactions": part.interactions, "calibrated": part.calibrated}
            for name, part in person.networks.items()
        },
        "metrics": {name: {"value": part.value, "unit": part.unit, "points": part.points} for name, part in person.metrics.items()},
        "coverage": {
            "networks": list(coverage.networks),
            "imported": coverage.imported,
            "outside_window": coverage.outside_window,
            "after_as_of": coverage.after_as_of,
            "actors": coverage.actors,
            "times": coverage.times,
        },
    }
