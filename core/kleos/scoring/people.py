"""From arrays to what a person reads: scores with names, units, coverage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.layout import Clock, Influence
from kleos.scoring.reactions import AGE_SOURCES, Reactions, Tallied
from kleos.scoring.resolved import NetworkForm, Resolved
from kleos.scoring.result import Coverage, MetricPart, NetworkPart, PersonScore
from kleos.scoring.strength import Scores

__all__ = ["coverage_of", "natural_values", "people_scores"]


def people_scores(
    people: Mapping[str, str],
    *,
    tables: Sequence[tuple[Reactions, Influence]],
    scores: Scores,
    bounds: NDArray[np.float64],
    counted: Sequence[Tallied],
    resolved: Resolved,
    clock: Clock,
) -> list[PersonScore]:
    """Return the results of P people, in the order of `people` (id → name); `bounds` is float64[P, 2], NaN where unknown."""
    forms = [network.form for network in scores.networks]
    values = natural_values(scores, resolved)
    percentile = scores.percentile
    of_person: dict[str, list[Tallied]] = {person: [] for person in people}
    for row in counted:
        if row.person in of_person:
            of_person[row.person].append(row)
    result = []
    for place, (person, name) in enumerate(people.items()):
        mine = of_person[person]
        coverage = coverage_of(mine, forms)
        result.append(
            PersonScore(
                id=person,
                name=name,
                score=float(scores.score[place]),
                percentile=float(percentile[place]),
                interval=None if np.isnan(bounds[place, 0]) else (float(bounds[place, 0]), float(bounds[place, 1])),
                networks={
                    form.network.name: NetworkPart(
                        points=float(scores.network_points[n, place]),
                        odds=float(np.exp(scores.networks[n].log_odds[place])),
                        interactions=_scored(mine, form),
                        calibrated=form.calibrated,
                    )
                    for n, form in enumerate(forms)
                    if form.network.name in coverage.networks
                },
                metrics={
                    metric.name: MetricPart(
                        title=metric.title,
                        family=metric.family,
                        unit=metric.unit,
                        value=float(values[place, m]),
                        points=float(scores.metric_points[:, place, m].sum()),
                    )
                    for m, metric in enumerate(resolved.metrics)
                },
                coverage=coverage,
            )
        )
    return result


def coverage_of(counted: Sequence[Tallied], forms: Sequence[NetworkForm]) -> Coverage:
    """Sum up where one person's reactions went. Kinds that are never scored (views, follows) are told apart."""
    in_any = {(form.network.name, kind) for form in forms for kind, scored in zip(form.kinds, form.in_any, strict=True) if scored}
    rows = [row for row in counted if (row.network, row.kind) in in_any]
    ages = {source: sum(row.ages[source] for row in rows) for source in AGE_SOURCES}
    scored = sum(ages.values())
    return Coverage(
        networks=tuple(sorted({row.network for row in rows if row.imported})),
        imported=sum(row.imported for row in rows),
        outside_window=sum(row.outside_window for row in rows),
        after_as_of=sum(row.after_as_of for row in rows),
        actors=sum(row.named for row in rows) / scored if scored else None,
        times=ages["time"] / scored if scored else None,
        kinds={f"{row.network}.{row.kind}": row.imported for row in counted if row.imported},
        ages=ages,
    )


def _scored(counted: Sequence[Tallied], form: NetworkForm) -> int:
    kinds = {kind for kind, scored in zip(form.kinds, form.in_any, strict=True) if scored}
    return sum(sum(row.ages.values()) for row in counted if row.network == form.network.name and row.kind in kinds)


def natural_values(scores: Scores, resolved: Resolved) -> NDArray[np.float64]:
    """Return float64[P, M], metrics summed over networks: unweighted where a person would count, as the score weighs them elsewhere."""
    total = np.zeros((len(scores.score), len(resolved.metrics)))
    for network in scores.networks:
        total += np.where(resolved.counted, network.plain, network.metrics)
    return total
