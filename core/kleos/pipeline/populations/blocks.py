"""The rows of a population between reading and scoring: dealt to parts, in memory or, beyond its limit, in a file for each block."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from kleos.events import Emit
from kleos.kernel.parts import add_given
from kleos.kernel.records import Records, deal, new_records
from kleos.pipeline.populations.rate import Rate

__all__ = ["BYTES_A_ROW", "Blocks", "Chunk", "Plan"]

Result = TypeVar("Result")

BYTES_A_ROW, BYTES_UNCOUNTED = 32, 24
ROWS_A_PART = 1 << 16
PEOPLE_A_PART = 1 << 13
"""A part of about so many rows and people is worked on within the processor's cache."""
MOST_BITS = 14
FILE_BUFFER = 1 << 24
"""Bytes of one column that are read at once, at least where there are as many."""


class Chunk(NamedTuple):
    """Rows as a reader gives them, of equal length; see `kleos.kernel.records`."""

    person: NDArray[np.uint32]
    actor: NDArray[np.uint32]
    slot: NDArray[np.uint16]
    item: NDArray[np.uint64]
    age: NDArray[np.int64]
    reactions: NDArray[np.int64]
    """int64[0] where every row is one reaction."""

    def sealed(self) -> Chunk:
        """Return the same columns, none of which can be written to: such are a type of their own to numba, and what another library gives
        often is. So that it compiles for one type, all are."""
        return Chunk(*map(_sealed, self))


class Plan(NamedTuple):
    """How large the work is, and where it goes."""

    people: int
    rows: int
    """At most so many."""
    networks: int
    accounts: int
    window: int
    """µs."""
    threads: int
    memory: int
    """Bytes for the rows; beyond that they go to `folder`."""
    folder: Path
    shared: bool = False
    """Whether the rows are written to `folder` in any case, for others to read."""
    counted: bool = True
    """Whether a row may stand for several reactions; memory for the counts is taken only then."""

    @property
    def bits(self) -> int:
        """Enough parts that each fits the cache."""
        parts = max(self.rows / ROWS_A_PART, self.people * self.networks / PEOPLE_A_PART, 1.0)
        return min(MOST_BITS, int(np.ceil(np.log2(parts))))

    @property
    def on_disk(self) -> bool:
        """Whether the rows are only in `folder`: they are more than the memory may hold."""
        return self.rows * (BYTES_A_ROW if self.counted else BYTES_UNCOUNTED) > self.memory


