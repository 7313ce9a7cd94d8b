"""What the two halves of the fold share: one person's running totals, and the arithmetic of the fixed point."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.contract import AGGREGATIONS
from kleos.kernel.compiled import inner
from kleos.kernel.layout import DAYS, ONE

__all__ = ["CHEAP", "FULL", "HALF", "SUMS", "Scratch", "add", "new_scratch", "part", "see_day", "square", "weight_of"]

(
    COUNT,
    ACTS,
    ACTORS,
    SATURATED,
    DECAYED,
    RECENT,
    PRESTIGE,
    ATTENTION,
    RETURNING,
    ACTIVE_DAYS,
    ACTOR_DAYS,
    ITEMS,
    PEAK,
    H_INDEX,
) = range(len(AGGREGATIONS))
SUMS = ITEMS
"""The aggregations before this one are sums, kept in fixed point; the rest is read off the items at the end."""
CHEAP = (COUNT, ACTS, ACTORS, PRESTIGE, ACTOR_DAYS)
"""What takes no memory of items, days' best or times, and no costly function: all that most kinds are asked for in a population."""
FULL = 1 << 62
HALF = 60
"""Days 0..59 live in the first mask of two, the others in the second: so that no bit is the sign."""


class Scratch(NamedTuple):
    """One person's running totals, allocated once per thread and clean between people. Slots are the kinds and, last, `any`."""

    visits: NDArray[np.int64]
    """int64[slots, 7]: what one actor has done so far, in the columns that named.py tells."""
    sums: NDArray[np.int64]
    """int64[slots, SUMS], fixed point: the named part."""
    extra: NDArray[np.float64]
    """float64[slots, SUMS]: the anonymous part, exact integers or sums in sorted order."""
    item_sum: NDArray[np.int64]
    """int64[slots, items], fixed point: Σ w over the distinct actors of an item."""
    item_best: NDArray[np.int64]
    """int64[slots, items], fixed point: the largest w among them, at most 1."""
    item_anonymous: NDArray[np.int64]
    """int64[slots, items]: anonymous actors of an item."""
    squares: NDArray[np.int64]
    """int64[1], fixed point: Σ w² over the named actors of `any`."""
    day_best: NDArray[np.int64]
    """int64[slots, DAYS], fixed point: the largest w among a day's actors, at most 1."""
    plain: NDArray[np.int64]
    """int64[slots, SUMS]: the named part with everybody weighing 1, where it is wanted."""
    seen_days: NDArray[np.int64]
    """int64[slots, 2]: the days with a reaction, as two masks."""
    days: NDArray[np.int64]
    """int64[slots, DAYS + 1]: the same days in the order in which they were met, and behind them how many there are."""
    item_people: NDArray[np.int64]
    """int64[slots, items]: distinct named actors of an item; int64[slots, 0] where plain numbers are not wanted."""
    sizes: NDArray[np.int64]
    """int64[blocks]: anonymous actors of each (kind, item)."""
    steps: NDArray[np.int64]
    """int64[blocks]: the same, counted up from the newest reaction."""
    step_ages: NDArray[np.int64]
    """int64[blocks]: the age at each step."""
    reached: NDArray[np.int64]
    """int64[items + 1]: items by the whole part of their crowd."""
    keys: NDArray[np.int64]
    places: NDArray[np.int64]
    spare: NDArray[np.int64]
    """int64[blocks] each: what is to be sorted, its order, and room for sorting."""


def new_scratch(slots: int, items: int, blocks: int, *, plain: bool = False) -> Scratch:
    """Allocate the scratch of one thread, wide enough for its busiest person; with room for plain numbers if they are wanted."""
    return Scratch(
        np.zeros((slots, 7), dtype=np.int64),
        np.zeros((slots, SUMS), dtype=np.int64),
        np.zeros((slots, SUMS), dtype=np.float64),
        np.zeros((slots, items), dtype=np.int64),
        np.zeros((slots, items), dtype=np.int64),
        np.zeros((slots, items), dtype=np.int64),
        np.zeros(1, dtype=np.int64),
        np.zeros((slots, DAYS), dtype=np.int64),
        np.zeros((slots, SUMS), dtype=np.int64),
        np.zeros((slots, 2), dtype=np.int64),
        np.zeros((slots, DAYS + 1), dtype=np.int64),
        np.zeros((slots, items if plain else 0), dtype=np.int64),
        np.zeros(blocks, dtype=np.int64),
        np.zeros(blocks, dtype=np.int64),
        np.zeros(blocks, dtype=np.int64),
        np.zeros(items + 1, dtype=np.int64),
        np.zeros(blocks, dtype=np.int64),
        np.zeros(blocks, dtype=np.int64),
        np.zeros(blocks, dtype=np.int64),
    )


@inner
def see_day(slot: int, day: int, seen_days: NDArray[np.int64], days: NDArray[np.int64]) -> None:
    """Remember that a slot has a reaction on a day, so that only such days are cleared afterwards."""
    bit = 1 << (day % HALF)
    if not seen_days[slot, day // HALF] & bit:
        seen_days[slot, day // HALF] |= bit
        days[slot, days[slot, DAYS]] = day
        days[slot, DAYS] += 1


@inner
def add(total: int, value: int) -> int:
    """Add without overflow: min(sum, 2^62) does not depend on the order of non-negative addends."""
    return total + min(value, FULL - total)


@inner
def part(age: int, parts: int, window: int) -> int:
    """Return which of the window's `parts` an age falls in; the window's very end belongs to the last."""
    return min(age * parts // window, parts - 1)


@inner
def weight_of(q: float, unknown: float) -> int:
    """Return w = q / q(unknown) in fixed point."""
    return int(np.rint(q / unknown * ONE))


@inner
def square(weight: int) -> int:
    """Return w² in fixed point; w counts with 20 binary places and up to 2,000, so that nothing overflows."""
    places = min(weight >> 10, 1 << 31)
    return (places * places) >> 10
