"""Fold: rows → all fourteen aggregations of every (subject, kind) and of `any`, against DuckDB doing the same in SQL."""

from __future__ import annotations

import json
import resource
import statistics
import time
from typing import Any

import duckdb
import numba
import numpy as np
from numpy.typing import NDArray

from benchmarks.generate import KINDS, WINDOW, interactions
from kleos.contract import AGGREGATIONS
from kleos.kernel.fold import fold
from kleos.kernel.layout import Anonymous, Clock, Influence, Named

__all__ = ["main"]

ROUNDS = 3
THREADS = 2
ATTENTION = 2.0
UNKNOWN = 0.5
CLOCK = Clock(WINDOW, WINDOW / 3, WINDOW / 16)


def main(rows: int) -> dict[str, Any]:
    """Run both, compare what they found to 1e-6, and return seconds (medians), ratio, memory and versions."""
    columns = interactions(rows)
    q = np.random.default_rng(2).uniform(0.001, 1.0, int(columns["actor"].max()) + 1)
    ours, theirs = [], []
    for _ in range(ROUNDS + 1):  # the first round compiles and warms up
        start = time.perf_counter()
        found = _kleos(columns, q)
        ours.append(time.perf_counter() - start)
    for _ in range(ROUNDS):
        start = time.perf_counter()
        expected = _duckdb(columns, q)
        theirs.append(time.perf_counter() - start)
    _compare(found, expected)
    kleos, peer = statistics.median(ours[1:]), statistics.median(theirs)
    return {
        "benchmark": "fold",
        "rows": rows,
        "threads": THREADS,
        "memory": "FRESH",
        "seconds": {"kleos": round(kleos, 3), "duckdb": round(peer, 3)},
        "ratio": {"duckdb": round(peer / kleos, 2)},
        "rows_per_second": round(rows / kleos),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "versions": {"numba": numba.__version__, "duckdb": duckdb.__version__, "numpy": np.__version__},
    }


def _kleos(columns: dict[str, NDArray[np.int64]], q: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sort, number the items of each subject, fold: the sorting is part of the work."""
    people = int(columns["subject"].max()) + 1
    order = np.lexsort((columns["item"], columns["actor"], columns["subject"]))
    subject = columns["subject"][order]
    named = Named(
        np.searchsorted(subject, np.arange(people + 1)).astype(np.int64),
        columns["kind"][order].astype(np.int16),
        columns["actor"][order].astype(np.int32),
        (columns["item"][order] - subject * 300).astype(np.int32),
        columns["age"][order],
        np.ones(len(order), dtype=np.int64),
    )
    none = np.zeros(0, dtype=np.int64)
    anonymous = Anonymous(np.zeros(people + 1, dtype=np.int64), none.astype(np.int16), none.astype(np.int32), none, none)
    influence = Influence(q, UNKNOWN, np.zeros(len(q)), ATTENTION)
    return fold(named, anonymous, influence, CLOCK, np.ones(KINDS, dtype=np.bool_), threads=THREADS).values


def _duckdb(columns: dict[str, NDArray[np.int64]], q: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the same, from SQL."""
    actors = {"actor": np.arange(len(q)), "q": q}
    with duckdb.connect(config={"threads": THREADS}) as connection:
        connection.register("given", columns)
        connection.register("influence", actors)
        table = connection.execute(_SQL, {"unknown": UNKNOWN, "attention": ATTENTION, "window": WINDOW, "any_slot": KINDS}).fetchnumpy()
    values = np.zeros((int(columns["subject"].max()) + 1, KINDS + 1, len(AGGREGATIONS)))
    for place, name in enumerate(AGGREGATIONS):
        values[table["subject"], table["slot"], place] = table[name]
    return values


def _compare(found: NDArray[np.float64], expected: NDArray[np.float64]) -> None:
    for place, name in enumerate(AGGREGATIONS):
        if not np.allclose(found[..., place], expected[..., place], rtol=1e-6, atol=1e-6):
            worst = np.abs(found[..., place] - expected[..., place]).max()
            raise AssertionError(f"{name} differs by up to {worst}")


_SQL = """
WITH slotted AS (
    SELECT g.subject, g.actor, g.item, g.age, s.slot, i.q, i.q / $unknown AS w,
           least(g.age * 90 // $window, 89) AS day, least(g.age * 13 // $window, 12) AS week
    FROM given g JOIN influence i USING (actor), LATERAL (SELECT unnest([g.kind, $any_slot]) AS slot) s
), actors AS (
    SELECT subject, slot, actor, any_value(w) AS w, any_value(q) AS q, count(*) AS own, min(age) AS latest,
           count(DISTINCT week) AS weeks, count(DISTINCT day) AS days, count(DISTINCT item) AS items
    FROM slotted GROUP BY subject, slot, actor
), by_actor AS (
    SELECT subject, slot, sum(w * own) AS count, sum(w * items) AS acts, sum(w) AS actors, sum(w * ln(1 + own)) AS saturated,
           sum(w * pow(2, -latest / ($window / 3.0))) AS decayed, sum(w * pow(2, -latest / ($window / 16.0))) AS recent,
           sum(w * q) AS prestige, sum(w * (own / (own + $attention))) AS share_of_attention,
           coalesce(sum(w) FILTER (weeks > 1), 0) AS returning, sum(w * days) AS actor_days
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
    SELECT subject, slot, sum(best) AS items, max(crowd) AS peak, count(*) FILTER (crowd >= rank) AS h_index
    FROM ranked GROUP BY subject, slot
)
SELECT * FROM by_actor JOIN days USING (subject, slot) JOIN by_item USING (subject, slot)
"""

if __name__ == "__main__":
    print(json.dumps(main(1_000_000)))
