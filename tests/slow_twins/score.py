"""The slow twin of scoring: from the rows of a table to metrics, strengths, a score and its interval, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from math import isfinite, log1p, sqrt
from statistics import median

from kleos.contract import Metric, Network
from slow_twins import dispersion as twin_dispersion
from slow_twins import strength as twin
from slow_twins.factors import factors
from slow_twins.small import METRICS, MODEL, WINDOW
from slow_twins.tables import AUDIENCES, Row
from slow_twins.world import Reaction, World

__all__ = ["interval_of", "metrics_of", "score_of", "strength_of"]

REPLICATES = 200
Z = 1.6448536269514722


def score_of(rows: Sequence[Row], networks: Sequence[Network], person: str) -> float:
    """Return a person's score over networks."""
    return _score(networks, [strength_of(network, metrics_of(rows, network, person)) for network in networks])


def metrics_of(rows: Sequence[Row], network: Network, person: str, replicate: int | None = None) -> list[float]:
    """Return a person's metrics in one network; in a replicate of the bootstrap where one is named."""
    world = _world(rows, network, person, replicate)
    slots = [factors(world, 0, slot) for slot in world.slots]
    return [_value(metric, slots, network) for metric in METRICS.values()]


def strength_of(network: Network, metrics: Sequence[float]) -> float:
    """Return the strength that metrics amount to."""
    return twin.strength(_forms(network), metrics)


def interval_of(rows: Sequence[Row], networks: Sequence[Network], person: str) -> tuple[float, float]:
    """Return the 5 % and 95 % points of the scores of all replicates, shifted to the middle and stretched."""
    spread, middles = [], []
    for network in networks:
        metrics = metrics_of(rows, network, person)
        found = strength_of(network, metrics)
        world, forms = _world(rows, network, person, None), _forms(network)
        dispersion = twin_dispersion.dispersion(world)
        drawn = [strength_of(network, metrics_of(rows, network, person, replicate)) for replicate in range(REPLICATES)]
        centred = sorted(one - median(drawn) for one in drawn)
        apart = _quantile(centred, 0.95) - _quantile(centred, 0.05)
        least = 2 * Z * twin_dispersion.sampling_deviation(world, forms, metrics)
        stretch = max(1.0, least / apart if apart else 1.0) * sqrt(dispersion * twin_dispersion.few(world))
        middle = found + twin_dispersion.bias(world, forms, metrics) * dispersion
        middles.append(middle)
        spread.append([max(0.0, middle + stretch * (one - median(drawn))) if found > 0 else 0.0 for one in drawn])
    logs = [_log_odds(networks, strengths) for strengths in zip(*spread, strict=True)]
    lifted = median(logs) - _log_odds(networks, middles) if isfinite(median(logs)) else 0.0
    scores = sorted(_scored(one - 2 * lifted) for one in logs)
    score = score_of(rows, networks, person)
    return min(score, _quantile(scores, 0.05)), max(score, _quantile(scores, 0.95))


def _world(rows: Sequence[Row], network: Network, person: str, replicate: int | None) -> World:
    """Return one person's rows of one network within the window."""
    kinds = list(network.kinds)
    names = sorted({row.actor for row in rows if row.actor is not None})
    items = sorted({row.item for row in rows if row.item is not None})

    def reaction(row: Row) -> Reaction:
        times = 1 if replicate is None or row.actor is not None else _draw(replicate, network.name, person, row.kind, row.item or "")
        actor = None if row.actor is None else names.index(row.actor)
        return Reaction(0, kinds.index(row.kind), actor, None if row.item is None else items.index(row.item), row.age, row.count * times)

    return World(
        rows=[reaction(row) for row in rows if row.network == network.name and row.person == person and 0 <= row.age <= WINDOW],
        people=1,
        in_any=[kind.role.in_any for kind in network.kinds.values()],
        q=[_influence(name, network) for name in names],
        given=[0.0] * len(names),
        window=WINDOW,
        attention=MODEL.network(network.name)[0].attention,
        drawn=None if replicate is None else [_draw(replicate, network.name, name) for name in names],
    )


def _draw(replicate: int, *what: str) -> int:
    return twin.draw(int.from_bytes(blake2b("\0".join(what).encode(), digest_size=8).digest(), "little"), replicate)


def _influence(actor: str, network: Network) -> float:
    """Return q: the share of the reference curve that the told audience outranks, linear in log(1 + followers) between knots."""
    if actor not in AUDIENCES:
        return 0.5
    curve = MODEL.network(network.name)[0].audience
    knots = [(log1p(followers), share) for followers, share in zip(curve.followers, curve.share, strict=True)]
    told = log1p(AUDIENCES[actor])
    return max(0.001, knots[-1][1] if told >= knots[-1][0] else twin.between(told, knots))


def _value(metric: Metric, slots: Sequence[dict[str, float]], network: Network) -> float:
    """Return a metric by its definition: the sum of its terms over kinds; the one that is computed is the root of the peak."""
    if metric.compute is not None:
        return float(slots[-1]["peak"] ** 0.5)
    value = 0.0
    for term in metric.terms:
        selected, _, aggregation = term.selector.rpartition(".")
        if selected == "any":
            value += term.weight * slots[-1][aggregation]
        for slot, (name, kind) in zip(slots, network.kinds.items(), strict=False):
            if selected == name:
                value += term.weight * slot[aggregation]
            elif selected == f"role:{kind.role.name}":
                value += term.weight * kind.weight * slot[aggregation]
    return value


def _forms(network: Network) -> list[twin.MetricForm]:
    known, _ = MODEL.network(network.name)
    weights = [known.metrics.get(name, MODEL.metrics[name]) for name in METRICS]
    return [twin.MetricForm(terms=(), scale=weight.scale, value=weight.weight) for weight in weights]


def _score(networks: Sequence[Network], strengths: Sequence[float]) -> float:
    return _scored(_log_odds(networks, strengths))


def _log_odds(networks: Sequence[Network], strengths: Sequence[float]) -> float:
    known = [MODEL.network(network.name)[0] for network in networks]
    logs = [
        twin.log_odds(strength, list(zip(one.odds.strength, one.odds.log_odds, strict=True)))
        for one, strength in zip(known, strengths, strict=True)
    ]
    return twin.combine(logs, [one.rho for one in known])


def _scored(logs: float) -> float:
    return twin.score(logs, list(zip(MODEL.score.log_odds, MODEL.score.score, strict=True)), MODEL.score.a, MODEL.score.b)


def _quantile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
