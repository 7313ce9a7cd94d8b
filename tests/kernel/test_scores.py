"""Sparse factors → scores in one pass: against the slow twin for any model, and against the float64 path for the shipped one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kleos.kernel.aggregate import Form, aggregate
from kleos.kernel.odds import Curve, Table, combine, log_odds, score
from kleos.kernel.scores import Scored, SparseFactors, score_people
from kleos.kernel.weighing import BATCH, Weighing, weighing
from kleos.scoring.model import load_model
from slow_twins import sparse as twin
from slow_twins.models import odds_tables, score_curves, weights
from slow_twins.strength import MetricForm

STRENGTH = 5e-6
LOGS = 5e-5
"""How far float32 may move a strength (a part of it) and log-odds. What that is in points depends on how steep a model's curves are."""

amounts = st.one_of(st.just(0.0), st.floats(1e-6, 1e6), st.floats(1e-9, 1e12))


@st.composite
def worlds(draw: st.DrawFn) -> twin.World:
    """Draw up to three networks with up to three metrics, some of them computed; factors have no, one or several terms."""
    metrics = draw(st.integers(0, 3))
    curve = draw(score_curves())
    places = []
    for _ in range(draw(st.integers(0, 3))):
        factors = draw(st.integers(1, 5))
        terms = st.lists(st.tuples(st.integers(0, factors - 1), st.floats(0.01, 10)), max_size=4)
        drawn = [draw(weights()) for _ in range(metrics)]
        table = draw(odds_tables())
        places.append(
            twin.Place(
                factors=factors,
                metrics=[MetricForm(terms=draw(terms), scale=one.scale, value=one.weight) for one in drawn],
                computed=[draw(st.booleans()) for _ in range(metrics)],
                knots=list(zip(table.strength, table.log_odds, strict=True)),
                rho=draw(st.floats(1e-3, 1e3)),
            )
        )
    return twin.World(places=places, curve=list(zip(curve.log_odds, curve.score, strict=True)), a=curve.a, b=curve.b)


@st.composite
def populations(draw: st.DrawFn) -> tuple[twin.World, list[list[tuple[int, float]]]]:
    """Draw a world and a few people in it."""
    world = draw(worlds())
    entry = st.tuples(st.integers(0, max(0, world.columns - 1)), amounts)
    return world, draw(st.lists(st.lists(entry, max_size=8 if world.columns else 0), max_size=4))


def laid_out(world: twin.World) -> Weighing:
    """Return the world as the engine wants it."""
    curve = Curve(np.array([x for x, _ in world.curve]), np.array([y for _, y in world.curve]), world.a, world.b)
    return weighing(
        [form_of(place) for place in world.places],
        [place.factors for place in world.places],
        [Table(np.array([x for x, _ in place.knots]), np.array([y for _, y in place.knots])) for place in world.places],
        [float(np.log(place.rho)) for place in world.places],
        curve,
    )


def form_of(place: twin.Place) -> Form:
    terms = [term for metric in place.metrics for term in metric.terms]
    return Form(
        np.cumsum([0, *(len(metric.terms) for metric in place.metrics)]).astype(np.int64),
        np.array([factor for factor, _ in terms], dtype=np.int64),
        np.array([weight for _, weight in terms], dtype=np.float64),
        np.array([metric.scale for metric in place.metrics], dtype=np.float64),
        np.array([metric.value for metric in place.metrics], dtype=np.float64),
        np.array(place.computed, dtype=np.bool_),
    )


def sparse(people: list[list[tuple[int, float]]], dtype: type[np.floating[Any]] = np.float64) -> SparseFactors:
    entries = [entry for person in people for entry in person]
    return SparseFactors(
        np.cumsum([0, *map(len, people)]).astype(np.int64),
        np.array([column for column, _ in entries], dtype=np.int32),
        np.array([value for _, value in entries], dtype=dtype),
    )


def same_bits(one: Scored, other: Scored) -> bool:
    return one.score.tobytes() == other.score.tobytes() and one.log_odds.tobytes() == other.log_odds.tobytes()


