"""Plain ways to rank people by the reactions that they received: what a score has to beat.

Each is a function of `Rows` that returns float64[P]. A reaction that names nobody is taken for somebody's own: all that can be known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.insight.evaluating.rows import Rows, received
from kleos.kernel.attention import build
from kleos.kernel.settle import settle

__all__ = ["Pairing", "attention_shares", "baselines", "decayed_actors", "distinct_actors", "page_rank", "pairing", "random_order"]

DAMPING = 0.85
"""Of PageRank, as its authors had it (Brin & Page 1998)."""

Column = NDArray[np.float64]


class Pairing(NamedTuple):
    """E pairs of a person and somebody who reacted to them; nobody by name stands for as many people as there are reactions."""

    person: NDArray[np.int64]
    """int64[E]."""
    actor: NDArray[np.int64]
    """int64[E]; −1: nobody by name."""
    reactions: NDArray[np.int64]
    """int64[E]."""
    latest: NDArray[np.int64]
    """int64[E], µs."""

    @property
    def actors(self) -> NDArray[np.int64]:
        """int64[E]: how many people a pair stands for."""
        return np.where(self.actor < 0, self.reactions, 1)


def baselines(rows: Rows, *, until: int, window: int, seed: int) -> Mapping[str, Callable[[], Column]]:
    """Return the baselines by name, each to be called for its column; `until` is when the window of `window` ends (µs).

    "decayed actors, window/4" are distinct actors whose weight halves within a quarter of the window.
    """
    pairs = pairing(rows)

    def decayed(part: int) -> Callable[[], Column]:
        return lambda: decayed_actors(rows, pairs, until=until, half_life=window / part)

    return {
        "reactions": lambda: received(rows).astype(np.float64),
        "distinct actors": lambda: distinct_actors(rows, pairs),
        **{f"decayed actors, window/{part}": decayed(part) for part in (4, 8, 16)},
        "attention shares": lambda: attention_shares(rows, pairs),
        "PageRank": lambda: page_rank(rows, pairs),
        "random": lambda: random_order(rows, seed),
    }


def pairing(rows: Rows) -> Pairing:
    """Add up what each actor gave each person; unnamed reactions stay apart, since they may be anybody's."""
    order = np.lexsort((rows.count, rows.time, rows.actor, rows.person))
    person, actor, time, count = (column[order] for column in (rows.person, rows.actor, rows.time, rows.count))
    first = np.ones(len(person), dtype=np.bool_)
    first[1:] = (person[1:] != person[:-1]) | (actor[1:] != actor[:-1]) | (actor[1:] < 0)
    starts = np.flatnonzero(first)
    if not len(starts):
        return Pairing(person, actor, count, time)
    return Pairing(person[starts], actor[starts], np.add.reduceat(count, starts), np.maximum.reduceat(time, starts))


def distinct_actors(rows: Rows, pairs: Pairing) -> Column:
    """Return how many different people reacted."""
    return _sum(rows, pairs, pairs.actors.astype(np.float64))


def decayed_actors(rows: Rows, pairs: Pairing, *, until: int, half_life: float) -> Column:
    """Return Σ over distinct actors of 2^(−age of their latest reaction / half_life); both times in µs, ages counted back from `until`."""
    return _sum(rows, pairs, pairs.actors.astype(np.float64) * np.exp2((pairs.latest - until) / half_life))


def attention_shares(rows: Rows, pairs: Pairing) -> Column:
    """Return Σ over actors of the share of their reactions that went to this person (Burt's proportional tie strength, 1992)."""
    named = pairs.actor >= 0
    given = np.zeros(rows.people)
    np.add.at(given, pairs.actor[named], pairs.reactions[named])
    share = pairs.actors.astype(np.float64)
    share[named] = pairs.reactions[named] / given[pairs.actor[named]]
    return _sum(rows, pairs, share)


def page_rank(rows: Rows, pairs: Pairing) -> Column:
    """Return PageRank on the graph of who reacts to whom, weighted by how often; the unnamed are in no graph."""
    named = pairs.actor >= 0
    graph = build(pairs.actor[named].astype(np.uint32), pairs.person[named].astype(np.uint32), pairs.reactions[named], max(rows.people, 1))
    return settle(graph, DAMPING, tolerance=1e-9).weight[: rows.people]


def random_order(rows: Rows, seed: int) -> Column:
    """Return an order by chance, the same for the same seed."""
    return np.random.default_rng(seed).permutation(rows.people).astype(np.float64)


def _sum(rows: Rows, pairs: Pairing, values: Column) -> Column:
    return np.bincount(pairs.person, weights=values, minlength=rows.people).astype(np.float64)
