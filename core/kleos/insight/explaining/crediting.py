"""A step between two scores, credited to what made it: network → metric → factor → actor and item.

What goes up or down is credited where it happened: the score's change goes to the networks by the change of their ρ · odds, a network's to
its metrics by the change of v · log1p(m / s), a metric's to its factors by the change of weight · value, a factor's to pairs of actor and
item by the change of their summands. So a network where nothing happened is credited with nothing, even where its share of the points
became smaller. Under another model none of these can be compared, and the difference in points is told instead. All of it adds up.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
from attrs import field, frozen

from kleos.insight.explaining.change import FactorChange, MetricChange, NetworkChange, Step, Way
from kleos.insight.explaining.explanation import NOBODY, NOTHING, Shares
from kleos.insight.explaining.side import FactorSide, MetricSide, Pair, Side

__all__ = ["credited_step"]

CANCELLED = 1e-9
"""Parts whose sum is smaller than this share of their sizes cancel each other."""

Times = Mapping[str, Mapping[str, datetime]]


def credited_step(way: Way, before: Mapping[str, Side], after: Mapping[str, Side], scores: tuple[float, float], times: Times) -> Step:
    """Return a step from the networks of the scores before and after it; `times` as in `explain`."""
    names = sorted({*before, *after})
    pairs = [(before.get(network) or _nothing(after[network]), after.get(network) or _nothing(before[network])) for network in names]
    if way.comparable:
        points = _credited(scores[1] - scores[0], [now.odds - then.odds for then, now in pairs])
    else:
        points = [now.points - then.points for then, now in pairs]
    networks = [_network(_Between(way, then, now), credit, times) for (then, now), credit in zip(pairs, points, strict=True)]
    return Step(
        way=way,
        before=scores[0],
        after=scores[1],
        networks=[network for network in networks if network.points or network.metrics or network.reactions],
    )


def _nothing(other: Side) -> Side:
    """Return the other side of a network that has only one."""
    return Side(form=other.form)


@frozen
class _Between:
    """One network before and after a step."""

    way: Way
    then: Side
    now: Side
    actors: dict[str, int] = field(factory=dict)
    """Numbered as they are met; likewise the items."""
    items: dict[str, int] = field(factory=dict)

    def metric(self, name: str) -> tuple[MetricSide, MetricSide]:
        """Return a metric before and after; where one model does not have it, as nothing."""
        known = self.now.metrics.get(name) or self.then.metrics[name]
        empty = MetricSide(metric=known.metric, computed=known.computed)
        return self.then.metrics.get(name, empty), self.now.metrics.get(name, empty)

    def shares(self, credit: Mapping[Pair, float]) -> Shares:
        """Return credit by numbered pairs."""
        actor = [NOBODY if who is None else self.actors.setdefault(who, len(self.actors)) for who, _ in credit]
        item = [NOTHING if what is None else self.items.setdefault(what, len(self.items)) for _, what in credit]
        return Shares(np.array(actor, dtype=np.int64), np.array(item, dtype=np.int64), np.array(list(credit.values()), dtype=np.float64))


def _network(both: _Between, points: float, times: Times) -> NetworkChange:
    names = list(dict.fromkeys([*both.now.metrics, *both.then.metrics]))
    pairs = [both.metric(name) for name in names]
    if both.way.comparable:
        earned = _credited(points, [new.part - old.part for old, new in pairs])
    else:
        earned = [new.points - old.points for old, new in pairs]
    metrics = [
        _metric(both, old, new, credit) for (old, new), credit in zip(pairs, earned, strict=True) if credit or old.value != new.value
    ]
    form = both.now.form
    known = times.get(form.network.name, {})
    return NetworkChange(
        name=form.network.name,
        title=form.network.title,
        points=points,
        calibrated=form.calibrated,
        reactions=_reactions(both),
        metrics=metrics,
        actors=list(both.actors),
        items=list(both.items),
        item_times={item: known[item] for item in both.items if item in known},
    )


def _metric(both: _Between, old: MetricSide, new: MetricSide, points: float) -> MetricChange:
    columns = sorted({*old.factors, *new.factors})
    pairs = [(old.factors.get(column, FactorSide()), new.factors.get(column, FactorSide())) for column in columns]
    if both.way.comparable:
        earned = _credited(points, [after.part - before.part for before, after in pairs])
    else:
        earned = [after.points - before.points for before, after in pairs]
    metric = new.metric
    return MetricChange(
        name=metric.name,
        title=metric.title,
        family=metric.family,
        unit=metric.unit,
        before=old.value,
        after=new.value,
        points=points,
        computed=old.computed or new.computed,
        factors=[
            _factor(both, column, before, after, credit)
            for column, (before, after), credit in zip(columns, pairs, earned, strict=True)
            if credit or before.value != after.value
        ],
    )


def _factor(both: _Between, column: int, old: FactorSide, new: FactorSide, points: float) -> FactorChange:
    name, title, aggregation = both.now.factor(column)
    before, after = both.then.apart.get(column, {}), both.now.apart.get(column, {})
    worth = (1.0, 1.0) if both.way.comparable else (_each(old, before), _each(new, after))
    parts = {pair: after.get(pair, 0.0) * worth[1] - before.get(pair, 0.0) * worth[0] for pair in dict.fromkeys([*before, *after])}
    direction = both.way.direction
    # What came may take a day or a peak from others; that is no doing of theirs, and a step up has no losers.
    if any(part * direction > 0 for part in parts.values()):
        parts = {pair: part for pair, part in parts.items() if part * direction > 0}
    credit = zip(parts, _credited(points, list(parts.values())), strict=True)
    return FactorChange(
        name=name,
        kind=name.split(".")[1],
        title=title,
        aggregation=aggregation,
        before=old.value,
        after=new.value,
        points=points,
        shares=both.shares({pair: earned for pair, earned in credit if earned}),
    )


def _each(factor: FactorSide, amounts: Mapping[Pair, float]) -> float:
    """Return the points of each unit of a factor."""
    total = math.fsum(amounts.values())
    return factor.points / total if total > 0 else 0.0


def _credited(points: float, parts: Sequence[float]) -> list[float]:
    """Share points by parts that may be of either sign; the shares sum to the points, where any part is not 0.

    Where the parts cancel each other, so that no share of them makes sense, what is left goes by their sizes.
    """
    total, size = math.fsum(parts), math.fsum(map(abs, parts))
    if abs(total) > CANCELLED * size:
        return [points * (part / total) for part in parts]
    return [points * (abs(part) / size) if size else 0.0 for part in parts]


def _reactions(both: _Between) -> dict[str, int]:
    """Return how many reactions a step is about, by kind."""
    before, after = both.then, both.now
    found: Counter[str] = Counter()
    if both.way.name == "audiences":
        for actor, q in after.q.items():
            if before.q.get(actor) != q:
                found.update(after.given.get(actor, {}))
    elif both.way.name == "grew_older":
        found.update(after.reactions)
    else:
        found.update(
            {kind: abs(after.reactions.get(kind, 0) - before.reactions.get(kind, 0)) for kind in {*before.reactions, *after.reactions}}
        )
    return {kind: found[kind] for kind in sorted(found) if found[kind]}
