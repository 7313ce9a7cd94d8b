"""A change as JSON: everything, unrounded, in a shape that stays.

::

    {"schema": 1, "person": {"id", "name"}, "window": seconds, "points": change,
     "before": {"as_of": "…Z", "score", "model": {"name", "version", "digest"},
                "recorded": {"as_of", "score", "model", "unusable"} or null},
     "after": likewise,
     "steps": [{"name", "title", "before", "after", "points",
                "networks": [{"name", "title", "points", "calibrated", "reactions": {"<kind>": number},
                              "metrics": [{"name", "title", "family", "unit", "before", "after", "points", "computed",
                                           "factors": [{"name", "kind", "aggregation", "before", "after", "points",
                                                        "parts": [{"actor", "item", "points"}]}]}],
                              "item_times": {"<item>": "…Z"}}]}]}

Points of `steps` sum to the change, of `networks` to their step's, of `metrics` to their network's, of `factors` to their metric's, of
`parts` to their factor's. `before` and `after` of metrics and factors are values. `unusable` says why the recorded model does not score the
first date here; null where it does, or another was asked for.
"""

from __future__ import annotations

from typing import Any

from kleos.cli.render.explanation.json import parts_json
from kleos.insight.explaining.change import Change, FactorChange, MetricChange, NetworkChange, Standing, Step
from kleos.scoring.result import ModelId, iso

__all__ = ["change_json", "step_json"]

SCHEMA = 1


def change_json(change: Change) -> dict[str, Any]:
    """Return the object that ``kleos explain --between --json`` prints."""
    return {
        "schema": SCHEMA,
        "person": {"id": change.person, "name": change.name},
        "window": change.window,
        "points": change.points,
        "before": _standing(change.before),
        "after": _standing(change.after),
        "steps": [step_json(step) for step in change.steps],
    }


def step_json(step: Step) -> dict[str, Any]:
    """Return one step."""
    return {
        "name": step.name,
        "title": step.title,
        "before": step.before,
        "after": step.after,
        "points": step.points,
        "networks": [_network(network) for network in step.networks],
    }


def _standing(standing: Standing) -> dict[str, Any]:
    past = standing.recorded
    recorded = (
        None
        if past is None
        else {"as_of": iso(past.as_of), "score": past.score, "model": _model(past.model), "unusable": past.unusable or None}
    )
    return {"as_of": iso(standing.as_of), "score": standing.score, "model": _model(standing.model), "recorded": recorded}


def _model(model: ModelId) -> dict[str, str]:
    return {"name": model.name, "version": model.version, "digest": model.digest}


def _network(network: NetworkChange) -> dict[str, Any]:
    return {
        "name": network.name,
        "title": network.title,
        "points": network.points,
        "calibrated": network.calibrated,
        "reactions": dict(network.reactions),
        "metrics": [_metric(metric, network) for metric in network.metrics],
        "item_times": {item: iso(time) for item, time in network.item_times.items()},
    }


def _metric(metric: MetricChange, network: NetworkChange) -> dict[str, Any]:
    return {
        "name": metric.name,
        "title": metric.title,
        "family": metric.family,
        "unit": metric.unit,
        "before": metric.before,
        "after": metric.after,
        "points": metric.points,
        "computed": metric.computed,
        "factors": [_factor(factor, network) for factor in metric.factors],
    }


def _factor(factor: FactorChange, network: NetworkChange) -> dict[str, Any]:
    return {
        "name": factor.name,
        "kind": factor.kind,
        "aggregation": factor.aggregation,
        "before": factor.before,
        "after": factor.after,
        "points": factor.points,
        "parts": parts_json(factor.shares, network),
    }
