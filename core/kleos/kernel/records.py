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

__all__ = ["MAX_NETWORKS", "NOBODY", "Records", "deal", "kind_of", "network_of", "new_records", "slots"]

NOBODY = np.uint32(0xFFFFFFFF)
"""The actor of a row that stands for anonymous reactions."""
MAX_NETWORKS = 512
KIND_BITS = 6
AGE_BITS = np.uint64(48)
"""Nine years in microseconds; the slot stands above them."""
AGE_MASK = np.uint64((1 << 48) - 1)
ITEMLESS = np.uint64(1 << 63)
"""The bit of a stamp that says: there is no item."""

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
    """uint64[N]: from the top, whether there is no item (1 bit), network (9), kind (6), and the age in microseconds (48)."""
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
    """Return uint16[N]: network (0 ≤ network < 512), kind (0 ≤ kind < 62) and whether there is no item, as one number."""
    places = np.uint16(KIND_BITS), np.uint16(15)
    return (network.astype(np.uint16) << places[0]) | kind.astype(np.uint16) | (itemless.astype(np.uint16) << places[1])


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
    begin: int,
    records: Records,
    ends: NDArray[np.int64],
) -> int:
    """Move a chunk's rows into `records` from row `begin` on, part by part; return how many were moved.

    Rows outside the window (age < 0 or > window, microseconds) are left out. There are 2^bits parts; part p of this chunk then lies at
    ``ends[p]:ends[p + 1]`` (int64[parts + 1], absolute). `reactions` is int64[0] where every row stands for one.
    """
    parts = 1 << bits
    mask = np.uint32(parts - 1)
    rows = len(person)
    counted = len(reactions) > 0
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
            records.person[to] = person[row] >> np.uint32(bits)
            records.actor[to] = actor[row]
            records.item[to] = item[row]
            records.stamp[to] = np.uint64(slot[row]) << AGE_BITS | np.uint64(age[row])
            if len(records.reactions):
                records.reactions[to] = reactions[row] if counted else 1
    return int(ends[parts]) - begin


@inner
def kind_of(stamp: np.uint64) -> np.int64:
    """Return the kind in a stamp."""
    return np.int64((stamp >> AGE_BITS) & np.uint64((1 << KIND_BITS) - 1))


@inner
def network_of(stamp: np.uint64) -> np.int64:
    """Return the network in a stamp."""
    return np.int64((stamp >> (AGE_BITS + np.uint64(KIND_BITS))) & np.uint64(MAX_NETWORKS - 1))
