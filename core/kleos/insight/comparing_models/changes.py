"""What differs between two models, number by number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import attrs
import numpy as np
from attrs import frozen

from kleos.scoring.model import EVERY_OTHER, Model, NetworkModel, Weight

__all__ = ["Change", "ModelChanges", "WeightChange", "model_changes"]


class WeightChange(NamedTuple):
    """One metric's weight in both models; 0 where a model has none."""

    metric: str
    network: str
    """Empty for all networks."""
    before: Weight
    after: Weight
    share_before: float
    """Of all weight in its model (or network), from 0 to 1."""
    share_after: float


class Change(NamedTuple):
    """Another number or text that differs."""

    where: str
    """Its key in the file: "networks.twitter.rho"."""
    before: str
    after: str


@frozen(kw_only=True)
class ModelChanges:
    """All that differs."""

    before: Model
    after: Model
    weights: Sequence[WeightChange]
    """All metrics of both models, and those of networks which differ."""
    others: Sequence[Change]

    @property
    def any(self) -> bool:
        """Whether a score can differ."""
        return bool(self.others) or any(one.before != one.after for one in self.weights)


def model_changes(before: Model, after: Model) -> ModelChanges:
    """Compare two models; their names, versions and descriptions aside."""
    weights = list(_weights("", before.metrics, after.metrics))
    others = [
        *_fields("", before, after, ("window",)),
        *_fields("fractions", before.fractions, after.fractions),
        *_fields("influence", before.influence, after.influence),
        *_curve("score", before.score.log_odds, before.score.score, after.score.log_odds, after.score.score, unit="points"),
    ]
    for name in dict.fromkeys((*before.networks, *after.networks)):
        old, _ = before.network(name)
        new, _ = after.network(name)
        weights += [one for one in _weights(name, old.metrics, new.metrics) if one.before != one.after]
        others += _network(name, old, new)
        if name != EVERY_OTHER and (name in before.networks) != (name in after.networks):
            told = ["calibrated on its own" if name in model.networks else "not calibrated" for model in (before, after)]
            others.append(Change(f"networks.{name}", *told))
    return ModelChanges(before=before, after=after, weights=weights, others=others)


def _weights(network: str, before: object, after: object) -> Iterator[WeightChange]:
    old, new = dict(before), dict(after)  # type: ignore[call-overload]
    total_old, total_new = (sum(one.weight for one in side.values()) or 1.0 for side in (old, new))
    for metric in dict.fromkeys((*new, *old)):
        a, b = old.get(metric, Weight()), new.get(metric, Weight())
        yield WeightChange(metric, network, a, b, a.weight / total_old, b.weight / total_new)


def _network(name: str, before: NetworkModel, after: NetworkModel) -> Iterator[Change]:
    where = f"networks.{name}"
    yield from _fields(where, before, after, ("rho", "attention"))
    yield from _fields(f"{where}.reference", before.reference, after.reference)
    for curve in ("odds", "earned"):
        a, b = getattr(before, curve), getattr(after, curve)
        yield from _curve(f"{where}.{curve}", a.log_odds, a.strength, b.log_odds, b.strength, unit="strength")
    if before.audience != after.audience:
        yield Change(f"{where}.audience", f"{len(before.audience.share)} knots", f"{len(after.audience.share)} other knots")


def _fields(where: str, before: object, after: object, names: Sequence[str] = ()) -> Iterator[Change]:
    for name in names or [one.name for one in attrs.fields(type(before))]:  # type: ignore[arg-type]
        a, b = getattr(before, name), getattr(after, name)
        if a != b:
            yield Change(".".join(filter(None, (where, name))), _text(name, a), _text(name, b))


def _curve(where: str, x: Sequence[float], y: Sequence[float], x2: Sequence[float], y2: Sequence[float], *, unit: str) -> Iterator[Change]:
    """Tell how two curves differ at even odds and at odds of 1 : 19: the middle, and where the top 5 % begin."""
    if (tuple(x), tuple(y)) != (tuple(x2), tuple(y2)):
        old, new = (np.interp([0.0, np.log(19.0)], xs, ys) for xs, ys in ((x, y), (x2, y2)))
        yield Change(where, *(f"{unit} {a:.2f} in the middle, {b:.2f} where the top 5 % begin" for a, b in (old, new)))


def _text(name: str, value: object) -> str:
    if name == "window" and isinstance(value, int):
        return f"{value / 86_400_000_000:g} days"
    return f"{value:,}" if isinstance(value, int) else f"{value:g}" if isinstance(value, float) else str(value)
