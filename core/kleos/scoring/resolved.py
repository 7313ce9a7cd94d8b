"""The model as one run uses it: the file, the loaded metrics and the configuration's weights, made one and given a digest."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.contract import AGGREGATIONS, ANY, Metric, Network, Role, Term
from kleos.kernel.aggregate import Form
from kleos.kernel.layout import Clock
from kleos.kernel.odds import Curve, Table
from kleos.scoring.model import Audience, Model, NetworkModel, OddsTable, Reference, Weight, digest
from kleos.scoring.result import ModelId

__all__ = ["Measure", "NetworkForm", "Resolved", "WeightedFactor", "factor_names", "places", "resolve_model"]

COUNTED = frozenset({"count", "acts", "actors", "returning", "days", "actor_days", "items", "peak", "h_index"})
"""Aggregations that a person would count; metrics made of them are shown unweighted."""


@frozen(kw_only=True)
class WeightedFactor:
    """A factor that the configuration weighs: a metric of its own, of one term, in one network."""

    name: str
    """``<network>.<kind>.<aggregation>``."""
    network: str
    terms: Sequence[Term]
    unit: str
    weight: float = 0.0
    family: str = "weighted factors"
    compute: None = None

    @property
    def title(self) -> str:
        """The factor's name: there is no better word for it."""
        return self.name


Measure = Metric | WeightedFactor


@frozen(kw_only=True, eq=False)
class NetworkForm:
    """One network's numbers as the engine wants them."""

    network: Network
    kinds: Sequence[str]
    """Slot k is kinds[k]; the slot after the last is `any`."""
    in_any: NDArray[np.bool_]
    """bool[K]."""
    form: Form
    table: Table
    earned: Table
    """log1p of the attention received against log-odds of its rank: what makes an actor of a population influential."""
    log_rho: float
    attention: float
    followers: NDArray[np.float64]
    share: NDArray[np.float64]
    calibrated: bool
    reference: str
    size: int


@frozen(kw_only=True, eq=False)
class Resolved:
    """A model, resolved: what a run scores with, and what its digest stands for."""

    model: Model
    id: ModelId
    metrics: Sequence[Measure]
    counted: NDArray[np.bool_]
    """bool[M]: shown unweighted."""
    weights: Mapping[str, Weight]
    """v and s of every metric, overrides included, before a network's own."""
    multipliers: Mapping[str, float]
    curve: Curve

    def with_model(self, model: Model) -> Resolved:
        """Return the same metrics resolved with another model, without overrides."""
        return resolve_model(model, {metric.name: metric for metric in self.metrics if isinstance(metric, Metric)})

    def clock(self, window: int) -> Clock:
        """Return the time constants for a window in microseconds."""
        return Clock(window, window / self.model.fractions.half_life, window / self.model.fractions.recent)

    def form(self, network: Network) -> NetworkForm:
        """Resolve the metrics and curves for one network."""
        known, calibrated = self.model.network(network.name)
        if not calibrated and network.reference is not None:
            known, calibrated = _own(network, known), True
        kinds = tuple(network.kinds)
        return NetworkForm(
            network=network,
            kinds=kinds,
            in_any=np.array([network.kinds[kind].role.in_any for kind in kinds], dtype=np.bool_),
            form=self._form(network, known),
            table=Table(np.array(known.odds.strength), np.array(known.odds.log_odds)),
            earned=Table(np.array(known.earned.strength), np.array(known.earned.log_odds)),
            log_rho=math.log(known.rho),
            attention=known.attention,
            followers=np.array(known.audience.followers),
            share=np.array(known.audience.share),
            calibrated=calibrated,
            reference=known.reference.name,
            size=known.reference.size,
        )

    def _form(self, network: Network, known: NetworkModel) -> Form:
        start, factor, weight, scale, value = [0], [], [], [], []
        for metric in self.metrics:
            here = not isinstance(metric, WeightedFactor) or metric.network == network.name
            for term in metric.terms if here else ():
                for place, times in places(term, network):
                    factor.append(place)
                    weight.append(times)
            start.append(len(factor))
            own = known.metrics.get(metric.name)
            general = self.weights[metric.name]
            scale.append(own.scale if own else general.scale)
            value.append(own.weight * self.multipliers.get(metric.name, 1.0) if own else general.weight)
        return Form(
            np.array(start, dtype=np.int64),
            np.array(factor, dtype=np.int64),
            np.array(weight, dtype=np.float64),
            np.array(scale, dtype=np.float64),
            np.array(value, dtype=np.float64),
            np.array([metric.compute is not None for metric in self.metrics], dtype=np.bool_),
        )


