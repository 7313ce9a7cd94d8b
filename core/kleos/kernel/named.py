"""The named half of the fold: reactions whose actor is known."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.compiled import compiled
from kleos.kernel.layout import DAYS, ONE, ROW_LIMIT, WEEKS, Clock, Influence, Named
from kleos.kernel.scratch import (
    ACTOR_DAYS,
    ACTORS,
    ACTS,
    ATTENTION,
    COUNT,
    DECAYED,
    PRESTIGE,
    RECENT,
    RETURNING,
    SATURATED,
    Scratch,
    add,
    part,
)

__all__ = ["fold_named"]

HALF = 64
"""Days 0..63 live in an actor's first mask, the others in the second."""


class Visits(NamedTuple):
    """What one actor has done so far, by slot."""

    reactions: NDArray[np.int64]
    latest: NDArray[np.int64]
    """Age of the latest reaction."""
    weeks: NDArray[np.int64]
    """A bit for each week with a reaction."""
    days: NDArray[np.uint64]
    """uint64[slots, 2]: a bit for each day with a reaction."""
    loose: NDArray[np.uint64]
    """uint64[slots, 2]: a bit for each day with a reaction to no item: one act a day."""


@compiled
def fold_named(
    person: int,
    named: Named,
    influence: Influence,
    weights: NDArray[np.int64],
    clock: Clock,
    in_any: NDArray[np.bool_],
    scratch: Scratch,
    people: NDArray[np.int64],
) -> None:
    """Read one person's named rows, one actor after the other; an actor's totals are settled when the next one begins."""
    any_slot = len(in_any)
    sums = scratch.sums
    visits = Visits(
        np.zeros(any_slot + 1, dtype=np.int64),
        np.zeros(any_slot + 1, dtype=np.int64),
        np.zeros(any_slot + 1, dtype=np.int64),
        np.zeros((any_slot + 1, 2), dtype=np.uint64),
        np.zeros((any_slot + 1, 2), dtype=np.uint64),
    )
    row = named.start[person]
    last = named.start[person + 1]
    while row < last:
        who = named.actor[row]
        weight = weights[who]
        visits.reactions[:] = 0
        visits.latest[:] = clock.window
        visits.weeks[:] = 0
        visits.days[:] = np.uint64(0)
        visits.loose[:] = np.uint64(0)
        what = named.item[row]
        seen = 0  # the slots in which this (actor, item) has been met
        while row < last and named.actor[row] == who:
            if named.item[row] != what:
                what = named.item[row]
                seen = 0
            age = named.age[row]
            day = part(age, DAYS, clock.window)
            day_bit = np.uint64(1) << np.uint64(day % HALF)
            week_bit = 1 << part(age, WEEKS, clock.window)
            times = min(named.reactions[row], ROW_LIMIT)
            slot = int(named.kind[row])
            while True:  # once for the kind, once for `any`
                sums[slot, COUNT] = add(sums[slot, COUNT], weight * times)
                visits.reactions[slot] += times
                visits.latest[slot] = min(visits.latest[slot], age)
                visits.weeks[slot] |= week_bit
                visits.days[slot, day // HALF] |= day_bit
                if what < 0:
                    visits.loose[slot, day // HALF] |= day_bit
                elif not (seen >> slot) & 1:
                    seen |= 1 << slot
                    sums[slot, ACTS] = add(sums[slot, ACTS], weight)
                    scratch.item_sum[slot, what] = add(scratch.item_sum[slot, what], weight)
                    scratch.item_best[slot, what] = max(scratch.item_best[slot, what], min(weight, ONE))
                if slot == any_slot or not in_any[slot]:
                    break
                slot = any_slot
            row += 1
        for slot in range(any_slot + 1):
            if visits.reactions[slot] > 0:
                people[slot] += 1
                _settle(slot, who, weight, visits, influence, clock, scratch)


@compiled
def _settle(
    slot: int,
    who: int,
    weight: int,
    visits: Visits,
    influence: Influence,
    clock: Clock,
    scratch: Scratch,
) -> None:
    """Add one actor's totals in one slot to the person's."""
    sums = scratch.sums[slot]
    own = visits.reactions[slot]
    # The denominator holds `own` and what the actor gave to others, never the reactions of another kind to the same person: so that
    # such a reaction never lowers this slot's share.
    others = influence.attention
    if influence.given[who] > 0.0:
        others = max(influence.given[who] - visits.reactions[-1], 0.0)
    decayed = 2.0 ** (-visits.latest[slot] / clock.half_life)
    recent = 2.0 ** (-visits.latest[slot] / clock.recent_half_life)
    sums[ACTORS] = add(sums[ACTORS], weight)
    sums[SATURATED] = add(sums[SATURATED], int(np.rint(weight * math.log1p(own))))
    sums[DECAYED] = add(sums[DECAYED], int(np.rint(weight * decayed)))
    sums[RECENT] = add(sums[RECENT], int(np.rint(weight * recent)))
    sums[PRESTIGE] = add(sums[PRESTIGE], int(np.rint(weight * influence.q[who])))
    sums[ATTENTION] = add(sums[ATTENTION], int(np.rint(weight * (own / (own + others)))))
    if visits.weeks[slot] & (visits.weeks[slot] - 1):  # two bits at least
        sums[RETURNING] = add(sums[RETURNING], weight)
    sums[ACTOR_DAYS] = add(sums[ACTOR_DAYS], weight * (_bits(visits.days[slot, 0]) + _bits(visits.days[slot, 1])))
    sums[ACTS] = add(sums[ACTS], weight * (_bits(visits.loose[slot, 0]) + _bits(visits.loose[slot, 1])))
    best = min(weight, ONE)
    for day in range(DAYS):
        if (visits.days[slot, day // HALF] >> np.uint64(day % HALF)) & np.uint64(1):
            scratch.day_best[slot, day] = max(scratch.day_best[slot, day], best)


@compiled
def _bits(mask: np.uint64) -> int:
    """Count the set bits of a mask, one step a bit: most actors are active on few days."""
    bits = 0
    while mask != np.uint64(0):
        mask &= mask - np.uint64(1)
        bits += 1
    return bits
