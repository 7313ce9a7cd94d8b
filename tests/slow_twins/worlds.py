"""Worlds as hypothesis draws them: small, full of ties, edges and repetition."""

from __future__ import annotations

from typing import TypeVar

import attrs
from hypothesis import strategies as st

from slow_twins.world import Reaction, World

__all__ = ["reactions", "worlds"]

T = TypeVar("T")
WINDOWS = (1, 7, 89, 90, 91, 1_000, 3_600_000_000, 90 * 86_400_000_000, 90 * 86_400_000_000 + 1)
INFLUENCES = (0.001, 0.05, 0.1, 0.25, 0.499, 0.5, 0.75, 1.0)
REACTIONS = st.one_of(st.just(1), st.integers(1, 5), st.integers(1, 40))


def ages(window: int) -> st.SearchStrategy[int]:
    """Draw an age: now, the window's end, the edges of days and weeks, or anything between."""
    edges = {part * window // parts + step for parts in (90, 13) for part in (0, 1, 2, parts - 1, parts) for step in (-1, 0, 1)}
    return st.one_of(
        st.just(0), st.just(window), st.sampled_from(sorted(age for age in edges if 0 <= age <= window)), st.integers(0, window)
    )


@st.composite
def reactions(draw: st.DrawFn, world: World) -> Reaction:
    """Draw one more row for a world: by one of its actors or anonymous, to one of few items or to nothing."""
    return Reaction(
        person=draw(st.integers(0, world.people - 1)),
        kind=draw(st.integers(0, len(world.in_any) - 1)),
        actor=draw(st.one_of(st.none(), st.integers(0, len(world.q) - 1))) if world.q else None,
        item=draw(st.one_of(st.none(), st.integers(0, 4))),
        age=draw(ages(world.window)),
        reactions=draw(REACTIONS),
    )


@st.composite
def worlds(draw: st.DrawFn, most_people: int = 3, most_actors: int = 5, most_rows: int = 16, resampled: bool = False) -> World:
    """Draw a world; few people, actors, items and times meet again and again. `resampled` draws a bootstrap's multiplicities, too."""
    actors = draw(st.integers(0, most_actors))

    def for_each(what: st.SearchStrategy[T]) -> tuple[T, ...]:
        return tuple(draw(st.lists(what, min_size=actors, max_size=actors)))

    empty = World(
        rows=(),
        people=draw(st.integers(1, most_people)),
        in_any=tuple(draw(st.lists(st.booleans(), min_size=1, max_size=4))),
        q=for_each(st.sampled_from(INFLUENCES)),
        given=for_each(st.sampled_from((0.0, 1.0, 3.0, 50.0))),
        window=draw(st.sampled_from(WINDOWS)),
        unknown=draw(st.sampled_from((0.5, 0.3, 1.0))),
        attention=draw(st.sampled_from((0.0, 2.5, 40.0))),
        drawn=for_each(st.integers(0, 3)) if resampled else None,
    )
    return attrs.evolve(empty, rows=tuple(draw(st.lists(reactions(empty), max_size=most_rows))))
