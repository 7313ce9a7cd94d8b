"""Spark: `[population]` scored by its workers, against the same in one process, and against the fold alone in Spark's own SQL."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from attrs import define

from benchmarks.apart import THREADS, apart
from benchmarks.folding import ATTENTION, UNKNOWN
from benchmarks.generate import AS_OF, KINDS, WINDOW, influence_table, table
from benchmarks.population import NETWORK, WORDS
from kleos.contract import AGGREGATIONS
from kleos.events import Event, Progress

__all__ = ["main"]

ROUNDS = 3
SMALL = 20_000
"""Rows of the table on which the SQL is checked."""
ALLOWED = (0.5, 0.1)
"""What the scheduler may cost beyond the run in one process: seconds, and a share of it."""
MEMORY = "4g"
"""What the JVM may take."""


def main(rows: int) -> dict[str, Any]:
    """Run all, and return seconds of whole runs (Parquet in, scores out), of their scoring alone, and of Spark's SQL.

    The two ways of Kleos take turns in one process, warm, and what they write is the same to the bit. The SQL has a process and a warm
    session of its own, makes the fourteen factors of every key and drops them; its query is checked against DuckDB's on a small table.
    """
    ours = apart("benchmarks.spark:kleos", rows=rows)
    sql = apart("benchmarks.spark:sql", rows=rows)
    seconds = {name: statistics.median(took) for name, took in ours["seconds"].items()}
    scoring = {name: statistics.median(took) for name, took in ours["scoring"].items()}
    beyond = statistics.median(np.subtract(ours["seconds"]["spark"], ours["seconds"]["in process"]).tolist())
    return {
        "benchmark": "spark",
        "rows": rows,
        "people": ours["people"],
        "threads": THREADS,
        "memory": "REUSED",
        "rounds": ROUNDS,
        "seconds": _rounded(seconds | {"spark sql": sql["seconds"]}),
        "seconds_scoring": _rounded(scoring),
        "ratio": _rounded(
            {name: took / seconds["spark"] for name, took in (("in process", seconds["in process"]), ("spark sql", sql["seconds"]))}
        ),
        "ratio_scoring": _rounded({"in process": scoring["in process"] / scoring["spark"], "spark sql": sql["seconds"] / scoring["spark"]}),
        "seconds_beyond": {
            "found": round(beyond, 3),
            "found_scoring": round(statistics.median(np.subtract(ours["scoring"]["spark"], ours["scoring"]["in process"]).tolist()), 3),
            "allowed": round(ALLOWED[0] + ALLOWED[1] * seconds["in process"], 3),
        },
        "same_to_the_bit": True,
        "peak_memory_mb": {"driver of kleos": ours["peak_memory_mb"]},
        "versions": {name: importlib.metadata.version(name) for name in ("numba", "numpy", "pyarrow", "pyspark", "duckdb")},
    }


def kleos(rows: int) -> dict[str, Any]:
    """Score everybody in one process and by workers of Spark, in turns; the first turn only warms."""
    from kleos.cli.opening import open_config
    from kleos.pipeline import population

    seconds: dict[str, list[float]] = {"in process": [], "spark": []}
    scoring: dict[str, list[float]] = {"in process": [], "spark": []}
    with tempfile.TemporaryDirectory() as name, _session() as session:
        folder = Path(name)
        for _ in range(1 + ROUNDS):
            for way, scheduler in (("in process", None), ("spark", session)):
                heard = _Scoring()
                config, loaded = open_config(_config(folder, rows, way), emit=heard)
                began = time.perf_counter()
                found = population(config, loaded, emit=heard, now=datetime.fromtimestamp(AS_OF / 1e6, UTC), spark=scheduler)
                seconds[way].append(time.perf_counter() - began)
                scoring[way].append(heard.ended - heard.began)
            _compare(*(folder / f"{way}.parquet" for way in seconds))
    return {
        "seconds": {way: took[1:] for way, took in seconds.items()},
        "scoring": {way: took[1:] for way, took in scoring.items()},
        "people": found.size,
    }


@define
class _Scoring:
    """Hears a run, and tells when the scoring began and ended."""

    began: float = 0.0
    ended: float = 0.0

    def __call__(self, event: Event) -> None:
        if isinstance(event, Progress) and event.finished:
            # The pass before it is the last round of influence, or what follows it.
            self.began, self.ended = self.ended, time.perf_counter()


def sql(rows: int) -> dict[str, Any]:
    """Fold by Spark's SQL, and nothing else."""
    with _session() as session:
        _check(session)
        frame = session.sql(_fold(table(rows, networks=1, words=WORDS), influence_table(rows)))
        began = time.perf_counter()
        frame.write.format("noop").mode("overwrite").save()
        return {"seconds": time.perf_counter() - began}


