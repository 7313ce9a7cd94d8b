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
from kleos.kernel.layout import MAX_KINDS, ONE, Anonymous, Clock, Folded, Influence, Named, Rows
from kleos.kernel.named import fold_named
from kleos.kernel.scratch import H_INDEX, ITEMS, PEAK, SUMS, Scratch, new_scratch

__all__ = ["fold", "fold_person", "new_folded"]


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
    folded = new_folded(len(named.start) - 1, kinds)
    rows = influence.rows(named, drawn)

    def work(edges: tuple[int, int]) -> None:
        _fold_range(*edges, named.start, rows, anonymous, influence.unknown, influence.attention, clock, in_any, folded)

    ranges = _ranges(named.start + anonymous.start, threads)
    if len(ranges) == 1:
        work(ranges[0])
    else:
        with ThreadPoolExecutor(len(ranges)) as pool:
            list(pool.map(work, ranges))
    return folded


def new_folded(people: int, kinds: int) -> Folded:
    """Allocate room for the factors of some people in a network."""
    slots = kinds + 1
    return Folded(np.zeros((people, slots, len(AGGREGATIONS))), np.zeros((people, slots), dtype=np.int64), np.zeros(people))


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
    start: NDArray[np.int64],
    rows: Rows,
    blocks: Anonymous,
    unknown: float,
    attention: float,
    clock: Clock,
    in_any: NDArray[np.bool_],
    folded: Folded,
) -> None:
    """Fold the people first..last; `start` tells where each one's rows begin."""
    widest = 1
    most_blocks = 1
    for person in range(first, last):
        widest = max(widest, _items(start[person], start[person + 1], rows.item))
        widest = max(widest, _items(blocks.start[person], blocks.start[person + 1], blocks.item))
        most_blocks = max(most_blocks, blocks.start[person + 1] - blocks.start[person])
    scratch = new_scratch(len(in_any) + 1, widest, most_blocks)
    for person in range(first, last):
        fold_person(
            start[person],
            start[person + 1],
            rows,
            blocks.start[person],
            blocks.start[person + 1],
            blocks,
            unknown,
            attention,
            clock,
            in_any,
            scratch,
            person,
            folded,
        )


@compiled
def fold_person(
    first: int,
    last: int,
    rows: Rows,
    first_block: int,
    last_block: int,
    blocks: Anonymous,
    unknown: float,
    attention: float,
    clock: Clock,
    in_any: NDArray[np.bool_],
    scratch: Scratch,
    person: int,
    folded: Folded,
) -> None:
    """Fold one person's rows first..last and blocks first_block..last_block into place `person` of `folded`, whatever stood there."""
    values, people = folded.values[person], folded.people[person]
    values[:] = 0.0
    people[:] = 0
    items = max(_items(first, last, rows.item), _items(first_block, last_block, blocks.item))
    touched = fold_named(first, last, rows, unknown, attention, clock, in_any, scratch, people)
    slots = len(in_any) + 1
    unnamed = 0
    if last_block > first_block:
        unnamed = -people[slots - 1]
        for slot in range(slots):
            if fold_anonymous(first_block, last_block, slot, items, blocks, unknown, attention, clock, in_any, scratch, people):
                touched |= 1 << slot
        unnamed += people[slots - 1]
    folded.squares[person] = scratch.squares[0] / ONE + unnamed
    scratch.squares[0] = 0
    for slot in range(slots):
        if touched >> slot & 1:
            _finish(slot, items, scratch, values[slot])


@compiled
def _items(first: int, last: int, item: NDArray[np.int32]) -> int:
    """Return how many items drew a reaction: they are numbered densely from 0."""
    items = 0
    for row in range(first, last):
        items = max(items, item[row] + 1)
    return items


@compiled
def _finish(slot: int, items: int, scratch: Scratch, values: NDArray[np.float64]) -> None:
    """Turn one slot's fixed point into numbers, read off what its items add up to, and leave the scratch clean."""
    sums, extra, item_sum, item_best, item_anonymous = (
        scratch.sums,
        scratch.extra,
        scratch.item_sum,
        scratch.item_best,
        scratch.item_anonymous,
    )
    for aggregation in range(SUMS):
        values[aggregation] = sums[slot, aggregation] / ONE + extra[slot, aggregation]
        sums[slot, aggregation] = 0
        extra[slot, aggregation] = 0.0
    scratch.day_best[slot] = 0
    reached = scratch.reached
    reached[: items + 1] = 0  # items by the whole part of their crowd, cut at the number of items
    for what in range(items):
        crowd = item_sum[slot, what] / ONE + item_anonymous[slot, what]
        values[PEAK] = max(values[PEAK], crowd)
        values[ITEMS] += 1.0 if item_anonymous[slot, what] > 0 else item_best[slot, what] / ONE
        reached[min(int(crowd), items)] += 1
        item_sum[slot, what] = 0
        item_best[slot, what] = 0
        item_anonymous[slot, what] = 0
    enough = 0
    for h in range(items, 0, -1):
        enough += reached[h]
        if enough >= h:
            values[H_INDEX] = h
            break
