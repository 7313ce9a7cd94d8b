"""Population: `[population]` from Parquet to scores as `kleos run` does it, in memory and on disk, against DuckDB doing the fold alone."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from attrs import define, field

from benchmarks.apart import THREADS, apart, timed
from benchmarks.generate import AS_OF, influence_table, table
from kleos.events import Event, Note, Progress

__all__ = ["main"]

WORDS = ("like", "retweet", "quote", "reply", "mention", "bookmark")
NETWORK = "twitter"
MEMORY = 2 << 30
"""Bytes: the setting that all contenders are given, but where it is told otherwise."""
BYTES_A_ROW = 64
"""With so much memory a row, none goes to disk; with a quarter of it, all do."""
GROWTH = (1, 3, 10)
"""Multiples of the rows over which the time per row should be flat."""
MOST = 300_000_000
"""Rows of the largest table that is made for it."""
SMALL = 20_000
"""Rows of the run that compiles the code, where that is still to be done, before anything is measured."""
ALL = 45_000_000_000
"""Rows of a day of Klout's."""


def main(rows: int, *, most: int = MOST) -> dict[str, Any]:
    """Run all, each in a process of its own, and return seconds per pass, rates, memory, growth, and what 45 · 10⁹ rows would take.

    Every run is FRESH and has `memory` = 2 GB; but "in memory" has as much as it needs, and "on disk" less than its rows, and what these
    two write is the same to the bit. DuckDB folds the same rows in SQL under the same limit, and does nothing else. The time per row at
    multiples of `rows` is told for tables of up to `most` rows.
    """
    large, small = max(MEMORY, rows * BYTES_A_ROW), rows * BYTES_A_ROW // 4
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _run(folder, SMALL, MEMORY, "out.parquet")
        runs = {
            "scores only": _run(folder, rows, MEMORY),
            "with out": _run(folder, rows, MEMORY, "out.parquet"),
            "in memory": _run(folder, rows, large, "large.parquet"),
            "on disk": _run(folder, rows, small, "small.parquet"),
        }
        _compare(folder / "large.parquet", folder / "small.parquet", runs["on disk"]["people"])
        duckdb = apart(
            "benchmarks.population:duckdb", table=_table(rows), influence=influence_table(rows), spill=folder / "spill", memory=MEMORY
        )
        growth = {rows: runs["with out"]}
        for times in GROWTH[1:]:
            if rows * times <= most:
                growth[rows * times] = _run(folder, rows * times, MEMORY, "out.parquet")
    first, *_, last = ((size, run["seconds"] / size) for size, run in growth.items())
    ours = runs["with out"]
    return {
        "benchmark": "population",
        "rows": rows,
        "people": ours["people"],
        "threads": THREADS,
        "memory": "FRESH",
        "seconds": {"kleos": ours["seconds"], **duckdb["took"]},
        "cpu_seconds": {"kleos": ours["cpu_seconds"], **duckdb["cpu_took"]},
        "ratio": {name: round(took / ours["seconds"], 2) for name, took in duckdb["took"].items()},
        "cpu_ratio": {name: round(took / ours["cpu_seconds"], 2) for name, took in duckdb["cpu_took"].items()},
        "failed": duckdb["failed"],
        "rows_per_second": round(rows / ours["seconds"]),
        "peak_memory_mb": {"kleos": ours["peak_memory_mb"], "duckdb": duckdb["peak_memory_mb"]},
        "runs": runs,
        "same_to_the_bit": True,
        "growth": {
            size: {
                "microseconds_per_row": round(run["seconds"] / size * 1e6, 3),
                "cpu_microseconds_per_row": round(run["cpu_seconds"] / size * 1e6, 3),
                "peak_memory_mb": run["peak_memory_mb"],
            }
            for size, run in growth.items()
        },
        "growth_ratio": round(last[1] / first[1], 2),
        "hours_for_45_billion_rows": round(ALL * last[1] / 3600, 2),
        "versions": {name: importlib.metadata.version(name) for name in ("numba", "numpy", "pyarrow", "duckdb")},
    }


def _table(rows: int) -> Path:
    return table(rows, networks=1, words=WORDS)


def _run(folder: Path, rows: int, memory: int, out: str = "") -> dict[str, Any]:
    """Write the configuration of a run, and run it."""
    config = folder / "kleos.toml"
    lines = [
        "[run]",
        f"threads = {THREADS}",
        "[population]",
        f'interactions = "{_table(rows)}"',
        f'network = "{NETWORK}"',
        'time_unit = "us"',
    ]
    lines += [f"memory = {memory}", *([f'out = "{out}"'] if out else [])]
    config.write_text("\n".join(lines), encoding="utf-8")
    return apart("benchmarks.population:kleos", config=config, rows=rows)


