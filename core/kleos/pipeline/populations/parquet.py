"""The quick way in: Parquet whose ids are whole numbers, straight into the engine's columns, row group by row group.

It takes only what is in order. At the first thing that needs a second thought (a missing subject, an unknown kind, a time in the future,
ids with large gaps) it gives up, and the careful way by SQL (`given`, `encoding`) reads the whole again: a rule stands in one place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from threading import local
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.collect import EARLIEST, LATEST
from kleos.config import Population
from kleos.kernel.records import ITEMLESS_SLOT, NOBODY, slots
from kleos.pipeline.populations.blocks import Chunk

__all__ = ["IrregularError", "Tables", "is_wholly_parquet", "open_tables", "read_tables"]

PLAIN = frozenset({"subject", "actor", "kind", "item", "time", "count"})
"""Columns that this way understands."""
IDLE = frozenset({"id"})
"""Columns that a table taken as given has no use for."""
SPARSE = 4
"""Ids may be numbers up to so many times the number of rows."""
ROWS = 1 << 19
"""Rows that are taken at once: a file may have all its rows in one group, and the memory that a group takes is new every time."""
SCALES = {"s": 1_000_000, "ms": 1_000, "us": 1}


class IrregularError(Exception):
    """The tables are not what the quick way takes; says why."""


@frozen(kw_only=True, eq=False)
class Tables:
    """Tables of one network that the quick way can read."""

    paths: Sequence[Path]
    names: Mapping[str, str]
    """Canonical column → theirs."""
    kinds: Mapping[str, int]
    """Their word → the kind's number."""
    rows: int
    ids: int
    """All ids are below this."""
    scale: int
    """µs in a unit of time."""
    newest: int | None
    oldest: int | None
    """µs."""


def is_wholly_parquet(wanted: Population) -> bool:
    """Whether this way could be meant at all."""
    return wanted.network is not None and wanted.accounts is None and all(path.suffix == ".parquet" for path in wanted.interactions)


def open_tables(wanted: Population, kinds: Sequence[str]) -> Tables:
    """Look at the files' own statistics. `kinds` are the network's. Raises `IrregularError`, and ImportError without pyarrow."""
    parquet = import_module("pyarrow.parquet")
    words = {kind: number for number, kind in enumerate(kinds)}
    words.update({theirs: words[ours] for theirs, ours in wanted.kinds.items() if ours in words})
    names: dict[str, str] | None = None
    rows, largest, times = 0, -1, []
    for path in wanted.interactions:
        try:
            metadata = parquet.ParquetFile(path).metadata
        except (OSError, ValueError) as error:
            raise IrregularError(str(error)) from None
        schema = metadata.schema.to_arrow_schema()
        found = _names(schema, {str(name): theirs for name, theirs in wanted.columns.items()})
        if names is not None and found != names:
            raise IrregularError("the files' columns differ")
        names = found
        rows += metadata.num_rows
        for place in range(metadata.num_row_groups):
            group = metadata.row_group(place)
            for number in range(group.num_columns):
                column = group.column(number)
                name = column.path_in_schema
                if name in (names["subject"], names["actor"]):
                    low, high = _statistics(column)
                    if low is not None and low < 0:
                        raise IrregularError("an id is below 0")
                    largest = max(largest, -1 if high is None else high)
                elif name == names.get("time"):
                    times += [moment for moment in _statistics(column) if moment is not None]
    assert names is not None
    if largest + 1 > max(SPARSE * rows, 1_000_000) or largest >= int(NOBODY):
        raise IrregularError("the ids have large gaps")
    scale = _scale(wanted.time_unit, times)
    micros = [moment * scale for moment in times]
    if any(not EARLIEST <= moment < LATEST for moment in micros):
        raise IrregularError("a time is beyond reason")
    return Tables(
        paths=wanted.interactions,
        names=names,
        kinds=words,
        rows=rows,
        ids=largest + 1,
        scale=scale,
        newest=max(micros, default=None),
        oldest=min(micros, default=None),
    )


def read_tables(
    tables: Tables, *, as_of: int, window: int, threads: int, seen: NDArray[np.bool_], acted: NDArray[np.bool_], use: Any
) -> None:
    """Call `use` with every row group as a `Chunk`, from several threads; mark ids that are
    subjects in `seen`, actors in `acted` (bool[ids]).

    `as_of` and `window` in µs. Raises `IrregularError`.
    """
    parquet = import_module("pyarrow.parquet")
    opened = local()

    def work(job: tuple[Path, int]) -> None:
        path, group = job
        files = opened.__dict__.setdefault("files", {})
        if path not in files:
            files[path] = parquet.ParquetFile(path, read_dictionary=[tables.names["kind"]])
        batches = files[path].iter_batches(ROWS, row_groups=[group], columns=list(tables.names.values()), use_threads=False)
        for batch in batches:
            use(_chunk(batch, tables, as_of, window=window, seen=seen, acted=acted))

    jobs = [(path, group) for path in tables.paths for group in range(parquet.ParquetFile(path).metadata.num_row_groups)]
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(work, jobs):
            pass


