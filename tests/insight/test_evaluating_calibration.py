"""Calibration: scores as promised keep the promise, others are told how far they miss it."""

from __future__ import annotations

import attrs
import numpy as np
import pytest
from scipy.stats import beta, kstest

from kleos.contract import Kind, Network, Role
from kleos.insight.evaluating.calibration import LEVELS, Calibrated, compared
from kleos.scoring.model import load_model
from kleos.scoring.resolved import Resolved, resolve_model

NETWORK = Network(name="somewhere", title="Somewhere", kinds={"like": Kind(role=Role.LIKE, title="like")}, sources=())
A, B = 4.7808, 7.3551


@pytest.fixture(scope="module")
def resolved() -> Resolved:
    return resolve_model(load_model(), {})


def against(resolved: Resolved, scores: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Calibrated:
    return compared(resolved.form(NETWORK), scores, resolved)


def promised(size: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return scores at evenly spaced ranks of the promised distribution."""
    return 1 + 99 * beta.ppf((np.arange(size) + 0.5) / size, A, B)


def test_scores_as_promised_keep_the_promise(resolved: Resolved) -> None:
    found = against(resolved, promised(2_000))
    assert found.kept
    assert found.enough
    assert found.promised_mean == pytest.approx(40, abs=0.05)
    assert found.promised_top == pytest.approx(63, abs=0.05)
    assert found.distance < 0.001
    assert found.quantiles == pytest.approx(found.promised, abs=0.2)
    assert len(found.quantiles) == len(LEVELS)
    assert not found.known


@pytest.mark.parametrize("points", [-3.0, 1.0, 5.0])
def test_scores_that_are_all_off_are_told_by_how_much(resolved: Resolved, points: float) -> None:
    found = against(resolved, promised(500) + points)
    assert not found.kept
    assert found.mean - found.promised_mean == pytest.approx(points, abs=0.1)
    assert found.top - found.promised_top == pytest.approx(points, abs=0.3)


def test_the_distance_is_that_of_kolmogorov_and_smirnov(resolved: Resolved) -> None:
    scores = np.random.default_rng(4).uniform(1, 99, 300)
    found = against(resolved, scores)
    assert found.distance == pytest.approx(kstest((scores - 1) / 99, beta(A, B).cdf).statistic)


def test_of_nobody_nothing_is_told(resolved: Resolved) -> None:
    found = against(resolved, np.zeros(0))
    assert (found.members, found.kept, found.enough) == (0, False, False)
    assert np.isnan(found.mean)
    assert np.isnan(found.distance)
    assert attrs.asdict(found)["promised"] == found.promised
