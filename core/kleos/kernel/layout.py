"""The shapes that the engine's arrays have, and what its numbers mean.

Named tuples, because compiled code reads their fields as they are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.contract import AGGREGATIONS

__all__ = [
    "ANONYMOUS_LIMIT",
    "DAYS",
    "MAX_KINDS",
    "ONE",
    "ROW_LIMIT",
    "WEEKS",
    "WIDTH",
    "Anonymous",
    "Asked",
    "Clock",
    "Folded",
    "Influence",
    "Named",
    "Rows",
]

ONE = 1 << 30
"""1.0 in the fixed point of the sums. Integer addition does not care for order, so shuffled data and any number of threads give the
same bits; the sums saturate at 2^62, which is 4 billion weighted reactions to one person."""
DAYS = 90
"""The window's days: a day is a 90th of the window, counted back from `as_of`."""
WEEKS = 13
"""The window's weeks: a week is a 13th of the window."""
WIDTH = len(AGGREGATIONS)
"""Factors of each kind, and of `any`."""
MAX_KINDS = 62
"""Kinds of a network that fit the bit mask of one actor's pass."""
ROW_LIMIT = 1 << 31
"""Reactions that one row of a named actor may stand for; beyond it they are cut."""
ANONYMOUS_LIMIT = 1 << 40
"""Anonymous reactions of one kind to one item at one time; more (a trillion) are cut, so that no sum over items overflows."""


class Clock(NamedTuple):
    """The time constants of a run, in microseconds, all of them fractions of the window."""

    window: int
    half_life: float
    """Of `decayed`: a third of the window."""
    recent_half_life: float
    """Of `recent`: a sixteenth of the window."""


class Named(NamedTuple):
    """The reactions of one network whose actor is known, within the window.

    Rows of person p are ``start[p]:start[p + 1]``, sorted by (actor, item). Lengths: P people, N rows, A actors, K kinds.
    """

    start: NDArray[np.int64]
    """int64[P + 1]."""
    kind: NDArray[np.int16]
    """int16[N], 0 ≤ kind < K."""
    actor: NDArray[np.int32]
    """int32[N], 0 ≤ actor < A."""
    item: NDArray[np.int32]
    """int32[N], dense from 0 for each person; −1: no item (one item per actor and day)."""
    age: NDArray[np.int64]
    """int64[N], microseconds before `as_of`, 0 ≤ age ≤ window."""
    reactions: NDArray[np.int64]
    """int64[N], reactions that the row stands for, ≥ 1."""


class Anonymous(NamedTuple):
    """The reactions of one network whose actor is not known: blocks of `reactions` to one item.

    Blocks of person p are ``start[p]:start[p + 1]``, sorted by (kind, item, age); a block without an item has item −1 − day.
    There is one block for each (person, kind, item, age): what is alike has been added up.
    """

    start: NDArray[np.int64]
    """int64[P + 1]."""
    kind: NDArray[np.int16]
    """int16[B]."""
    item: NDArray[np.int32]
    """int32[B], in the same numbering as `Named.item`; negative: no item."""
    age: NDArray[np.int64]
    """int64[B], microseconds."""
    reactions: NDArray[np.int64]
    """int64[B], ≥ 0 (a bootstrap replicate may draw a block nought times)."""


class Influence(NamedTuple):
    """What actors weigh: the table q, frozen for a run, and how their attention is shared out."""

    q: NDArray[np.float64]
    """float64[A], 0 < q ≤ 1."""
    unknown: float
    """q of an actor of whom nothing is known, and of every anonymous one."""
    given: NDArray[np.float64]
    """float64[A]: all scored reactions that the actor gave on the network in the window; 0 where only the person's own rows are known."""
    attention: float
    """The mean number of reactions that an actor gives to others: stands in where `given` is 0."""

    def weights(self) -> NDArray[np.int64]:
        """Return int64[A]: w = q / q(unknown) in fixed point."""
        return np.rint(self.q / self.unknown * ONE).astype(np.int64)

    def rows(self, named: Named, drawn: NDArray[np.int64] | None = None) -> Rows:
        """Return the rows with what their actors weigh; `drawn` is int64[A]."""
        actor = named.actor
        often = np.zeros(0, dtype=np.int64) if drawn is None else drawn[actor]
        return Rows(named.kind, actor, named.item, named.age, named.reactions, self.q[actor], self.given[actor], often)


class Rows(NamedTuple):
    """Named reactions beside what their actors weigh: what the fold reads. Lengths: N rows.

    The weights stand row by row and are fetched before the fold, many at once: fetched one by one, where they are needed, each would wait
    for memory, which took half of the fold's time.
    """

    kind: NDArray[np.int16]
    """int16[N]."""
    actor: NDArray[np.int32]
    """int32[N]: equal for equal actors of a person; anything else is not asked."""
    item: NDArray[np.int32]
    """int32[N]: dense from 0 for each person, −1: no item."""
    age: NDArray[np.int64]
    """int64[N], microseconds."""
    reactions: NDArray[np.int64]
    """int64[N], ≥ 1."""
    q: NDArray[np.float64]
    """float64[N]: the actor's influence."""
    given: NDArray[np.float64]
    """float64[N]: all scored reactions that the actor gave; 0: not known."""
    drawn: NDArray[np.int64]
    """int64[N]: how often a bootstrap replicate drew the actor; int64[0]: once each."""


class Folded(NamedTuple):
    """The factors of one network. Slot k < K is kind k; slot K is `any`."""

    values: NDArray[np.float64]
    """float64[P, K + 1, 14], in the order of `kleos.contract.AGGREGATIONS`."""
    people: NDArray[np.int64]
    """int64[P, K + 1]: the plain number of distinct actors, unweighted, for display."""
    squares: NDArray[np.float64]
    """float64[P]: Σ w² over the distinct actors of `any`, each anonymous one for 1: what the interval of a population needs."""
    plain: NDArray[np.float64]
    """float64[P, K + 1, 14]: what a person would count (sums of reactions, acts, people, days, items) with everybody weighing 1; the other
    aggregations hold nothing of meaning. float64[0, K + 1, 14] where it is not wanted."""

    @property
    def whole(self) -> NDArray[np.float64]:
        """float64[P, 14]: the factors of `any`."""
        whole: NDArray[np.float64] = self.values[:, -1]
        return whole


class Asked(NamedTuple):
    """Of a population's people in one network, the factors that are asked for: a tenth of all. Lengths: G people, C columns."""

    values: NDArray[np.float64]
    """float64[G, C]: some factors of kinds, by their place in `Folded.values`, and at the end the 14 of `any`."""
    people: NDArray[np.int64]
    """int64[G, 1]: the plain number of distinct actors of `any`."""
    squares: NDArray[np.float64]
    """float64[G]: as in `Folded`."""
    plain: NDArray[np.float64]
    """float64[G, C]: as in `Folded`; float64[0, C] where it is not wanted."""

    @property
    def whole(self) -> NDArray[np.float64]:
        """float64[G, 14]: the factors of `any`."""
        whole: NDArray[np.float64] = self.values[:, -WIDTH:]
        return whole
