"""All replicates of the bootstrap in one reading of the rows, with the bits that folding once for each of them gives.

`kleos.scoring.interval` folds 200 times, which is half of a run and would be nearly all of a backfill.
"""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.contract import AGGREGATIONS
from kleos.kernel.aggregate import Form, aggregate
from kleos.kernel.anonymous import fold_anonymous
from kleos.kernel.compiled import compiled, inner
from kleos.kernel.layout import DAYS, ONE, Anonymous, Clock, Influence, Named, Rows
from kleos.kernel.resample import draw
from kleos.kernel.scratch import ACTIVE_DAYS, H_INDEX, ITEMS, PEAK, SUMS, Scratch, new_scratch
from kleos.kernel.totals import Totals, Wanted, add_named

__all__ = ["Draws", "drawn_often", "replicated"]

WIDTH = len(AGGREGATIONS)
ROOM = 1 << 22
"""Numbers that one person's items may take; where there are more, fewer replicates are made at once."""
PARTS_A_THREAD = 4
"""So that one busy person does not leave the other threads without work."""


class Draws(NamedTuple):
    """How often each of R replicates draws each actor, and each block of reactions without names."""

    actors: NDArray[np.uint8]
    """uint8[…, R]."""
    blocks: NDArray[np.uint8]
    """uint8[…, R]."""
    actor: NDArray[np.int64]
    """int64[A]: the place in `actors` of each actor of the reactions."""
    block: NDArray[np.int64]
    """int64[B]: the place in `blocks` of each block of the reactions."""


def drawn_often(hashes: NDArray[np.uint64], replicates: int) -> NDArray[np.uint8]:
    """Return uint8[A, R]: how often each replicate draws what has these hashes (uint64[A])."""
    often = np.empty((len(hashes), replicates), dtype=np.uint8)
    for replicate in range(replicates):
        often[:, replicate] = draw(hashes, replicate)
    return often


def replicated(
    named: Named,
    anonymous: Anonymous,
    influence: Influence,
    clock: Clock,
    in_any: NDArray[np.bool_],
    form: Form,
    draws: Draws,
    *,
    threads: int = 1,
) -> NDArray[np.float64]:
    """Return float64[R, P]: the strength of each person in each replicate.

    `in_any` as in `kleos.kernel.fold.fold`. Metrics that are computed count as 0. The same bits for any number of threads.
    """
    people, replicates = len(named.start) - 1, draws.actors.shape[1]
    found = np.zeros((people, replicates))
    rows = influence.rows(named)
    wanted = _wanted(form, len(in_any) + 1)
    load = named.start + anonymous.start
    cuts = np.searchsorted(load, np.linspace(0, load[-1], PARTS_A_THREAD * threads + 1)[1:-1]).tolist()

    def work(edges: tuple[int, int]) -> None:
        first, last = edges
        unknown, attention = influence.unknown, influence.attention
        room = _new_room(first, last, named, anonymous, wanted, form, replicates)
        _replicate_range(first, last, named.start, rows, anonymous, draws, unknown, attention, clock, in_any, wanted, form, room, found)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, [(first, last) for first, last in itertools.pairwise([0, *cuts, people]) if last > first]))
    return np.ascontiguousarray(found.T)


class _Room(NamedTuple):
    """One thread's working memory, for as many replicates at once as `strength` is long."""

    totals: Totals
    scratch: Scratch
    resampled: Anonymous
    """The blocks as one replicate draws them."""
    values: NDArray[np.float64]
    metrics: NDArray[np.float64]
    strength: NDArray[np.float64]
    people: NDArray[np.int64]
    """int64[slots]: numbers of people, which nobody asks a replicate for."""


