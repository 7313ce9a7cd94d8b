"""Seeded, heavy-tailed interactions, as the benchmarks use them: as columns, or as Parquet files made chunk by chunk and kept."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["AS_OF", "KINDS", "NETWORKS", "WINDOW", "influence_table", "interactions", "table"]

KINDS = 6
NETWORKS = 7
ITEMS = 300
"""At most so many items a subject."""
WINDOW = 90 * 86_400 * 1_000_000
AS_OF = 1_767_225_600_000_000
"""The end of the window, µs: 2026-01-01."""
GROUP = 1 << 20
"""Rows of a row group, and of what is in memory at once."""


def interactions(rows: int, *, seed: int = 1) -> dict[str, NDArray[np.int64]]:
    """Return columns subject, actor, item, kind and age (µs): subjects Zipf 0.9, actors Zipf 0.7, up to 300 items a subject, Zipf 1.

    People are numbered from the most prominent on.
    """
    dice = np.random.default_rng(seed)
    subject, actor, item = _drawn(dice, rows, _people(rows))
    return {
        "subject": subject,
        "actor": actor,
        "item": subject * ITEMS + item,
        "kind": dice.integers(0, KINDS, rows),
        "age": dice.integers(0, WINDOW, rows),
    }


def table(rows: int, *, networks: int = NETWORKS, words: Sequence[str] = (), seed: int = 1) -> Path:
    """Return a Parquet file (zstd) of subject, actor (uint32), network, kind (uint8), item (uint64) and time (int64, µs), in time order.

    The same draws as `interactions`, but people are numbered at random. With `words` kinds are these instead of numbers; of a single
    network there is no column. It is made if it is not in the temporary folder yet.
    """
    path = _kept("rows", rows, networks, *words, seed)
    if not path.exists():
        _write(path, _chunks(rows, networks, words, seed))
    return path


def influence_table(rows: int, *, seed: int = 2) -> Path:
    """Return a Parquet file of actor (uint32) and q (float64), everybody's influence, for a table of so many rows."""
    path = _kept("influence", rows, seed)
    if not path.exists():
        people = _people(rows)
        _write(path, iter([{"actor": np.arange(people, dtype=np.uint32), "q": np.random.default_rng(seed).uniform(0.001, 1.0, people)}]))
    return path


def _chunks(rows: int, networks: int, words: Sequence[str], seed: int) -> Iterator[dict[str, object]]:
    import pyarrow

    people = _people(rows)
    numbers = np.random.default_rng([seed, 0]).permutation(people).astype(np.uint32)
    size = min(GROUP, -(-rows // 8))
    for begin in range(0, rows, size):
        count = min(size, rows - begin)
        dice = np.random.default_rng([seed, 1 + begin])
        *ranks, item = _drawn(dice, count, people)
        subject, actor = (numbers[rank] for rank in ranks)
        kind = dice.integers(0, KINDS, count, dtype=np.uint8)
        first, last = (AS_OF - WINDOW + WINDOW * row // rows for row in (begin, begin + count))
        chunk: dict[str, object] = {"subject": subject, "actor": actor}
        if networks > 1:
            chunk["network"] = dice.integers(0, networks, count, dtype=np.uint8)
        chunk["kind"] = pyarrow.DictionaryArray.from_arrays(kind, pyarrow.array(words)) if words else kind
        chunk["item"] = subject.astype(np.uint64) * np.uint64(ITEMS) + item.astype(np.uint64)
        chunk["time"] = np.sort(dice.integers(first, last, count))
        yield chunk


def _write(path: Path, chunks: Iterator[dict[str, object]]) -> None:
    """Write one row group a chunk; the file is there when it is whole."""
    import pyarrow
    from pyarrow import parquet

    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}")
    writer = None
    try:
        for chunk in chunks:
            columns = pyarrow.table(chunk)
            if writer is None:
                writer = parquet.ParquetWriter(part, columns.schema, compression="zstd")
            writer.write_table(columns)
    finally:
        if writer is not None:
            writer.close()
    part.replace(path)


def _kept(*parameters: object) -> Path:
    digest = hashlib.blake2b(Path(__file__).read_bytes(), digest_size=4).hexdigest()
    return Path(tempfile.gettempdir()) / "kleos-benchmarks" / f"{'-'.join(map(str, parameters))}-{digest}.parquet"


def _people(rows: int) -> int:
    return max(2, rows // 10)


def _drawn(dice: np.random.Generator, rows: int, people: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return subjects, actors, and the subjects' items: their ranks, from 0 on."""
    subject = _zipf(dice, people, rows, 0.9)
    item = np.minimum(np.exp(dice.random(rows) * np.log(ITEMS)).astype(np.int64) - 1, ITEMS - 1)
    return subject, _zipf(dice, people, rows, 0.7), item


def _zipf(dice: np.random.Generator, size: int, count: int, exponent: float) -> NDArray[np.int64]:
    """Draw 0..size−1 with probability falling as rank^−exponent, by the inverse of the continuous distribution."""
    power = 1 - exponent
    drawn = ((dice.random(count) * ((size + 1) ** power - 1) + 1) ** (1 / power)).astype(np.int64) - 1
    clipped: NDArray[np.int64] = np.clip(drawn, 0, size - 1)
    return clipped
