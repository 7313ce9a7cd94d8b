"""Arrays without an owner: the same numbers, and nothing is counted or given back too early."""

from __future__ import annotations

import gc
import sys
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.compiled import compiled
from kleos.kernel.unowned import unowned


class Leaf(NamedTuple):
    numbers: NDArray[np.int64]


class Tree(NamedTuple):
    leaf: Leaf
    grid: NDArray[np.float64]


@compiled
def doubled(tree: Tree, plain: NDArray[np.int64]) -> int:
    """Write through arrays without an owner, and take slices of them."""
    bare, free = unowned(tree), unowned(plain)
    bare.grid[1:, 0] *= 2.0
    free[0] = 7
    total = 0
    for number in bare.leaf.numbers[1:]:
        total += number
    return total + len(bare.grid)


def tree() -> Tree:
    return Tree(Leaf(np.arange(5)), np.ones((3, 2)))


def test_an_array_without_an_owner_is_the_same_array() -> None:
    whole, plain = tree(), np.zeros(2, dtype=np.int64)
    assert doubled(whole, plain) == 13
    assert whole.grid[:, 0].tolist() == [1.0, 2.0, 2.0]
    assert plain.tolist() == [7, 0]


def test_the_caller_keeps_what_it_had() -> None:
    whole, plain = tree(), np.zeros(2, dtype=np.int64)
    doubled(whole, plain)
    before = [sys.getrefcount(array) for array in (whole.leaf.numbers, whole.grid, plain)]
    for _ in range(1_000):
        doubled(whole, plain)
    gc.collect()
    assert [sys.getrefcount(array) for array in (whole.leaf.numbers, whole.grid, plain)] == before
    assert whole.leaf.numbers.tolist() == [0, 1, 2, 3, 4]
