"""One person's rows in one network, in any order → actor by actor, the items numbered: the order that the fold reads.

Two small open-addressed tables number the items and the actors as they are met; a counting sort by item and one by actor follow. No
sort by comparison but for the anonymous, and no allocation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.compiled import inner
from kleos.kernel.layout import ANONYMOUS_LIMIT, DAYS, Anonymous, Rows
from kleos.kernel.records import AGE_MASK, ITEMLESS, NOBODY, kind_of
from kleos.kernel.scratch import part
from kleos.kernel.sorting import sort_places
from kleos.kernel.staging import Staged

__all__ = ["Desk", "arrange", "new_desk"]

FEW = 8
"""Up to so many rows, comparing with all that was seen is quicker than a table."""
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
    """int64[N + 2]: where the rows of each actor, or to each item, go."""
    order: NDArray[np.int64]
    """int64[N]: the rows by item."""
    sorting: NDArray[np.int64]
    """int64[3, N]: room for sorting the anonymous."""
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
        np.empty(rows + 2, dtype=np.int64),
        np.empty(rows, dtype=np.int64),
        np.empty((3, rows), dtype=np.int64),
        np.empty(size, dtype=np.uint64),
        np.full(size, -1, dtype=np.int32),
    )


@inner
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
    order = desk.order
    distinct_items = _number(staged.item, begin, size, keys, numbers, what)
    named = 0
    for i in range(size):
        if stamps[begin + i] & ITEMLESS:
            what[i] = -1
        named += actors[begin + i] != NOBODY
    blocks = _unnamed(begin, size, size - named, staged, window, desk) if named < size else 0
    if named == 0:
        return 0, blocks
    distinct = _number(actors, begin, size, keys, numbers, who)
    # The fold tells a new (actor, item) by the row before, so an actor's rows have to stand by item: sorting by item first does it.
    if distinct < named and distinct_items > 1:
        _by_number(what, size, distinct_items + 1, 1, place, order)
    else:
        for i in range(size):
            order[i] = i
    for code in range(distinct + 1):
        place[code] = 0
    for i in range(size):
        if actors[begin + i] != NOBODY:
            place[who[i] + 1] += 1
    for code in range(distinct):
        place[code + 1] += place[code]
    for j in range(size):
        i = order[j]
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
    return named, blocks


@inner
def _by_number(numbers: NDArray[np.int32], size: int, buckets: int, more: int, place: NDArray[np.int64], order: NDArray[np.int64]) -> None:
    """Fill `order` with the places of the first `size` numbers in increasing order: a counting sort, stable.

    There are `buckets` numbers from −more on; `place` is int64[≥ buckets + 1].
    """
    for bucket in range(buckets + 1):
        place[bucket] = 0
    for i in range(size):
        place[numbers[i] + more + 1] += 1
    for bucket in range(buckets):
        place[bucket + 1] += place[bucket]
    for i in range(size):
        bucket = numbers[i] + more
        order[place[bucket]] = i
        place[bucket] += 1


@inner
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


@inner
def _unnamed(begin: int, size: int, unnamed: int, staged: Staged, window: int, desk: Desk) -> int:
    """Lay out the anonymous rows as blocks sorted by (kind, item, age), what is alike added up; return how many there are.

    Three stable sorts, from the last key to the first; each orders what the one before has ordered.
    """
    blocks, order, sorting = desk.blocks, desk.order, desk.sorting
    keys, places, spare = sorting[0], sorting[1], sorting[2]
    actors, stamps = staged.actor, staged.stamp
    at = 0
    for i in range(size):
        if actors[begin + i] == NOBODY:
            order[at] = i
            at += 1
    for key in range(3):
        for j in range(unnamed):
            stamp = stamps[begin + order[j]]
            age = np.int64(stamp & AGE_MASK)
            if key == 0:
                keys[j] = age
            elif key == 1:
                keys[j] = desk.item[order[j]] if desk.item[order[j]] >= 0 else -1 - part(int(age), DAYS, window)
            else:
                keys[j] = kind_of(stamp)
        sort_places(keys, unnamed, places, spare)
        for j in range(unnamed):
            places[j] = order[places[j]]
        for j in range(unnamed):
            order[j] = places[j]
    block = -1
    for j in range(unnamed):
        i = order[j]
        stamp = stamps[begin + i]
        kind, age = kind_of(stamp), np.int64(stamp & AGE_MASK)
        item = np.int64(desk.item[i]) if desk.item[i] >= 0 else -1 - part(int(age), DAYS, window)
        if block < 0 or blocks.kind[block] != kind or blocks.item[block] != item or blocks.age[block] != age:
            block += 1
            blocks.kind[block] = kind
            blocks.item[block] = item
            blocks.age[block] = age
            blocks.reactions[block] = 0
        blocks.reactions[block] = min(blocks.reactions[block] + staged.reactions[begin + i], ANONYMOUS_LIMIT)
    return block + 1
