"""The named half of the fold: reactions whose actor is known."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.compiled import compiled
from kleos.kernel.layout import DAYS, ONE, ROW_LIMIT, WEEKS, Clock, Influence, Named
from kleos.kernel.scratch import (
    ACTIVE_DAYS,
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
    Scratch,
    add,
    part,
)

__all__ = ["fold_named"]

HALF = 60
"""Days 0..59 live in an actor's first mask, the others in the second: so that no bit is the sign."""


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
) -> int:
    """Read one person's named rows, one actor after the other; an actor's totals are settled when the next one begins.

    Returns the slots that were touched, as a bit mask.
    """
    any_slot = len(in_any)
    sums = scratch.sums
    visits = scratch.visits
    touched = 0
    row = named.start[person]
    last = named.start[person + 1]
    while row < last:
        who = named.actor[row]
        weight = weights[who]
        best = min(weight, ONE)
        most = min(ROW_LIMIT, FULL // max(weight, 1))  # so that weight · reactions does not overflow
        met = 0  # the slots that this actor has touched
        what = named.item[row]
        seen = 0  # the slots in which this (actor, item) has been met
        while row < last and named.actor[row] == who:
            if named.item[row] != what:
                what = named.item[row]
                seen = 0
            age = named.age[row]
            day = part(age, DAYS, clock.window)
            half = day // HALF
            day_bit = 1 << (day % HALF)
            week_bit = 1 << part(age, WEEKS, clock.window)
            times = min(named.reactions[row], ROW_LIMIT)
            slot = int(named.kind[row])
            while True:  # once for the kind, once for `any`
                bit = 1 << slot
                if not met & bit:
                    met |= bit
                    visits.reactions[slot] = 0
                    visits.latest[slot] = age
                    visits.weeks[slot] = 0
                    visits.days[slot] = 0
                    visits.loose[slot] = 0
                sums[slot, COUNT] = add(sums[slot, COUNT], weight * min(times, most))
                visits.reactions[slot] += times
                visits.latest[slot] = min(visits.latest[slot], age)
                visits.weeks[slot] |= week_bit
                if not visits.days[slot, half] & day_bit:
                    visits.days[slot, half] |= day_bit
                    sums[slot, ACTOR_DAYS] = add(sums[slot, ACTOR_DAYS], weight)
                    # The sum over days of the day's best is kept up to date, so that nobody has to go over all days again.
                    sums[slot, ACTIVE_DAYS] += max(best - scratch.day_best[slot, day], 0)
                    scratch.day_best[slot, day] = max(best, scratch.day_best[slot, day])
                if what < 0:
                    if not visits.loose[slot, half] & day_bit:  # without an item: one act a day
                        visits.loose[slot, half] |= day_bit
                        sums[slot, ACTS] = add(sums[slot, ACTS], weight)
                elif not seen & bit:
                    seen |= bit
                    sums[slot, ACTS] = add(sums[slot, ACTS], weight)
                    scratch.item_sum[slot, what] = add(scratch.item_sum[slot, what], weight)
                    scratch.item_best[slot, what] = max(scratch.item_best[slot, what], best)
                if slot == any_slot or not in_any[slot]:
                    break
                slot = any_slot
            row += 1
        _settle(who, weight, met, any_slot, influence, clock, scratch, people)
        touched |= met
    return touched


@compiled
def _settle(
    who: int,
    weight: int,
    met: int,
    any_slot: int,
    influence: Influence,
    clock: Clock,
    scratch: Scratch,
    people: NDArray[np.int64],
) -> None:
    """Add one actor's totals to the person's, in every slot that the actor touched."""
    visits = scratch.visits
    given = influence.given[who]
    in_any = visits.reactions[any_slot] if met >> any_slot & 1 else 0
    # Most actors touch one kind: its numbers are those of `any`, and the costly functions are called once.
    known_age = -1
    decayed = 0
    recent = 0
    known_reactions = -1
    saturated = 0
    for slot in range(any_slot + 1):
        if not met >> slot & 1:
            continue
        sums = scratch.sums[slot]
        own = visits.reactions[slot]
        if visits.latest[slot] != known_age:
            known_age = visits.latest[slot]
            decayed = int(np.rint(weight * np.exp2(-known_age / clock.half_life)))
            recent = int(np.rint(weight * np.exp2(-known_age / clock.recent_half_life)))
        if own != known_reactions:
            known_reactions = own
            saturated = int(np.rint(weight * math.log1p(own)))
        # The denominator holds `own` and what the actor gave to others, never the reactions of another kind to the same person: so that
        # such a reaction never lowers this slot's share.
        others = max(given - in_any, 0.0) if given > 0.0 else influence.attention
        people[slot] += 1
        sums[ACTORS] = add(sums[ACTORS], weight)
        sums[SATURATED] = add(sums[SATURATED], saturated)
        sums[DECAYED] = add(sums[DECAYED], decayed)
        sums[RECENT] = add(sums[RECENT], recent)
        sums[PRESTIGE] = add(sums[PRESTIGE], int(np.rint(weight * influence.q[who])))
        sums[ATTENTION] = add(sums[ATTENTION], int(np.rint(weight * (own / (own + others)))))
        if visits.weeks[slot] & (visits.weeks[slot] - 1):  # two bits at least
            sums[RETURNING] = add(sums[RETURNING], weight)
