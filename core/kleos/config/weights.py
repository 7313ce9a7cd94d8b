"""``[metrics.<metric>]`` and ``[factors."<network>.<kind>.<aggregation>"]``: what counts for more, or less."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kleos.config.inspection import Inspection
from kleos.config.rules import suggest
from kleos.config.tables import FactorTable, MetricTable
from kleos.contract import AGGREGATIONS, ANY, Role

__all__ = ["resolve_factors", "resolve_metrics"]


def resolve_metrics(tables: Mapping[str, Any], seen: Inspection) -> dict[str, float]:
    """Return metric → weight, of those that the file weighs."""
    weights = {}
    for name, value, where in seen.entries(tables.get("metrics"), "metrics"):
        known = {*seen.metrics, *seen.installed_metrics}
        if name not in known:
            seen.problem(where, f"no metric is called {name!r}", suggest(name, known, "metrics are") or "pip install kleos-metrics")
        table = seen.structure(value, MetricTable, where)
        if table is not None and table.weight is not None and name in seen.metrics:
            weights[name] = table.weight
    return weights


def resolve_factors(tables: Mapping[str, Any], seen: Inspection) -> dict[str, float]:
    """Return factor → weight. Every part of a factor's name is checked, and a follow is never scored."""
    weights = {}
    for name, value, where in seen.entries(tables.get("factors"), "factors"):
        usable = _check_factor(name, where, seen)
        table = seen.structure(value, FactorTable, where) if usable is not None else None
        if table is not None and usable:
            weights[name] = table.weight
    return weights


def _check_factor(name: str, where: str, seen: Inspection) -> bool | None:
    """Tell whether a factor can be weighed: None where its name is no factor's name, False where a part of it is not known."""
    parts = name.split(".")
    if len(parts) != 3:
        hint = 'write the whole name in quotes: [factors."<network>.<kind>.<aggregation>"]; kleos factors lists them'
        seen.problem(where, f"expected <network>.<kind>.<aggregation>, found {name!r}", hint)
        return None
    network_name, kind, aggregation = parts
    network = seen.network(network_name, where)
    usable = network is not None
    if aggregation not in AGGREGATIONS:
        seen.problem(where, f"no aggregation is called {aggregation!r}", suggest(aggregation, AGGREGATIONS, "aggregations are"))
        usable = False
    if network is None or kind == ANY:
        return usable
    if kind not in network.kinds:
        kinds = [ANY, *network.kinds]
        seen.problem(where, f"{network.name} has no kind of reaction called {kind!r}", suggest(kind, kinds, "its kinds are"))
        return False
    if network.kinds[kind].role is Role.FOLLOW:
        seen.problem(where, f"{kind!r} is a follow, which is context and never scored", "weigh a kind of reaction instead")
        return False
    return usable
