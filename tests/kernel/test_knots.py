"""Curves read by an index, against numpy's interpolation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.kernel.knots import index_knots, on_curve
from kleos.scoring.model import OddsTable
from slow_twins.models import odds_tables


def knots_of(table: OddsTable) -> tuple[np.ndarray, np.ndarray]:
    return np.array(table.strength), np.array(table.log_odds)


@settings(deadline=None, max_examples=100)
@given(st.data(), odds_tables(), odds_tables())
def test_every_curve_is_read_as_straight_lines_between_its_knots(data: st.DataObject, one: OddsTable, other: OddsTable) -> None:
    knots = index_knots([knots_of(one), knots_of(other)], np.float64)
    for curve, (x, y) in enumerate([knots_of(one), knots_of(other)]):
        near = st.sampled_from([math.nextafter(knot, way) for knot in x for way in (-math.inf, knot, math.inf)])
        at = max(data.draw(st.one_of(near, st.floats(x[0], x[-1]))), x[0])
        if at <= x[-1]:
            assert on_curve(knots, curve, at) == pytest.approx(np.interp(at, x, y), rel=1e-9, abs=1e-9)


@settings(deadline=None, max_examples=50)
@given(odds_tables(), st.floats(0, 1e6))
def test_the_last_line_goes_on(table: OddsTable, beyond: float) -> None:
    x, y = knots_of(table)
    slope = (y[-1] - y[-2]) / (x[-1] - x[-2])
    assert on_curve(index_knots([(x, y)], np.float64), 0, x[-1] + beyond) == pytest.approx(y[-1] + beyond * slope, rel=1e-9, abs=1e-9)


def test_thousands_of_knots_within_one_cell_are_all_found() -> None:
    x = np.concatenate([np.linspace(0.0, 1e-3, 3000), [1000.0]])
    y = np.sqrt(np.arange(3001.0))
    knots = index_knots([(x, y)], np.float64)
    for place in (0, 1, 1499, 2999):
        assert on_curve(knots, 0, x[place]) == pytest.approx(y[place], abs=1e-9)


def test_a_curve_of_too_many_knots_is_told() -> None:
    x = np.arange(65_537.0)
    with pytest.raises(ValueError, match="at most 65,536 knots in a curve, found 65,537"):
        index_knots([(x, x)], np.float64)
