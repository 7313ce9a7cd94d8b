"""All replicates at once find what folding once for each of them finds, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kleos.contract import AGGREGATIONS
from kleos.kernel import replicates
from kleos.kernel.aggregate import Form, aggregate
from kleos.kernel.fold import fold
from kleos.kernel.layout import Clock, Influence
from kleos.kernel.replicates import Draws, drawn_often
from kleos.kernel.resample import draw
from slow_twins.arrays import anonymous_of, named_of
from slow_twins.world import World
from slow_twins.worlds import worlds

WIDTH = len(AGGREGATIONS)
REPLICATES = 6


def form_of(world: World, factors: list[int]) -> Form:
    """Return a metric of weight 1 for each of these factors of every slot, and one of weight 0 for all."""
    slots = len(world.in_any) + 1
    every = [slot * WIDTH + factor for slot in range(slots) for factor in factors]
    start = [*range(len(every) + 1), 2 * len(every)]
    values = np.ones(len(every) + 1)
    return Form(
        np.array(start, dtype=np.int64),
        np.array(every * 2, dtype=np.int64),
        np.ones(2 * len(every)),
        values.copy(),
        np.append(values[:-1], 0.0),
        np.zeros(len(every) + 1, dtype=np.bool_),
    )


def some_hashes(first: int, size: int) -> NDArray[np.uint64]:
    return np.arange(first, first + size, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)


@pytest.mark.parametrize("room", [1 << 22, 16], ids=["all at once", "a few at a time"])
@settings(max_examples=25, deadline=None)
@given(world=worlds(), factors=st.lists(st.integers(0, WIDTH - 1), min_size=1, max_size=WIDTH, unique=True), threads=st.integers(1, 3))
def test_every_factor_has_the_bits_of_the_fold_in_every_replicate(room: int, world: World, factors: list[int], threads: int) -> None:
    named, anonymous = named_of(world), anonymous_of(world)
    influence = Influence(np.array(world.q, dtype=np.float64), world.unknown, np.array(world.given, dtype=np.float64), world.attention)
    clock = Clock(world.window, world.window / 3, world.window / 16)
    in_any = np.array(world.in_any, dtype=np.bool_)
    form = form_of(world, factors)
    hashes, block_hashes = some_hashes(1, len(world.q)), some_hashes(900, len(anonymous.kind))
    draws = Draws(
        drawn_often(hashes[::-1], REPLICATES),
        drawn_often(block_hashes, REPLICATES),
        np.arange(len(hashes))[::-1].copy(),
        np.arange(len(block_hashes)),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replicates, "ROOM", room)
        found = replicates.replicated(named, anonymous, influence, clock, in_any, form, draws, threads=threads)
    for replicate in range(REPLICATES):
        drawn = anonymous._replace(reactions=anonymous.reactions * draw(block_hashes, replicate))
        folded = fold(named, drawn, influence, clock, in_any, drawn=draw(hashes, replicate))
        strength = np.zeros(world.people)
        aggregate(folded.values.reshape(world.people, -1), form, np.zeros((world.people, len(form.scale))), strength)
        assert found[replicate].tobytes() == strength.tobytes()
