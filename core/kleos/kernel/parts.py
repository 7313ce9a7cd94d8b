"""What is done to a part of a population: fold it, or pass attention through it once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.arrange import Desk, arrange
from kleos.kernel.compiled import compiled
from kleos.kernel.fold import fold_person
from kleos.kernel.layout import Clock, Folded
from kleos.kernel.records import AGE_MASK, ITEMLESS, NOBODY, Records, kind_of, network_of
from kleos.kernel.scratch import FULL, Scratch, add
from kleos.kernel.single import fold_single
from kleos.kernel.staging import Staged

__all__ = ["add_given", "fold_part", "receive"]


@compiled
def add_given(records: Records, begin: int, end: int, scored: NDArray[np.bool_], given: NDArray[np.int64]) -> None:
    """Add the rows begin..end to what their actors gave: `given` is int64[A]; `scored` is bool[n, 62], the kinds that count, by network."""
    actors, stamps, times = records.actor, records.stamp, records.reactions
    counted = len(times) > 0
    for row in range(begin, end):
        if actors[row] != NOBODY and scored[network_of(stamps[row]), kind_of(stamps[row])]:
            given[actors[row]] = add(given[actors[row]], times[row] if counted else 1)


@compiled
def receive(
    records: Records,
    spans: NDArray[np.int64],
    people: int,
    scored: NDArray[np.bool_],
    share: NDArray[np.int64],
    received: NDArray[np.int64],
) -> None:
    """Add up the attention that everybody in a part receives: Σ over their reactions of the actor's `share` of attention.

    `spans` as in `stage`; `share` is int64[A], fixed point: w(a) / all reactions that a gave. `received` is int64[n · people], by network
    and person, and is overwritten.
    """
    persons, actors, stamps, times = records.person, records.actor, records.stamp, records.reactions
    counted = len(times) > 0
    received[:] = 0
    for block in range(len(spans)):
        for row in range(spans[block, 0], spans[block, 1]):
            who = actors[row]
            network = network_of(stamps[row])
            if who != NOBODY and scored[network, kind_of(stamps[row])]:
                to = network * people + persons[row]
                value = share[who]
                if counted:
                    value *= min(times[row], FULL // max(value, 1))
                received[to] = add(received[to], value)


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
    desk: Desk,
    scratch: Scratch,
    folded: Folded,
    person: NDArray[np.int32],
) -> int:
    """Fold everybody in one network of a staged part; return their number G.

    Fills ``folded[:G]`` and ``person[:G]``, the people's numbers within the part (int32, increasing). `people` is the number of people in
    the part; desk and scratch have room for the largest group, `folded` and `person` for all groups. `whole` as in `fold_person`.
    """
    group = 0
    start: Any = np.int64(0)  # a plain 0 would be a type of its own, for which numba compiles the fold once more
    for who in range(people):
        begin = staged.first[network * people + who]
        end = staged.first[network * people + who + 1]
        if begin + 1 == end and staged.actor[begin] != NOBODY:
            stamp = staged.stamp[begin]
            fold_single(
                int(kind_of(stamp)),
                stamp & ITEMLESS != 0,
                int(stamp & AGE_MASK),
                staged.reactions[begin],
                staged.q[begin],
                staged.given[begin],
                unknown,
                attention,
                clock,
                in_any,
                whole,
                group,
                folded,
            )
            person[group] = who
            group += 1
        elif begin < end:
            rows, blocks = arrange(begin, end, staged, clock.window, desk)
            fold_person(
                start, rows, desk.rows, start, blocks, desk.blocks, unknown, attention, clock, in_any, whole, scratch, group, folded
            )
            person[group] = who
            group += 1
    return group
