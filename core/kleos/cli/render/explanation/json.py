"""An explanation as JSON: everything, unrounded, in a shape that stays.

::

    {"schema": 1, "person": {"id", "name", "score"}, "as_of": "…Z", "as_of_reason", "window": seconds,
     "model": {"name", "version", "digest"},
     "networks": [{"name", "title", "points", "odds", "calibrated", "interactions",
                   "metrics": [{"name", "title", "family", "unit", "definition", "value", "points", "computed",
                                "factors": [{"name", "kind", "aggregation", "value", "weight", "points",
                                             "parts": [{"actor", "item", "points"}]}]}],
                   "item_times": {"<item>": "…Z"}}],
     "coverage": {"imported", "scored", "outside_window", "after_as_of", "anonymous", "untimed",
                  "kinds": [{"network", "kind", "counts", "imported", "scored", "outside_window", "after_as_of", "anonymous", "untimed",
                             "ages": {"time", "item_time", "captured", "unknown"}}]}}

Points of `networks` sum to score − 1, of `metrics` to their network's, of `factors` to their metric's, of `parts` to their factor's. A
metric that is `computed` has no factors. `actor` is the pseudonym that the store knows, null for whom the network does not name; `item`
is null for a reaction to nothing in particular. Kinds that do not count (views, follows) are in `kinds` only.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kleos.insight.explaining.explanation import Explanation, FactorShare, KindCoverage, MetricShare, NetworkShare
from kleos.scoring.result import iso

__all__ = ["explanation_json"]

SCHEMA = 1


def explanation_json(explanation: Explanation) -> dict[str, Any]:
    """Return the object that ``kleos explain --json`` prints."""
    model = explanation.model
    return {
        "schema": SCHEMA,
        "person": {"id": explanation.person, "name": explanation.name, "score": explanation.score},
        "as_of": iso(explanation.as_of),
        "as_of_reason": explanation.as_of_reason,
        "window": explanation.window,
        "model": {"name": model.name, "version": model.version, "digest": model.digest},
        "networks": [_network(network) for network in explanation.networks],
        "coverage": {
            **_counts([kind for kind in explanation.kinds if kind.counts]),
            "kinds": [
                {"network": kind.network, "kind": kind.kind, "counts": kind.counts, **_counts([kind]), "ages": dict(kind.ages)}
                for kind in explanation.kinds
            ],
        },
    }


def _counts(kinds: Iterable[KindCoverage]) -> dict[str, int]:
    names = ("imported", "scored", "outside_window", "after_as_of", "anonymous", "untimed")
    rows = list(kinds)
    return {name: sum(getattr(kind, name) for kind in rows) for name in names}


def _network(network: NetworkShare) -> dict[str, Any]:
    return {
        "name": network.name,
        "title": network.title,
        "points": network.points,
        "odds": network.odds,
        "calibrated": network.calibrated,
        "interactions": network.interactions,
        "metrics": [_metric(metric, network) for metric in network.metrics],
        "item_times": {item: iso(time) for item, time in network.item_times.items()},
    }


def _metric(metric: MetricShare, network: NetworkShare) -> dict[str, Any]:
    return {
        "name": metric.name,
        "title": metric.title,
        "family": metric.family,
        "unit": metric.unit,
        "definition": metric.definition,
        "value": metric.value,
        "points": metric.points,
        "computed": metric.computed,
        "factors": [_factor(factor, network) for factor in metric.factors],
    }


def _factor(factor: FactorShare, network: NetworkShare) -> dict[str, Any]:
    return {
        "name": factor.name,
        "kind": factor.kind,
        "aggregation": factor.aggregation,
        "value": factor.value,
        "weight": factor.weight,
        "points": factor.points,
        "parts": [
            {
                "actor": None if actor < 0 else network.actors[actor],
                "item": None if item < 0 else network.items[item],
                "points": points,
            }
            for actor, item, points in zip(*(column.tolist() for column in factor.shares), strict=True)
        ],
    }
