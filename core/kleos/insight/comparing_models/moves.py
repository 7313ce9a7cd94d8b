"""Who moves if one model takes another's place, and by which metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.config import Config
from kleos.contract import Metric
from kleos.events import Emit
from kleos.insight.evaluating.gathered import Gathered, gathered
from kleos.pipeline.prepare import prepare
from kleos.plugins import Loaded
from kleos.scoring.earned import earned_influence
from kleos.scoring.model import Model
from kleos.scoring.parted import Placed, each_part_weighed
from kleos.scoring.resolved import Resolved, resolve_model
from kleos.scoring.strength import NetworkStrength, Scores, score_networks
from kleos.store import Store, connect, to_micros

__all__ = ["Move", "Moves", "people_moves", "population_moves"]


class Move(NamedTuple):
    """One person under both models."""

    person: str
    name: str
    before: float
    after: float
    metrics: Mapping[str, float]
    """Metric → points after less points before, over all networks; they add up to the change of the score."""

    @property
    def change(self) -> float:
        """Points gained, below 0 if lost."""
        return self.after - self.before


@frozen(kw_only=True)
class Moves:
    """Everybody under both models."""

    size: int
    mean: float
    """Mean change, in points."""
    distance: float
    """Mean distance, in points: what the change is without its sign."""
    order: float
    """Spearman's rank correlation of the scores; NaN for fewer than two people, or scores that are all the same."""
    people: Sequence[Move]
    """All of the people of a configuration; of a population those who move most, up and down."""


def people_moves(config: Config, loaded: Loaded, models: tuple[Path | None, Path | None], *, emit: Emit, now: datetime) -> Moves:
    """Score the people of a configuration by both models, from what is in the store. Raises `StoreError` where there is none yet."""
    with Store.open(config.run.store, create=False) as store, connect() as connection:
        sides = [
            prepare(attrs.evolve(config, run=attrs.evolve(config.run, model=model)), loaded, store, connection, now=now, emit=emit)
            for model in models
        ]
    old, new = sides
    points = [_by_metric(side.scores, side.resolved) for side in sides]
    moves = [
        Move(person, name, float(old.scores.score[place]), float(new.scores.score[place]), _differences(points, place))
        for place, (person, name) in enumerate(old.people.items())
    ]
    return _moves(old.scores.score, new.scores.score, sorted(moves, key=lambda move: -abs(move.change)))


def population_moves(config: Config, loaded: Loaded, models: tuple[Model, Model], *, top: int, emit: Emit, now: datetime) -> Moves:
    """Score everybody in a `[population]` who received something by both models; name the `top` who move most in either direction."""
    with gathered(config, loaded, emit=emit, now=to_micros(now)) as found:
        metrics = {metric.name: metric for metric in found.resolved.metrics if isinstance(metric, Metric)} | dict(loaded.metrics)
        resolved = [resolve_model(model, {name: metrics[name] for name in metrics if name in model.metrics}) for model in models]
        scores = [found.standing(found.whole(one)).score for one in resolved]
        change = scores[1] - scores[0]
        order = np.argsort(change, kind="stable")
        chosen = np.unique(np.concatenate([order[:top], order[len(order) - top :]])) if top else np.zeros(0, dtype=np.int64)
        points = [_by_metric(_scores_of(found, one, chosen), one) for one in resolved]
        names = found.names()
    moves = [
        Move(names[code], names[code], float(scores[0][code]), float(scores[1][code]), _differences(points, place))
        for place, code in enumerate(chosen.tolist())
        if change[code]
    ]
    received = (scores[0] > 1.0) | (scores[1] > 1.0)
    return _moves(scores[0][received], scores[1][received], sorted(moves, key=lambda move: -abs(move.change)))


def _moves(before: NDArray[np.float64], after: NDArray[np.float64], people: Sequence[Move]) -> Moves:
    change = after - before
    return Moves(
        size=len(change),
        mean=float(change.mean()) if len(change) else 0.0,
        distance=float(np.abs(change).mean()) if len(change) else 0.0,
        order=_rank_correlation(before, after),
        people=people,
    )


def _rank_correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    if len(a) < 2 or np.all(a == a[0]) or np.all(b == b[0]):
        return float("nan")
    return float(np.corrcoef(_ranks(a), _ranks(b))[0, 1])


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ranks, equal values sharing the mean of theirs."""
    _, place, sizes = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(sizes)
    mean: NDArray[np.float64] = (last - (sizes - 1) / 2)[place]
    return mean


def _by_metric(scores: Scores, resolved: Resolved) -> Mapping[str, NDArray[np.float64]]:
    """Return every metric's points over all networks."""
    total = scores.metric_points.sum(axis=0)
    return {metric.name: total[:, place] for place, metric in enumerate(resolved.metrics)}


def _differences(points: Sequence[Mapping[str, NDArray[np.float64]]], place: int) -> dict[str, float]:
    old, new = points
    found = {
        name: float(new[name][place] if name in new else 0.0) - float(old[name][place] if name in old else 0.0) for name in {**new, **old}
    }
    return dict(sorted(found.items(), key=lambda pair: -abs(pair[1])))


def _scores_of(found: Gathered, resolved: Resolved, people: NDArray[np.int64]) -> Scores:
    """Return the scores of some people of a population, with their parts."""
    opened = found.whole(resolved)
    q, _ = earned_influence(opened.blocks, opened.accounts, opened.forms, resolved)
    kept: list[tuple[int, NDArray[np.int64], NetworkStrength]] = []

    def use(part: int, placed: list[Placed]) -> None:
        for network, person, strength, *_ in placed:
            code = person.astype(np.int64) << opened.blocks.bits | part
            wanted = np.isin(code, people)
            if wanted.any():
                kept.append((network, code[wanted], _only(strength, wanted)))

    for _ in each_part_weighed(opened.blocks, opened.accounts, q, forms=opened.forms, clock=opened.clock, resolved=resolved, use=use):
        pass
    networks = []
    for n in range(len(opened.forms)):
        parts = [(code, strength) for network, code, strength in kept if network == n]
        if parts:
            networks.append(_spread(parts, people))
    return score_networks(networks, resolved, len(people))


def _only(strength: NetworkStrength, wanted: NDArray[np.bool_]) -> NetworkStrength:
    """Return copies of some people's numbers: the arrays of a part are used again for the next."""
    return attrs.evolve(
        strength,
        metrics=strength.metrics[wanted],
        strength=strength.strength[wanted],
        log_odds=strength.log_odds[wanted],
    )


def _spread(parts: Sequence[tuple[NDArray[np.int64], NetworkStrength]], people: NDArray[np.int64]) -> NetworkStrength:
    """Return one network's numbers for all of the people (sorted), nothing for those who are not on it."""
    first = parts[0][1]
    metrics = np.zeros((len(people), first.metrics.shape[1]))
    strength, logs = np.zeros(len(people)), np.full(len(people), -np.inf)
    for code, one in parts:
        place = np.searchsorted(people, code)
        metrics[place], strength[place], logs[place] = one.metrics, one.strength, one.log_odds
    return attrs.evolve(first, metrics=metrics, strength=strength, log_odds=logs)
