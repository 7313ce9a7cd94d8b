"""A day's scores are recorded, and compared with what was recorded before: history is never rewritten."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import attrs
from attrs import evolve

from kleos.pipeline.prepare import Prepared
from kleos.scoring.result import Delta, RunResult
from kleos.store import ScoreRecord, Store

__all__ = ["record_day", "with_deltas"]

STEPS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
PATIENCE = 2
"""A record older than this many steps says nothing about the step."""


def record_day(store: Store, result: RunResult, prepared: Prepared) -> None:
    """Record everybody's score under the day of `as_of`; a second run of the day with the same model replaces the first."""
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
            as_of=result.as_of,
            window=prepared.window,
            networks=plain["networks"],
            metrics=plain["metrics"],
            coverage=_coverage(plain["coverage"], person.coverage, prepared),
        )
        for person, plain in zip(result.people, json, strict=True)
    ]
    store.record_scores(result.as_of.date(), records)


def with_deltas(store: Store, result: RunResult) -> RunResult:
    """Return the result with everybody's change since a day, a week and a month before, by records of the same model."""
    since = (result.as_of - PATIENCE * max(STEPS.values())).date()
    past: dict[str, list[tuple[datetime, float]]] = {}
    for record in store.scores(since=since, until=result.as_of.date()):
        if record.digest == result.model.digest:
            past.setdefault(record.person, []).append((record.as_of, record.score))
    people = []
    for person in result.people:
        changes = {}
        for name, step in STEPS.items():
            before = [entry for entry in past.get(person.id, ()) if step <= result.as_of - entry[0] <= PATIENCE * step]
            changes[name] = person.score - max(before)[1] if before else None
        people.append(evolve(person, delta=Delta(**changes)))
    return evolve(result, people=tuple(people))


def _coverage(plain: dict[str, Any], coverage: object, prepared: Prepared) -> dict[str, Any]:
    """Return what a record says about its own grounds, the frozen influence table's digest included."""
    assert attrs.has(type(coverage))
    full = attrs.asdict(coverage)  # type: ignore[arg-type]  # asserted above
    return {**plain, "kinds": full["kinds"], "ages": full["ages"], "influence": prepared.influence_digest}
