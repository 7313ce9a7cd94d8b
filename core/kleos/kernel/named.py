"""The named half of the fold: reactions whose actor is known."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.compiled import inner
from kleos.kernel.layout import DAYS, ONE, ROW_LIMIT, WEEKS, Clock, Rows
from kleos.kernel.scratch import (
    ACTIVE_DAYS,
    ACTOR_DAYS,
    ACTORS,
    ACTS,
    ATTENTION,
    COUNT,
    DECAYED,
    FULL,
    HALF,
    PRESTIGE,
    RECENT,
    RETURNING,
    SATURATED,
    Scratch,
    add,
    part,
    see_day,
    square,
    weight_of,
)

__all__ = ["fold_named"]

REACTIONS, LATEST, SEEN_WEEKS, SEEN_DAYS, LOOSE_DAYS, VISIT = 0, 1, 2, 3, 5, 7
"""Columns of `Scratch.visits`, and how many there are; `SEEN_DAYS` and `LOOSE_DAYS` are each followed by their second half."""
ONCE = math.log1p(1)
"""Of those who react, most do it once."""
MOST = FULL // ONE
"""Where plain numbers of reactions are cut: where the weighted are."""


@inner
def fold_named(
    first: int,
    last: int,
    rows: Rows,
    unknown: float,
    attention: float,
    clock: Clock,
    in_any: NDArray[np.bool_],
    whole: NDArray[np.bool_],
    counting: bool,
    scratch: Scratch,
    people: NDArray[np.int64],
) -> int:
    """Read one person's rows first..last, one actor after the other; an actor's totals are settled when the next one begins.

    `whole` is bool[K + 1]: the slots of which more is asked than what is cheap; with `counting`, plain numbers are kept, too.
    Returns the slots that were touched, as a bit mask.
    """
    # Fields are read once: each reading of a named tuple's array counts a reference up and down.
    actors, kinds, items, ages, times, drawn = rows.actor, rows.kind, rows.item, rows.age, rows.reactions, rows.drawn
    sums, visits, day_best, squares = scratch.sums, scratch.visits, scratch.day_best, scratch.squares
    item_sum, item_best, item_people = scratch.item_sum, scratch.item_best, scratch.item_people
    plain, seen_days, days = scratch.plain, scratch.seen_days, scratch.days
    window = clock.window
    slower, faster = -1.0 / clock.half_life, -1.0 / clock.recent_half_life
    any_slot = len(in_any)
    touched = 0
    row = first
    while row < last:
        who = actors[row]
        q = rows.q[row]
        given = rows.given[row]
        weight = weight_of(q, unknown)
        if len(drawn):
            weight *= drawn[row]
        prestige = int(np.rint(weight * q))
        best = min(weight, ONE)
        most = min(ROW_LIMIT, FULL // max(weight, 1))  # so that weight · reactions does not overflow
        if row + 1 == last or actors[row + 1] != who:
            # Three actors of four are here once: the same numbers go to the kind and to `any`, and nothing is to be remembered.
            age = ages[row]
            own = min(times[row], ROW_LIMIT)
            what = items[row]
            day = part(age, DAYS, window)
            decayed = int(np.rint(weight * np.exp2(age * slower)))
            recent = int(np.rint(weight * np.exp2(age * faster)))
            saturated = int(np.rint(weight * (math.log1p(own) if own > 1 else ONCE)))
            slot = int(kinds[row])
            inside = in_any[slot]
            others = max(given - (own if inside else 0), 0.0) if given > 0.0 else attention
            shared = int(np.rint(weight * (own / (own + others))))
            while True:
                touched |= 1 << slot
                people[slot] += 1
                sums[slot, COUNT] = add(sums[slot, COUNT], weight * min(own, most))
                sums[slot, ACTS] = add(sums[slot, ACTS], weight)
                sums[slot, ACTORS] = add(sums[slot, ACTORS], weight)
                sums[slot, PRESTIGE] = add(sums[slot, PRESTIGE], prestige)
                sums[slot, ACTOR_DAYS] = add(sums[slot, ACTOR_DAYS], weight)
                if counting:
                    plain[slot, COUNT] = min(plain[slot, COUNT] + own, MOST)
                    plain[slot, ACTS] += 1
                    plain[slot, ACTOR_DAYS] += 1
                if whole[slot]:
                    sums[slot, SATURATED] = add(sums[slot, SATURATED], saturated)
                    sums[slot, DECAYED] = add(sums[slot, DECAYED], decayed)
                    sums[slot, RECENT] = add(sums[slot, RECENT], recent)
                    sums[slot, ATTENTION] = add(sums[slot, ATTENTION], shared)
                    if best > day_best[slot, day]:
                        sums[slot, ACTIVE_DAYS] += best - day_best[slot, day]
                        day_best[slot, day] = best
                    see_day(slot, day, seen_days, days)
                    if what >= 0:
                        item_sum[slot, what] = add(item_sum[slot, what], weight)
                        item_best[slot, what] = max(item_best[slot, what], best)
                        if counting:
                            item_people[slot, what] += 1
                if slot == any_slot:
                    squares[0] = add(squares[0], square(weight))
                    break
                if not inside:
                    break
                slot = any_slot
            row += 1
            continue
        met = 0  # the slots that this actor has touched
        what = items[row]
        seen = 0  # the slots in which this (actor, item) has been met
        while row < last and actors[row] == who:
            if items[row] != what:
                what = items[row]
                seen = 0
            age = ages[row]
            day = part(age, DAYS, window)
            half = day // HALF
            day_bit = 1 << (day % HALF)
            week_bit = 1 << part(age, WEEKS, window)
            own = min(times[row], ROW_LIMIT)
            slot = int(kinds[row])
            while True:  # once for the kind, once for `any`
                bit = 1 << slot
                if not met & bit:
                    met |= bit
                    for column in range(VISIT):
                        visits[slot, column] = 0
                    visits[slot, LATEST] = age
                sums[slot, COUNT] = add(sums[slot, COUNT], weight * min(own, most))
                visits[slot, REACTIONS] += own
                visits[slot, LATEST] = min(visits[slot, LATEST], age)
                visits[slot, SEEN_WEEKS] |= week_bit
                acted = False
                if what < 0:
                    if not visits[slot, LOOSE_DAYS + half] & day_bit:  # without an item: one act a day
                        visits[slot, LOOSE_DAYS + half] |= day_bit
                        acted = True
                elif not seen & bit:
                    seen |= bit
                    acted = True
                    if whole[slot]:
                        item_sum[slot, what] = add(item_sum[slot, what], weight)
                        item_best[slot, what] = max(item_best[slot, what], best)
                        if counting:
                            item_people[slot, what] += 1
                if acted:
                    sums[slot, ACTS] = add(sums[slot, ACTS], weight)
                new_day = not visits[slot, SEEN_DAYS + half] & day_bit
                if new_day:
                    visits[slot, SEEN_DAYS + half] |= day_bit
                    sums[slot, ACTOR_DAYS] = add(sums[slot, ACTOR_DAYS], weight)
                    # The sum over days of the day's best is kept up to date, so that nobody has to go over all days again.
                    if whole[slot]:
                        see_day(slot, day, seen_days, days)
                        if best > day_best[slot, day]:
                            sums[slot, ACTIVE_DAYS] += best - day_best[slot, day]
                            day_best[slot, day] = best
                if counting:
                    plain[slot, COUNT] = min(plain[slot, COUNT] + own, MOST)
                    plain[slot, ACTS] += acted
                    plain[slot, ACTOR_DAYS] += new_day
                if slot == any_slot or not in_any[slot]:
                    break
                slot = any_slot
            row += 1
        touched |= met
        if met >> any_slot & 1:
            squares[0] = add(squares[0], square(weight))
        # Settle the actor in every slot that was touched. Most touch one kind: its numbers are those of `any`, and the costly
        # functions are called once.
        in_any_reactions = visits[any_slot, REACTIONS] if met >> any_slot & 1 else 0
        known_age = -1
        decayed = 0
        recent = 0
        known_reactions = -1
        saturated = 0
        for slot in range(any_slot + 1):
            if not met >> slot & 1:
                continue
            people[slot] += 1
            sums[slot, ACTORS] = add(sums[slot, ACTORS], weight)
            sums[slot, PRESTIGE] = add(sums[slot, PRESTIGE], prestige)
            weeks = visits[slot, SEEN_WEEKS]
            returned = weeks & (weeks - 1) != 0  # two bits at least
            if counting:
                plain[slot, RETURNING] += returned
            if not whole[slot]:
                continue
            own = visits[slot, REACTIONS]
            age = visits[slot, LATEST]
            if age != known_age:
                known_age = age
                decayed = int(np.rint(weight * np.exp2(age * slower)))
                recent = int(np.rint(weight * np.exp2(age * faster)))
            if own != known_reactions:
                known_reactions = own
                saturated = int(np.rint(weight * (math.log1p(own) if own > 1 else ONCE)))
            # The denominator holds `own` and what the actor gave to others, never the reactions of another kind to the same person:
            # so that such a reaction never lowers this slot's share.
            others = max(given - in_any_reactions, 0.0) if given > 0.0 else attention
            sums[slot, SATURATED] = add(sums[slot, SATURATED], saturated)
            sums[slot, DECAYED] = add(sums[slot, DECAYED], decayed)
            sums[slot, RECENT] = add(sums[slot, RECENT], recent)
            sums[slot, ATTENTION] = add(sums[slot, ATTENTION], int(np.rint(weight * (own / (own + others)))))
            if returned:
                sums[slot, RETURNING] = add(sums[slot, RETURNING], weight)
    return touched