@settings(deadline=None, max_examples=120)
@given(populations(), st.sampled_from([np.float32, np.float64]))
def test_scores_are_those_of_the_slow_twin_as_far_as_float32_can_tell(
    population: tuple[twin.World, list[list[tuple[int, float]]]], dtype: type[np.floating[Any]]
) -> None:
    world, people = population
    found = score_people(sparse(people, dtype), laid_out(world))
    for person, entries in enumerate(people):
        low_logs, low = twin.score_at(world, entries, strength=1 - STRENGTH, more=-LOGS)
        high_logs, high = twin.score_at(world, entries, strength=1 + STRENGTH, more=LOGS)
        assert low_logs <= found.log_odds[person] <= high_logs
        assert low - 1e-9 <= found.score[person] <= high + 1e-9
        assert 1 <= found.score[person] < 100


@settings(deadline=None, max_examples=80)
@given(populations())
def test_parts_are_those_of_the_slow_twin_and_add_up_to_the_score(population: tuple[twin.World, list[list[tuple[int, float]]]]) -> None:
    world, people = population
    found = score_people(sparse(people), laid_out(world), parts=True)
    for person, entries in enumerate(people):
        assert found.metrics[person].tolist() == [pytest.approx(one, rel=1e-6) for one in twin.metrics_of(world, entries)]
        assert found.points[person].sum() == pytest.approx(found.score[person] - 1, abs=1e-9)
        for n in range(len(world.places)):
            points = found.points[person, n].sum()
            share = points / (found.score[person] - 1) if points > 0 else 0.0
            low = twin.network_share(world, entries, n, strength=1 - STRENGTH, more=-LOGS)
            assert low - 1e-9 <= share <= twin.network_share(world, entries, n, strength=1 + STRENGTH, more=LOGS) + 1e-9
            if points > 0:
                assert (found.points[person, n] / points).tolist() == pytest.approx(twin.metric_shares(world, entries, n), rel=1e-5)


@settings(deadline=None, max_examples=30)
@given(populations(), st.integers(2, 9))
def test_any_number_of_threads_gives_the_same_bits_with_and_without_parts(
    population: tuple[twin.World, list[list[tuple[int, float]]]], threads: int
) -> None:
    world, few = population
    people = [few[place % len(few)] for place in range(2 * BATCH + 5)] if few else []
    alone = score_people(sparse(people), laid_out(world))
    assert same_bits(alone, score_people(sparse(people), laid_out(world), threads=threads))
    assert same_bits(alone, score_people(sparse(people), laid_out(world), threads=threads, parts=True))
    for place in range(len(people)):
        assert alone.score[place] == alone.score[place % len(few)]


# The shipped model, with made-up factors: twelve metrics in seven networks, 420 factors.
NETWORKS, METRICS, SIZE = 7, 12, 60
"""Factors: 60 a network."""


@pytest.fixture(scope="module")
def shipped() -> tuple[list[Form], Table, Curve]:
    """The shipped model's curves, and forms in which some factors have no term, and some have two."""
    model = load_model()
    known, _ = model.network("twitter")
    dice = np.random.default_rng(1)
    forms = []
    for _ in range(NETWORKS):
        start = np.arange(METRICS + 1) * 5
        forms.append(
            Form(
                start.astype(np.int64),
                dice.integers(0, SIZE, METRICS * 5),
                dice.uniform(0.1, 2.0, METRICS * 5),
                np.array([weight.scale for weight in model.metrics.values()]),
                np.array([weight.weight for weight in model.metrics.values()]),
                np.zeros(METRICS, dtype=np.bool_),
            )
        )
    table = Table(np.array(known.odds.strength), np.array(known.odds.log_odds))
    return forms, table, Curve(np.array(model.score.log_odds), np.array(model.score.score), model.score.a, model.score.b)


