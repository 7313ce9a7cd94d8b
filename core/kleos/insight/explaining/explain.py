"""Why a score is what it is: its points, led back to the reactions that they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
from attrs import evolve

from kleos.contract import Metric
from kleos.insight.explaining.explanation import Explanation, FactorShare, KindCoverage, MetricShare, NetworkShare, Shares
from kleos.insight.explaining.summands import EMPTY, Summands
from kleos.insight.explaining.terms import Term, shared, taken_apart, terms_of
from kleos.insight.person import check_person
from kleos.pipeline.prepare import Prepared
from kleos.scoring.people import coverage_of, natural_values
from kleos.scoring.reactions import Tallied
from kleos.scoring.resolved import factor_names

__all__ = ["explain"]

MICROSECONDS_A_SECOND = 1_000_000
NO_TIMES: Mapping[str, Mapping[str, datetime]] = {}


def explain(prepared: Prepared, person: str, *, item_times: Mapping[str, Mapping[str, datetime]] = NO_TIMES) -> Explanation:
    """Take one person's score apart; `item_times` is {network: {item: when it was published}}, as far as that is known.

    Networks share score − 1 by ρ · odds, metrics their network's points by v · log1p(m / s), factors their metric's by weight · value,
    and pairs of actor and item their factor's by their summands: every level adds up to the one above, to 1e-9. Raises `UsageError` for
    a person who was not scored.
    """
    check_person(person, prepared.people)
    place = list(prepared.people).index(person)
    counted = [row for row in prepared.counted if row.person == person]
    forms = [strength.form for strength in prepared.scores.networks]
    return Explanation(
        person=person,
        name=prepared.people[person],
        score=float(prepared.scores.score[place]),
        as_of=prepared.as_of,
        as_of_reason=prepared.as_of_reason,
        window=prepared.window / MICROSECONDS_A_SECOND,
        model=prepared.resolved.id,
        networks=[
            _network(prepared, n, place, counted, item_times.get(form.network.name, {}))
            for n, form in enumerate(forms)
            if any(row.network == form.network.name for row in counted)
        ],
        coverage=coverage_of(counted, forms),
        kinds=[_kind(prepared, row) for row in counted],
    )


def _network(prepared: Prepared, n: int, place: int, counted: Sequence[Tallied], times: Mapping[str, datetime]) -> NetworkShare:
    reactions, _ = prepared.tables[n]
    strength = prepared.scores.networks[n]
    form = strength.form
    mine = [row for row in counted if row.network == form.network.name]
    items = reactions.items[place]
    return NetworkShare(
        name=form.network.name,
        title=form.network.title,
        points=float(prepared.scores.network_points[n, place]),
        odds=float(np.exp(strength.log_odds[place])),
        calibrated=form.calibrated,
        interactions=coverage_of(mine, [form]).scored,
        metrics=_metrics(prepared, n, place),
        actors=reactions.actors,
        items=items,
        item_times={item: times[item] for item in items if item in times},
    )


def _metrics(prepared: Prepared, n: int, place: int) -> list[MetricShare]:
    scores, resolved = prepared.scores, prepared.resolved
    # One network's values are those of a score of this network alone.
    only = evolve(scores, networks=[scores.networks[n]])
    values = natural_values(only, resolved)[place]
    computed = scores.networks[n].form.form.computed
    terms = [terms_of(prepared, n, place, m) for m in range(len(resolved.metrics))]
    apart = taken_apart(prepared, n, place, sorted({term.place for found in terms for term in found if term.points > 0}))
    return [
        MetricShare(
            name=metric.name,
            title=metric.title,
            family=metric.family,
            unit=metric.unit,
            definition=metric.definition if isinstance(metric, Metric) else "",
            value=float(values[m]),
            points=float(scores.metric_points[n, place, m]),
            computed=bool(computed[m]),
            factors=[_factor(prepared, n, term, apart.get(term.place)) for term in terms[m]],
        )
        for m, metric in enumerate(resolved.metrics)
    ]


def _factor(prepared: Prepared, n: int, term: Term, apart: Summands | None) -> FactorShare:
    network = prepared.scores.networks[n].form.network
    name = factor_names(network)[term.place]
    _, kind, aggregation = name.split(".")
    parts = apart if apart is not None and term.points > 0 else EMPTY
    return FactorShare(
        name=name,
        kind=kind,
        title=network.kinds[kind].title if kind in network.kinds else "",
        aggregation=aggregation,
        value=term.value,
        weight=term.weight,
        points=term.points,
        shares=Shares(parts.actor, parts.item, shared(term.points, parts.amount)),
    )


def _kind(prepared: Prepared, row: Tallied) -> KindCoverage:
    form = next(strength.form for strength in prepared.scores.networks if strength.form.network.name == row.network)
    kind = form.network.kinds[row.kind]
    counts = kind.role.in_any
    ages = row.ages if counts else dict.fromkeys(row.ages, 0)
    scored = sum(ages.values())
    return KindCoverage(
        network=row.network,
        kind=row.kind,
        title=kind.title,
        counts=counts,
        imported=row.imported,
        scored=scored,
        outside_window=row.outside_window,
        after_as_of=row.after_as_of,
        anonymous=scored - row.named if counts else 0,
        ages=ages,
    )
