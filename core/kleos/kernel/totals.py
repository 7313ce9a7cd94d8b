"""What one person's named reactions add up to in many replicates of the bootstrap, side by side.

A replicate changes nothing but how much an actor weighs. So an actor's rows are read once, and what they come to is added to each
replicate's total as many times as that replicate drew the actor. Totals are integers and do not care for order: the bits are those that
`kleos.kernel.named.fold_named` gives one replicate after the other.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.compiled import inner
from kleos.kernel.layout import DAYS, ONE, ROW_LIMIT, WEEKS, Clock, Rows
from kleos.kernel.named import ONCE
from kleos.kernel.scratch import (
    ACTOR_DAYS,
    ACTORS,
    ACTS,
    ATTENTION,
    COUNT,
    DECAYED,
    FULL,
    PRESTIGE,
    RECENT,
    RETURNING,
    SATURATED,
    add,
    part,
    weight_of,
)

__all__ = ["Totals", "Wanted", "add_named"]

MOST_DRAWN = 9
"""A replicate draws nobody more often (`kleos.kernel.resample.POISSON`)."""


class Wanted(NamedTuple):
    """The factors that a strength is made of, and where their totals stand. Slots as in `kleos.kernel.layout.Folded`."""

    factors: NDArray[np.bool_]
    """bool[slots, 14]."""
    days: NDArray[np.int64]
    """int64[slots]: a place in `Totals.day_best`, −1 where nothing is read off days."""
    items: NDArray[np.int64]
    """int64[slots]: a place in `Totals.item_sum` and `item_best`, −1 where nothing is read off items."""


class Totals(NamedTuple):
    """Running totals of R replicates in fixed point, for one person."""

    sums: NDArray[np.int64]
    """int64[slots, SUMS, R]."""
    day_best: NDArray[np.int64]
    """int64[…, DAYS, R]: the largest w among a day's actors, at most 1."""
    item_sum: NDArray[np.int64]
    """int64[…, items, R]: Σ w over the distinct actors of an item."""
    item_best: NDArray[np.int64]
    """int64[…, items, R]: the largest w among them, at most 1."""


