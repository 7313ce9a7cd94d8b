"""Several people side by side, and a whole roster by rank: questions to what runs have recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any

import numpy as np
from attrs import field, frozen

from kleos.insight.comparing.difference import Difference, Interval, difference
from kleos.insight.comparing.ranks import rank_ranges
from kleos.insight.comparing.recorded import curves, newest_comparable, readable
from kleos.scoring.result import ModelId, PopulationId
from kleos.store import ScoreRecord, Store, connect

__all__ = ["CURVE", "Compared", "Comparison", "Pair", "compare_people", "compare_roster"]

CURVE = timedelta(days=90)
"""How far back the curves go from the newest score."""


@frozen(kw_only=True)
class Compared:
    """One person in a comparison."""

    id: str
    name: str
    score: float
    interval: Interval | None
    """90 %; None with too few actors to tell."""
    percentile: float
    """0..100, over the comparison's population."""
    ranks: tuple[int, int] | None
    """The first and the last rank that this person may have among those with an interval; None without one."""
    day: date
    as_of: datetime
    networks: Mapping[str, Mapping[str, Any]]
    """Network → points, odds, interactions, calibrated."""
    metrics: Mapping[str, Mapping[str, Any]]
    """Metric → value, unit, points."""
    coverage: Mapping[str, Any]
    curve: Sequence[tuple[date, float]] = ()
    """(day, score), as recorded by the same model."""


@frozen(kw_only=True)
class Pair:
    """Two people, and what the first has more than the second."""

    first: Compared
    second: Compared
    difference: Difference


@frozen(kw_only=True)
class Comparison:
    """People whose scores are by one model, so that they can be compared; the highest score first."""

    model: ModelId
    window: float
    """Seconds."""
    population: PopulationId
    """What every percentile is a percentile of."""
    people: Sequence[Compared]
    pairs: Sequence[Pair] = field(factory=tuple)
    """Every two of them, the higher score first; empty for a roster."""
    missing: Sequence[str] = ()
    """Ids of people of whom there is no score by this model."""


def compare_people(store: Store, people: Mapping[str, str], *, until: date | None = None) -> Comparison:
    """Compare these people (id → name) with each other by the last model that scored all of them, with their curves.

    Raises `UsageError` where no model has, and `StoreError` where a file of the store cannot be read.
    """
    with readable(store), connect() as connection:
        records = newest_comparable(store, connection, list(people), until=until, everybody=True).records
        last = max(record.day or record.as_of.date() for record in records.values())
        digest = next(iter(records.values())).digest
        past = curves(store, connection, list(people), digest, since=last - CURVE, until=last)
    compared = _ranked(records, people, past)
    pairs = [
        Pair(first=first, second=second, difference=difference(first.score, first.interval, second.score, second.interval))
        for first, second in combinations(compared, 2)
    ]
    return _comparison(records, compared, pairs=pairs)


def compare_roster(store: Store, people: Mapping[str, str], *, until: date | None = None) -> Comparison:
    """Rank all these people (id → name) by the last model that scored any of them; who has no score by it is `missing`.

    Raises `UsageError` where nobody has a score, and `StoreError` where a file of the store cannot be read.
    """
    with readable(store), connect() as connection:
        found = newest_comparable(store, connection, list(people), until=until)
    return _comparison(found.records, _ranked(found.records, people, {}), missing=tuple(found.missing))


def _comparison(records: Mapping[str, ScoreRecord], people: Sequence[Compared], **more: Any) -> Comparison:
    one = max(records.values(), key=lambda record: record.as_of)
    model = ModelId(name=one.model, version=one.version, digest=one.digest)
    return Comparison(model=model, window=one.window / 1e6, population=_population(one), people=people, **more)


def _population(record: ScoreRecord) -> PopulationId:
    told = record.coverage.get("population")
    if told is None:
        return PopulationId(source=f"the reference population of {record.model} {record.version}", size=0)
    return PopulationId(source=told["source"], size=told["size"])


def _ranked(
    records: Mapping[str, ScoreRecord], names: Mapping[str, str], past: Mapping[str, Sequence[tuple[date, float]]]
) -> list[Compared]:
    order = sorted(records.values(), key=lambda record: (-record.score, record.person))
    sure = [record for record in order if record.lo is not None]
    columns = [np.array([getattr(record, name) for record in sure], dtype=np.float64) for name in ("score", "lo", "hi")]
    ranges = dict(zip((record.person for record in sure), rank_ranges(*columns).tolist(), strict=True))
    return [
        Compared(
            id=record.person,
            name=names[record.person],
            score=record.score,
            interval=None if record.lo is None or record.hi is None else (record.lo, record.hi),
            percentile=record.percentile,
            ranks=(ranges[record.person][0], ranges[record.person][1]) if record.person in ranges else None,
            day=record.day or record.as_of.date(),
            as_of=record.as_of,
            networks=record.networks,
            metrics=record.metrics,
            coverage=record.coverage,
            curve=past.get(record.person, ()),
        )
        for record in order
    ]
