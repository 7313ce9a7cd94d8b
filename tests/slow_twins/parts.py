"""The same rows dealt to parts, as a population's are: in any order, in any number of chunks and parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kleos.contract import AGGREGATIONS
from kleos.kernel.arrange import new_desk
from kleos.kernel.fold import new_asked, new_folded
from kleos.kernel.layout import Clock, Folded
from kleos.kernel.parts import fold_part
from kleos.kernel.records import NOBODY, deal, new_records, slots
from kleos.kernel.scratch import new_scratch
from kleos.kernel.staging import new_staged, stage
from slow_twins.world import Reaction, World

__all__ = ["folded_in_parts"]

SPREAD = 0x9E3779B97F4A7C15
"""Items become numbers of 64 bits that share no pattern."""


def folded_in_parts(
    world: World,
    rows: Sequence[Reaction],
    *,
    bits: int,
    chunks: int,
    network: int = 0,
    networks: int = 1,
    whole: Sequence[bool] | None = None,
) -> Folded:
    """Fold the rows, in the order given, as network `network` of several; people without rows get zeros, as from `fold`.

    `whole` tells of which slots all is asked; of all of them, if left out. The people are those of `any` alone: int64[P, 1].
    """
    records = new_records(len(rows), counted=True)
    ends, begin = [], 0
    for chunk in np.array_split(np.arange(len(rows)), chunks):
        mine = [rows[place] for place in chunk]
        end = np.empty((1 << bits) + 1, dtype=np.int64)
        times = np.array([row.reactions for row in mine], dtype=np.int64)
        begin += deal(
            np.array([row.person for row in mine], dtype=np.uint32),
            np.array([NOBODY if row.actor is None else row.actor for row in mine], dtype=np.uint32),
            slots(
                np.full(len(mine), network, dtype=np.uint16),
                np.array([row.kind for row in mine], dtype=np.uint16),
                np.array([row.item is None for row in mine], dtype=np.bool_),
            ),
            np.array([0 if row.item is None else (row.item + 1) * SPREAD % 2**64 for row in mine], dtype=np.uint64),
            np.array([row.age for row in mine], dtype=np.int64),
            times if np.any(times != 1) else np.zeros(0, dtype=np.int64),
            world.window,
            bits,
            np.array([world.in_any] * networks, dtype=np.bool_).reshape(networks, -1),
            begin,
            records,
            end,
        )
        ends.append(end)
    kinds = len(world.in_any)
    found = new_folded(world.people, kinds, plain=True)._replace(people=np.zeros((world.people, 1), dtype=np.int64))
    columns = np.arange((kinds + 1) * len(AGGREGATIONS))
    asked = np.array([True] * (kinds + 1) if whole is None else whole, dtype=np.bool_)
    clock = Clock(world.window, world.window / 3, world.window / 16)
    desk, scratch = new_desk(max(1, len(rows))), new_scratch(kinds + 1, max(1, len(rows)), max(1, len(rows)), plain=True)
    for part in range(1 << bits):
        people = (world.people - part + (1 << bits) - 1) >> bits
        if people <= 0:
            continue
        spans = np.array([end[part : part + 2] for end in ends], dtype=np.int64).reshape(-1, 2)
        staged = new_staged(len(rows), people, networks)
        stage(records, spans, people, networks, np.array(world.q, dtype=np.float64), np.array(world.given, dtype=np.float64), staged)
        one, person = new_folded(1, kinds, plain=True), np.zeros(people, dtype=np.int32)
        kept = new_asked(people, len(columns), plain=True)
        in_any = np.array(world.in_any, dtype=np.bool_)
        rules = world.unknown, world.attention, clock, in_any, asked, columns
        groups = fold_part(network, people, staged, *rules, desk, scratch, one, kept, person)
        places = (person[:groups].astype(np.int64) << bits) | part
        found.values[places] = kept.values[:groups].reshape(groups, kinds + 1, len(AGGREGATIONS))
        found.plain[places] = kept.plain[:groups].reshape(groups, kinds + 1, len(AGGREGATIONS))
        found.people[places], found.squares[places] = kept.people[:groups], kept.squares[:groups]
    return found