class Blocks:
    """Implements `kleos.scoring.accounts.Parts`. Chunks may be added from several threads; then `each` reads them, as often as needed."""

    def __init__(self, plan: Plan, scored: NDArray[np.bool_], emit: Emit, *, on_disk: bool = False) -> None:
        """`scored` is bool[n, 62]: the kinds that count towards what an actor gave. With `on_disk` the rows are read from there anyway."""
        self.people = plan.people
        self.bits = plan.bits
        self.given = np.zeros(plan.accounts, dtype=np.int64)
        """int64[A]: all scored reactions that an account gave."""
        self.rows = 0
        """Rows added, those outside the window left out."""
        self._plan = plan
        self._scored = scored
        self._emit = emit
        self._lock = Lock()
        self._filling: Callable[[int], None] = lambda rows: None
        self._ends: list[NDArray[np.int64]] = []
        self._memory = None if on_disk or plan.on_disk else new_records(plan.rows, counted=plan.counted)
        self._idle: list[Records] = []
        """Memory for what is read, which is used again in every pass: what is new costs more than the reading."""

    @contextmanager
    def filling(self, rows: int) -> Iterator[None]:
        """Tell how far the reading of so many rows has come while the blocks are filled."""
        rate = self._filling = Rate(self._emit, "population", rows)
        yield
        rate.finished()

    def add(self, chunk: Chunk) -> None:
        """Deal a chunk's rows to the parts. Raises ValueError for counts where the plan has none."""
        if len(chunk.reactions) and not self._plan.counted:
            raise ValueError("expected rows of one reaction each, as planned, found counts")
        ends = np.empty((1 << self.bits) + 1, dtype=np.int64)
        size = len(chunk.person)
        chunk = chunk.sealed()
        self._filling(size)
        if self._memory is not None:
            with self._lock:
                begin = self.rows
                self.rows += size
            records = self._memory
        else:
            begin, records = 0, new_records(size, counted=len(chunk.reactions) > 0)
        moved = deal(*chunk, self._plan.window, self.bits, self._scored, begin, records, ends)
        with self._lock:
            number = len(self._ends)
            self._ends.append(ends)
            if self._memory is None:
                self.rows += moved
            add_given(records, begin, begin + moved, self.given)
        if self._memory is None or self._plan.shared:
            with self._path(number).open("wb") as file:
                for column in records:
                    file.write(column[begin : begin + moved].view(np.uint8).data)

    @property
    def memory_a_thread(self) -> int:
        """Bytes for what one thread works on."""
        return self._plan.memory // self._plan.threads

    def release(self) -> None:
        """Give back what the passes took: nothing more is read, or not for long."""
        self._idle.clear()

    def sizes(self) -> NDArray[np.int64]:
        """Return int64[2^bits]: the rows of each part."""
        sizes: NDArray[np.int64] = np.diff(np.array(self._ends, dtype=np.int64).reshape(-1, (1 << self.bits) + 1)).sum(axis=0)
        return sizes

    def state(self) -> dict[str, NDArray[np.int64]]:
        """Return what `resume` needs beside the files."""
        ends = np.array(self._ends, dtype=np.int64)
        return {"ends": ends - ends[:, :1], "given": self.given, "sizes": np.array([self.people, self.bits, self.rows])}

    @classmethod
    def resume(cls, plan: Plan, scored: NDArray[np.bool_], emit: Emit, state: Mapping[str, NDArray[np.int64]]) -> Blocks:
        """Return blocks whose files stand in the plan's folder, as they were."""
        found = cls(plan, scored, emit, on_disk=True)  # what is in files stays there, however much memory there is by now
        found.people, found.bits, found.rows = (int(number) for number in state["sizes"])
        found.given = state["given"]
        found._ends = list(state["ends"])
        return found

    def each(self, work: Callable[[int, Records, NDArray[np.int64]], Result], task: str, skip: Collection[int] = ()) -> Iterator[Result]:
        """See `kleos.scoring.accounts.Parts`."""
        parts = 1 << self.bits
        tell = Rate(self._emit, task, self.rows)
        if self._memory is not None:
            ends = np.array(self._ends, dtype=np.int64).reshape(len(self._ends), parts + 1)
            memory = self._memory

            def one(part: int) -> Result:
                spans = np.ascontiguousarray(ends[:, part : part + 2])
                result = work(part, memory, spans)
                tell(int((spans[:, 1] - spans[:, 0]).sum()))
                return result

            with ThreadPoolExecutor(self._plan.threads) as pool:
                yield from pool.map(one, (part for part in range(parts) if part not in skip))
        else:
            for results in self._each_range(work, tell, skip):
                yield from results
        tell.finished()

    def _each_range(
        self, work: Callable[[int, Records, NDArray[np.int64]], Result], tell: Rate, skip: Collection[int]
    ) -> Iterator[list[Result]]:
        """Read as many parts at once as fit the memory, each thread its own; those in `skip` are not read."""
        parts = 1 << self.bits
        ends = np.array(self._ends, dtype=np.int64)
        of_part = self.sizes()
        most = max(1, self.memory_a_thread // (4 * BYTES_A_ROW))
        edges = [0]
        for part in range(1, parts):
            if of_part[edges[-1] : part + 1].sum() > most or (part in skip) != (part - 1 in skip):
                edges.append(part)
        edges.append(parts)

        def some(number: int) -> list[Result]:
            first, last = edges[number], edges[number + 1]
            if first in skip:
                tell(int(of_part[first:last].sum()))
                return []
            with self._lock:
                room = self._idle.pop() if self._idle else new_records(0, counted=False)
            room, spans = self._read(ends, first, last, room)
            results = []
            for part in range(first, last):
                results.append(work(part, room, np.ascontiguousarray(spans[:, part - first : part - first + 2])))
                tell(int(of_part[part]))
            with self._lock:
                self._idle.append(room)
            return results

        with ThreadPoolExecutor(self._plan.threads) as pool:
            yield from pool.map(some, range(len(edges) - 1))

    def _read(self, ends: NDArray[np.int64], first: int, last: int, room: Records) -> tuple[Records, NDArray[np.int64]]:
        """Return the rows of the parts first..last, and int64[B, last − first + 1]: where each block's parts begin and end.

        The rows are put into `room` if it is large enough; then rows of earlier times may stand behind them.
        """
        spans = ends[:, first : last + 1]
        sizes = spans[:, -1] - spans[:, 0]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        paths = [self._path(number) for number in range(len(ends))]
        counted = [path.stat().st_size > BYTES_UNCOUNTED * end[-1] for path, end in zip(paths, ends, strict=True)]
        size_needed, needs_counts = int(starts[-1]), any(counted)
        fits = len(room.person) >= size_needed and (len(room.reactions) > 0) == needs_counts
        records = room if fits else new_records(size_needed, counted=needs_counts)
        for number, path in enumerate(paths):
            rows, begin, size, at = int(ends[number, -1]), int(spans[number, 0]), int(sizes[number]), int(starts[number])
            with path.open("rb", buffering=0) as file:
                offset = 0
                for column in records:
                    if column is records.reactions and not counted[number]:
                        column[at : at + size] = 1
                        break
                    file.seek(offset + begin * column.itemsize)
                    _fill(file.fileno(), column[at : at + size].view(np.uint8).data, offset + begin * column.itemsize)
                    offset += rows * column.itemsize
        return records, spans - spans[:, :1] + starts[:-1, None]

    def _path(self, number: int) -> Path:
        """Return the file of a block."""
        return self._plan.folder / f"block-{number:05}"


def _fill(descriptor: int, into: memoryview, offset: int) -> None:
    done = 0
    while done < len(into):
        read = os.preadv(descriptor, [into[done:]], offset + done)
        if not read:
            raise OSError("a file of rows is shorter than it was written")
        done += read


def _sealed(column: Any) -> NDArray[Any]:
    view: NDArray[Any] = column.view()
    view.flags.writeable = False
    return view
