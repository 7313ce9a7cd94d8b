"""A model fitted to a population and to labelled pairs, and how well it foretells the windows that it was not fitted to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
from attrs import field, frozen

from kleos.config import Config
from kleos.errors import NoDataError, UsageError
from kleos.events import Emit, Progress
from kleos.insight.evaluating.cuts import Cut, cuts_of
from kleos.insight.evaluating.features import FeatureMap
from kleos.insight.evaluating.gathered import Gathered, gathered
from kleos.insight.evaluating.labelled import Labelled
from kleos.insight.evaluating.spread import Window, spread
from kleos.insight.fitting.judged import compare_accounts, compare_features
from kleos.insight.fitting.windows import compare_windows
from kleos.plugins import Loaded
from kleos.scoring.fitting.comparisons import Comparisons
from kleos.scoring.fitting.limits import NO_LIMITS, Limits
from kleos.scoring.fitting.promised import promised
from kleos.scoring.fitting.weights import FittedWeights, fit_weights, fitted_model
from kleos.scoring.model import Model
from kleos.scoring.resolved import Resolved
from kleos.store import to_micros

__all__ = ["PAIRS", "SPREAD", "Evidence", "Fit", "Wanted", "fit_features", "fit_population"]

SPREAD, PAIRS = "spread", "pairs"
"""The kinds of evidence, in the order in which they are learnt from."""
DRAWN = 20_000
"""Pairs of accounts that are compared for each cut and network."""


@frozen(kw_only=True)
class Wanted:
    """What to fit to, and how."""

    name: str
    version: str
    cuts: Sequence[str] = ()
    horizons: Sequence[str] = ()
    """As `kleos.insight.evaluating.cuts.cuts_of` reads them."""
    spread: bool = True
    """Whether to learn from what came next in the population."""
    labelled: Labelled | None = None
    features: FeatureMap = field(factory=dict)
    limits: Limits = NO_LIMITS
    """Beside those that every fitted model keeps: `kleos.scoring.fitting.promised`."""
    penalty: float | None = None
    scales: bool = False
    seed: int = 0
    leave_out: bool = True
    """Whether to leave out one cut after the other, and foretell it by the rest: takes as long as all else together."""


@frozen(kw_only=True)
class Evidence:
    """One source of comparisons."""

    kind: str
    name: str
    comparisons: int
    accounts: int


@frozen(kw_only=True)
class Fit:
    """What came of it."""

    model: Model
    """With the curves that there were: to be calibrated next."""
    base: Model
    weights: FittedWeights
    evidence: Sequence[Evidence]
    left_out: Sequence[Window]
    """Every cut, foretold by weights that were fitted to the other cuts alone; empty where there is only one."""


def fit_population(config: Config, loaded: Loaded, wanted: Wanted, *, emit: Emit, now: datetime) -> Fit:
    """Fit to the configuration's `[population]`, and to labelled pairs where they are given.

    Raises `UsageError`, `NoDataError`, and `KleosError` for too few data.
    """
    with gathered(config, loaded, emit=emit, now=to_micros(now)) as found:
        if not len(found.rows):
            raise NoDataError(
                "no reaction in the table of [population] has a time of its own",
                where=str(config.where or ""),
                hint="what came before a cut and what after is told by the column time: [population] columns = { time = … }",
            )
        cuts = cuts_of(wanted.cuts, wanted.horizons, first=found.first, last=found.last, window=config.run.window) if wanted.spread else []
        windows = [_told(found, cut, wanted.seed, place, len(cuts)) for place, cut in enumerate(cuts)]
        if cuts:
            emit(Progress(task="windows", done=len(cuts), total=len(cuts), unit="windows", finished=True))
        judged = _judged(wanted, found)
        fit = _fit(found.resolved, {SPREAD: [one for window in windows for one in window], PAIRS: judged}, wanted, emit)
        left_out = _left_out(found, cuts, windows, wanted, emit) if wanted.leave_out and len(cuts) > 1 else []
    return Fit(model=fit.model, base=fit.base, weights=fit.weights, evidence=fit.evidence, left_out=left_out)


def fit_features(resolved: Resolved, labelled: Labelled, wanted: Wanted, *, emit: Emit) -> Fit:
    """Fit to a table of labelled features alone. Raises `UsageError`, and `KleosError` for too few data."""
    return _fit(resolved, {PAIRS: [compare_features(labelled, wanted.features, _metrics(resolved))]}, wanted, emit)


def _told(found: Gathered, cut: Cut, seed: int, place: int, total: int) -> list[Comparisons]:
    found.emit(Progress(task="windows", done=place, total=total, unit="windows"))
    return compare_windows(found, cut, number=DRAWN, seed=seed + place)


def _judged(wanted: Wanted, found: Gathered) -> list[Comparisons]:
    if wanted.labelled is None:
        return []
    if wanted.labelled.accounts:
        return [compare_accounts(wanted.labelled, found)]
    return [compare_features(wanted.labelled, wanted.features, _metrics(found.resolved))]


def _fit(resolved: Resolved, evidence: Mapping[str, list[Comparisons]], wanted: Wanted, emit: Emit, task: str = "fitting") -> Fit:
    tasks: dict[str, int] = {}

    def told(kind: str, done: int, total: int) -> None:
        tasks[kind] = total
        emit(Progress(task=f"{task} to {kind}", done=done, total=total, unit="fits"))

    if resolved.id.name != resolved.model.name:
        raise UsageError(
            "fitting begins with the model's own weights", where="metrics", hint="write those of the configuration into a model"
        )
    unknown = sorted(wanted.limits.metrics - set(resolved.weights))
    if unknown:
        raise UsageError(
            f"the model has no metric {unknown[0]!r}", where="--at-least, --at-most", hint=f"it has {', '.join(resolved.weights)}"
        )
    given = {kind: [one for one in comparisons if len(one)] for kind, comparisons in evidence.items() if comparisons}
    weights = fit_weights(
        resolved.weights,
        given,
        limits=wanted.limits.and_also(promised(resolved.metrics)),
        penalty=wanted.penalty,
        scales=wanted.scales,
        seed=wanted.seed,
        told=told,
    )
    for kind, total in tasks.items():
        emit(Progress(task=f"{task} to {kind}", done=total, total=total, unit="fits", finished=True))
    sources = [
        Evidence(kind=kind, name=one.name, comparisons=len(one), accounts=len(np.unique(one.accounts)))
        for kind, comparisons in given.items()
        for one in comparisons
    ]
    model = fitted_model(
        resolved.model, weights, name=wanted.name, version=wanted.version, description=_description(sources, resolved.model)
    )
    return Fit(model=model, base=resolved.model, weights=weights, evidence=sources, left_out=[])


def _left_out(found: Gathered, cuts: Sequence[Cut], windows: Sequence[list[Comparisons]], wanted: Wanted, emit: Emit) -> list[Window]:
    """Foretell every cut by what was learnt from the others; pairs, too, are left aside."""
    foretold: list[Window] = []
    for place, cut in enumerate(cuts):
        others = [one for number, window in enumerate(windows) if number != place for one in window]
        fit = _fit(found.resolved, {SPREAD: others}, wanted, emit, task=f"fitting without cut {place + 1}")
        foretold += spread(found, [cut], resolved=found.resolved.with_model(fit.model), seed=wanted.seed).windows
    return foretold


def _metrics(resolved: Resolved) -> tuple[str, ...]:
    return tuple(metric.name for metric in resolved.metrics)


def _description(evidence: Sequence[Evidence], base: Model) -> str:
    numbers = {kind: sum(one.comparisons for one in evidence if one.kind == kind) for kind in dict.fromkeys(one.kind for one in evidence)}
    sources = " and ".join(f"{number:,} comparisons of accounts ({kind})" for kind, number in numbers.items())
    return f"Weights fitted to {sources}, begun with {base.name} {base.version}."
