"""What is done to a part of a population: fold it, pass attention through it once, or look for what some actors passed on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.arrange import Desk, arrange
from kleos.kernel.compiled import compiled, inner
from kleos.kernel.fold import fold_person
from kleos.kernel.layout import Asked, Clock, Folded
from kleos.kernel.records import AGE_MASK, ITEMLESS, NOBODY, PASSES, Records, kind_of, network_of
from kleos.kernel.scratch import Scratch, add
from kleos.kernel.single import fold_single
from kleos.kernel.staging import Staged
from kleos.kernel.unowned import unowned

__all__ = ["add_given", "fold_part", "passed_by", "receive"]


@compiled
def add_given(records: Records, begin: int, end: int, given: NDArray[np.int64]) -> None:
    """Add the rows begin..end that pass attention on to what their actors gave: `given` is int64[A]."""
    actors, stamps, times = records.actor, records.stamp, records.reactions
    counted = len(times) > 0
    for row in range(begin, end):
        if stamps[row] & PASSES:
            given[actors[row]] = add(given[actors[row]], times[row] if counted else 1)


@compiled
def receive(
    records: Records,
    spans: NDArray[np.int64],
    people: int,
    share: NDArray[np.int64],
    received: NDArray[np.int64],
) -> None:
    """Add up the attention that everybody in a part receives: Σ over their reactions of the actor's `share` of attention.

    `spans` as in `stage`; `share` is int64[A], fixed point: w(a) / all reactions that a gave, in a unit in which everybody's whole
    attention has room in one sum: nothing here can overflow. `received` is int64[n · people], by network and person, and is overwritten.
    """
    persons, actors, stamps, times = records.person, records.actor, records.stamp, records.reactions
    counted = len(times) > 0
    received[:] = 0
    for block in range(len(spans)):
        # Slices: what is read from the first row on needs no look at whether its place is negative.
        rows = slice(spans[block, 0], spans[block, 1])
        who, whom, what = actors[rows], persons[rows], stamps[rows]
        often = times[rows] if counted else times
        for row in range(len(who)):
            stamp = what[row]
            if stamp & PASSES:
                value = share[who[row]]
                received[network_of(stamp) * people + whom[row]] += value * often[row] if counted else value


@compiled
def passed_by(
    records: Records, spans: NDArray[np.int64], chosen: NDArray[np.bool_], pairs: NDArray[np.uint64], reactions: NDArray[np.int64]
) -> int:
    """Find the rows by which the chosen actors (bool[A]) pass attention on within a part; return their number.

    Fills `pairs` (uint64: the actor above, the person's number within the part in the lower 32 bits) and `reactions` (int64), which have
    room for all rows of the part. `spans` as in `stage`.
    """
    persons, actors, stamps, times = records.person, records.actor, records.stamp, records.reactions
    counted = len(times) > 0
    found = 0
    for block in range(len(spans)):
        for row in range(spans[block, 0], spans[block, 1]):
            if stamps[row] & PASSES and chosen[actors[row]]:
                pairs[found] = np.uint64(actors[row]) << np.uint64(32) | np.uint64(persons[row])
                reactions[found] = times[row] if counted else 1
                found += 1
    return found


@compiled
def fold_part(
    network: int,
    people: int,
    staged: Staged,
    unknown: float,
    attention: float,
    clock: Clock,
    in_any: NDArray[np.bool_],
    whole: NDArray[np.bool_],
    columns: NDArray[np.int64],
    desk: Desk,
    scratch: Scratch,
    one: Folded,
    asked: Asked,
    person: NDArray[np.int32],
) -> int:
    """Fold everybody in one network of a staged part; return their number G.

    Fills ``asked[:G]`` and ``person[:G]``, the people's numbers within the part (int32, increasing). `people` is the number of people in
    the part; desk and scratch have room for the largest group, `asked` and `person` for all groups. `columns` is int64[C]: the places in
    `Folded.values` of a person, flat, of the factors that are asked for. `one` has room for one person, and stays within the first cache:
    everybody's every factor would be a hundred numbers and more, nearly all of them 0, which took a fifth of the scoring to write.
    `whole` as in `fold_person`.
    """
    group = 0
    start: Any = np.int64(0)  # a plain 0 would be a type of its own, for which numba compiles the fold once more
    staged, desk, scratch, one, asked = unowned(staged), unowned(desk), unowned(scratch), unowned(one), unowned(asked)
    in_any, whole, columns, person = unowned(in_any), unowned(whole), unowned(columns), unowned(person)
    first, actors, stamps, times, influence, given = staged.first, staged.actor, staged.stamp, staged.reactions, staged.q, staged.given
    factors, plain, counting = one.values.reshape(-1), one.plain.reshape(-1), len(asked.plain) > 0
    for who in range(people):
        begin = first[network * people + who]
        end = first[network * people + who + 1]
        if begin == end:
            continue
        if begin + 1 == end and actors[begin] != NOBODY:
            stamp = stamps[begin]
            fold_single(
                int(kind_of(stamp)),
                stamp & ITEMLESS != 0,
                int(stamp & AGE_MASK),
                times[begin],
                influence[begin],
                given[begin],
                unknown,
                attention,
                clock,
                in_any,
                whole,
                start,
                one,
            )
        else:
            rows, blocks = arrange(begin, end, staged, clock.window, desk)
            fold_person(start, rows, desk.rows, start, blocks, desk.blocks, unknown, attention, clock, in_any, whole, scratch, start, one)
        _keep(factors, columns, group, asked.values)
        if counting:
            _keep(plain, columns, group, asked.plain)
        asked.people[group, 0] = one.people[0, -1]
        asked.squares[group] = one.squares[0]
        person[group] = who
        group += 1
    return group


@inner
def _keep(factors: NDArray[np.float64], columns: NDArray[np.int64], group: int, values: NDArray[np.float64]) -> None:
    """Copy what is asked for of the one person's factors to place `group`."""
    for column in range(len(columns)):
        values[group, column] = factors[columns[column]]
