"""One person's rows in one network, in any order → actor by actor, the items numbered: the order that the fold reads.

Two small open-addressed tables number the items and the actors as they are met; a counting sort by actor follows. No sort by comparison
but among one actor's own rows, and no allocation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.compiled import compiled
from kleos.kernel.layout import ANONYMOUS_LIMIT, DAYS, Anonymous, Rows
from kleos.kernel.records import AGE_MASK, ITEMLESS, NOBODY, kind_of
from kleos.kernel.scratch import part
from kleos.kernel.staging import Staged

__all__ = ["Desk", "arrange", "new_desk"]

FEW = 8
"""Up to so many rows, comparing with all that was seen is quicker than a table."""
SHORT = 32
"""Up to so many rows of one actor are sorted by insertion."""
LOW = np.uint64(0xFFFFFFFF)
MIX_LOW, MIX_HIGH = np.uint64(0x9E3779B1), np.uint64(0x85EBCA77)
"""Two odd numbers of 32 bits: the first is 2^32 divided by the golden ratio (Fibonacci hashing; Knuth, TAOCP 3, 6.4)."""


class Desk(NamedTuple):
    """Where one group of up to N rows is laid out; allocated once per thread and reused."""

    rows: Rows
    """N rows: what `arrange` fills, from 0 on."""
    blocks: Anonymous
    """N blocks, from 0 on; `start` is not used."""
    actor: NDArray[np.int32]
    """int32[N]: the actor's number within the group."""
    item: NDArray[np.int32]
    """int32[N]: the item's."""
    place: NDArray[np.int64]
    """int64[N + 1]: where the rows of each actor go."""
    keys: NDArray[np.uint64]
    """uint64[≥ 2N, a power of two]: the table under way."""
    numbers: NDArray[np.int32]
    """int32[as keys]: the number of each key, −1 for an empty place."""


def new_desk(rows: int) -> Desk:
    """Allocate room for groups of up to `rows` rows."""
    size = 1 << max(4, (2 * rows - 1).bit_length())
    return Desk(
        Rows(
            np.empty(rows, dtype=np.int16),
            np.empty(rows, dtype=np.int32),
            np.empty(rows, dtype=np.int32),
            np.empty(rows, dtype=np.int64),
            np.empty(rows, dtype=np.int64),
            np.empty(rows),
            np.empty(rows),
            np.zeros(0, dtype=np.int64),
        ),
        Anonymous(
            np.zeros(1, dtype=np.int64),
            np.empty(rows, dtype=np.int16),
            np.empty(rows, dtype=np.int32),
            np.empty(rows, dtype=np.int64),
            np.empty(rows, dtype=np.int64),
        ),
        np.empty(rows, dtype=np.int32),
        np.empty(rows, dtype=np.int32),
        np.empty(rows + 1, dtype=np.int64),
        np.empty(size, dtype=np.uint64),
        np.full(size, -1, dtype=np.int32),
    )


@compiled
def arrange(begin: int, end: int, staged: Staged, window: int, desk: Desk) -> tuple[int, int]:
    """Lay out the staged rows begin..end of one group; return the number of named rows and of anonymous blocks.

    `window` is the clock's, in microseconds.
    """
    stamps, actors, who, what, place = staged.stamp, staged.actor, desk.actor, desk.item, desk.place
    keys, numbers = desk.keys, desk.numbers
    # Fields are read once, outside of loops: each reading of a named tuple's array counts a reference up and down.
    all_times, all_q, all_given = staged.reactions, staged.q, staged.given
    rows = desk.rows
    kinds, codes, items, ages, times, q, given = rows.kind, rows.actor, rows.item, rows.age, rows.reactions, rows.q, rows.given
    size = end - begin
    _number(staged.item, begin, size, keys, numbers, what)
    named = 0
    for i in range(size):
        if stamps[begin + i] & ITEMLESS:
            what[i] = -1
        named += actors[begin + i] != NOBODY
    blocks = _unnamed(begin, size, size - named, staged, window, desk) if named < size else 0
    if named == 0:
        return 0, blocks
    distinct = _number(actors, begin, size, keys, numbers, who)
    place[: distinct + 1] = 0
    for i in range(size):
        if actors[begin + i] != NOBODY:
            place[who[i] + 1] += 1
    for code in range(distinct):
        place[code + 1] += place[code]
    for i in range(size):
        if actors[begin + i] == NOBODY:
            continue
        at = place[who[i]]
        place[who[i]] = at + 1
        stamp = stamps[begin + i]
        kinds[at] = kind_of(stamp)
        codes[at] = who[i]
        items[at] = what[i]
        ages[at] = np.int64(stamp & AGE_MASK)
        times[at] = all_times[begin + i]
        q[at] = all_q[begin + i]
        given[at] = all_given[begin + i]
    if distinct < named:
        _sort_by_item(kinds, codes, items, ages, times, named)
    return named, blocks


