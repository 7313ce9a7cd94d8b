"""What each actor adds to the aggregations that are sums over actors: the engine's own answer for that actor alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.fold import fold
from kleos.kernel.layout import Anonymous, Clock, Influence, Named
from kleos.scoring.reactions import Reactions

__all__ = ["SUMS_OVER_ACTORS", "alone"]

SUMS_OVER_ACTORS = frozenset({"actors", "saturated", "decayed", "recent", "prestige", "share_of_attention", "returning"})
AT_ONCE = 1 << 14
"""Actors folded at a time: an actor's factors take a kilobyte."""
NONE = slice(0, 0)


def alone(
    reactions: Reactions, influence: Influence, clock: Clock, person: int, factors: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the named actors who reacted to a person (int64[A], ascending), and float64[A + 1, F]: what each adds to these factors.

    The last row is what all anonymous reactions add together. `factors` are numbered as the engine's columns are; they have to be sums
    over actors. The engine folds every actor as if they were a person of their own, so that no formula stands twice.
    """
    named, blocks, in_any = reactions.named, reactions.anonymous, reactions.form.in_any
    rows = slice(int(named.start[person]), int(named.start[person + 1]))
    unnamed = slice(int(blocks.start[person]), int(blocks.start[person + 1]))
    actor, first = np.unique(named.actor[rows], return_index=True)
    starts = np.append(first, rows.stop - rows.start)
    added = np.zeros((len(actor) + 1, len(factors)))
    own = _named(named, rows, starts)
    own = own._replace(item=_renumbered(own.item, starts))
    for start in range(0, len(actor), AT_ONCE):
        some = starts[start : start + AT_ONCE + 1]
        values = fold(own._replace(start=some), _blocks(blocks, NONE, np.zeros_like(some)), influence, clock, in_any).values
        added[start : start + len(values)] = values.reshape(len(values), -1)[:, factors]
    both = np.array([0, unnamed.stop - unnamed.start])
    together = fold(_named(named, NONE, np.zeros_like(both)), _blocks(blocks, unnamed, both), influence, clock, in_any)
    added[-1] = together.values.ravel()[factors]
    return actor.astype(np.int64), added


def _named(table: Named, rows: slice, start: NDArray[np.int64]) -> Named:
    return Named(start, table.kind[rows], table.actor[rows], table.item[rows], table.age[rows], table.reactions[rows])


def _blocks(table: Anonymous, rows: slice, start: NDArray[np.int64]) -> Anonymous:
    return Anonymous(start, table.kind[rows], table.item[rows], table.age[rows], table.reactions[rows])


def _renumbered(item: NDArray[np.int32], starts: NDArray[np.int64]) -> NDArray[np.int32]:
    """Number every actor's items from 0: the engine clears room for all items up to the largest number that it meets.

    Rows are sorted by (actor, item); −1 stays.
    """
    if not len(item):
        return item
    new = np.ones(len(item), dtype=np.int64)
    new[1:] = item[1:] != item[:-1]
    new[starts[:-1]] = 1
    count = np.cumsum(new)
    mine = np.repeat(count[starts[:-1]], np.diff(starts))
    # Where an actor's first rows are to no item, the next item is number 1: one more than needed, and no matter.
    return np.where(item < 0, item, count - mine).astype(np.int32)
