"""Reactions on their way to the fold: rows in any order, dealt to parts of the population that fit the processor's cache.

A part holds the people whose number ends in the same bits, so that the most reacted-to, who stand together in many tables, are spread over
all parts. Dealing is a counting sort: a histogram, then one move of every row (Wassenberg & Sanders 2011, for the idea).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.compiled import compiled, inner
from kleos.kernel.layout import MAX_KINDS

__all__ = ["ITEMLESS_SLOT", "MAX_NETWORKS", "NOBODY", "PASSES", "Records", "deal", "kind_of", "network_of", "new_records", "slots"]

NOBODY = np.uint32(0xFFFFFFFF)
"""The actor of a row that stands for anonymous reactions."""
MAX_NETWORKS = 256
KIND_BITS = 6
ITEMLESS_SLOT = np.uint16(1 << 15)
"""The bit of a slot that says: there is no item."""
AGE_BITS = np.uint64(48)
"""Nine years in microseconds; the slot stands above them."""
AGE_MASK = np.uint64((1 << 48) - 1)
ITEMLESS = np.uint64(1 << 63)
"""The bit of a stamp that says: there is no item."""
PASSES = np.uint64(1 << 62)
"""The bit of a stamp that says: a known actor passes attention on by this row, since its kind counts. Asked once, while dealing, and not in
every round of influence, where it took half of the time."""

assert MAX_KINDS <= 1 << KIND_BITS


class Records(NamedTuple):
    """N rows as they are kept between the reading and the fold: 24 bytes each, 32 where a row may stand for many reactions."""

    person: NDArray[np.uint32]
    """uint32[N]: the person's number within the part."""
    actor: NDArray[np.uint32]
    """uint32[N]: the account's number in its network; `NOBODY` for anonymous reactions."""
    item: NDArray[np.uint64]
    """uint64[N]: anything that is equal for equal items of a person and differs for others."""
    stamp: NDArray[np.uint64]
    """uint64[N]: from the top, whether there is no item (1 bit), whether it passes attention on (1), network (8), kind (6), and the age in
    microseconds (48)."""
    reactions: NDArray[np.int64]
    """int64[N], ≥ 1; int64[0] where every row stands for one."""


def new_records(rows: int, *, counted: bool) -> Records:
    """Allocate room for rows; with a column of counts if `counted`."""
    return Records(
        np.empty(rows, dtype=np.uint32),
        np.empty(rows, dtype=np.uint32),
        np.empty(rows, dtype=np.uint64),
        np.empty(rows, dtype=np.uint64),
        np.empty(rows if counted else 0, dtype=np.int64),
    )


def slots(network: NDArray[np.integer], kind: NDArray[np.integer], itemless: NDArray[np.bool_]) -> NDArray[np.uint16]:
    """Return uint16[N]: network (0 ≤ network < 256), kind (0 ≤ kind < 62) and whether there is no item, as one number."""
    return (network.astype(np.uint16) << np.uint16(KIND_BITS)) | kind.astype(np.uint16) | (itemless.astype(np.uint16) * ITEMLESS_SLOT)


@compiled
def deal(
    person: NDArray[np.uint32],
    actor: NDArray[np.uint32],
    slot: NDArray[np.uint16],
    item: NDArray[np.uint64],
    age: NDArray[np.int64],
    reactions: NDArray[np.int64],
    window: int,
    bits: int,
    scored: NDArray[np.bool_],
    begin: int,
    records: Records,
    ends: NDArray[np.int64],
) -> int:
    """Move a chunk's rows into `records` from row `begin` on, part by part; return how many were moved.

    Rows outside the window (age < 0 or > window, microseconds) are left out. There are 2^bits parts; part p of this chunk then lies at
    ``ends[p]:ends[p + 1]`` (int64[parts + 1], absolute). `reactions` is int64[0] where every row stands for one; `scored` is bool[n, 62],
    the kinds that count, by network.
    """
    # Fields are read once, outside of loops: each reading of a named tuple's array counts a reference up and down.
    to_person, to_actor, to_item, to_stamp, to_reactions = records.person, records.actor, records.item, records.stamp, records.reactions
    parts = 1 << bits
    mask = np.uint32(parts - 1)
    shift = np.uint32(bits)
    rows = len(person)
    counted = len(reactions) > 0
    keeps_counts = len(to_reactions) > 0
    ends[:] = 0
    for row in range(rows):
        if 0 <= age[row] <= window:
            ends[(person[row] & mask) + 1] += 1
    ends[0] = begin
    for p in range(parts):
        ends[p + 1] += ends[p]
    place = ends[:-1].copy()
    for row in range(rows):
        if 0 <= age[row] <= window:
            p = person[row] & mask
            to = place[p]
            place[p] = to + 1
            stamp = np.uint64(slot[row]) << AGE_BITS | np.uint64(age[row])
            if actor[row] != NOBODY and scored[network_of(stamp), kind_of(stamp)]:
                stamp |= PASSES
            to_person[to] = person[row] >> shift
            to_actor[to] = actor[row]
            to_item[to] = item[row]
            to_stamp[to] = stamp
            if keeps_counts:
                to_reactions[to] = reactions[row] if counted else 1
    return int(ends[parts]) - begin


@inner
def kind_of(stamp: np.uint64) -> np.int64:
    """Return the kind in a stamp."""
    return np.int64((stamp >> AGE_BITS) & np.uint64((1 << KIND_BITS) - 1))


@inner
def network_of(stamp: np.uint64) -> np.int64:
    """Return the network in a stamp."""
    return np.int64((stamp >> (AGE_BITS + np.uint64(KIND_BITS))) & np.uint64(MAX_NETWORKS - 1))
