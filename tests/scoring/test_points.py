"""Every score is explained to the last point, and equals what the slow twin makes of the same rows."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.contract import AGGREGATIONS, Factors, Metric, Network
from kleos.scoring.model import Model, Weight
from slow_twins import strength as twin
from slow_twins.factors import factors
from slow_twins.models import models
from slow_twins.small import BIRDSONG, CAFE, METRICS, MODEL, WINDOW
from slow_twins.tables import AUDIENCES, PEOPLE, Row, Run, rows, run
from slow_twins.world import Reaction, World


def adds_up(found: Run) -> None:
    points = found.scores.score - 1.0
    assert np.abs(found.scores.network_points.sum(axis=0) - points).max() < 1e-9
    assert np.abs(found.scores.metric_points.sum(axis=(0, 2)) - points).max() < 1e-9
    assert np.abs(found.scores.metric_points.sum(axis=2) - found.scores.network_points).max() < 1e-9
    assert found.scores.network_points.min() >= 0.0
    assert found.scores.metric_points.min() >= 0.0


@settings(deadline=None, max_examples=40)
@given(models(), st.lists(rows(), max_size=20))
def test_points_of_networks_and_of_metrics_add_up_to_the_score(model: Model, drawn: list[Row]) -> None:
    adds_up(run(drawn, model=model))


def test_points_add_up_where_the_odds_are_cut() -> None:
    drawn = [Row(network=network, kind=kind, item="x", count=10**12) for network, kind in (("birdsong", "cheer"), ("cafe", "nod"))]
    heavy = attrs.evolve(MODEL, metrics=dict.fromkeys(METRICS, Weight(weight=1_000.0)))
    found = run(drawn, model=heavy)
    assert found.scores.log_odds[0] == 40.0
    adds_up(found)


def test_a_metric_of_no_weight_has_a_value_and_no_points() -> None:
    found = run([Row(item="x", count=5)])
    shown = [metric.name for metric in found.resolved.metrics].index("shown")
    assert found.scores.networks[0].metrics[0, shown] == 5.0
    assert found.scores.metric_points[:, :, shown].max() == 0.0


def in_words_of_the_twin(drawn: list[Row], network: Network) -> World:
    """Return one network's rows within the window, as the twin reads them."""
    kinds = list(network.kinds)
    names = sorted({row.actor for row in drawn if row.actor is not None})
    items = sorted({row.item for row in drawn if row.item is not None})
    known, _ = MODEL.network(network.name)
    told = np.array([AUDIENCES.get(name, np.nan) for name in names])
    share = np.interp(np.log1p(told), np.log1p(known.audience.followers), known.audience.share)
    return World(
        rows=[
            Reaction(
                PEOPLE.index(row.person),
                kinds.index(row.kind),
                None if row.actor is None else names.index(row.actor),
                None if row.item is None else items.index(row.item),
                row.age,
                row.count,
            )
            for row in drawn
            if row.network == network.name and row.person in PEOPLE and 0 <= row.age <= WINDOW
        ],
        people=len(PEOPLE),
        in_any=[network.kinds[kind].role.in_any for kind in kinds],
        q=[0.5 if np.isnan(q) else max(q, 0.001) for q in share.tolist()],
        given=[0.0] * len(names),
        window=WINDOW,
        attention=known.attention,
    )


def value_of(metric: Metric, world: World, person: int, network: Network) -> float:
    """Return a metric's value by its definition."""
    if metric.compute is not None:
        return float(factors(world, person, world.any)["peak"] ** 0.5)
    value = 0.0
    for term in metric.terms:
        selected, _, aggregation = term.selector.rpartition(".")
        if selected == "any":
            value += term.weight * factors(world, person, world.any)[aggregation]
        for slot, (name, kind) in enumerate(network.kinds.items()):
            if selected == name:
                value += term.weight * factors(world, person, slot)[aggregation]
            elif selected == f"role:{kind.role.name}":
                value += term.weight * kind.weight * factors(world, person, slot)[aggregation]
    return value


@settings(deadline=None, max_examples=25)
@given(st.lists(rows(), max_size=16))
def test_a_score_is_what_the_definitions_say_step_by_step(drawn: list[Row]) -> None:
    found = run(drawn)
    logs: list[list[float]] = [[], []]
    for n, network in enumerate((BIRDSONG, CAFE)):
        world = in_words_of_the_twin(drawn, network)
        known, _ = MODEL.network(network.name)
        weighed = [known.metrics.get(name, MODEL.metrics[name]) for name in METRICS]
        forms = [twin.MetricForm(terms=(), scale=weight.scale, value=weight.weight) for weight in weighed]
        for person in range(len(PEOPLE)):
            values = [value_of(metric, world, person, network) for metric in METRICS.values()]
            strength = twin.strength(forms, values)
            assert found.scores.networks[n].metrics[person].tolist() == pytest.approx(values, rel=1e-8, abs=1e-7)
            assert found.scores.networks[n].strength[person] == pytest.approx(strength, abs=1e-6)
            logs[person].append(twin.log_odds(strength, list(zip(known.odds.strength, known.odds.log_odds, strict=True))))
    curve = list(zip(MODEL.score.log_odds, MODEL.score.score, strict=True))
    expected = [twin.score(twin.combine(own, [1.0, 0.5]), curve, MODEL.score.a, MODEL.score.b) for own in logs]
    assert found.score == pytest.approx(expected, abs=1e-5)


def test_the_percentile_is_the_share_outranked() -> None:
    found = run([Row(actor=f"fan {i}", item="x") for i in range(20)]).scores
    assert found.percentile.tolist() == pytest.approx((100 / (1 + np.exp(-found.log_odds))).tolist())
    assert found.percentile[1] == 0.0
    assert len(AGGREGATIONS) * (len(BIRDSONG.kinds) + 1) == found.networks[0].folded.values[0].size


@pytest.mark.parametrize(
    ("compute", "reason"),
    [
        (lambda factors: 1 / 0, "compute failed with ZeroDivisionError: division by zero"),
        (lambda factors: factors["any.actors"][:1], "expected 2 finite numbers of at least 0"),
        (lambda factors: factors["any.actors"] - 1, "expected 2 finite numbers of at least 0"),
        (lambda factors: factors["any.actors"] + np.inf, "expected 2 finite numbers of at least 0"),
        (lambda factors: "many", "compute failed with ValueError"),
        (lambda factors: factors["nonsense"], "expected one of count, acts"),
    ],
)
def test_a_metric_that_misbehaves_is_named_and_the_others_stand(compute: Callable[[Factors], object], reason: str) -> None:
    drawn = [Row(item="x"), Row(actor="eve", item="y")]
    metric = attrs.evolve(METRICS["height"], compute=compute)
    found = run(drawn, metrics={**METRICS, "height": metric})
    without = run(drawn, metrics={name: metric for name, metric in METRICS.items() if name != "height"})
    for network in found.scores.networks:
        assert list(network.broken) == ["height"]
        assert reason in network.broken["height"]
    assert found.score == without.score
    adds_up(found)
