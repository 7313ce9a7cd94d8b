"""One part of a population, sorted by network and person: a counting sort within the processor's cache.

What actors weigh is fetched on the way, for all rows at once, so that the processor waits for many cells of the big table together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.compiled import compiled
from kleos.kernel.records import NOBODY, Records, network_of

__all__ = ["Staged", "new_staged", "stage"]


class Staged(NamedTuple):
    """A part's rows, group by group: a group is one person in one network. Allocated once per thread and reused."""

    first: NDArray[np.int64]
    """int64[networks · people + 1]: the rows of (network n, person p) are ``first[k]:first[k + 1]`` with k = n · people + p."""
    actor: NDArray[np.uint32]
    item: NDArray[np.uint64]
    stamp: NDArray[np.uint64]
    reactions: NDArray[np.int64]
    """[N] each, as in `Records`; `reactions` is filled throughout."""
    q: NDArray[np.float64]
    """float64[N]: the actor's influence; 0 for the anonymous."""
    given: NDArray[np.float64]
    """float64[N]: all scored reactions that the actor gave in this network."""


def new_staged(rows: int, people: int, networks: int) -> Staged:
    """Allocate room for parts of up to `rows` rows and `people` people."""
    return Staged(
        np.zeros(networks * people + 1, dtype=np.int64),
        np.empty(rows, dtype=np.uint32),
        np.empty(rows, dtype=np.uint64),
        np.empty(rows, dtype=np.uint64),
        np.ones(rows, dtype=np.int64),
        np.zeros(rows),
        np.zeros(rows),
    )


@compiled
def stage(
    records: Records,
    spans: NDArray[np.int64],
    people: int,
    networks: int,
    q: NDArray[np.float64],
    given: NDArray[np.float64],
    staged: Staged,
) -> None:
    """Fill `staged` from the rows ``spans[b, 0]:spans[b, 1]`` of every block b (int64[B, 2]) of the records.

    `people` is the number of people in the part; `q` and `given` are float64[A] over the accounts of all networks.
    """
    first = staged.first
    persons, actors, items, stamps, times = records.person, records.actor, records.item, records.stamp, records.reactions
    to_actor, to_item, to_stamp, to_times, to_q, to_given = (
        staged.actor,
        staged.item,
        staged.stamp,
        staged.reactions,
        staged.q,
        staged.given,
    )
    counted = len(records.reactions) > 0
    first[: networks * people + 1] = 0
    for block in range(len(spans)):
        for row in range(spans[block, 0], spans[block, 1]):
            first[network_of(stamps[row]) * people + persons[row]] += 1
    before = 0
    for key in range(networks * people + 1):
        size = first[key]
        first[key] = before
        before += size
    for block in range(len(spans)):
        for row in range(spans[block, 0], spans[block, 1]):
            stamp = stamps[row]
            key = network_of(stamp) * people + persons[row]
            to = first[key]
            first[key] = to + 1
            who = actors[row]
            to_actor[to] = who
            to_item[to] = items[row]
            to_stamp[to] = stamp
            if who != NOBODY:
                to_q[to] = q[who]
                to_given[to] = given[who]
            if counted:
                to_times[to] = times[row]
    for key in range(networks * people, 0, -1):  # each has moved on to its end, where the next begins
        first[key] = first[key - 1]
    first[0] = 0
