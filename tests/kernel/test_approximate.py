"""Logarithm and exponential in float32, against the mathematical library."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.kernel.approximate import exp, log, log2_1p

EXACT = 5e-7


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.floats(0, 4, width=32), st.floats(2.0**-126, 2.0**127, width=32)))
def test_log2_1p_keeps_its_digits_at_any_size(x: float) -> None:
    assert float(log2_1p(np.float32(x))) == pytest.approx(math.log1p(x) / math.log(2), rel=EXACT)


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.floats(0.5, 2, width=32), st.floats(2.0**-126, 2.0**127, width=32)))
def test_log_is_the_logarithm(x: float) -> None:
    assert float(log(np.float32(x))) == pytest.approx(math.log(x), rel=EXACT)


@settings(deadline=None, max_examples=300)
@given(st.floats(-87, 0, width=32))
def test_exp_is_the_exponential(x: float) -> None:
    assert float(exp(np.float32(x))) == pytest.approx(math.exp(x), rel=EXACT * max(1.0, -x / 2))


def test_the_ends_are_what_they_are_said_to_be() -> None:
    assert log2_1p(np.float32(0.0)) == 0.0
    assert log2_1p(np.float32(np.inf)) == 128.0
    assert log(np.float32(1.0)) == 0.0
    assert float(log(np.float32(0.0))) == pytest.approx(-88, abs=0.1)
    assert exp(np.float32(0.0)) == 1.0
    assert 0 < float(exp(np.float32(-1e30))) < 1.2e-38


@settings(deadline=None, max_examples=100)
@given(st.floats(2.0**-126, 2.0**126, width=32))
def test_a_larger_number_has_no_smaller_logarithm(x: float) -> None:
    more = np.nextafter(np.float32(x), np.float32(np.inf))
    assert float(log2_1p(more)) >= float(log2_1p(np.float32(x))) - EXACT * float(log2_1p(np.float32(x)))
