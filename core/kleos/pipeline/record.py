"""A day's scores are recorded, and compared with what was recorded before: history is never rewritten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import attrs
from attrs import evolve

from kleos.pipeline.prepare import Prepared
from kleos.scoring.resolved import Resolved, WeightedFactor
from kleos.scoring.result import Delta, PopulationId, RunResult
from kleos.scoring.writing import model_text
from kleos.store import ScoreRecord, Store, connect
from kleos.store.models import ModelUse, keep_model
from kleos.store.records import PATIENCE, STEPS, last_day, newest_before, read_scores

__all__ = ["recent_records", "record_day", "with_deltas"]

DELTAS = ("day", "week", "month")


def record_day(store: Store, result: RunResult, prepared: Prepared, *, successor: str | None = None) -> None:
    """Record everybody's score under the day of `as_of`; a second run of the day with the same model replaces the first.

    The model is kept beside them, so that a later one can be compared with it. `successor` is the digest of the model that takes its
    place, where these scores were only made to stand beside that model's.
    """
    json = result.to_json()["people"]
    records = [
        ScoreRecord(
            person=person.id,
            score=person.score,
            lo=person.interval[0] if person.interval else None,
            hi=person.interval[1] if person.interval else None,
            percentile=person.percentile,
            model=result.model.name,
            version=result.model.version,
            digest=result.model.digest,
            successor=successor,
            as_of=result.as_of,
            window=prepared.window,
            networks=plain["networks"],
            metrics=plain["metrics"],
            coverage=_coverage(plain["coverage"], person.coverage, prepared, result.population),
        )
        for person, plain in zip(result.people, json, strict=True)
    ]
    store.record_scores(result.as_of.date(), records)
    keep_model(store.path / "models", result.model.digest, model_text(prepared.resolved.model), _use(prepared.resolved, prepared.window))


def recent_records(store: Store, as_of: datetime) -> list[ScoreRecord]:
    """Return what was recorded up to the day of `as_of`, without documents: as far back as changes are told, at least the last day."""
    folder, until = store.path / "scores", as_of.date()
    since = (as_of - PATIENCE * max(STEPS[name] for name in DELTAS)).date()
    with connect() as connection:
        first = min(since, last_day(connection, folder, before=until) or since)
        older = [] if first == since else read_scores(connection, folder, since=first, until=first, documents=())
        return older + read_scores(connection, folder, since=since, until=until, documents=())


def with_deltas(records: Sequence[ScoreRecord], result: RunResult) -> RunResult:
    """Return the result with everybody's change since a day, a week and a month before, by records of the same model."""
    past: dict[str, dict[date, float]] = {}
    for record in records:
        if record.digest == result.model.digest and record.day is not None:
            past.setdefault(record.person, {})[record.day] = record.score
    people = []
    for person in result.people:
        mine = past.get(person.id, {})
        before = {name: newest_before(mine, result.as_of.date(), STEPS[name]) for name in DELTAS}
        changes = {name: None if day is None else person.score - mine[day] for name, day in before.items()}
        people.append(evolve(person, delta=Delta(**changes)))
    return evolve(result, people=tuple(people))


def _use(resolved: Resolved, window: int) -> ModelUse:
    factors = {metric.name: metric.weight for metric in resolved.metrics if isinstance(metric, WeightedFactor)}
    metrics = [metric.name for metric in resolved.metrics if metric.name not in factors]
    return ModelUse(metrics=metrics, metric_weights=resolved.multipliers, factor_weights=factors, window=window)


def _coverage(plain: dict[str, Any], coverage: object, prepared: Prepared, population: PopulationId) -> dict[str, Any]:
    """Return what a record says about its own grounds, the frozen influence table's digest and the population compared with included."""
    assert attrs.has(type(coverage))
    full = attrs.asdict(coverage)  # type: ignore[arg-type]  # asserted above
    return {
        **plain,
        "kinds": full["kinds"],
        "ages": full["ages"],
        "influence": prepared.influence_digest,
        "population": {"source": population.source, "size": population.size},
    }