def in_float64(dense: NDArray[np.float64], forms: list[Form], table: Table, curve: Curve) -> tuple[NDArray[np.float64], ...]:
    """Return scores and metrics (float64[P, N, M]) by way of the other kernels, network by network."""
    people = len(dense)
    metrics = np.zeros((NETWORKS, people, METRICS))
    strength = np.zeros(people)
    logs = []
    for n, form in enumerate(forms):
        aggregate(np.ascontiguousarray(dense[:, n * SIZE : (n + 1) * SIZE]), form, metrics[n], strength)
        logs.append(log_odds(strength, table))
    total = combine(np.array(logs), np.zeros(NETWORKS))
    return score(total, curve), metrics.transpose(1, 0, 2), total


@pytest.mark.parametrize("spread", [0.5, 2.0, 6.0])
def test_with_the_shipped_model_scores_are_within_a_thousandth_of_the_float64_path(
    shipped: tuple[list[Form], Table, Curve], spread: float
) -> None:
    forms, table, curve = shipped
    dice = np.random.default_rng(int(spread * 10))
    dense = np.exp(dice.normal(0.0, spread, (200, NETWORKS * SIZE)))
    dense[dice.random(dense.shape) > dice.choice([0.0, 0.003, 0.02, 0.2, 1.0], size=(200, 1))] = 0.0
    person, factor = np.nonzero(dense)
    start = np.searchsorted(person, np.arange(201)).astype(np.int64)
    factors = SparseFactors(start, factor.astype(np.int32), dense[person, factor])
    found = score_people(factors, weighing(forms, [SIZE] * NETWORKS, [table] * NETWORKS, [0.0] * NETWORKS, curve), parts=True)
    scores, metrics, logs = in_float64(dense, forms, table, curve)
    assert np.abs(found.score - scores).max() < 1e-3
    assert found.metrics == pytest.approx(metrics, rel=1e-6)
    assert found.log_odds == pytest.approx(logs, abs=1e-4)


@pytest.mark.parametrize("value", [1e-30, 1e-12, 1e-6, 1e9, 1e20, 1e37])
def test_amounts_of_any_size_are_within_a_thousandth_of_the_float64_path(shipped: tuple[list[Form], Table, Curve], value: float) -> None:
    forms, table, curve = shipped
    dense = np.zeros((1, NETWORKS * SIZE))
    dense[0, int(forms[0].factor[0])] = value
    factors = SparseFactors(np.array([0, 1]), forms[0].factor[:1].astype(np.int32), np.array([value]))
    found = score_people(factors, weighing(forms, [SIZE] * NETWORKS, [table] * NETWORKS, [0.0] * NETWORKS, curve))
    assert found.score == pytest.approx(in_float64(dense, forms, table, curve)[0], abs=1e-3)


def one_metric(
    networks: int = 1, metrics: int = 1, knots: tuple[float, float] = (1.0, 2.0), logs: tuple[float, float] = (-1.0, 1.0)
) -> Weighing:
    """A model in which factor m of a network is metric m."""
    form = Form(
        np.arange(metrics + 1), np.arange(metrics), np.ones(metrics), np.ones(metrics), np.ones(metrics), np.zeros(metrics, dtype=np.bool_)
    )
    curve = Curve(np.array([-4.0, 0.0, 4.0]), np.array([20.0, 50.0, 80.0]), 4.0, 7.0)
    return weighing(
        [form] * networks, [metrics] * networks, [Table(np.array([1.0, 2.0]), np.array(logs))] * networks, [0.0] * networks, curve
    )


@pytest.mark.parametrize("threads", [1, 3])
def test_nobody_has_no_score(threads: int) -> None:
    assert len(score_people(sparse([]), one_metric(), threads=threads, parts=True).score) == 0


def test_somebody_without_factors_or_with_zeros_has_exactly_one() -> None:
    found = score_people(sparse([[], [(0, 0.0)], [(0, 1.0)]]), one_metric(), parts=True)
    assert found.score[:2].tolist() == [1.0, 1.0]
    assert found.log_odds[:2].tolist() == [-np.inf, -np.inf]
    assert found.score[2] > 1
    assert not found.points[:2].any()


