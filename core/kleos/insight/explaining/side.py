"""One network of a person's score, in the numbers that two scores can be compared by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import evolve, field, frozen

from kleos.contract import ANY
from kleos.insight.explaining.summands import Summands
from kleos.insight.explaining.terms import taken_apart, terms_of
from kleos.pipeline.prepare import Prepared
from kleos.scoring.people import natural_values
from kleos.scoring.reactions import Reactions
from kleos.scoring.resolved import Measure, NetworkForm, factor_names

__all__ = ["FactorSide", "MetricSide", "Pair", "Side", "sides"]

Pair = tuple[str | None, str | None]
"""Actor and item as stored; None: nobody in particular, nothing in particular."""


@frozen(kw_only=True)
class FactorSide:
    """One factor of a metric."""

    value: float = 0.0
    part: float = 0.0
    """weight · value, its part in the metric."""
    points: float = 0.0


@frozen(kw_only=True, eq=False)
class MetricSide:
    """One metric of one network."""

    metric: Measure
    value: float = 0.0
    """In its natural unit."""
    part: float = 0.0
    """v · log1p(m / s), its part in the strength."""
    points: float = 0.0
    computed: bool = False
    factors: Mapping[int, FactorSide] = field(factory=dict)
    """By column."""


@frozen(kw_only=True, eq=False)
class Side:
    """One network, for one person."""

    form: NetworkForm
    odds: float = 0.0
    """ρ · odds."""
    points: float = 0.0
    metrics: Mapping[str, MetricSide] = field(factory=dict)
    apart: Mapping[int, Mapping[Pair, float]] = field(factory=dict)
    """Column → what each actor's reactions to each item are worth in the factor."""
    reactions: Mapping[str, int] = field(factory=dict)
    """Reactions scored, by kind."""
    q: Mapping[str, float] = field(factory=dict)
    """The influence of everybody with a name."""
    given: Mapping[str, Mapping[str, int]] = field(factory=dict)
    """Actor → kind → reactions of theirs that are scored."""

    def factor(self, column: int) -> tuple[str, str, str]:
        """Return the name of a factor, its kind's title (empty for `any`), and its aggregation."""
        name = factor_names(self.form.network)[column]
        _, kind, aggregation = name.split(".")
        return name, "" if kind == ANY else self.form.network.kinds[kind].title, aggregation


def sides(prepared: Prepared, person: str) -> dict[str, Side]:
    """Return the networks of a scored person by name."""
    place = list(prepared.people).index(person)
    return {strength.form.network.name: _side(prepared, n, place, person) for n, strength in enumerate(prepared.scores.networks)}


def _side(prepared: Prepared, n: int, place: int, person: str) -> Side:
    scores, resolved = prepared.scores, prepared.resolved
    reactions, influence = prepared.tables[n]
    strength = scores.networks[n]
    form = strength.form
    values = natural_values(evolve(scores, networks=[strength]), resolved)[place]
    parts = form.form.value * np.log1p(strength.metrics[place] / form.form.scale)
    metrics = {}
    for m, metric in enumerate(resolved.metrics):
        terms = terms_of(prepared, n, place, m)
        metrics[metric.name] = MetricSide(
            metric=metric,
            value=float(values[m]),
            part=float(parts[m]),
            points=float(scores.metric_points[n, place, m]),
            computed=bool(form.form.computed[m]),
            factors={term.place: FactorSide(value=term.value, part=term.weight * term.value, points=term.points) for term in terms},
        )
    weighed = {column for side in metrics.values() if side.part > 0 for column, factor in side.factors.items() if factor.part > 0}
    apart = taken_apart(prepared, n, place, sorted(weighed))
    items = reactions.items[place]
    given = _given(reactions, place)
    scored = {kind for kind, counts in zip(form.kinds, form.in_any, strict=True) if counts}
    return Side(
        form=form,
        odds=float(np.exp(strength.log_odds[place] + form.log_rho)),
        points=float(scores.network_points[n, place]),
        metrics=metrics,
        apart={column: _by_pair(found, reactions.actors, items) for column, found in apart.items()},
        reactions={
            row.kind: sum(row.ages.values())
            for row in prepared.counted
            if (row.person, row.network) == (person, form.network.name) and row.kind in scored
        },
        q={actor: q for actor, q in zip(reactions.actors, influence.q.tolist(), strict=True) if actor in given},
        given=given,
    )


def _by_pair(found: Summands, actors: Sequence[str], items: Sequence[str]) -> dict[Pair, float]:
    return {
        (None if actor < 0 else actors[actor], None if item < 0 else items[item]): amount
        for actor, item, amount in zip(*(column.tolist() for column in found), strict=True)
    }


def _given(reactions: Reactions, place: int) -> dict[str, dict[str, int]]:
    """Return {actor: {kind: scored reactions}} of everybody with a name."""
    named, form = reactions.named, reactions.form
    rows = slice(int(named.start[place]), int(named.start[place + 1]))
    given: dict[str, dict[str, int]] = {}
    for actor, kind, number in zip(*(column[rows].tolist() for column in (named.actor, named.kind, named.reactions)), strict=True):
        kinds = given.setdefault(reactions.actors[actor], {})
        if form.in_any[kind]:
            kinds[form.kinds[kind]] = kinds.get(form.kinds[kind], 0) + number
    return given
