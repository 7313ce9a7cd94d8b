"""How sure a score is: the bootstrap's intervals."""

from __future__ import annotations

import math

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.scoring.model import Weight
from slow_twins.score import interval_of
from slow_twins.small import DAY, METRICS, MODEL, NETWORKS
from slow_twins.tables import AS_OF, PEOPLE, Row, likes, rows, run, shuffled


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


@settings(deadline=None, max_examples=5)
@given(st.lists(rows(), max_size=8))
def test_an_interval_is_what_the_definitions_say_step_by_step(drawn: list[Row]) -> None:
    drawn = [*drawn, *likes(5), *likes(5, "bob", "cafe", "wave")]
    for person, bounds in zip(PEOPLE, run(drawn).intervals(), strict=True):
        assert bounds == pytest.approx(list(interval_of(drawn, NETWORKS, person)), abs=1e-4)


def test_days_that_a_replicate_leaves_out_do_not_make_the_interval_lopsided() -> None:
    """A replicate loses a third of all days with one actor each, so it is shifted: half of the replicates lie on either side."""
    steady = attrs.evolve(MODEL, metrics={name: Weight(weight=3.0 * (name == "steady"), scale=1.0) for name in METRICS})
    found = run([Row(actor=f"fan {i}", item="x", time=AS_OF - i * DAY) for i in range(40)], model=steady)
    (low, high), _ = found.intervals()
    assert high - found.score[0] == pytest.approx(found.score[0] - low, rel=0.5)