def resolve_model(
    model: Model,
    metrics: Mapping[str, Metric],
    *,
    metric_weights: Mapping[str, float] | None = None,
    factor_weights: Mapping[str, float] | None = None,
    window: int | None = None,
) -> Resolved:
    """Make one of a model, the loaded metrics and the configuration's weights.

    `metric_weights` multiply a metric's v for all networks; where the model has none and the metric's own is 0, the number is v itself.
    `factor_weights` turn a factor ("twitter.retweet.actors") into a metric of its own with that v. Overrides are part of the digest and
    show in the name. Metrics that the model weighs and that are not installed are left out, which the digest tells as well.
    """
    multipliers = dict(metric_weights or {})
    of_factors = {name: _weighted(name, weight) for name, weight in sorted((factor_weights or {}).items())}
    chosen: list[Measure] = [*(metrics[name] for name in model.metrics if name in metrics)]
    chosen += [metrics[name] for name in sorted(metrics) if name not in model.metrics]
    chosen += of_factors.values()
    weights = {}
    for metric in chosen:
        base = model.metrics.get(metric.name, Weight(weight=metric.weight))
        if metric.name in multipliers:
            times = multipliers[metric.name]
            base = attrs.evolve(base, weight=base.weight * times if base.weight or metric.name in model.metrics else times)
        weights[metric.name] = base
    overridden = bool(metric_weights or factor_weights)
    content = {
        "model": attrs.asdict(model),
        "metrics": {m.name: [attrs.asdict(weights[m.name]), [[t.selector, t.weight] for t in m.terms]] for m in chosen},
        "multipliers": multipliers,
        "window": window,
    }
    return Resolved(
        model=model,
        id=ModelId(name=model.name + ("+overrides" if overridden else ""), version=model.version, digest=digest(content)),
        metrics=tuple(chosen),
        counted=np.array([bool(m.terms) and all(t.selector.rpartition(".")[2] in COUNTED for t in m.terms) for m in chosen]),
        weights=weights,
        multipliers=multipliers,
        curve=Curve(np.array(model.score.log_odds), np.array(model.score.score), model.score.a, model.score.b),
    )


def factor_names(network: Network) -> list[str]:
    """Return the names of a network's factors, ``<network>.<kind>.<aggregation>``, in the order of the engine's columns."""
    return [f"{network.name}.{kind}.{aggregation}" for kind in (*network.kinds, ANY) for aggregation in AGGREGATIONS]


def places(term: Term, network: Network) -> list[tuple[int, float]]:
    """Return the columns that a term adds up, with their weights: a kind's weight counts in role terms, never in `any`."""
    kind, _, aggregation = term.selector.rpartition(".")
    column = AGGREGATIONS.index(aggregation)
    width = len(AGGREGATIONS)
    kinds = list(network.kinds)
    if kind == ANY:
        return [(len(kinds) * width + column, term.weight)]
    if kind.startswith("role:"):
        role = Role[kind.removeprefix("role:")]
        found = [(place, declared) for place, declared in enumerate(network.kinds.values()) if declared.role is role]
        return [(place * width + column, term.weight * declared.weight) for place, declared in found]
    return [(kinds.index(kind) * width + column, term.weight)] if kind in network.kinds else []


def _weighted(name: str, weight: float) -> WeightedFactor:
    network, kind, aggregation = name.split(".")
    return WeightedFactor(name=name, network=network, terms=(Term(f"{kind}.{aggregation}"),), unit=aggregation, weight=weight)


def _own(network: Network, lent: NetworkModel) -> NetworkModel:
    """Return a network's own calibration in the model's words."""
    assert network.reference is not None
    own = network.reference
    return NetworkModel(
        odds=OddsTable(strength=own.strength, log_odds=own.log_odds),
        earned=lent.earned,
        audience=Audience(followers=own.audience, share=own.share),
        attention=own.attention,
        reference=Reference(name=f"the plugin's own for {network.title}", size=0, window=lent.reference.window),
    )
