"""Factors → metrics → strength, against the slow twin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kleos.kernel.aggregate import Form, aggregate
from slow_twins import strength as twin
from slow_twins.models import weights

FACTORS = 6
amounts = st.one_of(st.just(0.0), st.floats(1e-9, 1e12))
rows = st.lists(amounts, min_size=FACTORS, max_size=FACTORS)


@st.composite
def metric_forms(draw: st.DrawFn) -> twin.MetricForm:
    weight = draw(weights())
    terms = draw(st.lists(st.tuples(st.integers(0, FACTORS - 1), st.floats(0, 10)), max_size=4))
    return twin.MetricForm(terms=terms, scale=weight.scale, value=weight.weight)


forms = st.lists(metric_forms(), max_size=5)


def compiled_form(metrics: list[twin.MetricForm]) -> Form:
    """Return the metrics as the engine wants them; one without terms is computed."""
    terms = [term for metric in metrics for term in metric.terms]
    return Form(
        np.cumsum([0, *(len(metric.terms) for metric in metrics)]).astype(np.int64),
        np.array([factor for factor, _ in terms], dtype=np.int64),
        np.array([weight for _, weight in terms], dtype=np.float64),
        np.array([metric.scale for metric in metrics], dtype=np.float64),
        np.array([metric.value for metric in metrics], dtype=np.float64),
        np.array([not metric.terms for metric in metrics], dtype=np.bool_),
    )


def run(factors: list[list[float]], metrics: list[twin.MetricForm], given: float = 0.0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Aggregate; metrics that are computed have the value `given`."""
    found = np.full((len(factors), len(metrics)), given)
    strengths = np.full(len(factors), np.nan)
    aggregate(np.array(factors, dtype=np.float64).reshape(-1, FACTORS), compiled_form(metrics), found, strengths)
    return found, strengths


@settings(deadline=None, max_examples=60)
@given(st.lists(rows, max_size=3), forms, amounts)
def test_metrics_and_strength_are_those_of_the_slow_twin(factors: list[list[float]], metrics: list[twin.MetricForm], given: float) -> None:
    found, strengths = run(factors, metrics, given)
    for person, row in enumerate(factors):
        expected = [twin.metric(metric, row) if metric.terms else given for metric in metrics]
        assert found[person].tolist() == pytest.approx(expected, rel=1e-12)
        assert strengths[person] == pytest.approx(twin.strength(metrics, expected), rel=1e-12)


@settings(deadline=None, max_examples=60)
@given(rows, forms, st.integers(0, FACTORS - 1), amounts)
def test_a_larger_factor_never_lowers_the_strength(row: list[float], metrics: list[twin.MetricForm], factor: int, more: float) -> None:
    larger = [value + more * (place == factor) for place, value in enumerate(row)]
    _, (before, after) = run([row, larger], metrics)
    assert after >= before


@settings(deadline=None, max_examples=20)
@given(forms)
def test_without_reactions_the_strength_is_exactly_nothing(metrics: list[twin.MetricForm]) -> None:
    assert run([[0.0] * FACTORS], metrics)[1].tolist() == [0.0]
