"""How often intervals hold the truth, over simulated people, and what makes them wider."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest

from kleos.scoring.spread import spreads
from slow_twins.small import DAY
from slow_twins.tables import AS_OF, Row, Run, run

ROOT = Path(__file__).parents[2]
Bounds = Callable[[Run], list[list[float]]]


def bootstrap(found: Run) -> list[list[float]]:
    return found.intervals()


def delta(found: Run) -> list[list[float]]:
    bounds: list[list[float]] = spreads(found.scores, found.resolved).tolist()
    return bounds


BOTH = pytest.mark.parametrize("bounds", [bootstrap, delta])


COMPILED = pytest.mark.skipif(
    os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="as many folds as this takes are minutes without the compiler"
)


@pytest.fixture(scope="module")
def coverage() -> Iterator[Any]:
    """Return `python -m benchmarks.coverage`, which measures the same on more people."""
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(ROOT))
        yield importlib.import_module("benchmarks.coverage")


@pytest.fixture(scope="module")
def simulated(coverage: Any) -> tuple[Any, Any, Any, Any]:
    """Return 240 people, their lives, their true scores, and the model."""
    resolved, forms = coverage.shipped()
    whom = coverage.rates(240, len(forms), seed=5)
    lives = coverage.lived(whom, 20, resolved, forms, seed=5)
    return whom, lives, coverage.truth(lives, resolved), (resolved, forms)


def held(coverage: Any, bounds: Any, who: Any, true: Any, whom: Any) -> float:
    """Return the share of intervals that hold the truth, for people with at least 5 expected actors."""
    chosen = ~np.isnan(bounds[:, 0]) & (whom.actors.sum(axis=0)[who] >= 5)
    return float(coverage.covered(bounds, true[who])[chosen].mean())


@COMPILED
def test_nine_of_ten_intervals_of_a_population_hold_the_truth(coverage: Any, simulated: Any) -> None:
    whom, lives, true, (resolved, _) = simulated
    bounds = spreads(lives.scores, resolved)
    assert 0.87 <= held(coverage, bounds, lives.who, true, whom) <= 0.93
    few = lives.scores.actors < 5
    assert few.any()
    assert np.isnan(bounds[few]).all()
    assert not np.isnan(bounds[~few]).any()


@COMPILED
def test_nine_of_ten_intervals_of_people_hold_the_truth(coverage: Any, simulated: Any) -> None:
    """With some 600 intervals, the share itself is known to within three percent only; a plain bootstrap holds 72 of a hundred."""
    whom, _, true, (resolved, forms) = simulated
    lives = coverage.lived(whom, 3, resolved, forms, seed=6)
    bounds = coverage.intervals(lives.tables, lives.scores, resolved.clock(resolved.model.window), resolved, threads=2)
    assert 0.86 <= held(coverage, bounds, lives.who, true, whom) <= 0.94
    assert np.isnan(bounds[lives.scores.actors < 5]).all()


@COMPILED
def test_simulated_crowds_are_as_dispersed_as_they_say(coverage: Any) -> None:
    whom = coverage.rates(3, 1, seed=1)._replace(
        actors=np.full((1, 3), 40.0), dispersion=np.array([1.0, 2.0, 4.0]), unnamed=np.zeros(3), untimed=np.zeros(3)
    )
    resolved, forms = coverage.shipped()
    lives = coverage.lived(whom, 4_000, resolved, forms[:1], seed=2)
    people = lives.scores.actors.reshape(3, -1)
    assert people.mean(axis=1) == pytest.approx([40, 40, 40], rel=0.03)
    assert people.var(axis=1) / people.mean(axis=1) == pytest.approx([1, 2, 4], rel=0.1)


def reactions(number: int = 60, network: str = "birdsong", kind: str = "answer") -> list[Row]:
    """Return one reaction each by so many people, one after the other over the window, to twelve items."""
    return [Row(network, "ada", kind, f"fan {i}", f"item {i % 12}", AS_OF - i * 89 * DAY // number) for i in range(number)]


def wide(bounds: Bounds, rows: list[Row]) -> float:
    low, high = bounds(run(rows))[0]
    return high - low


@BOTH
@pytest.mark.parametrize("share", [2, 1])
def test_without_names_the_interval_is_wider(bounds: Bounds, share: int) -> None:
    unnamed = [attrs.evolve(row, actor=None) if i % share == 0 else row for i, row in enumerate(reactions())]
    assert wide(bounds, unnamed) > 1.1 * wide(bounds, reactions())


@BOTH
@pytest.mark.parametrize("share", [2, 1])
def test_without_times_the_interval_is_wider(bounds: Bounds, share: int) -> None:
    untimed = [attrs.evolve(row, time=None) if i % share == 0 else row for i, row in enumerate(reactions())]
    assert wide(bounds, untimed) > 1.1 * wide(bounds, reactions())


@COMPILED
@BOTH
def test_with_one_network_less_the_interval_is_wider(bounds: Bounds) -> None:
    one, other = reactions(30), reactions(30, "cafe", "nod")
    both = wide(bounds, [*one, *other])
    assert wide(bounds, one) > both
    assert wide(bounds, other) > both


@BOTH
def test_people_who_come_in_crowds_tell_less_than_people_who_come_one_by_one(bounds: Bounds) -> None:
    crowds = [attrs.evolve(row, time=AS_OF - i // 15 * 20 * DAY) for i, row in enumerate(reactions())]
    assert wide(bounds, crowds) > 1.2 * wide(bounds, reactions())
