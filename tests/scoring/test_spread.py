"""A population's intervals, by the delta method."""

from __future__ import annotations

import attrs
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kleos.scoring.model import Weight
from kleos.scoring.spread import spreads
from slow_twins.small import METRICS, MODEL
from slow_twins.tables import Row, Run, likes, rows, run, shuffled

REACH_ONLY = attrs.evolve(MODEL, metrics={name: Weight(weight=2.0 * (name == "reach"), scale=1.0) for name in METRICS})


def bounds(found: Run) -> NDArray[np.float64]:
    return spreads(found.scores, found.resolved)


@settings(deadline=None, max_examples=20)
@given(st.lists(rows(), max_size=16))
def test_an_interval_holds_the_score_and_stays_within_the_scale(drawn: list[Row]) -> None:
    found = run(drawn)
    for score, (low, high) in zip(found.score, bounds(found).tolist(), strict=True):
        assert np.isnan(low) == np.isnan(high)
        if not np.isnan(low):
            assert 1.0 <= low <= score <= high < 100.0
    assert bounds(run(shuffled(drawn))).tobytes() == bounds(found).tobytes()


def test_there_is_no_interval_below_five_actors() -> None:
    assert np.isnan(bounds(run(likes(4)))).all()
    assert np.isnan(bounds(run([], networks=()))).all()
    assert not np.isnan(bounds(run(likes(5)))[0]).any()
    assert not np.isnan(bounds(run([Row(item="x", count=5)]))[0]).any()


def test_fewer_actors_mean_a_wider_interval() -> None:
    few, many = bounds(run(likes(6) + likes(60, "bob"))).tolist()
    assert few[1] - few[0] > 1.5 * (many[1] - many[0])


def test_for_reach_alone_it_is_about_as_wide_as_the_bootstraps() -> None:
    found = run([Row(actor=f"fan {i}", item="x") for i in range(80)], model=REACH_ONLY)
    (low, high), (other_low, other_high) = bounds(found)[0].tolist(), found.intervals()[0]
    assert 0.6 < (high - low) / (other_high - other_low) < 1.6
