"""Fold: Parquet → all fourteen aggregations of every (subject, network, kind) and of `any`, against DuckDB and Polars."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks.apart import THREADS, apart, peak_megabytes, timed
from benchmarks.generate import influence_table, table
from kleos.contract import AGGREGATIONS

__all__ = ["main"]

ROUNDS = 3
AGAIN = 1
"""Runs in a process after its first, which make REUSED."""
PATIENCE = 60.0
"""A contender that takes longer, in seconds, runs once."""
SAMPLED = 100_000
"""People whose factors are compared one by one, at most; of all others the sums."""
CONTENDERS = ("kleos", "duckdb", "polars")
SMALL = 20_000
"""Rows of the fold that loads the code before anything is measured."""

Columns = dict[str, NDArray[Any]]
"""Of the sampled people subject, network, slot and values (float32[N, 14]); of everybody sums (float64[14]) and the number of keys."""
Result = TypeVar("Result")


def main(rows: int) -> dict[str, Any]:
    """Run all in turns, each in a process of its own, compare what they found to 1e-6, and return medians, ratios, memory and versions.

    FRESH: the first run in a process, into memory never used; imports and the loading of compiled code are done before. REUSED: the same
    process again; of who takes minutes and ran once (see `runs`), the same number stands for both. All read the same files, and keep keys
    and float32 factors in memory.
    """
    rows_of, influence = _tables(rows)
    step = max(1, rows // 10 // SAMPLED)
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in CONTENDERS}
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder) / f"{name}.npz" for name in CONTENDERS}
        for _ in range(ROUNDS):
            for name in CONTENDERS:
                if not runs[name] or runs[name][0]["seconds"][0] <= PATIENCE:
                    runs[name].append(apart(f"benchmarks.fold:{name}", table=rows_of, influence=influence, out=files[name], step=step))
        keys = {_compare(files["kleos"], files[name]) for name in CONTENDERS}
    seconds, cpu = (_medians(runs, what) for what in ("seconds", "cpu_seconds"))
    return {
        "benchmark": "fold",
        "rows": rows,
        "keys": keys.pop(),
        "threads": THREADS,
        "bytes_per_row": round(rows_of.stat().st_size / rows, 1),
        "runs": {name: len(found) for name, found in runs.items()},
        "seconds": seconds,
        "cpu_seconds": cpu,
        "ratio": _ratios(seconds),
        "cpu_ratio": _ratios(cpu),
        "rows_per_second": {state: round(rows / took["kleos"]) for state, took in seconds.items()},
        "peak_memory_mb": {name: max(run["peak_memory_mb"] for run in found) for name, found in runs.items()},
        "versions": {name: importlib.metadata.version(name) for name in ("numba", "numpy", "pyarrow", "duckdb", "polars")},
    }


def kleos(table: Path, influence: Path, out: Path, step: int) -> dict[str, Any]:
    """Fold by the engine; `out` takes every `step`-th person's factors, here and below."""
    from benchmarks.folding import Engine, Found

    Engine(*_tables(SMALL)).run()
    engines: list[Engine] = []

    def run() -> list[Found]:
        if not engines:
            engines.append(Engine(Path(table), Path(influence)))
        return engines[0].run()

    def look(found: list[Found]) -> Columns:
        picked = [Found(*(column[stretch.subject % step == 0] for column in stretch)) for stretch in found]
        columns = dict(zip(Found._fields, map(np.concatenate, zip(*picked, strict=True)), strict=True))
        columns["sums"] = np.sum([stretch.values.sum(axis=0, dtype=np.float64) for stretch in found], axis=0)
        return columns | {"keys": np.array(sum(len(stretch.subject) for stretch in found))}

    return _measured(run, look, out)


