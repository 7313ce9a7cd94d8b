"""The same rows as the engine's arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.fold import fold
from kleos.kernel.layout import Anonymous, Clock, Folded, Influence, Named
from slow_twins.events import day_of
from slow_twins.world import Reaction, World

__all__ = ["anonymous_of", "folded", "named_of"]


def folded(world: World, threads: int = 1) -> Folded:
    """Fold the world with the compiled engine, its rows in the order in which they stand as far as the engine's sorting allows."""
    return fold(
        named_of(world),
        anonymous_of(world),
        Influence(np.array(world.q, dtype=np.float64), world.unknown, np.array(world.given, dtype=np.float64), world.attention),
        Clock(world.window, world.window / 3, world.window / 16),
        np.array(world.in_any, dtype=np.bool_),
        threads=threads,
        drawn=None if world.drawn is None else np.array(world.drawn, dtype=np.int64),
    )


def named_of(world: World) -> Named:
    """Return the named rows, sorted by (person, actor, item) and otherwise left in their order."""
    codes = _item_codes(world)
    rows = sorted((row for row in world.rows if row.actor is not None), key=lambda row: (row.person, row.actor, _code(row, codes)))
    return Named(
        _starts([row.person for row in rows], world.people),
        np.array([row.kind for row in rows], dtype=np.int16),
        np.array([row.actor for row in rows], dtype=np.int32),
        np.array([_code(row, codes) for row in rows], dtype=np.int32),
        np.array([row.age for row in rows], dtype=np.int64),
        np.array([row.reactions for row in rows], dtype=np.int64),
    )


def anonymous_of(world: World) -> Anonymous:
    """Return the anonymous rows as blocks, sorted by (person, kind, item, age), each of which occurs once.

    A row without an item has item −1 − day.
    """
    codes = _item_codes(world)
    blocks: Counter[tuple[int, int, int, int]] = Counter()
    for row in world.rows:
        if row.actor is None:
            place = _code(row, codes) if row.item is not None else -1 - day_of(row.age, world.window)
            blocks[row.person, row.kind, place, row.age] += row.reactions
    person, kind, item, age = np.array(sorted(blocks), dtype=np.int64).reshape(-1, 4).T
    return Anonymous(
        _starts(person, world.people),
        np.ascontiguousarray(kind, dtype=np.int16),
        np.ascontiguousarray(item, dtype=np.int32),
        np.ascontiguousarray(age),
        np.array([blocks[block] for block in sorted(blocks)], dtype=np.int64),
    )


def _item_codes(world: World) -> list[dict[int, int]]:
    """Number each person's items densely from 0, in their own order."""
    items: list[set[int]] = [set() for _ in range(world.people)]
    for row in world.rows:
        if row.item is not None:
            items[row.person].add(row.item)
    return [{item: code for code, item in enumerate(sorted(own))} for own in items]


def _code(row: Reaction, codes: Sequence[dict[int, int]]) -> int:
    return -1 if row.item is None else codes[row.person][row.item]


def _starts(people: Sequence[int] | NDArray[Any], size: int) -> NDArray[np.int64]:
    return np.searchsorted(np.asarray(people, dtype=np.int64), np.arange(size + 1)).astype(np.int64)