@inner
def add_named(
    first: int,
    last: int,
    begin: int,
    end: int,
    rows: Rows,
    whose: NDArray[np.int64],
    drawn: NDArray[np.uint8],
    unknown: float,
    attention: float,
    clock: Clock,
    in_any: NDArray[np.bool_],
    wanted: Wanted,
    totals: Totals,
) -> None:
    """Add one person's rows first..last to the totals of the replicates begin..end.

    `drawn` (uint8[…, R]) tells how often each replicate drew an actor; `whose` (int64[A]) is the actor's place there.
    """
    factors, sums = wanted.factors, totals.sums
    any_slot = len(in_any)
    slower, faster = -1.0 / clock.half_life, -1.0 / clock.recent_half_life
    reactions = np.zeros(any_slot + 1, dtype=np.int64)
    latest = np.zeros(any_slot + 1, dtype=np.int64)
    weeks = np.zeros(any_slot + 1, dtype=np.int64)
    acts = np.zeros(any_slot + 1, dtype=np.int64)
    active = np.zeros(any_slot + 1, dtype=np.int64)
    days = np.zeros((any_slot + 1, DAYS), dtype=np.bool_)
    loose = np.zeros((any_slot + 1, DAYS), dtype=np.bool_)
    row = first
    while row < last:
        who = rows.actor[row]
        q = rows.q[row]
        given = rows.given[row]
        often = drawn[whose[who], begin:end]
        weight = weight_of(q, unknown)
        most = FULL // (weight * MOST_DRAWN + 1)  # so that weight · draws · acts does not overflow
        met = 0
        what = rows.item[row]
        seen = 0
        while row < last and rows.actor[row] == who:
            if rows.item[row] != what:
                what = rows.item[row]
                seen = 0
            age = rows.age[row]
            day = part(age, DAYS, clock.window)
            own = min(rows.reactions[row], ROW_LIMIT)
            slot = int(rows.kind[row])
            while True:  # once for the kind, once for `any`
                bit = 1 << slot
                if not met & bit:
                    met |= bit
                    reactions[slot] = 0
                    latest[slot] = age
                    weeks[slot] = 0
                    acts[slot] = 0
                    active[slot] = 0
                    days[slot] = False
                    loose[slot] = False
                if factors[slot, COUNT]:
                    _spread_reactions(sums[slot, COUNT], weight, own, often)
                reactions[slot] += own
                latest[slot] = min(latest[slot], age)
                weeks[slot] |= 1 << part(age, WEEKS, clock.window)
                if not days[slot, day]:
                    days[slot, day] = True
                    active[slot] += 1
                    if wanted.days[slot] >= 0:
                        _raise(totals.day_best[wanted.days[slot], day], weight, often)
                if what < 0:
                    if not loose[slot, day]:  # without an item: one act a day
                        loose[slot, day] = True
                        acts[slot] += 1
                elif not seen & bit:
                    seen |= bit
                    acts[slot] += 1
                    if wanted.items[slot] >= 0:
                        _spread(totals.item_sum[wanted.items[slot], what], weight, 1, often)
                        _raise(totals.item_best[wanted.items[slot], what], weight, often)
                if slot == any_slot or not in_any[slot]:
                    break
                slot = any_slot
            row += 1
        in_any_reactions = reactions[any_slot] if met >> any_slot & 1 else 0
        others = max(given - in_any_reactions, 0.0) if given > 0.0 else attention
        for slot in range(any_slot + 1):
            if not met >> slot & 1:
                continue
            own = reactions[slot]
            if factors[slot, ACTORS]:
                _spread(sums[slot, ACTORS], weight, 1, often)
            if factors[slot, RETURNING] and weeks[slot] & (weeks[slot] - 1):
                _spread(sums[slot, RETURNING], weight, 1, often)
            if factors[slot, ACTS]:
                _spread(sums[slot, ACTS], weight, min(acts[slot], most), often)
            if factors[slot, ACTOR_DAYS]:
                _spread(sums[slot, ACTOR_DAYS], weight, active[slot], often)
            if factors[slot, SATURATED]:
                _spread_part(sums[slot, SATURATED], weight, math.log1p(own) if own > 1 else ONCE, often)
            if factors[slot, DECAYED]:
                _spread_part(sums[slot, DECAYED], weight, np.exp2(latest[slot] * slower), often)
            if factors[slot, RECENT]:
                _spread_part(sums[slot, RECENT], weight, np.exp2(latest[slot] * faster), often)
            if factors[slot, PRESTIGE]:
                _spread_part(sums[slot, PRESTIGE], weight, q, often)
            if factors[slot, ATTENTION]:
                _spread_part(sums[slot, ATTENTION], weight, own / (own + others), often)


@inner
def _spread(total: NDArray[np.int64], weight: int, number: int, often: NDArray[np.uint8]) -> None:
    """Add a number of things, as many times as each replicate drew the actor, with what the actor weighs."""
    for r in range(len(often)):
        total[r] = min(total[r] + weight * np.int64(often[r]) * number, FULL)


@inner
def _spread_part(total: NDArray[np.int64], weight: int, share: float, often: NDArray[np.uint8]) -> None:
    """Add a share of what the actor weighs."""
    for r in range(len(often)):
        total[r] = min(total[r] + np.int64(np.rint(np.float64(weight * np.int64(often[r])) * share)), FULL)


@inner
def _spread_reactions(total: NDArray[np.int64], weight: int, number: int, often: NDArray[np.uint8]) -> None:
    """Add a row's reactions, which may be so many that their sum is cut."""
    for r in range(len(often)):
        drawn = int(weight * np.int64(often[r]))
        total[r] = add(total[r], drawn * min(number, FULL // max(drawn, 1)))


@inner
def _raise(largest: NDArray[np.int64], weight: int, often: NDArray[np.uint8]) -> None:
    """Keep the largest weight of all actors in each replicate, at most 1."""
    for r in range(len(often)):
        largest[r] = max(largest[r], min(weight * np.int64(often[r]), ONE))
