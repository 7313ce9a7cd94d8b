"""A page as JSON: everything that it says, unrounded.

::

    {"schema": 1, "id", "name", "as_of": "…Z", "window": seconds, "score", "bucket", "interval": [lo, hi] | null, "percentile",
     "population": {"source", "size"}, "changes": {"day": {"points", "since"} | null, "week", "month", "quarter"},
     "history": [{"day", "score", "interval", "model": "<digest>"}], "markers": [{"day", "sort", "text"}],
     "move": {"since", "before", "after", "models", "causes": [{"name", "title", "points", "reactions", "networks": {…}}],
              "metrics": {…}} | null,
     "networks": [{"name", "title", "points", "interactions", "calibrated"}],
     "moments": [{"network", "item", "url", "points", "published", "reactions", "kinds": {…}, "people"}],
     "families": [{"title", "metrics": [{"name", "title", "definition", "unit", "value", "points",
                                         "typical": {"rank", "low", "middle", "high"} | null}]}],
     "peers": {"size", "source", "low", "high"},
     "audience": {"givers": [{"name", "network", "points", "reactions", "followers", "influence"}], "people", "points", "unnamed_points",
                  "unnamed_reactions", "gives": {…}},
     "coverage": {…}, "reproduction": {"command", "model": {…}, "distributions": {…}, "influence"}, "notes": […]}
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import attrs

from kleos.report.page import Page
from kleos.scoring.result import iso

__all__ = ["page_json"]

SCHEMA = 1
FIRST = ("id", "name", "as_of", "window")
LAST = ("move", "networks", "moments", "families", "peers", "audience", "coverage", "reproduction", "notes")


def page_json(page: Page) -> dict[str, Any]:
    """Return the object that ``kleos report --json`` prints for a person."""
    values = attrs.asdict(page, value_serializer=_plain)
    standing, coverage = page.standing, page.coverage
    points = [
        {
            "day": point.day.isoformat(),
            "score": point.score,
            "interval": point.interval and list(point.interval),
            "model": point.model.digest,
        }
        for point in page.history.line
    ]
    values["coverage"] |= {"scored": coverage.scored}
    return {
        "schema": SCHEMA,
        **{name: values[name] for name in FIRST},
        "score": standing.score,
        "bucket": standing.bucket,
        **{name: values["standing"][name] for name in ("interval", "percentile", "population", "changes")},
        "history": points,
        "markers": values["history"]["markers"],
        **{name: values[name] for name in LAST},
    }


def _plain(instance: Any, attribute: Any, value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    return value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