@contextmanager
def _session() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    settings = {
        "spark.driver.memory": MEMORY,
        "spark.sql.shuffle.partitions": str(8 * THREADS),  # 200, its default, are for more than two cores
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    with tempfile.TemporaryDirectory() as folder:
        session = SparkSession.builder.master(f"local[{THREADS}]").config(map=settings | {"spark.local.dir": folder}).getOrCreate()
        try:
            yield session
        finally:
            session.stop()


def _config(folder: Path, rows: int, way: str) -> Path:
    path = folder / "kleos.toml"
    path.write_text(
        f'[run]\nthreads = {THREADS}\n[population]\ninteractions = "{table(rows, networks=1, words=WORDS)}"\nnetwork = "{NETWORK}"\n'
        f'time_unit = "us"\nout = "{way}.parquet"\n',
        encoding="utf-8",
    )
    return path


def _compare(one: Path, other: Path) -> None:
    """Make sure that two tables of scores are the same to the bit."""
    import duckdb

    counts = [duckdb.sql(f"SELECT count(*) FROM '{path}'").fetchall()[0][0] for path in (one, other)]  # noqa: S608
    beyond = duckdb.sql(f"SELECT count(*) FROM (FROM '{one}' EXCEPT ALL FROM '{other}')").fetchall()[0][0]  # noqa: S608
    if beyond or counts[0] != counts[1]:
        raise AssertionError(f"{beyond} of {counts[0]} scores of {one.stem} are not among the {counts[1]} of {other.stem}")


def _check(session: Any) -> None:
    """Make sure that a small table gives DuckDB's sums; the session is warm then."""
    import duckdb

    from benchmarks.peers import fold_sql

    files = table(SMALL, networks=1, words=WORDS), influence_table(SMALL)
    words = ", ".join(f"'{word}'" for word in WORDS)
    theirs = fold_sql(*files, network="0::UTINYINT", kind=f"(list_position([{words}], kind) - 1)::UTINYINT", where="subject <> actor")
    sums = ", ".join(f"sum(CAST({name} AS DOUBLE))" for name in AGGREGATIONS)
    found = session.sql(f"SELECT count(*), {sums} FROM ({_fold(*files)})").collect()[0]  # noqa: S608 - names of ours
    quoted = ", ".join(f'sum("{name}"::DOUBLE)' for name in AGGREGATIONS)
    expected = duckdb.sql(f"SELECT count(*), {quoted} FROM ({theirs})").fetchall()[0]  # noqa: S608
    np.testing.assert_allclose(np.array(found, dtype=np.float64), np.array(expected, dtype=np.float64), rtol=1e-6)


def _fold(rows: Path, influence: Path) -> str:
    """Return the query of `benchmarks.peers.fold_sql` in Spark's words."""
    words = ", ".join(f"'{word}'" for word in WORDS)
    factors = ", ".join(f"CAST({name} AS FLOAT) AS {name}" for name in AGGREGATIONS)
    return f"""
WITH given AS (
    SELECT subject, actor, CAST(item AS BIGINT) AS item, CAST(array_position(array({words}), kind) - 1 AS TINYINT) AS kind,
           {AS_OF} - time AS age
    FROM parquet.`{rows}` WHERE subject <> actor
), joined AS (
    SELECT g.*, q, q / {UNKNOWN} AS w, CAST(least(age * 90 DIV {WINDOW}, 89) AS TINYINT) AS day,
           CAST(least(age * 13 DIV {WINDOW}, 12) AS TINYINT) AS week
    FROM given g JOIN parquet.`{influence}` USING (actor)
), slotted AS (
    SELECT *, explode(array(kind, CAST({KINDS} AS TINYINT))) AS slot FROM joined
), actors AS (
    SELECT subject, slot, actor, any_value(w) AS w, any_value(q) AS q, count(*) AS own, min(age) AS latest,
           count(DISTINCT week) AS weeks, count(DISTINCT day) AS days, count(DISTINCT item) AS items
    FROM slotted GROUP BY subject, slot, actor
), by_actor AS (
    SELECT subject, slot, sum(w * own) AS count, sum(w * items) AS acts, sum(w) AS actors, sum(w * ln(1 + own)) AS saturated,
           sum(w * pow(2, -latest / ({WINDOW} / 3.0D))) AS decayed, sum(w * pow(2, -latest / ({WINDOW} / 16.0D))) AS recent,
           sum(w * q) AS prestige, sum(w * (own / (own + {ATTENTION}D))) AS share_of_attention,
           coalesce(sum(w) FILTER (WHERE weeks > 1), 0) AS returning, sum(w * days) AS actor_days
    FROM actors GROUP BY subject, slot
), days AS (
    SELECT subject, slot, sum(best) AS days
    FROM (SELECT subject, slot, day, least(max(w), 1) AS best FROM slotted GROUP BY subject, slot, day) GROUP BY subject, slot
), crowds AS (
    SELECT subject, slot, item, sum(w) AS crowd, least(max(w), 1) AS best
    FROM (SELECT DISTINCT subject, slot, item, actor, w FROM slotted) GROUP BY subject, slot, item
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY subject, slot ORDER BY crowd DESC) AS rank FROM crowds
), by_item AS (
    SELECT subject, slot, sum(best) AS items, max(crowd) AS peak, count(*) FILTER (WHERE crowd >= rank) AS h_index
    FROM ranked GROUP BY subject, slot
)
SELECT subject, slot, {factors} FROM by_actor JOIN days USING (subject, slot) JOIN by_item USING (subject, slot)
"""  # noqa: S608 - files, names and numbers of ours


def _rounded(numbers: dict[str, float]) -> dict[str, float]:
    return {name: round(number, 3) for name, number in numbers.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spark", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows (default: %(default)s)")
    print(json.dumps(main(parser.parse_args().rows)))
