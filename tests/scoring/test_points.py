"""Every score is explained to the last point, and equals what the slow twin makes of the same rows."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.contract import AGGREGATIONS, Factors
from kleos.scoring.model import Model, Weight
from slow_twins.models import models
from slow_twins.score import metrics_of, score_of, strength_of
from slow_twins.small import BIRDSONG, METRICS, MODEL, NETWORKS
from slow_twins.tables import PEOPLE, Row, Run, rows, run


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


@settings(deadline=None, max_examples=25)
@given(st.lists(rows(), max_size=16))
def test_a_score_is_what_the_definitions_say_step_by_step(drawn: list[Row]) -> None:
    found = run(drawn)
    for place, person in enumerate(PEOPLE):
        for network, strength in zip(NETWORKS, found.scores.networks, strict=True):
            expected = metrics_of(drawn, network, person)
            assert strength.metrics[place].tolist() == pytest.approx(expected, rel=1e-8, abs=1e-7)
            assert strength.strength[place] == pytest.approx(strength_of(network, expected), abs=1e-6)
        assert found.score[place] == pytest.approx(score_of(drawn, NETWORKS, person), abs=1e-5)


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
