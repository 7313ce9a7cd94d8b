"""Plain numbers, counted beside the weighted ones, and kinds of which little is asked."""

from __future__ import annotations

import attrs
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.contract import AGGREGATIONS
from kleos.kernel.scratch import CHEAP
from slow_twins.arrays import folded
from slow_twins.parts import folded_in_parts
from slow_twins.world import World
from slow_twins.worlds import worlds

COUNTED = [AGGREGATIONS.index(name) for name in ("count", "acts", "actors", "returning", "days", "actor_days", "items", "peak", "h_index")]


@settings(deadline=None, max_examples=120)
@given(worlds(most_people=4))
def test_plain_numbers_are_those_of_a_world_in_which_everybody_is_unknown(drawn: World) -> None:
    world = attrs.evolve(drawn, drawn=None)
    equals = attrs.evolve(world, q=(world.unknown,) * len(world.q))
    assert folded(world).plain[:, :, COUNTED].tobytes() == folded(equals).values[:, :, COUNTED].tobytes()


@settings(deadline=None, max_examples=60)
@given(worlds(most_people=4))
def test_a_replicate_of_the_bootstrap_has_no_plain_numbers(drawn: World) -> None:
    world = attrs.evolve(drawn, drawn=(1,) * len(drawn.q))
    assert len(folded(world).plain) == 0


@settings(deadline=None, max_examples=120)
@given(worlds(most_people=6), st.integers(0, 2), st.data())
def test_what_is_not_asked_of_a_kind_changes_nothing_else(drawn: World, bits: int, data: st.DataObject) -> None:
    slots = len(drawn.in_any) + 1
    asked = data.draw(st.lists(st.booleans(), min_size=slots, max_size=slots))
    whole, some = folded(attrs.evolve(drawn, drawn=None)), folded_in_parts(drawn, drawn.rows, bits=bits, chunks=1, whole=asked)
    assert (some.people[:, -1] == whole.people[:, -1]).all()
    assert some.squares.tobytes() == whole.squares.tobytes()
    for slot in range(slots):
        chosen = list(range(len(AGGREGATIONS))) if asked[slot] else list(CHEAP)
        assert some.values[:, slot, chosen].tobytes() == whole.values[:, slot, chosen].tobytes()
        rest = np.setdiff1d(np.arange(len(AGGREGATIONS)), chosen)
        assert not some.values[:, slot, rest].any()
        counted = [place for place in COUNTED if place in chosen]
        assert some.plain[:, slot, counted].tobytes() == whole.plain[:, slot, counted].tobytes()
