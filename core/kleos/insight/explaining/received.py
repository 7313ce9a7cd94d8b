"""What one person received in one slot of a network, row by row, as arrays that share themselves out easily."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.insight.explaining.explanation import NOTHING
from kleos.kernel.layout import DAYS, ROW_LIMIT, Anonymous, Clock, Influence, Named
from kleos.scoring.reactions import Reactions

__all__ = ["Received", "received"]


class Received(NamedTuple):
    """The reactions of one kind, or of all kinds in `any`, that one person received.

    A *thing* is an item, or the day of a reaction to no item: the codes from `items` on are such days.
    """

    items: int
    """Number of items."""
    actor: NDArray[np.int64]
    """int64[N], named reactions: who."""
    thing: NDArray[np.int64]
    """int64[N]: to what."""
    day: NDArray[np.int64]
    """int64[N]: on which 90th of the window."""
    weight: NDArray[np.int64]
    """int64[N]: w of the actor in fixed point."""
    reactions: NDArray[np.int64]
    """int64[N]: how many."""
    kind_of_block: NDArray[np.int64]
    """int64[B], anonymous reactions: of which kind."""
    thing_of_block: NDArray[np.int64]
    """int64[B]."""
    day_of_block: NDArray[np.int64]
    """int64[B]."""
    block: NDArray[np.int64]
    """int64[B]: how many."""

    @property
    def things(self) -> int:
        """The number of codes that things may have."""
        return self.items + DAYS

    def item(self, thing: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the item codes of things, `NOTHING` for the days."""
        return np.where(thing < self.items, thing, NOTHING)


def received(reactions: Reactions, influence: Influence, clock: Clock, person: int, slot: int) -> Received:
    """Return what `person` (their place in the arrays) received in `slot`: a kind's number, or the number of kinds for `any`."""
    named, blocks, items = reactions.named, reactions.anonymous, len(reactions.items[person])
    rows = _chosen(named, reactions.form.in_any, person, slot)
    unnamed = _chosen(blocks, reactions.form.in_any, person, slot)
    days, days_of_blocks = _day(named.age[rows], clock), _day(blocks.age[unnamed], clock)
    item, item_of_block = named.item[rows].astype(np.int64), blocks.item[unnamed].astype(np.int64)
    actor = named.actor[rows].astype(np.int64)
    return Received(
        items=items,
        actor=actor,
        thing=np.where(item < 0, items + days, item),
        day=days,
        weight=influence.weights()[actor],
        reactions=np.minimum(named.reactions[rows], ROW_LIMIT),
        kind_of_block=blocks.kind[unnamed].astype(np.int64),
        thing_of_block=np.where(item_of_block < 0, items + days_of_blocks, item_of_block),
        day_of_block=days_of_blocks,
        block=blocks.reactions[unnamed],
    )


def _chosen(table: Named | Anonymous, in_any: NDArray[np.bool_], person: int, slot: int) -> NDArray[np.int64]:
    """Return the places of a person's rows in a slot."""
    rows = np.arange(table.start[person], table.start[person + 1])
    kind = table.kind[rows]
    return rows[in_any[kind] if slot == len(in_any) else kind == slot]


def _day(age: NDArray[np.int64], clock: Clock) -> NDArray[np.int64]:
    return np.minimum(age * DAYS // clock.window, DAYS - 1)
