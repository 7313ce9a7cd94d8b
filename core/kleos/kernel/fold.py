"""The subject pass: one network's reactions → its factors, in one reading of rows sorted by (person, actor, item).

Two halves meet in the same scratch: the named rows, actor by actor, and the anonymous blocks, in closed form. What each aggregation
means is told in docs/score.md; the slow twin of this file is tests/slow_twins/factors.py.
"""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from kleos.contract import AGGREGATIONS
from kleos.kernel.anonymous import fold_anonymous
from kleos.kernel.compiled import compiled
from kleos.kernel.layout import MAX_KINDS, ONE, Anonymous, Clock, Folded, Influence, Named
from kleos.kernel.named import fold_named
from kleos.kernel.scratch import H_INDEX, ITEMS, PEAK, SUMS, Scratch, new_scratch

__all__ = ["fold"]


def fold(
    named: Named,
    anonymous: Anonymous,
    influence: Influence,
    clock: Clock,
    in_any: NDArray[np.bool_],
    *,
    threads: int = 1,
    drawn: NDArray[np.int64] | None = None,
) -> Folded:
    """Fold one network's reactions into factors.

    `in_any` is bool[K]: whether a kind belongs to `any`. `drawn` is int64[A], how often a bootstrap replicate drew each actor
    (once each if left out). People are dealt to `threads` in contiguous ranges of about equally many rows; the result has the same bits
    for any number of threads. Raises ValueError for more than 62 kinds.
    """
    kinds = len(in_any)
    if kinds > MAX_KINDS:
        raise ValueError(f"expected at most {MAX_KINDS} kinds in a network, found {kinds}")
    people = len(named.start) - 1
    folded = Folded(np.zeros((people, kinds + 1, len(AGGREGATIONS))), np.zeros((people, kinds + 1), dtype=np.int64))
    weights = influence.weights() if drawn is None else influence.weights() * drawn

    def work(edges: tuple[int, int]) -> None:
        _fold_range(*edges, named, anonymous, influence, weights, clock, in_any, folded)

    ranges = _ranges(named.start + anonymous.start, threads)
    if len(ranges) == 1:
        work(ranges[0])
    else:
        with ThreadPoolExecutor(len(ranges)) as pool:
            list(pool.map(work, ranges))
    return folded


def _ranges(load: NDArray[np.int64], threads: int) -> list[tuple[int, int]]:
    """Cut people 0..P into at most `threads` ranges; `load` is int64[P + 1], rows before each person."""
    people = len(load) - 1
    cuts = np.searchsorted(load, np.linspace(0, load[-1], threads + 1)[1:-1]).tolist()
    edges = [0, *cuts, people]
    return [(first, last) for first, last in itertools.pairwise(edges) if last > first] or [(0, people)]


@compiled
def _fold_range(
    first: int,
    last: int,
    named: Named,
    blocks: Anonymous,
    influence: Influence,
    weights: NDArray[np.int64],
    clock: Clock,
    in_any: NDArray[np.bool_],
    folded: Folded,
) -> None:
    """Fold the people first..last."""
    widest = 1
    most_blocks = 1
    for person in range(first, last):
        widest = max(widest, _items(person, named, blocks))
        most_blocks = max(most_blocks, blocks.start[person + 1] - blocks.start[person])
    slots = len(in_any) + 1
    scratch = new_scratch(slots, widest, most_blocks)
    for person in range(first, last):
        items = _items(person, named, blocks)
        touched = fold_named(person, named, influence, weights, clock, in_any, scratch, folded.people[person])
        if blocks.start[person + 1] > blocks.start[person]:
            for slot in range(slots):
                if fold_anonymous(person, slot, items, blocks, influence, clock, in_any, scratch, folded.people[person]):
                    touched |= 1 << slot
        for slot in range(slots):
            if touched >> slot & 1:
                _finish(slot, items, scratch, folded.values[person, slot])


@compiled
def _items(person: int, named: Named, blocks: Anonymous) -> int:
    """Return how many items drew a reaction."""
    items = 0
    for row in range(named.start[person], named.start[person + 1]):
        items = max(items, named.item[row] + 1)
    for block in range(blocks.start[person], blocks.start[person + 1]):
        items = max(items, blocks.item[block] + 1)
    return items


@compiled
def _finish(slot: int, items: int, scratch: Scratch, values: NDArray[np.float64]) -> None:
    """Turn one slot's fixed point into numbers, read off what its items add up to, and leave the scratch clean."""
    for aggregation in range(SUMS):
        values[aggregation] = scratch.sums[slot, aggregation] / ONE + scratch.extra[slot, aggregation]
        scratch.sums[slot, aggregation] = 0
        scratch.extra[slot, aggregation] = 0.0
    scratch.day_best[slot] = 0
    reached = scratch.reached
    reached[: items + 1] = 0  # items by the whole part of their crowd, cut at the number of items
    for what in range(items):
        crowd = scratch.item_sum[slot, what] / ONE + scratch.item_anonymous[slot, what]
        values[PEAK] = max(values[PEAK], crowd)
        values[ITEMS] += 1.0 if scratch.item_anonymous[slot, what] > 0 else scratch.item_best[slot, what] / ONE
        reached[min(int(crowd), items)] += 1
        scratch.item_sum[slot, what] = 0
        scratch.item_best[slot, what] = 0
        scratch.item_anonymous[slot, what] = 0
    enough = 0
    for h in range(items, 0, -1):
        enough += reached[h]
        if enough >= h:
            values[H_INDEX] = h
            break
