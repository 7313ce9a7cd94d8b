"""Neither the order of rows nor the numbering of actors and items changes a bit."""

from __future__ import annotations

import random

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from slow_twins.arrays import folded
from slow_twins.world import Reaction, World
from slow_twins.worlds import worlds


def bits(world: World) -> tuple[bytes, bytes]:
    found = folded(world)
    return found.values.tobytes(), found.people.tobytes()


def renumbered(world: World, rng: random.Random) -> World:
    """Return the world with its actors and items called by other numbers."""
    actors = rng.sample(range(len(world.q)), len(world.q))
    items = rng.sample(range(10), 10)
    back = {new: old for old, new in enumerate(actors)}

    def row(old: Reaction) -> Reaction:
        actor = None if old.actor is None else actors[old.actor]
        return attrs.evolve(old, actor=actor, item=None if old.item is None else items[old.item])

    return attrs.evolve(
        world,
        rows=tuple(row(old) for old in world.rows),
        q=tuple(world.q[back[new]] for new in range(len(actors))),
        given=tuple(world.given[back[new]] for new in range(len(actors))),
    )


@settings(deadline=None, max_examples=60)
@given(worlds(most_rows=24), st.randoms(use_true_random=False))
def test_shuffled_rows_give_the_same_bits(world: World, rng: random.Random) -> None:
    assert bits(attrs.evolve(world, rows=tuple(rng.sample(world.rows, len(world.rows))))) == bits(world)


@settings(deadline=None, max_examples=60)
@given(worlds(most_rows=24), st.randoms(use_true_random=False))
def test_other_codes_for_actors_and_items_give_the_same_bits(world: World, rng: random.Random) -> None:
    assert bits(renumbered(world, rng)) == bits(world)


@settings(deadline=None, max_examples=40)
@given(worlds())
def test_a_row_of_many_reactions_counts_like_many_rows(world: World) -> None:
    split = attrs.evolve(world, rows=tuple(attrs.evolve(row, reactions=1) for row in world.rows for _ in range(row.reactions)))
    assert bits(split) == bits(world)


@settings(deadline=None, max_examples=40)
@given(worlds(), st.randoms(use_true_random=False))
def test_people_may_stand_in_any_order(world: World, rng: random.Random) -> None:
    order = rng.sample(range(world.people), world.people)
    there = attrs.evolve(world, rows=tuple(attrs.evolve(row, person=order[row.person]) for row in world.rows))
    assert folded(there).values[order].tobytes() == folded(world).values.tobytes()
