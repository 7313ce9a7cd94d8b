"""From evidence to a model: weights learnt where they can be, and kept where nothing tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import floor, log10
from typing import NamedTuple

import attrs
from attrs import frozen

from kleos.errors import KleosError
from kleos.scoring.fitting.comparisons import Comparisons
from kleos.scoring.fitting.keeping import keep
from kleos.scoring.fitting.learning import Step, best_scales, check_enough, tells
from kleos.scoring.fitting.limits import NO_LIMITS, Limits, Slack
from kleos.scoring.fitting.validation import Validated
from kleos.scoring.model import Model, Weight

__all__ = ["FittedWeight", "FittedWeights", "fit_weights", "fitted_model"]

DIGITS = 3
"""Decimals of the weights in the file, where their sum is above 1; no evidence supports more."""
BINDING = 1e-4
PASSES = 6
STILL = 1e-6

Told = Callable[[str, int, int], None]


class FittedWeight(NamedTuple):
    """One metric's part in the fitted model."""

    weight: float
    scale: float
    share: float
    """Of all weight."""
    before: float
    """Its share in the model that was begun with."""
    learnt_from: str
    """What it was learnt from, in words; empty for a weight that was kept."""


@frozen(kw_only=True)
class FittedWeights:
    """What came of a fit."""

    weights: Mapping[str, FittedWeight]
    """By metric, in the model's order."""
    validated: Mapping[str, Validated | None]
    """By evidence: the penalties that were tried; None where one was given, or the data were too few to try any."""
    limits: Limits
    """What the weights keep."""
    binding: Sequence[Slack]
    """The limits that they touch: without these the data would have it otherwise."""


def fit_weights(
    base: Mapping[str, Weight],
    evidence: Mapping[str, Sequence[Comparisons]],
    *,
    limits: Limits = NO_LIMITS,
    penalty: float | None = None,
    scales: bool = False,
    seed: int = 0,
    told: Told = lambda task, done, total: None,
) -> FittedWeights:
    """Learn weights from every kind of evidence in turn, each what those before could not tell.

    What an earlier kind has learnt stays in proportion, and the later one learns the rest beside it. Metrics that no evidence tells keep
    their share of all weight in `base`, and the sum of all weights stays as it was: only proportions matter, since a model is calibrated
    afterwards. `penalty` is found by cross-validation if None; with `scales`, s is chosen from a grid, too, for the metrics of the
    first kind. Raises `KleosError` for too few data, and where no metric tells anything; `UsageError` without SciPy.
    """
    scale = {metric: weight.scale for metric, weight in base.items()}
    total = sum(weight.weight for weight in base.values()) or 1.0
    before = {metric: weight.weight / total for metric, weight in base.items()}
    for kind, comparisons in evidence.items():
        check_enough(kind, comparisons)
    learns = _turns(evidence)
    source = {metric: kind for kind, metrics in learns.items() for metric in metrics}
    kept = _kept(before, source, limits, scale)
    penalties = dict.fromkeys(learns, penalty)
    validated: dict[str, Validated | None] = {}
    shares = before
    # What is learnt late bears on the limits of what was learnt first, so the turns are taken again until nothing moves.
    for turn in range(PASSES):
        known: dict[str, float] = {}
        for kind, metrics in learns.items():
            step = Step(
                comparisons=evidence[kind],
                new=metrics,
                known=dict(known),
                limits=limits,
                rest={metric: kept.get(metric, share) for metric, share in shares.items() if metric not in metrics and metric not in known},
                penalty=penalties[kind],
                seed=seed,
                told=partial(told, kind),
            )
            if scales and not known and not turn:
                scale = best_scales(step, scale)
            found = step.learn(scale)
            known |= found.weights
            validated.setdefault(kind, found.validated)
            penalties[kind] = found.penalty
        last, shares = shares, _shares(known, kept, limits, scale)
        if max(abs(shares[metric] - last[metric]) for metric in base) < STILL:
            break
    digits = DIGITS - min(0, floor(log10(total)))
    weights = {
        metric: FittedWeight(
            weight=round(share * total, digits),
            scale=scale[metric],
            share=share,
            before=before[metric],
            learnt_from=source.get(metric, ""),
        )
        for metric, share in shares.items()
    }
    binding = [slack for slack in limits.slacks(shares, scale) if slack.slack < BINDING]
    return FittedWeights(weights=weights, validated=validated, limits=limits, binding=binding)


def fitted_model(base: Model, fitted: FittedWeights, *, name: str, version: str, description: str) -> Model:
    """Return the model with the fitted weights; its curves are still those of the old ones, until it is calibrated.

    Weights of single networks give way to the fitted ones, for metrics that were fitted and for those that a limit is about.
    """
    learnt = {metric for metric, one in fitted.weights.items() if one.learnt_from} | fitted.limits.metrics
    return attrs.evolve(
        base,
        name=name,
        version=version,
        description=description,
        metrics={
            metric: Weight(weight=one.weight, scale=one.scale)
            for metric, one in fitted.weights.items()
            if one.weight or metric in base.metrics
        },
        networks={
            key: attrs.evolve(network, metrics={metric: own for metric, own in network.metrics.items() if metric not in learnt})
            for key, network in base.networks.items()
        },
    )


def _turns(evidence: Mapping[str, Sequence[Comparisons]]) -> dict[str, list[str]]:
    """Return what each kind of evidence is to tell: what it can, and none before it could. Raises `KleosError` where that is nothing."""
    learns: dict[str, list[str]] = {}
    for kind, comparisons in evidence.items():
        earlier = {metric for metrics in learns.values() for metric in metrics}
        new = [metric for metric in comparisons[0].metrics if metric not in earlier and tells(comparisons, metric)]
        if new:
            learns[kind] = new
    if not learns:
        raise KleosError("no metric tells who comes first", hint="give pairs or a population in which metrics differ between accounts")
    return learns


def _kept(before: Mapping[str, float], learnt: Mapping[str, str], limits: Limits, scale: Mapping[str, float]) -> dict[str, float]:
    """Return the shares of metrics that nothing told: theirs, unless those that were learnt had none; then all are alike on average.

    They leave as much as the limits ask of those that are learnt.
    """
    within = keep(limits, before, scale)
    outweighed = {pair.metric for pair in limits.outweighed}
    kept = {
        metric: min(share, within[metric]) if metric in outweighed else share for metric, share in before.items() if metric not in learnt
    }
    taken = sum(kept.values())
    having = sum(share > 0 for share in kept.values())
    room = 1.0 if taken < 1.0 - STILL else having / (having + len(learnt))
    asked = {metric: limits.at_least.get(metric, 0.0) for metric in learnt}
    for pair in limits.outweighed:
        if pair.by in asked:
            asked[pair.by] = max(asked[pair.by], kept.get(pair.metric, 0.0) / pair.most(1.0, scale))
    if 1.0 - taken * room < sum(asked.values()):
        room = sum(within[metric] for metric in kept) / taken
    return {metric: share * room for metric, share in kept.items()}


def _shares(known: Mapping[str, float], kept: Mapping[str, float], limits: Limits, scale: Mapping[str, float]) -> dict[str, float]:
    """Return every metric's share of all weight, within the limits; `scale` has all metrics, in the model's order."""
    learnt, room = sum(known.values()), 1.0 - sum(kept.values())
    if learnt <= 0:
        raise KleosError("no metric tells who comes first", hint="widen the limits, or give more data")
    return keep(limits, {metric: kept[metric] if metric in kept else known[metric] / learnt * room for metric in scale}, scale)
