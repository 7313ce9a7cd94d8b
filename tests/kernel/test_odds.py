"""Strength → odds → score, against the slow twins, for any valid model."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.kernel.odds import LOG_ODDS_LIMIT, Curve, Table, combine, log_odds, score
from kleos.scoring.model import OddsTable, ScoreCurve
from slow_twins import strength as twin
from slow_twins.models import odds_tables, score_curves

strengths = st.one_of(st.just(0.0), st.floats(1e-12, 100), st.floats(1e-12, 1e6))
any_log_odds = st.one_of(st.just(-math.inf), st.floats(-60, LOG_ODDS_LIMIT), st.just(LOG_ODDS_LIMIT))


def odds_of(table: OddsTable, *values: float) -> list[float]:
    compiled = Table(np.array(table.strength), np.array(table.log_odds))
    result: list[float] = log_odds(np.array(values, dtype=np.float64), compiled).tolist()
    return result


def scores_of(curve: ScoreCurve, *values: float) -> list[float]:
    compiled = Curve(np.array(curve.log_odds), np.array(curve.score), curve.a, curve.b)
    result: list[float] = score(np.array(values, dtype=np.float64), compiled).tolist()
    return result


def combined(logs: list[float], rhos: list[float]) -> float:
    return float(combine(np.array(logs, dtype=np.float64).reshape(-1, 1), np.log(np.array(rhos, dtype=np.float64)))[0])


def around(knots: list[float]) -> st.SearchStrategy[float]:
    return st.sampled_from([math.nextafter(knot, direction) for knot in knots for direction in (-math.inf, knot, math.inf)])


@settings(deadline=None, max_examples=100)
@given(st.data(), odds_tables())
def test_log_odds_are_those_of_the_slow_twin(data: st.DataObject, table: OddsTable) -> None:
    strength = data.draw(st.one_of(strengths, around(list(table.strength))))
    expected = twin.log_odds(strength, list(zip(table.strength, table.log_odds, strict=True)))
    assert odds_of(table, strength) == pytest.approx([expected], rel=1e-9, abs=1e-9)


@settings(deadline=None, max_examples=100)
@given(odds_tables(), strengths, strengths)
def test_more_strength_never_means_lower_odds(table: OddsTable, one: float, other: float) -> None:
    low, high = odds_of(table, *sorted([one, other]))
    assert low <= high + 1e-12


@settings(deadline=None, max_examples=60)
@given(odds_tables())
def test_the_odds_have_no_jump_at_a_knot(table: OddsTable) -> None:
    for knot, at_knot in zip(table.strength, table.log_odds, strict=True):
        before, here, after = odds_of(table, math.nextafter(knot, 0.0), knot, math.nextafter(knot, math.inf))
        assert here == pytest.approx(min(at_knot, LOG_ODDS_LIMIT), abs=1e-9)
        assert before == pytest.approx(here, abs=1e-9)
        assert after == pytest.approx(here, abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(odds_tables())
def test_nothing_has_no_odds_and_infinite_strength_has_those_of_the_limit(table: OddsTable) -> None:
    assert odds_of(table, 0.0) == [-math.inf]
    assert odds_of(table, 1e18) == [LOG_ODDS_LIMIT]


@settings(deadline=None, max_examples=40)
@given(odds_tables(), st.floats(1e-6, 1.0))
def test_below_the_first_knot_half_the_strength_has_half_the_odds(table: OddsTable, part: float) -> None:
    first = table.strength[0]
    if table.log_odds[0] < LOG_ODDS_LIMIT:
        whole, half = np.exp(odds_of(table, part * first, part * first / 2))
        assert half == pytest.approx(whole / 2, rel=1e-9)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(any_log_odds, st.floats(1e-3, 1e3)), max_size=5))
def test_odds_of_networks_add_up(networks: list[tuple[float, float]]) -> None:
    logs, rhos = [one for one, _ in networks], [rho for _, rho in networks]
    assert combined(logs, rhos) == pytest.approx(twin.combine(logs, rhos), rel=1e-12, abs=1e-12)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(any_log_odds, st.floats(1e-3, 1e3)), max_size=5), any_log_odds, st.floats(1e-3, 1e3))
def test_one_more_network_never_lowers_the_odds(networks: list[tuple[float, float]], more: float, rho: float) -> None:
    logs, rhos = [one for one, _ in networks], [rho for _, rho in networks]
    assert combined([*logs, more], [*rhos, rho]) >= combined(logs, rhos) - 1e-12


@settings(deadline=None, max_examples=100)
@given(st.data(), score_curves())
def test_scores_are_those_of_the_slow_twin(data: st.DataObject, curve: ScoreCurve) -> None:
    value = data.draw(st.one_of(any_log_odds, around(list(curve.log_odds))))
    expected = twin.score(value, list(zip(curve.log_odds, curve.score, strict=True)), curve.a, curve.b)
    assert scores_of(curve, value) == pytest.approx([expected], rel=1e-9)


@settings(deadline=None, max_examples=100)
@given(score_curves(), any_log_odds, any_log_odds)
def test_higher_odds_never_mean_a_lower_score(curve: ScoreCurve, one: float, other: float) -> None:
    low, high = scores_of(curve, *sorted([one, other]))
    assert 1.0 <= low <= high + 1e-9
    assert high < 100.0


@settings(deadline=None, max_examples=60)
@given(score_curves())
def test_the_score_has_no_jump_at_a_knot(curve: ScoreCurve) -> None:
    for knot, at_knot in zip(curve.log_odds, curve.score, strict=True):
        before, here, after = scores_of(curve, math.nextafter(knot, -math.inf), knot, math.nextafter(knot, math.inf))
        assert here == pytest.approx(at_knot, abs=1e-9)
        assert before == pytest.approx(here, abs=1e-9)
        assert after == pytest.approx(here, abs=1e-9)


@settings(deadline=None, max_examples=20)
@given(score_curves())
def test_without_odds_the_score_is_exactly_one(curve: ScoreCurve) -> None:
    assert scores_of(curve, -math.inf) == [1.0]


@pytest.mark.parametrize("b", [0.01, 0.1, 1.0])
def test_the_score_stays_below_a_hundred_whatever_the_shape_of_the_tail(b: float) -> None:
    assert scores_of(ScoreCurve(a=1.0, b=b, log_odds=[-1.0, 0.0], score=[30.0, 50.0]), LOG_ODDS_LIMIT)[0] < 100.0


def test_below_its_knots_the_score_falls_as_the_beta_quantile_does() -> None:
    curve = ScoreCurve(a=2.0, b=3.0, log_odds=[-10.0, 10.0], score=[2.0, 99.0])
    assert scores_of(curve, -12.0) == pytest.approx([1 + math.exp(-2 / 2.0)])
    assert scores_of(curve, 13.0) == pytest.approx([100 - math.exp(-3 / 3.0)])