@define
class _Passes:
    """Hears a run, and tells the passes that it was made of."""

    marks: list[tuple[str, float, float]] = field(factory=list)
    """What begins, and the time on the wall and of the processors."""

    def __call__(self, event: Event) -> None:
        if isinstance(event, Note) and "slower" in event.text:
            raise AssertionError(event.text)
        if isinstance(event, Progress) and (event.done == 0 or event.finished):
            self.mark("between" if event.finished else event.task.split(",")[0])

    def mark(self, name: str) -> None:
        """Say that something begins."""
        self.marks.append((name, time.perf_counter(), time.process_time()))

    def took(self, clock: int) -> Mapping[str, float]:
        """Return the seconds of each pass, the rounds of influence added up; clock 1 is the wall's, 2 the processors'."""
        names = {"population": "read", "influence": "influence"}
        seconds: dict[str, float] = {}
        for mark, following in zip(self.marks, self.marks[1:], strict=False):
            name = names.get(str(mark[0]), str(mark[0]))
            seconds[name] = seconds.get(name, 0.0) + float(following[clock]) - float(mark[clock])
        return {name: round(took, 3) for name, took in seconds.items()}


def kleos(config: str, rows: int) -> dict[str, Any]:
    """Score everybody, as `kleos run` does."""
    from kleos.cli.opening import open_config
    from kleos.pipeline import population

    seconds: list[float] = []
    cpu_seconds: list[float] = []
    passes = _Passes()
    settings, loaded = open_config(Path(config), emit=passes)
    passes.mark("open")
    now = datetime.fromtimestamp(AS_OF / 1e6, UTC)
    found = timed(lambda: population(settings, loaded, emit=passes, now=now), seconds, cpu_seconds)
    passes.marks[-1] = ("write", *passes.marks[-1][1:])
    passes.mark("end")
    return {
        "seconds": round(seconds[0], 3),
        "cpu_seconds": round(cpu_seconds[0], 3),
        "rows_per_second": round(rows / seconds[0]),
        "passes": passes.took(1),
        "cpu_passes": passes.took(2),
        "people": found.size,
    }


def duckdb(table: str, influence: str, spill: str, memory: int) -> dict[str, Any]:
    """Fold by DuckDB within the memory, into a table that may go to disk."""
    import duckdb

    from benchmarks.peers import fold_sql

    words = ", ".join(f"'{word}'" for word in WORDS)
    query = fold_sql(
        Path(table),
        Path(influence),
        network="0::UTINYINT",
        kind=f"(list_position([{words}], kind) - 1)::UTINYINT",
        where="subject <> actor",
    )
    settings = {"threads": THREADS, "preserve_insertion_order": False, "memory_limit": f"{memory}B", "temp_directory": spill}
    connection = duckdb.connect(config=settings)
    seconds: list[float] = []
    cpu_seconds: list[float] = []
    try:
        timed(lambda: connection.execute(f"CREATE TEMP TABLE folded AS {query}"), seconds, cpu_seconds)
    except duckdb.OutOfMemoryException as error:
        return {"took": {}, "cpu_took": {}, "failed": {"duckdb": str(error).splitlines()[0]}}
    return {"took": {"duckdb": round(seconds[0], 3)}, "cpu_took": {"duckdb": round(cpu_seconds[0], 3)}, "failed": {}}


def _compare(found: Path, expected: Path, people: int) -> None:
    """Make sure that two tables of scores are the same to the bit and have everybody."""
    import duckdb

    rows = duckdb.sql(f"SELECT count(*) FROM '{expected}'").fetchall()[0][0]  # noqa: S608
    beyond = duckdb.sql(f"SELECT count(*) FROM (FROM '{found}' EXCEPT ALL FROM '{expected}')").fetchall()[0][0]  # noqa: S608
    if beyond or rows != people:
        raise AssertionError(f"{beyond} of {people} scores differ between memory and disk, which has {rows}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.population", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows (default: %(default)s)")
    parser.add_argument("--most", type=int, default=MOST, help="rows of the largest table for the growth (default: %(default)s)")
    arguments = parser.parse_args()
    print(json.dumps(main(arguments.rows, most=arguments.most)))
