"""Models as hypothesis draws them: any valid odds table, score curve and weights."""

from __future__ import annotations

from itertools import accumulate

import attrs
from hypothesis import strategies as st

from kleos.scoring.model import Model, OddsTable, ScoreCurve, Weight
from slow_twins.small import METRICS, MODEL

__all__ = ["models", "odds_tables", "score_curves", "weights"]


@st.composite
def models(draw: st.DrawFn) -> Model:
    """Draw a model of the small world's networks and metrics, with any weights, odds tables and score curve."""
    return attrs.evolve(
        MODEL,
        score=draw(score_curves()),
        metrics={name: draw(weights()) for name in METRICS},
        networks={
            name: attrs.evolve(known, odds=draw(odds_tables()), rho=draw(st.floats(1e-3, 1e3)), metrics={"applause": draw(weights())})
            for name, known in MODEL.networks.items()
        },
    )


@st.composite
def odds_tables(draw: st.DrawFn) -> OddsTable:
    """Draw knots of growing strength and growing log-odds."""
    knots = draw(st.integers(2, 7))
    return OddsTable(
        strength=draw(_growing(st.just(0.0), knots + 1))[1:],
        log_odds=draw(_growing(st.floats(-40, 60), knots)),
    )


@st.composite
def score_curves(draw: st.DrawFn) -> ScoreCurve:
    """Draw knots of growing log-odds and growing scores between 1 and 100, and shapes of the tails as a Beta distribution has them."""
    knots = draw(st.integers(2, 7))
    rises = draw(st.lists(st.floats(0.01, 10), min_size=knots + 1, max_size=knots + 1))
    heights = list(accumulate(rises))
    return ScoreCurve(
        a=draw(st.floats(0.5, 20)),
        b=draw(st.floats(2, 20)),
        log_odds=draw(_growing(st.floats(-30, 20), knots)),
        score=[1 + 99 * height / heights[-1] for height in heights[:-1]],
    )


def weights() -> st.SearchStrategy[Weight]:
    """Draw a metric's v and s."""
    return st.builds(Weight, weight=st.one_of(st.just(0.0), st.floats(1e-3, 1e3)), scale=st.floats(1e-3, 1e6))


@st.composite
def _growing(draw: st.DrawFn, first: st.SearchStrategy[float], size: int) -> list[float]:
    steps = draw(st.lists(st.floats(1e-3, 10), min_size=size - 1, max_size=size - 1))
    return list(accumulate([draw(first), *steps]))
