"""A history as JSON: everything, unrounded, in a shape that stays.

::

    {"schema": 1, "person": {"id", "name"},
     "days": [{"day": "YYYY-MM-DD", "as_of": "…Z", "score", "interval": [lo, hi], "percentile", "networks": […], "actors", "times",
               "model": {"name", "version", "digest"}}],
     "others": [the same, of other models],
     "changes": {"day": {"points", "since"}, "week", "month", "quarter"},
     "markers": [{"day", "letter", "sort": "model" | "source" | "coverage", "text"}]}

`days` has one entry for each day that was recorded. `interval` is null with fewer than five actors, a change where no record of the
same model is old enough (`quarter`: 90 days), `actors` and `times` without scored reactions.
"""

from __future__ import annotations

from typing import Any

from kleos.insight.history.curve import History, Point, letters
from kleos.scoring.result import iso

__all__ = ["history_json"]

SCHEMA = 1


def history_json(history: History) -> dict[str, Any]:
    """Return the object that ``kleos history --json`` prints."""
    named = letters(history.markers)
    return {
        "schema": SCHEMA,
        "person": {"id": history.person, "name": history.name},
        "days": [_point(point) for point in history.line],
        "others": [_point(point) for point in history.others],
        "changes": {
            name: None if change is None else {"points": change.points, "since": change.since.isoformat()}
            for name, change in history.changes.items()
        },
        "markers": [
            {"day": marker.day.isoformat(), "letter": named[marker.day], "sort": marker.sort, "text": marker.text}
            for marker in history.markers
        ],
    }


def _point(point: Point) -> dict[str, Any]:
    return {
        "day": point.day.isoformat(),
        "as_of": iso(point.as_of),
        "score": point.score,
        "interval": None if point.interval is None else list(point.interval),
        "percentile": point.percentile,
        "networks": list(point.networks),
        "actors": point.actors,
        "times": point.times,
        "model": {"name": point.model.name, "version": point.model.version, "digest": point.model.digest},
    }
