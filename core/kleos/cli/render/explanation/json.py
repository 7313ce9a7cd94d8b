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
                             "ages": {"time", "item_time", "captured", "unknown"}}]},
     "moments": [{"network", "item", "url", "points", "published": "…Z", "received": {"reactions", "kinds", "people", "first", "last"},
                  "by": [{"actor", "person", "points"}]}],
     "audience": {"people", "points", "unnamed_points", "unnamed_reactions",
                  "givers": [{"network", "actor", "person", "points", "followers", "influence", "received", "others": {"<id>": number}}],
                  "gives": [{"person", "network", "reactions"}]}}

Points of `networks` sum to score − 1, of `metrics` to their network's, of `factors` to their metric's, of `parts` to their factor's. A
metric that is `computed` has no factors. `actor` is the pseudonym that the store knows, null for whom the network does not name; `item`
is null for a reaction to nothing in particular. Kinds that do not count (views, follows) are in `kinds` only. `moments` and `givers` are
the first hundred; `url` is where to look at the item, null where the network does not say; `by` is there where it was asked for; `person`
is the id of somebody in the configuration, else null.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from kleos.insight.explaining.audience import Audience
from kleos.insight.explaining.change import NetworkChange
from kleos.insight.explaining.explanation import Explanation, FactorShare, KindCoverage, MetricShare, NetworkShare, Shares
from kleos.insight.explaining.gathered import Received
from kleos.insight.explaining.moments import Moment
from kleos.scoring.result import iso

__all__ = ["explanation_json", "parts_json"]

SCHEMA = 1


def explanation_json(explanation: Explanation, moments: Sequence[Moment], audience: Audience, *, by_whom: bool) -> dict[str, Any]:
    """Return the object that ``kleos explain --json`` prints; `by_whom` adds to each moment whom it is from."""
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
        "moments": [_moment(moment, by_whom) for moment in moments],
        "audience": _audience(audience),
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
        "parts": parts_json(factor.shares, network),
    }


def parts_json(shares: Shares, network: NetworkShare | NetworkChange) -> list[dict[str, Any]]:
    """Return where a factor's points come from; null for who has no name and for what is no item."""
    return [
        {"actor": None if actor < 0 else network.actors[actor], "item": None if item < 0 else network.items[item], "points": points}
        for actor, item, points in zip(*(column.tolist() for column in shares), strict=True)
    ]


def _moment(moment: Moment, by_whom: bool) -> dict[str, Any]:
    by = {"by": [{"actor": one.actor, "person": one.person, "points": one.points} for one in moment.by]} if by_whom else {}
    return {
        "network": moment.network,
        "item": moment.item,
        "url": moment.url,
        "points": moment.points,
        "published": _time(moment.published),
        "received": _received(moment.received),
        **by,
    }


def _audience(audience: Audience) -> dict[str, Any]:
    return {
        "people": audience.people,
        "points": audience.points,
        "unnamed_points": audience.unnamed_points,
        "unnamed_reactions": audience.unnamed_reactions,
        "givers": [
            {
                "network": giver.network,
                "actor": giver.actor,
                "person": giver.person,
                "points": giver.points,
                "followers": giver.followers,
                "influence": giver.influence,
                "received": _received(giver.received),
                "others": dict(giver.others),
            }
            for giver in audience.givers
        ],
        "gives": [{"person": one.person, "network": one.network, "reactions": one.reactions} for one in audience.gives],
    }


def _received(received: Received) -> dict[str, Any]:
    return {
        "reactions": received.reactions,
        "kinds": dict(received.kinds),
        "people": received.people,
        "first": _time(received.first),
        "last": _time(received.last),
    }


def _time(time: datetime | None) -> str | None:
    return None if time is None else iso(time)
