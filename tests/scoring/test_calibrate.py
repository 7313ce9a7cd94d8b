"""Curves made from a population keep the promise: over it, the mean is 40 and 63 marks the top 5 %."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kleos.errors import KleosError
from kleos.kernel.odds import Curve, Table, log_odds, score
from kleos.scoring.calibrate import FEWEST_ACCOUNTS, common_rho, odds_table, score_curve

A, B = 4.7808, 7.3551


def logs_of(strength: NDArray[np.float64]) -> NDArray[np.float64]:
    table = odds_table(strength)
    return log_odds(strength, Table(np.array(table.strength), np.array(table.log_odds)))


@pytest.mark.parametrize("members", [200, 1_000, 20_000])
@pytest.mark.parametrize("shape", ["normal", "lognormal", "pareto"])
def test_over_the_reference_population_the_odds_are_those_of_the_rank(members: int, shape: str) -> None:
    random = np.random.default_rng(7)
    shapes = {
        "normal": np.abs(random.normal(5, 1, members)),
        "lognormal": random.lognormal(1, 0.5, members),
        "pareto": 1 + random.pareto(2, members),
    }
    outranked = 1 / (1 + np.exp(-logs_of(np.sort(shapes[shape]))))
    assert np.abs(outranked - (np.arange(members) + 0.5) / members).max() < max(0.01, 2.5 / members)


@pytest.mark.parametrize("members", [1_000, 20_000])
def test_over_the_reference_population_the_mean_is_40_and_63_marks_the_top_5_percent(members: int) -> None:
    pytest.importorskip("scipy", reason="the Beta quantile needs SciPy")
    curve = score_curve(A, B)
    strength = np.random.default_rng(3).lognormal(1, 0.5, members)
    scores = score(logs_of(strength), Curve(np.array(curve.log_odds), np.array(curve.score), curve.a, curve.b))
    assert scores.mean() == pytest.approx(40, abs=0.5)
    assert np.percentile(scores, 95) == pytest.approx(63, abs=0.5)
    assert np.percentile(scores, 99) == pytest.approx(71.9, abs=1.5)


def test_the_score_curve_is_the_beta_quantile() -> None:
    stats = pytest.importorskip("scipy.stats", reason="the Beta quantile needs SciPy")
    curve = score_curve(A, B)
    compiled = Curve(np.array(curve.log_odds), np.array(curve.score), curve.a, curve.b)
    logs = np.linspace(-15, 20, 997)
    assert np.abs(score(logs, compiled) - (1 + 99 * stats.beta.isf(1 / (1 + np.exp(logs)), A, B))).max() < 0.0035
    best_of_750_million = score(np.array([np.log(750e6)]), compiled)[0]
    assert best_of_750_million == pytest.approx(97.1, abs=0.05)


def test_the_order_of_members_changes_nothing() -> None:
    strength = np.random.default_rng(5).lognormal(1, 0.5, 400)
    assert odds_table(strength[::-1].copy()) == odds_table(strength)


def test_equal_strengths_share_one_knot_at_the_middle_of_their_ranks() -> None:
    table = odds_table(np.repeat([1.0, 2.0, 3.0], 100))
    assert table.strength[0] == 1.0
    assert table.strength[-1] == 3.0
    middle = list(table.strength).index(2.0)
    assert table.log_odds[middle] == pytest.approx(0.0, abs=0.05)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(1_000, 2_000_000), min_size=2, max_size=40, unique=True))
def test_any_population_of_different_strengths_makes_a_table(hundred_thousandths: list[int]) -> None:
    strength = np.array(hundred_thousandths * 100, dtype=np.float64)[:4_000] / 100_000
    table = odds_table(strength)
    assert np.all(np.diff(table.strength) > 0)
    assert np.all(np.diff(table.log_odds) > 0)


def test_strengths_that_differ_by_less_than_the_files_digits_share_a_knot() -> None:
    assert odds_table(5.0 + np.linspace(0, 1e-4, 1_000)).strength == tuple(round(5.0 + i * 1e-5, 5) for i in range(11))


def test_a_population_in_which_all_are_equal_is_refused() -> None:
    with pytest.raises(KleosError):
        odds_table(np.full(1_000, 5.0))


def test_too_few_accounts_make_no_curve() -> None:
    with pytest.raises(KleosError, match="expected at least 200 accounts with 5 distinct actors or more, found 199"):
        odds_table(np.linspace(1, 2, FEWEST_ACCOUNTS - 1))


def test_rho_makes_the_odds_of_the_same_people_agree() -> None:
    random = np.random.default_rng(2)
    first = random.normal(0, 1, 500)
    second = np.where(random.random(500) < 0.5, first - 1.0, np.nan)  # the same people count e times as much there
    third = np.where(random.random(500) < 0.02, 3.0, np.nan)  # too few to tell
    assert common_rho(np.array([first, second, third])) == pytest.approx([1.0, np.e, 1.0])


def test_rho_is_found_over_a_network_in_between() -> None:
    first = np.concatenate([np.linspace(-1, 1, 300), np.full(100, np.nan)])
    second = np.concatenate([np.full(200, np.nan), np.linspace(-1, 1, 300)[200:] - 1.0, np.zeros(100)])
    third = np.concatenate([np.full(300, np.nan), np.full(100, 2.0)])
    assert common_rho(np.array([first, second, third])) == pytest.approx([1.0, np.e, np.exp(-1)])


def test_a_single_network_has_a_rho_of_one() -> None:
    assert common_rho(np.zeros((1, 10))) == pytest.approx([1.0])
