"""A comparison as JSON: everything, unrounded, in a shape that stays.

::

    {"schema": 1, "model": {"name", "version", "digest"}, "window": seconds, "population": {"source", "size"}, "not_for": "…",
     "people": [{"id", "name", "score", "bucket", "interval": [lo, hi], "percentile", "ranks": [first, last], "day", "as_of": "…Z",
                 "networks": {"twitter": {"points", "odds", "interactions", "calibrated"}},
                 "metrics": {"engaged_reach": {"value", "unit", "points"}},
                 "coverage": {"imported", "outside_window", "after_as_of", "actors", "times"},
                 "curve": [["2026-03-31", score]]}],
     "pairs": [{"first", "second", "points", "interval": [lo, hi], "told_apart": true}],
     "missing": ["eve"]}

`interval` and `ranks` are null with too few people to tell, and so are `interval` and `told_apart` of a pair with such a person. A roster
has neither pairs nor curves. `size` is 0 where it is not known.
"""

from __future__ import annotations

from typing import Any

from kleos.insight.comparing.compare import Compared, Comparison, Pair
from kleos.report.notice import NOT_FOR
from kleos.scoring.result import SCHEMA, bucket, iso

__all__ = ["comparison_json"]

_COVERAGE = ("imported", "outside_window", "after_as_of", "actors", "times")


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Return the object that ``kleos compare --json`` prints."""
    model, population = comparison.model, comparison.population
    return {
        "schema": SCHEMA,
        "model": {"name": model.name, "version": model.version, "digest": model.digest},
        "window": comparison.window,
        "population": {"source": population.source, "size": population.size},
        "not_for": NOT_FOR,
        "people": [_person(person) for person in comparison.people],
        "pairs": [_pair(pair) for pair in comparison.pairs],
        "missing": list(comparison.missing),
    }


def _person(person: Compared) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "score": person.score,
        "bucket": bucket(person.score),
        "interval": person.interval and list(person.interval),
        "percentile": person.percentile,
        "ranks": person.ranks and list(person.ranks),
        "day": person.day.isoformat(),
        "as_of": iso(person.as_of),
        "networks": {name: dict(part) for name, part in person.networks.items()},
        "metrics": {name: dict(part) for name, part in person.metrics.items()},
        "coverage": {name: person.coverage.get(name) for name in _COVERAGE},
        "curve": [[day.isoformat(), score] for day, score in person.curve],
    }


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "first": pair.first.id,
        "second": pair.second.id,
        "points": pair.difference.points,
        "interval": pair.difference.interval and list(pair.difference.interval),
        "told_apart": pair.difference.told_apart,
    }