def duckdb(table: Path, influence: Path, out: Path, step: int) -> dict[str, Any]:
    """Fold by DuckDB, into a table of its own in memory."""
    import duckdb

    from benchmarks.peers import KEYS, fold_sql

    connection = duckdb.connect(config={"threads": THREADS, "preserve_insertion_order": False})
    query = fold_sql(table, influence)

    def run() -> None:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE folded AS {query}")

    def look(_: None) -> Columns:
        sampled = connection.execute("FROM folded WHERE subject % ? = 0", [step]).fetchnumpy()
        sums = ", ".join(f'sum("{name}"::DOUBLE)' for name in AGGREGATIONS)
        *found, keys = connection.execute(f"SELECT {sums}, count(*) FROM folded").fetchall()[0]  # noqa: S608 - names of ours
        columns = {name: np.asarray(sampled[name]) for name in KEYS} | {"sums": np.array(found), "keys": np.array(keys)}
        return columns | {"values": np.column_stack([sampled[name] for name in AGGREGATIONS])}

    return _measured(run, look, out)


def polars(table: Path, influence: Path, out: Path, step: int) -> dict[str, Any]:
    """Fold by Polars, into a data frame."""
    os.environ["POLARS_MAX_THREADS"] = str(THREADS)  # read when it is imported
    import polars as pl

    from benchmarks.peers import KEYS, polars_fold

    def look(found: Any) -> Columns:
        sampled = found.filter(pl.col("subject") % step == 0)
        columns = {name: sampled[name].to_numpy() for name in KEYS}
        columns["sums"] = found.select(pl.col(*AGGREGATIONS).cast(pl.Float64).sum()).to_numpy()[0]
        return columns | {"keys": np.array(len(found)), "values": sampled.select(AGGREGATIONS).to_numpy()}

    return _measured(lambda: polars_fold(table, influence), look, out)


def _measured(run: Callable[[], Result], look: Callable[[Result], Columns], out: Path) -> dict[str, Any]:
    seconds: list[float] = []
    cpu_seconds: list[float] = []
    result = timed(run, seconds, cpu_seconds)
    while len(seconds) <= AGAIN and seconds[0] <= PATIENCE:
        del result
        result = timed(run, seconds, cpu_seconds)
    peak = peak_megabytes()
    np.savez(out, **look(result))
    return {"seconds": seconds, "cpu_seconds": cpu_seconds, "peak_memory_mb": peak}


def _tables(rows: int) -> tuple[Path, Path]:
    return table(rows), influence_table(rows)


def _compare(found: Path, expected: Path) -> int:
    """Return the number of keys."""
    one, other = (dict(np.load(path)) for path in (found, expected))
    if one["keys"] != other["keys"]:
        raise AssertionError(f"{expected.stem} found {other['keys']} keys, {found.stem} {one['keys']}")
    np.testing.assert_allclose(one["sums"], other["sums"], rtol=1e-6, err_msg=f"sums of {expected.stem}")
    order, theirs = (np.lexsort((columns["slot"], columns["network"], columns["subject"])) for columns in (one, other))
    for name in ("subject", "network", "slot"):
        np.testing.assert_array_equal(one[name][order], other[name][theirs], err_msg=f"{name} of {expected.stem}")
    for place, name in enumerate(AGGREGATIONS):
        ours, peers = one["values"][order, place], other["values"][theirs, place]
        np.testing.assert_allclose(ours, peers, rtol=1e-6, atol=1e-6, err_msg=f"{name} of {expected.stem}")
    return int(one["keys"])


def _medians(runs: dict[str, list[dict[str, Any]]], what: str) -> dict[str, dict[str, float]]:
    """Return the medians of what was measured, by state of the memory and contender."""
    medians: dict[str, dict[str, float]] = {"FRESH": {}, "REUSED": {}}
    for name, found in runs.items():
        medians["FRESH"][name] = round(statistics.median(run[what][0] for run in found), 3)
        again = [took for run in found for took in run[what][1:]]
        medians["REUSED"][name] = round(statistics.median(again), 3) if again else medians["FRESH"][name]
    return medians


def _ratios(medians: dict[str, dict[str, float]]) -> dict[str, float]:
    """Return how many times as long the others take: "duckdb" REUSED, "duckdb FRESH" FRESH."""
    return {
        name if state == "REUSED" else f"{name} {state}": round(took / medians[state]["kleos"], 2)
        for state in ("REUSED", "FRESH")
        for name, took in medians[state].items()
        if name != "kleos"
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fold", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows (default: %(default)s)")
    print(json.dumps(main(parser.parse_args().rows)))
