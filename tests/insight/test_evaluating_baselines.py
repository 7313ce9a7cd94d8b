"""Baselines over reactions as columns, against dictionaries and loops."""

from __future__ import annotations

import random
from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.insight.evaluating.baselines import (
    attention_shares,
    baselines,
    decayed_actors,
    distinct_actors,
    page_rank,
    pairing,
    random_order,
)
from kleos.insight.evaluating.rows import Rows, received

PEOPLE = 6
Reaction = tuple[int, int, int, int]
"""Person, actor (−1: nobody by name), time, count."""

REACTIONS = st.lists(
    st.tuples(st.integers(0, PEOPLE - 1), st.integers(-1, PEOPLE - 1), st.integers(0, 100), st.integers(1, 4)).filter(
        lambda row: row[0] != row[1]
    ),
    max_size=25,
)


def rows_of(reactions: list[Reaction], people: int = PEOPLE) -> Rows:
    columns = np.array(reactions, dtype=np.int64).reshape(-1, 4).T
    return Rows(people=people, person=columns[0], actor=columns[1], time=columns[2], count=columns[3])


def people_behind(reactions: list[Reaction]) -> dict[int, dict[object, list[tuple[int, int]]]]:
    """Return person → somebody → their (time, count); every unnamed reaction is somebody's own."""
    found: dict[int, dict[object, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for number, (person, actor, time, count) in enumerate(reactions):
        if actor >= 0:
            found[person][actor].append((time, count))
        else:
            for one in range(count):
                found[person][number, one].append((time, 1))
    return found


@settings(max_examples=60, deadline=None)
@given(REACTIONS)
def test_counts_actors_and_their_decay_are_what_loops_find(reactions: list[Reaction]) -> None:
    rows, behind = rows_of(reactions), people_behind(reactions)
    pairs = pairing(rows)
    given_by = Counter[int]()
    for _, actor, _, count in reactions:
        given_by[actor] += count
    for person in range(PEOPLE):
        actors = behind[person]
        assert received(rows)[person] == sum(count for found in actors.values() for _, count in found)
        assert distinct_actors(rows, pairs)[person] == len(actors)
        decayed = sum(2 ** ((max(time for time, _ in found) - 100) / 25) for found in actors.values())
        assert decayed_actors(rows, pairs, until=100, half_life=25.0)[person] == pytest.approx(decayed)
        shares = sum(
            sum(count for _, count in found) / given_by[actor] if isinstance(actor, int) else 1.0 for actor, found in actors.items()
        )
        assert attention_shares(rows, pairs)[person] == pytest.approx(shares)


@settings(max_examples=15, deadline=None)
@given(REACTIONS)
def test_page_rank_is_the_fixpoint_of_a_walk(reactions: list[Reaction]) -> None:
    weight = np.zeros((PEOPLE, PEOPLE))
    for person, actor, _, count in reactions:
        if actor >= 0:
            weight[actor, person] += count
    given_by = weight.sum(axis=1, keepdims=True)
    walk = np.where(given_by > 0, weight / np.maximum(given_by, 1), 1 / PEOPLE)
    rank = np.full(PEOPLE, 1.0)
    for _ in range(300):
        rank = 0.15 + 0.85 * rank @ walk
    rows = rows_of(reactions)
    assert page_rank(rows, pairing(rows)) == pytest.approx(rank, abs=1e-5)


@settings(max_examples=20, deadline=None)
@given(REACTIONS, st.randoms())
def test_the_order_of_the_rows_changes_no_bit(reactions: list[Reaction], dice: random.Random) -> None:
    shuffled = list(reactions)
    dice.shuffle(shuffled)
    first, second = (
        {name: column() for name, column in baselines(rows_of(rows), until=100, window=100, seed=3).items()}
        for rows in (reactions, shuffled)
    )
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_half_lives_are_fractions_of_the_window() -> None:
    rows = rows_of([(0, 1, 0, 1), (0, 2, 800, 1)])
    found = {name: column()[0] for name, column in baselines(rows, until=800, window=800, seed=0).items()}
    assert found["decayed actors, window/4"] == 1 + 2**-4
    assert found["decayed actors, window/8"] == 1 + 2**-8
    assert found["decayed actors, window/16"] == 1 + 2**-16


def test_chance_is_the_same_for_the_same_seed_only() -> None:
    rows = rows_of([], people=1_000)
    assert np.array_equal(random_order(rows, 5), random_order(rows, 5))
    assert not np.array_equal(random_order(rows, 5), random_order(rows, 6))


def test_a_stretch_of_time_has_its_beginning_and_not_its_end() -> None:
    rows = rows_of([(0, 1, time, 1) for time in (9, 10, 19, 20)])
    assert rows.between(10, 20).time.tolist() == [10, 19]