def test_without_networks_or_metrics_everybody_has_one() -> None:
    curve = Curve(np.array([-4.0, 4.0]), np.array([20.0, 80.0]), 4.0, 7.0)
    assert score_people(sparse([[], []]), weighing([], [], [], [], curve), parts=True).score.tolist() == [1.0, 1.0]
    assert score_people(sparse([[], []]), one_metric(metrics=0), parts=True).score.tolist() == [1.0, 1.0]


def test_a_strength_on_a_knot_belongs_to_the_line_that_begins_there() -> None:
    at_knot = float(np.expm1(2.0))
    found = score_people(sparse([[(0, float(np.expm1(1.0)))], [(0, at_knot)]]), one_metric())
    assert found.log_odds.tolist() == pytest.approx([-1.0, 1.0], abs=1e-5)


def test_equal_people_have_equal_scores_wherever_they_stand() -> None:
    people = [[(0, 3.0), (1, 4.0)]] * (BATCH + 3)
    assert len(set(score_people(sparse(people), one_metric(2)).score.tolist())) == 1


def test_odds_beyond_the_limit_are_cut_as_everywhere() -> None:
    beyond = one_metric(logs=(50.0, 60.0))
    table = Table(np.array([1.0, 2.0]), np.array([50.0, 60.0]))
    for value in (1e-8, 1e-5, 1e-3, 10.0):
        expected = log_odds(np.array([np.log1p(value)]), table)
        assert score_people(sparse([[(0, value)]]), beyond).log_odds == pytest.approx(expected, abs=1e-4)


def test_many_networks_and_metrics_need_longer_slots() -> None:
    wide = one_metric(networks=50, metrics=45)
    assert wide.slot.dtype == np.uint32
    last = 50 * 45 - 1
    found = score_people(sparse([[(last, 2.0)], [(0, 2.0)]]), wide, parts=True)
    assert found.metrics[0, 49, 44] == 2.0
    assert found.metrics.sum() == 4.0
    assert found.score[0] == found.score[1] > 1


@pytest.mark.parametrize("column", [1, 2, 100_000, -1, -(2**31), 2**31 - 1])
def test_a_column_that_does_not_exist_is_told(column: int) -> None:
    people: list[list[tuple[int, float]]] = [[(0, 1.0)]] * (BATCH + 2)
    people[BATCH + 1] = [(0, 1.0), (column, 0.0)]
    for threads in (1, 2):
        with pytest.raises(ValueError, match=f"columns from 0 to 0, .* found others at person {BATCH + 1}"):
            score_people(sparse(people), one_metric(), threads=threads)


@pytest.mark.parametrize("start", [[0, 2, 1], [0, 1, 4], [-1, 1, 2], [0, 10**12, 10**12 + 1]])
def test_starts_that_do_not_fit_are_told(start: list[int]) -> None:
    factors = SparseFactors(np.array(start), np.zeros(3, dtype=np.int32), np.ones(3))
    with pytest.raises(ValueError, match="starts that grow, to 3 at most"):
        score_people(factors, one_metric())


def test_columns_without_a_value_are_told() -> None:
    with pytest.raises(ValueError, match="as many columns as values, found 2 starts, 3 columns and 2 values"):
        score_people(SparseFactors(np.array([0, 2]), np.zeros(3, dtype=np.int32), np.ones(2)), one_metric())


def test_networks_need_equally_many_metrics() -> None:
    none = np.zeros(0, dtype=np.int64)
    one = Form(np.array([0, 0]), none, none * 1.0, np.ones(1), np.ones(1), np.zeros(1, dtype=np.bool_))
    other = Form(np.array([0]), none, none * 1.0, np.ones(0), np.ones(0), np.zeros(0, dtype=np.bool_))
    table = Table(np.array([1.0, 2.0]), np.array([0.0, 1.0]))
    curve = Curve(np.array([-4.0, 4.0]), np.array([20.0, 80.0]), 4.0, 7.0)
    with pytest.raises(ValueError, match=r"equally many metrics in all networks, found \[1, 0\]"):
        weighing([one, other], [0, 0], [table, table], [0.0, 0.0], curve)
