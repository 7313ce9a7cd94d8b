"""The engine's own fold of a whole Parquet file: read and deal, stage, fold, and keep what is there of every (subject, network, kind)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pyarrow import parquet

from benchmarks.apart import THREADS
from benchmarks.generate import AS_OF, KINDS, NETWORKS, WINDOW
from kleos.contract import AGGREGATIONS
from kleos.kernel.arrange import Desk, new_desk
from kleos.kernel.compiled import compiled
from kleos.kernel.fold import new_asked, new_folded
from kleos.kernel.layout import WIDTH, Asked, Clock, Folded
from kleos.kernel.parts import fold_part
from kleos.kernel.records import deal, new_records, slots
from kleos.kernel.scratch import Scratch, new_scratch
from kleos.kernel.staging import new_staged, stage
from kleos.pipeline.populations.blocks import Plan

__all__ = ["ATTENTION", "CLOCK", "UNKNOWN", "Engine", "Found"]

ATTENTION = 2.0
UNKNOWN = 0.5
CLOCK = Clock(WINDOW, WINDOW / 3, WINDOW / 16)
ACTS = AGGREGATIONS.index("acts")
SCORED = np.ones((NETWORKS, KINDS), dtype=np.bool_)
COLUMNS = np.arange((KINDS + 1) * WIDTH)
"""Every factor is asked for."""
SEGMENT = 1 << 19
"""Keys that room is made for at once."""


class Found(NamedTuple):
    """A stretch of the result: N keys and their factors."""

    subject: NDArray[np.uint32]
    network: NDArray[np.uint8]
    slot: NDArray[np.uint8]
    """uint8[N]: the kind; the number of kinds stands for `any`."""
    values: NDArray[np.float32]
    """float32[N, 14]."""


class Engine:
    """All the memory that a fold of one file needs; `run` may be called again and finds it warm."""

    def __init__(self, table: Path, influence: Path) -> None:
        self._table, self._influence = table, influence
        metadata = parquet.ParquetFile(table).metadata
        sizes = [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]
        self._begins = [0, *itertools.accumulate(sizes)]
        self._people = parquet.ParquetFile(influence).metadata.num_rows
        self._bits = Plan(self._people, self._begins[-1], NETWORKS, self._people, WINDOW, THREADS, 0, table).bits
        self._records = new_records(self._begins[-1], counted=False)
        self._ends = np.empty((len(sizes), (1 << self._bits) + 1), dtype=np.int64)
        self._q, self._given = np.empty(self._people), np.zeros(self._people)
        self._rooms: list[_Room] = []

    def run(self) -> list[Found]:
        """Fold the file; the result is overwritten by the next run."""
        self._q[:] = parquet.read_table(self._influence, columns=["q"]).column("q").to_numpy()
        files = local()

        def read(group: int) -> None:
            file = files.__dict__.setdefault("file", parquet.ParquetFile(self._table))
            self._deal(group, file.read_row_group(group, use_threads=False))

        self._each(read, range(len(self._ends)))
        sizes = np.diff(self._ends, axis=1).sum(axis=0)
        rooms = [*self._rooms] + [_Room() for _ in range(THREADS - len(self._rooms))]
        self._rooms = rooms
        for room in rooms:
            room.begin(int(sizes.max()), (self._people >> self._bits) + 1)
        idle = list(rooms)

        def fold(part: int) -> None:
            room = idle.pop()
            self._fold(part, int(sizes[part]), room)
            idle.append(room)

        self._each(fold, np.argsort(-sizes).tolist())
        return [found for room in rooms for found in room.found()]

    @staticmethod
    def _each(work: Callable[[int], None], numbers: Iterable[int]) -> None:
        with ThreadPoolExecutor(THREADS) as pool:
            for _ in pool.map(work, numbers):
                pass

    def _deal(self, group: int, columns: Any) -> None:
        subject, actor, network, kind, item, time = (
            columns.column(name).to_numpy() for name in ("subject", "actor", "network", "kind", "item", "time")
        )
        slot = slots(network, kind, np.zeros(1, dtype=np.bool_))
        one_each = np.zeros(0, dtype=np.int64)
        columns = subject, actor, slot, item, AS_OF - time, one_each
        deal(*columns, WINDOW, self._bits, SCORED, self._begins[group], self._records, self._ends[group])

    def _fold(self, part: int, rows: int, room: _Room) -> None:
        people = (self._people - part + (1 << self._bits) - 1) >> self._bits
        staged = room.staged
        stage(self._records, np.ascontiguousarray(self._ends[:, part : part + 2]), people, NETWORKS, self._q, self._given, staged)
        groups = np.diff(staged.first[: NETWORKS * people + 1])
        desk, scratch = room.desk(int(groups.max(initial=1)))
        rules = UNKNOWN, ATTENTION, CLOCK, np.ones(KINDS, dtype=np.bool_), np.ones(KINDS + 1, dtype=np.bool_), COLUMNS
        for network in range(NETWORKS):
            count = fold_part(network, people, staged, *rules, desk, scratch, room.one, room.folded, room.person)
            room.keep(network, part, self._bits, count)


class _Room:
    """One thread's working memory, and the results it found."""

    def __init__(self) -> None:
        self._size = 0
        self._desk: tuple[int, Desk, Scratch] | None = None
        self._segments: list[Found] = []
        self._used: list[int] = []

    def begin(self, rows: int, people: int) -> None:
        """Make room for parts of so many rows and people, and forget earlier results."""
        self._used = []
        if self._size < rows:
            self._size = rows
            self.staged = new_staged(rows, people, NETWORKS)
            self.one: Folded = new_folded(1, KINDS)
            self.folded: Asked = new_asked(people, len(COLUMNS))
            self.person = np.empty(people, dtype=np.int32)

    def desk(self, rows: int) -> tuple[Desk, Scratch]:
        """Return what a group of so many rows needs."""
        if self._desk is None or self._desk[0] < rows:
            larger = rows + rows // 4 + 1
            self._desk = (larger, new_desk(larger), new_scratch(KINDS + 1, larger, larger))
        return self._desk[1:]

    def keep(self, network: int, part: int, bits: int, groups: int) -> None:
        """Append what was folded of the slots that are there."""
        most = groups * (KINDS + 1)
        if not self._used or self._used[-1] + most > len(self._segments[len(self._used) - 1].subject):
            self._used.append(0)
            if len(self._segments) < len(self._used) or len(self._segments[len(self._used) - 1].subject) < most:
                size = max(SEGMENT, most)
                made = Found(
                    np.empty(size, dtype=np.uint32),
                    np.empty(size, dtype=np.uint8),
                    np.empty(size, dtype=np.uint8),
                    np.empty((size, WIDTH), dtype=np.float32),
                )
                self._segments[len(self._used) - 1 : len(self._used)] = [made]
        self._used[-1] = _pack(self.folded, self.person, groups, network, part, bits, self._used[-1], self._segments[len(self._used) - 1])

    def found(self) -> Iterable[Found]:
        """Yield the results."""
        for used, segment in zip(self._used, self._segments, strict=False):
            yield Found(segment.subject[:used], segment.network[:used], segment.slot[:used], segment.values[:used])


@compiled
def _pack(  # noqa: PLR0917 - compiled functions know no keywords
    folded: Asked, person: NDArray[np.int32], groups: int, network: int, part: int, bits: int, at: int, found: Found
) -> int:
    """Copy the slots of so many groups in which there is anybody to `found`, from place `at` on; return the place after them."""
    values = folded.values.reshape(len(folded.values), KINDS + 1, WIDTH)
    subjects, networks, slots_, to = found.subject, found.network, found.slot, found.values
    for group in range(groups):
        for slot in range(KINDS + 1):
            if values[group, slot, ACTS] > 0.0:
                subjects[at] = person[group] << bits | part
                networks[at] = network
                slots_[at] = slot
                for place in range(WIDTH):
                    to[at, place] = values[group, slot, place]
                at += 1
    return at
