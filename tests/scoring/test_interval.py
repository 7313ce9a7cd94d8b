"""How sure a score is: the bootstrap's intervals."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slow_twins.tables import Row, likes, rows, run, shuffled


@settings(deadline=None, max_examples=8)
@given(st.lists(rows(), min_size=5, max_size=14))
def test_an_interval_holds_the_score_and_stays_within_the_scale(drawn: list[Row]) -> None:
    found = run(drawn)
    for score, (low, high) in zip(found.score, found.intervals(), strict=True):
        assert math.isnan(low) == math.isnan(high)
        if not math.isnan(low):
            assert 1.0 <= low <= score <= high < 100.0


@settings(deadline=None, max_examples=6)
@given(st.lists(rows(), min_size=5, max_size=14))
def test_intervals_have_the_same_bits_for_shuffled_rows_and_more_threads(drawn: list[Row]) -> None:
    assert repr(run(shuffled(drawn), threads=2).intervals()) == repr(run(drawn).intervals())


def test_there_is_no_interval_below_five_actors() -> None:
    (low, high), nobody = run(likes(4)).intervals()
    assert math.isnan(low)
    assert math.isnan(high)
    assert all(map(math.isnan, nobody))
    assert not any(map(math.isnan, run(likes(5)).intervals()[0]))


def test_unnamed_actors_count_among_the_five() -> None:
    assert not any(map(math.isnan, run([Row(item="x", count=5)]).intervals()[0]))


def test_without_networks_there_are_no_intervals() -> None:
    assert all(math.isnan(bound) for bounds in run([], networks=()).intervals() for bound in bounds)


def test_fewer_actors_mean_a_wider_interval() -> None:
    few, many = run(likes(6) + likes(60, "bob")).intervals()
    assert few[1] - few[0] > 1.5 * (many[1] - many[0])
    assert few[0] < few[1]


def test_an_interval_does_not_depend_on_the_company() -> None:
    alone = run(likes(9), people=("ada",)).intervals()
    assert run(likes(9) + likes(20, "bob"), people=("bob", "ada")).intervals()[1] == alone[0]


def test_one_block_of_anonymous_reactions_is_all_or_nothing() -> None:
    """A crowd that the network only counts may be one campaign: far less sure than as many people with names."""
    (low, high), _ = run([Row(item="x", count=60)]).intervals()
    (named_low, named_high), _ = run([Row(actor=f"fan {i}", item="x") for i in range(60)]).intervals()
    assert high - low > 2 * (named_high - named_low)


def test_the_interval_is_about_as_wide_as_the_actors_scatter() -> None:
    """Poisson(1) draws of n actors scatter by √n: for reach alone, log1p(m) by about 1 / √n each way of 1.645 deviations."""
    found = run(likes(100))
    (low, high), _ = found.intervals()
    assert low < found.score[0] < high
    assert 0.5 < high - low < 20.0
    assert high - found.score[0] == pytest.approx(found.score[0] - low, rel=0.8)
