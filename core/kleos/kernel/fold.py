"""The subject pass: one network's reactions → its factors, in one reading of rows sorted by (person, actor, item).

Two halves meet in the same scratch: the named rows, actor by actor, and the anonymous blocks, in closed form. What each aggregation
means is told in docs/score.md; the slow twin of this file is tests/slow_twins/factors.py.
"""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.anonymous import fold_anonymous
from kleos.kernel.compiled import compiled, inlined, inner
from kleos.kernel.layout import DAYS, MAX_KINDS, ONE, WIDTH, Anonymous, Asked, Clock, Folded, Influence, Named, Rows
from kleos.kernel.named import fold_named
from kleos.kernel.scratch import (
    ACTIVE_DAYS,
    ACTORS,
    CHEAP,
    H_INDEX,
    ITEMS,
    PEAK,
    SUMS,
    Scratch,
    new_scratch,
)
from kleos.kernel.unowned import unowned

__all__ = ["fold", "fold_person", "new_asked", "new_folded"]


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
    kinds, plain = len(in_any), drawn is None
    if kinds > MAX_KINDS:
        raise ValueError(f"expected at most {MAX_KINDS} kinds in a network, found {kinds}")
    folded = new_folded(len(named.start) - 1, kinds, plain=plain)
    rows = influence.rows(named, drawn)
    whole = np.ones(kinds + 1, dtype=np.bool_)
    most_blocks = int(np.diff(anonymous.start).max(initial=1))
    items = 1 + max(int(rows.item.max(initial=0)), int(anonymous.item.max(initial=0)))

    def work(edges: tuple[int, int]) -> None:
        scratch = new_scratch(kinds + 1, items, most_blocks, plain=plain)
        _fold_range(*edges, named.start, rows, anonymous, influence.unknown, influence.attention, clock, in_any, whole, scratch, folded)

    ranges = _ranges(named.start + anonymous.start, threads)
    if len(ranges) == 1:
        work(ranges[0])
    else:
        with ThreadPoolExecutor(len(ranges)) as pool:
            list(pool.map(work, ranges))
    return folded


def new_folded(people: int, kinds: int, *, plain: bool = False) -> Folded:
    """Allocate room for the factors of some people in a network, the plain ones too if they are wanted."""
    slots = kinds + 1
    return Folded(
        np.zeros((people, slots, WIDTH)),
        np.zeros((people, slots), dtype=np.int64),
        np.zeros(people),
        np.zeros((people if plain else 0, slots, WIDTH)),
    )


def new_asked(people: int, columns: int, *, plain: bool = False) -> Asked:
    """Allocate room for so many factors of some people in a network, the plain ones too if they are wanted."""
    return Asked(
        np.zeros((people, columns)),
        np.zeros((people, 1), dtype=np.int64),
        np.zeros(people),
        np.zeros((people if plain else 0, columns)),
    )


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
    whole: NDArray[np.bool_],
    scratch: Scratch,
    folded: Folded,
) -> None:
    """Fold the people first..last; `start` tells where each one's rows begin."""
    rows, blocks, scratch, folded = unowned(rows), unowned(blocks), unowned(scratch), unowned(folded)
    start, in_any, whole = unowned(start), unowned(in_any), unowned(whole)
    starts = blocks.start
    for person in range(first, last):
        fold_person(
            start[person],
            start[person + 1],
            rows,
            starts[person],
            starts[person + 1],
            blocks,
            unknown,
            attention,
            clock,
            in_any,
            whole,
            scratch,
            person,
            folded,
        )


@inlined
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
    whole: NDArray[np.bool_],
    scratch: Scratch,
    person: int,
    folded: Folded,
) -> None:
    """Fold one person's rows first..last and blocks first_block..last_block into place `person` of `folded`, whatever stood there.

    `whole` is bool[K + 1]: of the other slots only what is cheap is counted, and the rest is 0.
    """
    values, people, plain = folded.values, folded.people[person], folded.plain
    counting = len(plain) > 0
    slots = len(in_any) + 1
    for slot in range(slots):
        people[slot] = 0
    items = max(_items(first, last, rows.item), _items(first_block, last_block, blocks.item))
    touched = fold_named(first, last, rows, unknown, attention, clock, in_any, whole, counting, scratch, people)
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
        for aggregation in range(WIDTH):
            values[person, slot, aggregation] = 0.0
        if counting:
            for aggregation in range(WIDTH):
                plain[person, slot, aggregation] = 0.0
        if touched >> slot & 1:
            if counting:
                _count(slot, items, whole[slot], people[slot], scratch, person, plain)
            _finish(slot, items, whole[slot], whole[slot] or last_block > first_block, scratch, person, values)