def _new_room(first: int, last: int, named: Named, anonymous: Anonymous, wanted: Wanted, form: Form, replicates: int) -> _Room:
    """Allocate for the busiest of the people first..last."""
    own = named.item[named.start[first] : named.start[last]]
    loose = anonymous.item[anonymous.start[first] : anonymous.start[last]]
    slots, items = len(wanted.factors), 1 + max(int(own.max(initial=0)), int(loose.max(initial=0)))
    blocks = int(np.diff(anonymous.start[first : last + 1]).max(initial=1))
    day_slots, item_slots = int(wanted.days.max()) + 1, int(wanted.items.max()) + 1
    at_once = min(replicates, max(1, ROOM // max(1, item_slots * items)))
    return _Room(
        Totals(
            np.zeros((slots, SUMS, at_once), dtype=np.int64),
            np.zeros((day_slots, DAYS, at_once), dtype=np.int64),
            np.zeros((item_slots, items, at_once), dtype=np.int64),
            np.zeros((item_slots, items, at_once), dtype=np.int64),
        ),
        new_scratch(slots, items, blocks),
        anonymous._replace(reactions=anonymous.reactions.copy()),
        np.zeros((at_once, slots * WIDTH)),
        np.zeros((at_once, len(form.scale))),
        np.zeros(at_once),
        np.zeros(slots, dtype=np.int64),
    )


def _wanted(form: Form, slots: int) -> Wanted:
    """Return the factors that the strength is made of: those with a weight above 0."""
    flat = np.zeros(slots * WIDTH, dtype=np.bool_)
    for metric in np.flatnonzero(form.value > 0):
        flat[form.factor[form.start[metric] : form.start[metric + 1]]] = True
    factors = flat.reshape(slots, WIDTH)
    return Wanted(factors, _places(factors[:, ACTIVE_DAYS]), _places(factors[:, ITEMS] | factors[:, PEAK] | factors[:, H_INDEX]))


def _places(wanted: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.where(wanted, np.cumsum(wanted) - 1, -1).astype(np.int64)


@compiled
def _replicate_range(
    first: int,
    last: int,
    start: NDArray[np.int64],
    rows: Rows,
    blocks: Anonymous,
    draws: Draws,
    unknown: float,
    attention: float,
    clock: Clock,
    in_any: NDArray[np.bool_],
    wanted: Wanted,
    form: Form,
    room: _Room,
    found: NDArray[np.float64],
) -> None:
    """Fill `found` (float64[P, R]) for the people first..last."""
    totals, scratch, resampled, values = room.totals, room.scratch, room.resampled, room.values
    slots = len(in_any) + 1
    replicates = draws.actors.shape[1]
    at_once = len(room.strength)
    for person in range(first, last):
        first_block, last_block = blocks.start[person], blocks.start[person + 1]
        items = max(_items(start[person], start[person + 1], rows.item), _items(first_block, last_block, blocks.item))
        for begin in range(0, replicates, at_once):
            end = min(begin + at_once, replicates)
            totals.sums[:] = 0
            totals.day_best[:] = 0
            totals.item_sum[:, :items] = 0
            totals.item_best[:, :items] = 0
            row, end_row = start[person], start[person + 1]
            add_named(row, end_row, begin, end, rows, draws.actor, draws.actors, unknown, attention, clock, in_any, wanted, totals)
            for r in range(end - begin):
                for block in range(first_block, last_block):
                    resampled.reactions[block] = blocks.reactions[block] * draws.blocks[draws.block[block], begin + r]
                for slot in range(slots):
                    read = values[r, slot * WIDTH : (slot + 1) * WIDTH]
                    read[:] = 0.0
                    if not wanted.factors[slot].any():
                        continue
                    days, what = wanted.days[slot], wanted.items[slot]
                    if days >= 0:
                        for day in range(DAYS):
                            totals.sums[slot, ACTIVE_DAYS, r] += totals.day_best[days, day, r]
                    if last_block > first_block:
                        scratch.sums[slot, ACTIVE_DAYS] = totals.sums[slot, ACTIVE_DAYS, r]
                        for day in range(DAYS):
                            scratch.day_best[slot, day] = totals.day_best[days, day, r] if days >= 0 else 0
                        fold_anonymous(
                            first_block, last_block, slot, items, resampled, unknown, attention, clock, in_any, scratch, room.people
                        )
                        totals.sums[slot, ACTIVE_DAYS, r] = scratch.sums[slot, ACTIVE_DAYS]
                    for aggregation in range(SUMS):
                        read[aggregation] = totals.sums[slot, aggregation, r] / ONE + scratch.extra[slot, aggregation]
                        scratch.extra[slot, aggregation] = 0.0
                    if what >= 0:
                        _read_items(items, totals.item_sum[what, :, r], totals.item_best[what, :, r], slot, scratch, read)
                    scratch.item_anonymous[slot, :items] = 0
            aggregate(values, form, room.metrics, room.strength)
            found[person, begin:end] = room.strength[: end - begin]


@inner
def _read_items(
    items: int,
    item_sum: NDArray[np.int64],
    item_best: NDArray[np.int64],
    slot: int,
    scratch: Scratch,
    values: NDArray[np.float64],
) -> None:
    """Read the peak, the items and the h-index off what a person's items add up to, as the fold does."""
    reached, item_anonymous = scratch.reached, scratch.item_anonymous
    reached[: items + 1] = 0
    for what in range(items):
        crowd = item_sum[what] / ONE + item_anonymous[slot, what]
        values[PEAK] = max(values[PEAK], crowd)
        values[ITEMS] += 1.0 if item_anonymous[slot, what] > 0 else item_best[what] / ONE
        reached[min(int(crowd), items)] += 1
    enough = 0
    for h in range(items, 0, -1):
        enough += reached[h]
        if enough >= h:
            values[H_INDEX] = h
            break


@inner
def _items(first: int, last: int, item: NDArray[np.int32]) -> int:
    """Return how many items there are: they are numbered densely from 0."""
    items = 0
    for row in range(first, last):
        items = max(items, item[row] + 1)
    return items