@compiled
def _number(
    values: NDArray[np.unsignedinteger],
    begin: int,
    size: int,
    keys: NDArray[np.uint64],
    numbers: NDArray[np.int32],
    codes: NDArray[np.int32],
) -> int:
    """Number the distinct values of a group from 0 on, as they are met; return how many there are."""
    distinct = 0
    if size <= FEW:
        for i in range(size):
            value = values[begin + i]
            codes[i] = distinct
            for j in range(i):
                if values[begin + j] == value:
                    codes[i] = codes[j]
                    break
            distinct += codes[i] == distinct
        return distinct
    bits = 1
    while 1 << bits < 2 * size:
        bits += 1
    mask = (1 << bits) - 1
    shift = np.uint64(32 - bits)
    for i in range(size):
        value = np.uint64(values[begin + i])
        # Two products of 32 bits each: one of 64 would overflow, which only compiled code takes lightly.
        at = np.int64((((value & LOW) * MIX_LOW ^ (value >> np.uint64(32)) * MIX_HIGH) & LOW) >> shift)
        while numbers[at] >= 0 and keys[at] != value:
            at = (at + 1) & mask
        if numbers[at] < 0:
            numbers[at] = distinct
            keys[at] = value
            distinct += 1
        codes[i] = numbers[at]
    numbers[: mask + 1] = -1
    return distinct


@compiled
def _sort_by_item(
    kinds: NDArray[np.int16],
    actors: NDArray[np.int32],
    items: NDArray[np.int32],
    ages: NDArray[np.int64],
    times: NDArray[np.int64],
    size: int,
) -> None:
    """Sort every actor's rows by item: the fold tells a new (actor, item) by the row before. q and given are the actor's own."""
    first = 0
    while first < size:
        last = first + 1
        while last < size and actors[last] == actors[first]:
            last += 1
        if last - first > SHORT:
            order = np.argsort(items[first:last], kind="mergesort")
            kinds[first:last] = kinds[first:last][order]
            ages[first:last] = ages[first:last][order]
            times[first:last] = times[first:last][order]
            items[first:last] = items[first:last][order]
        else:
            for i in range(first + 1, last):
                kind, item, age, own = kinds[i], items[i], ages[i], times[i]
                j = i - 1
                while j >= first and items[j] > item:
                    kinds[j + 1], items[j + 1], ages[j + 1], times[j + 1] = kinds[j], items[j], ages[j], times[j]
                    j -= 1
                kinds[j + 1], items[j + 1], ages[j + 1], times[j + 1] = kind, item, age, own
        first = last


@compiled
def _unnamed(begin: int, size: int, unnamed: int, staged: Staged, window: int, desk: Desk) -> int:
    """Lay out the anonymous rows as blocks sorted by (kind, item, age), what is alike added up; return how many there are."""
    blocks = desk.blocks
    picked = np.empty((4, unnamed), dtype=np.int64)
    at = 0
    for i in range(size):
        if staged.actor[begin + i] == NOBODY:
            stamp = staged.stamp[begin + i]
            age = np.int64(stamp & AGE_MASK)
            picked[0, at] = kind_of(stamp)
            picked[1, at] = desk.item[i] if desk.item[i] >= 0 else -1 - part(int(age), DAYS, window)
            picked[2, at] = age
            picked[3, at] = staged.reactions[begin + i]
            at += 1
    order = np.argsort(picked[2], kind="mergesort")
    order = order[np.argsort(picked[1][order], kind="mergesort")]
    order = order[np.argsort(picked[0][order], kind="mergesort")]
    block = -1
    for i in order:
        kind, item, age = picked[0, i], picked[1, i], picked[2, i]
        if block < 0 or blocks.kind[block] != kind or blocks.item[block] != item or blocks.age[block] != age:
            block += 1
            blocks.kind[block] = kind
            blocks.item[block] = item
            blocks.age[block] = age
            blocks.reactions[block] = 0
        blocks.reactions[block] = min(blocks.reactions[block] + picked[3, i], ANONYMOUS_LIMIT)
    return block + 1
