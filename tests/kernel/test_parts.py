"""A population's fold, part by part, against the fold of sorted rows: the same bits, whatever the order, the chunks and the parts."""

from __future__ import annotations

import random

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.kernel.layout import Folded
from kleos.kernel.records import NOBODY, deal, new_records, slots
from slow_twins.arrays import folded
from slow_twins.parts import folded_in_parts
from slow_twins.world import Reaction, World
from slow_twins.worlds import worlds

DAY = 86_400_000_000
WINDOW = 90 * DAY


def bits_of(found: Folded) -> tuple[bytes, bytes, bytes]:
    return found.values.tobytes(), found.people[:, -1].tobytes(), found.squares.tobytes()


def world(*rows: Reaction, people: int = 1, actors: int = 3, kinds: int = 1) -> World:
    return World(rows=rows, people=people, in_any=(True,) * kinds, q=(0.25,) * actors, given=(4.0,) * actors, window=WINDOW)


@settings(deadline=None, max_examples=120)
@given(worlds(most_people=6), st.integers(0, 3), st.integers(1, 4), st.randoms(use_true_random=False), st.integers(1, 3))
def test_parts_give_the_bits_of_the_whole(drawn: World, bits: int, chunks: int, dice: random.Random, networks: int) -> None:
    rows = list(drawn.rows)
    dice.shuffle(rows)
    found = folded_in_parts(drawn, rows, bits=bits, chunks=chunks, network=networks - 1, networks=networks)
    assert bits_of(found) == bits_of(folded(drawn))


HARD = {
    "nothing": world(),
    "one row": world(Reaction(0, 0, 1, 5, DAY, 1)),
    "one actor doing everything": world(*(Reaction(0, 0, 1, item % 70, item * DAY % WINDOW, 1 + item % 3) for item in range(200))),
    "one actor, one item, many times": world(*(Reaction(0, 0, 1, 7, n, 1) for n in range(100))),
    "all anonymous": world(*(Reaction(0, 0, None, item, item * DAY, 1 + item % 5) for item in range(40))),
    "anonymous and itemless": world(*(Reaction(0, 0, None, None, n * DAY, 2) for n in range(40))),
    "all at one instant": world(*(Reaction(0, 0, n % 3, n % 11, 0, 1) for n in range(60))),
    "ties everywhere": world(*[Reaction(0, 0, 0, 0, 0, 1), Reaction(0, 0, None, 0, 0, 1), Reaction(0, 0, 1, None, 0, 1)] * 20),
    "ten thousand actors": world(*(Reaction(0, 0, n, n % 300, n * 1000, 1) for n in range(10_000)), actors=10_000),
    "sixty people": world(*(Reaction(n % 60, n % 2, n % 3, n % 7, n * DAY % WINDOW, 1) for n in range(600)), people=60, kinds=2),
}


@pytest.mark.parametrize("name", HARD)
def test_the_hard_cases_agree_with_the_whole(name: str) -> None:
    drawn = HARD[name]
    for bits, chunks in ((0, 1), (1, 3), (4, 2)):
        assert bits_of(folded_in_parts(drawn, drawn.rows[::-1], bits=bits, chunks=chunks)) == bits_of(folded(drawn))


def test_a_million_reactions_to_one_item() -> None:
    rows = [Reaction(0, 0, n % 3, 9, n % WINDOW, 1_000) for n in range(1_000)]
    drawn = world(*rows)
    assert bits_of(folded_in_parts(drawn, rows, bits=0, chunks=5)) == bits_of(folded(drawn))


def test_rows_outside_the_window_are_left_out() -> None:
    rows = [Reaction(0, 0, 1, 1, age, 1) for age in (-1, 0, WINDOW, WINDOW + 1)]
    inside = attrs.evolve(world(), rows=tuple(rows[1:3]))
    assert bits_of(folded_in_parts(attrs.evolve(inside, rows=tuple(rows)), rows, bits=0, chunks=1)) == bits_of(folded(inside))


def test_ids_up_to_the_last_of_32_bits_are_kept() -> None:
    person, actor = np.array([2**32 - 2, 7], dtype=np.uint32), np.array([2**32 - 2, NOBODY], dtype=np.uint32)
    slot = slots(np.array([255, 0]), np.array([61, 0]), np.array([True, False]))
    item, age = np.array([2**64 - 1, 0], dtype=np.uint64), np.array([WINDOW, 0])
    records, ends = new_records(2, counted=False), np.empty(17, dtype=np.int64)
    scored = np.ones((256, 62), dtype=np.bool_)
    assert deal(person, actor, slot, item, age, np.zeros(0, dtype=np.int64), WINDOW, 4, scored, 0, records, ends) == 2
    found = [(int(records.person[row]) << 4 | part) for part in range(16) for row in range(ends[part], ends[part + 1])]
    assert sorted(found) == [7, 2**32 - 2]
    last = found.index(2**32 - 2)
    assert (records.actor[last], records.item[last]) == (2**32 - 2, 2**64 - 1)
    assert int(records.stamp[last]) == 1 << 63 | 1 << 62 | 255 << 54 | 61 << 48 | WINDOW
