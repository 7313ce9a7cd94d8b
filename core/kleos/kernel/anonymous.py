"""The anonymous half of the fold: reactions of which the network tells only how many."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.compiled import inner
from kleos.kernel.layout import DAYS, ONE, WEEKS, Anonymous, Clock
from kleos.kernel.scratch import (
    ACTIVE_DAYS,
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
    part,
    see_day,
)
from kleos.kernel.sorting import sort_places

__all__ = ["fold_anonymous"]


@inner
def fold_anonymous(
    first: int,
    last: int,
    slot: int,
    items: int,
    blocks: Anonymous,
    unknown: float,
    attention: float,
    clock: Clock,
    in_any: NDArray[np.bool_],
    scratch: Scratch,
    people: NDArray[np.int64],
) -> bool:
    """Fold one person's anonymous blocks first..last into one slot, in closed form; says whether there were any.

    The i-th anonymous reaction to every (item, kind) comes from the same unnamed actor #i. So the items that #i reacted to are those
    with at least i anonymous reactions: nested sets. With the sizes sorted downwards, the actors size[j + 1] < i ≤ size[j] all reacted
    to exactly the j + 1 largest items, and a sum over actors becomes a sum over items. Where one item's reactions have several times,
    #i takes the i-th newest, and within a day or a week the count starts anew: so one more reaction never lowers anything.
    """
    any_slot = len(in_any)
    extra, item_anonymous, keys, places = scratch.extra, scratch.item_anonymous, scratch.keys, scratch.places
    by_day = np.zeros(DAYS, dtype=np.int64)
    by_week = np.zeros(WEEKS, dtype=np.int64)
    loose = np.zeros(DAYS, dtype=np.int64)
    sizes = 0
    steps = 0
    block = first
    while block < last:
        kind = blocks.kind[block]
        what = blocks.item[block]
        wanted = in_any[kind] if slot == any_slot else kind == slot
        total = 0
        in_day = 0
        in_week = 0
        day = -1
        week = -1
        while block < last and blocks.kind[block] == kind and blocks.item[block] == what:
            if wanted:
                age = blocks.age[block]
                if part(age, DAYS, clock.window) != day:
                    day = part(age, DAYS, clock.window)
                    in_day = 0
                if part(age, WEEKS, clock.window) != week:
                    week = part(age, WEEKS, clock.window)
                    in_week = 0
                total += blocks.reactions[block]
                in_day += blocks.reactions[block]
                in_week += blocks.reactions[block]
                by_day[day] = max(by_day[day], in_day)
                by_week[week] = max(by_week[week], in_week)
                scratch.steps[steps] = total
                scratch.step_ages[steps] = age
                steps += 1
            block += 1
        if wanted:
            extra[slot, COUNT] += total
            if what >= 0:
                item_anonymous[slot, what] = max(item_anonymous[slot, what], total)
            else:
                loose[-1 - what] = max(loose[-1 - what], total)
            scratch.sizes[sizes] = total
            sizes += 1
    if sizes == 0:
        return False
    acts, actor_days = 0, 0
    for day in range(DAYS):
        acts += loose[day]
        actor_days += by_day[day]
    for what in range(items):
        acts += item_anonymous[slot, what]
    extra[slot, ACTS] += acts
    extra[slot, ACTOR_DAYS] += actor_days
    for j in range(sizes):
        keys[j] = -scratch.sizes[j]
    sort_places(keys, sizes, places, scratch.spare)
    largest = -keys[places[0]]
    people[slot] += largest
    extra[slot, ACTORS] += largest
    extra[slot, PRESTIGE] += largest * unknown
    for j in range(sizes):
        alike = -keys[places[j]] + (keys[places[j + 1]] if j + 1 < sizes else 0)
        extra[slot, SATURATED] += alike * math.log1p(j + 1)
        extra[slot, ATTENTION] += alike * ((j + 1) / (j + 1 + attention))
    for j in range(steps):
        keys[j] = -scratch.steps[j]
    sort_places(keys, steps, places, scratch.spare)
    youngest = clock.window
    for j in range(steps):
        youngest = min(youngest, scratch.step_ages[places[j]])
        alike = -keys[places[j]] + (keys[places[j + 1]] if j + 1 < steps else 0)
        extra[slot, DECAYED] += alike * 2.0 ** (-youngest / clock.half_life)
        extra[slot, RECENT] += alike * 2.0 ** (-youngest / clock.recent_half_life)
    most, next_most = 0, 0  # the two largest crowds of a week: the smaller one was there in both weeks
    for week in range(WEEKS):
        next_most = max(next_most, min(most, by_week[week]))
        most = max(most, by_week[week])
    extra[slot, RETURNING] += next_most
    for day in range(DAYS):
        if by_day[day] > 0:
            scratch.sums[slot, ACTIVE_DAYS] += ONE - scratch.day_best[slot, day]
            scratch.day_best[slot, day] = ONE
            see_day(slot, day, scratch.seen_days, scratch.days)
    return True