def _names(schema: Any, theirs: Mapping[str, str]) -> dict[str, str]:
    """Return the columns that are there and wanted, canonical → theirs."""
    types = import_module("pyarrow.types")
    canonical = {theirs.get(name, name): name for name in (*PLAIN, *IDLE, "network", "item_time", "captured", "audience")}
    found = {canonical[name]: name for name in schema.names if name in canonical and canonical[name] not in IDLE}
    beyond = sorted(found.keys() - PLAIN)
    if beyond:
        raise IrregularError(f"there is a column {beyond[0]}")
    for name in ("subject", "actor", "kind"):
        if name not in found:
            raise IrregularError(f"there is no column {name}")
    for name, own in found.items():
        type_ = schema.field(own).type
        words = type_.value_type if types.is_dictionary(type_) else type_
        text = types.is_string(words) or types.is_large_string(words)
        if not (text if name == "kind" else types.is_integer(type_)):
            raise IrregularError(f"the column {own} is of type {type_}")
    return found


def _statistics(column: Any) -> tuple[int | None, int | None]:
    found = column.statistics
    if found is None or (not found.has_min_max and found.null_count != column.num_values):
        raise IrregularError(f"the column {column.path_in_schema} has no statistics")
    return (found.min, found.max) if found.has_min_max else (None, None)


def _scale(unit: str | None, times: Sequence[int]) -> int:
    """Return µs in a unit; where it is not said, it is recognised as in `kleos.collect.cells.time`."""
    if unit is not None:
        if unit not in SCALES:
            raise IrregularError(f"times are {unit}")
        return SCALES[unit]
    units = {"s" if moment < 10**11 else "ms" if moment < 10**14 else "us" for moment in times} or {"us"}
    if len(units) > 1:
        raise IrregularError("times have several units")
    return SCALES[units.pop()]


def _chunk(columns: Any, tables: Tables, as_of: int, *, window: int, seen: NDArray[np.bool_], acted: NDArray[np.bool_]) -> Chunk:
    """Return some rows as the engine wants them. Columns that are so already are not copied: new memory costs more than the work on it."""
    names = tables.names
    person, missing = _numbers(columns, names["subject"])
    if missing is not None:
        raise IrregularError("a subject is missing")
    actor, nobody = _numbers(columns, names["actor"])
    seen[person] = True
    acted[actor if nobody is None else actor[~nobody]] = True
    person, actor = person.astype(np.uint32, copy=False), actor.astype(np.uint32, copy=nobody is not None)
    if nobody is not None:
        actor[nobody] = NOBODY
    slot = _slots(columns, names["kind"], tables.kinds)
    if "item" in names:
        item, itemless = _numbers(columns, names["item"])  # 0 where there is none
        item = item.astype(np.int64, copy=False).view(np.uint64)
        if itemless is not None:
            slot |= itemless * ITEMLESS_SLOT
    else:
        item = np.zeros(len(person), dtype=np.uint64)
        slot |= ITEMLESS_SLOT
    if "time" in names:
        time, untimed = _numbers(columns, names["time"])
        age = time.astype(np.int64, copy=False) * -tables.scale
        age += as_of
        if untimed is not None:
            age[untimed] = window // 2
    else:
        age = np.full(len(person), window // 2, dtype=np.int64)
    reactions = np.zeros(0, dtype=np.int64)
    if "count" in names:
        count, unknown = _numbers(columns, names["count"])
        reactions = count.astype(np.int64) if unknown is None else np.where(unknown, 1, count).astype(np.int64)
        if len(reactions) and not 0 <= reactions.min() <= reactions.max() <= 10**12:
            raise IrregularError("a count is beyond reason")
        age[reactions == 0] = -1
    age[person == actor] = -1  # reactions to oneself count for nothing
    return Chunk(person, actor, slot, item, age, reactions)


def _numbers(columns: Any, name: str) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """Return a column of whole numbers (0 where one is missing), and which are missing, if any."""
    column = columns.column(name)
    if not column.null_count:
        return column.to_numpy(), None
    missing: NDArray[np.bool_] = column.is_null().to_numpy(zero_copy_only=False)
    return column.fill_null(0).to_numpy(), missing


def _slots(columns: Any, name: str, words: Mapping[str, int]) -> NDArray[np.uint16]:
    """Return uint16[N]: the slots of the kinds, which all have an item; there is one network."""
    column = columns.column(name)
    if column.null_count:
        raise IrregularError("a kind is missing")
    theirs = column.dictionary.to_pylist()
    unknown = [word for word in theirs if word not in words]
    if unknown:
        raise IrregularError(f"{unknown[0]!r} is no kind")
    kinds = np.array([words[word] for word in theirs], dtype=np.uint16)
    of_word: NDArray[np.uint16] = slots(np.zeros(1, dtype=np.uint16), kinds, np.zeros(1, dtype=np.bool_))
    slot: NDArray[np.uint16] = of_word[column.indices.to_numpy()]
    return slot