@inner
def _items(first: int, last: int, item: NDArray[np.int32]) -> int:
    """Return how many items drew a reaction: they are numbered densely from 0."""
    items = 0
    for row in range(first, last):
        items = max(items, item[row] + 1)
    return items


@inner
def _count(slot: int, items: int, whole: bool, people: int, scratch: Scratch, person: int, plain: NDArray[np.float64]) -> None:
    """Read off one slot's plain numbers, before `_finish` cleans what they share with the weighted ones."""
    for aggregation in range(SUMS):
        plain[person, slot, aggregation] = scratch.plain[slot, aggregation] + scratch.extra[slot, aggregation]
        scratch.plain[slot, aggregation] = 0
    plain[person, slot, ACTORS] = people
    if not whole:
        return
    plain[person, slot, ACTIVE_DAYS] = scratch.days[slot, DAYS]
    reached, item_people, item_anonymous = scratch.reached, scratch.item_people, scratch.item_anonymous
    for size in range(items + 1):
        reached[size] = 0
    for what in range(items):
        crowd = item_people[slot, what] + item_anonymous[slot, what]
        plain[person, slot, PEAK] = max(plain[person, slot, PEAK], crowd)
        plain[person, slot, ITEMS] += crowd > 0
        reached[min(crowd, items)] += 1
    plain[person, slot, H_INDEX] = _h_index(reached, items)


@inner
def _finish(slot: int, items: int, whole: bool, used: bool, scratch: Scratch, person: int, values: NDArray[np.float64]) -> None:
    """Turn one slot's fixed point into numbers, read off what its items add up to, and leave the scratch clean.

    `used` says whether days and items were touched: always where the whole is asked for, else by the anonymous.
    """
    sums, extra, day_best, seen_days, days = scratch.sums, scratch.extra, scratch.day_best, scratch.seen_days, scratch.days
    for aggregation in range(SUMS):
        if whole or aggregation in CHEAP:
            values[person, slot, aggregation] = sums[slot, aggregation] / ONE + extra[slot, aggregation]
        sums[slot, aggregation] = 0
        extra[slot, aggregation] = 0.0
    if not used:
        return
    for place in range(days[slot, DAYS]):
        day_best[slot, days[slot, place]] = 0
    days[slot, DAYS] = 0
    for half in range(2):
        seen_days[slot, half] = 0
    reached, item_sum, item_best, item_people, item_anonymous = (
        scratch.reached,
        scratch.item_sum,
        scratch.item_best,
        scratch.item_people,
        scratch.item_anonymous,
    )
    counting = item_people.shape[1] > 0
    for size in range(items + 1):
        reached[size] = 0  # items by the whole part of their crowd, cut at the number of items
    peak, drew = 0.0, 0.0
    for what in range(items):
        crowd = item_sum[slot, what] / ONE + item_anonymous[slot, what]
        peak = max(peak, crowd)
        drew += 1.0 if item_anonymous[slot, what] > 0 else item_best[slot, what] / ONE
        reached[min(int(crowd), items)] += 1
        item_sum[slot, what] = 0
        item_best[slot, what] = 0
        item_anonymous[slot, what] = 0
        if counting:
            item_people[slot, what] = 0
    if whole:
        values[person, slot, PEAK] = peak
        values[person, slot, ITEMS] = drew
        values[person, slot, H_INDEX] = _h_index(reached, items)


@inner
def _h_index(reached: NDArray[np.int64], items: int) -> int:
    """Return the largest h such that h items reached h; `reached` is int64[items + 1], items by what they reached."""
    enough = 0
    for h in range(items, 0, -1):
        enough += reached[h]
        if enough >= h:
            return h
    return 0
