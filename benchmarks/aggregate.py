"""Aggregate: sparse factors → 12 metrics in 7 networks → odds → score, for 420 and 3,600 factors, against scipy, DuckDB and Polars."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.apart import THREADS, apart, peak_megabytes, timed
from benchmarks.factors import BLOCK, NETWORKS, Floats, Made, make, opened, scores_of

__all__ = ["main"]

FACTORS = (420, 3600)
ROUNDS = 3
AGAIN = 4
"""Runs in a process after its first, which make REUSED."""
PATIENCE = 10.0
"""A contender that takes longer, in seconds, runs once in a process."""
SAMPLED = 2_000
"""People whose metrics are compared one by one."""
CONTENDERS = ("kleos", "scipy", "duckdb", "polars")


def main(rows: int) -> dict[str, Any]:
    """Run all in turns, each in a process of its own, compare what they found, and return medians, ratios, memory and versions.

    `rows` is the number of people. Every factor has a term, in a metric of its own network: the hardest case. All begin with what they
    like best in their memory: a sparse matrix by person, or a table (person, factor, value); the strengths of DuckDB and Polars are made
    scores by numpy, as scipy's are. Scores are compared to 1e-3 points, the metrics of 2,000 people to 1e-6 of them. `ratio` is of
    REUSED; on a machine that does other work, `cpu_ratio` says more, in which what runs on two threads counts twice.
    """
    runs: dict[str, list[dict[str, Any]]] = {}
    numbers: dict[int, int] = {}
    with tempfile.TemporaryDirectory() as name:
        folders = {factors: Path(name) / str(factors) for factors in FACTORS}
        for factors, folder in folders.items():
            numbers[factors] = make(folder, rows, factors)
        for _ in range(ROUNDS):
            for factors, folder in folders.items():
                for contender in CONTENDERS:
                    run = apart(f"benchmarks.aggregate:{contender}", folder=folder, factors=factors)
                    runs.setdefault(f"{contender}, {factors} factors", []).append(run)
        for folder in folders.values():
            _compare(folder)
    seconds, cpu, fresh = (_medians(runs, what) for what in ("seconds", "cpu_seconds", "fresh_seconds"))
    return {
        "benchmark": "aggregate",
        "rows": rows,
        "numbers": numbers,
        "threads": THREADS,
        "memory": "REUSED",
        "seconds": seconds,
        "cpu_seconds": cpu,
        "fresh_seconds": fresh,
        "ratio": _ratios(seconds),
        "cpu_ratio": _ratios(cpu),
        "many_factors": round(seconds[f"kleos, {FACTORS[1]} factors"] / seconds[f"kleos, {FACTORS[0]} factors"], 3),
        "cpu_many_factors": round(cpu[f"kleos, {FACTORS[1]} factors"] / cpu[f"kleos, {FACTORS[0]} factors"], 3),
        "people_per_second": round(rows / seconds[f"kleos, {FACTORS[0]} factors"]),
        "peak_memory_mb": {name: max(run["peak_memory_mb"] for run in found) for name, found in runs.items()},
        "versions": {name: importlib.metadata.version(name) for name in ("numba", "numpy", "scipy", "duckdb", "polars")},
    }


def kleos(folder: str, factors: int) -> dict[str, Any]:
    """Score by the engine."""
    from kleos.kernel.scores import SparseFactors, score_people
    from kleos.kernel.weighing import weighing

    made = opened(folder, factors)
    laid_out = weighing(made.forms, made.sizes, [made.table] * NETWORKS, [0.0] * NETWORKS, made.curve)
    everybody = SparseFactors(made.start, made.factor, made.value)
    some = everybody._replace(start=made.start[: SAMPLED + 1])
    metrics = score_people(some, laid_out, parts=True).metrics  # and compiles, or loads what is compiled
    return _measured(
        lambda: score_people(everybody, laid_out, threads=THREADS).score,
        lambda: metrics.reshape(len(metrics), -1),
        Path(folder, "kleos.npy"),
    )


def scipy(folder: str, factors: int) -> dict[str, Any]:
    """Score by products of sparse matrices."""
    from scipy import sparse

    made = opened(folder, factors)
    terms, weights = made.terms, made.weights
    places = len(weights["place"])
    to_metrics = sparse.csr_array((terms["weight"], (terms["factor"], terms["place"])), shape=(factors, places))
    to_networks = sparse.csr_array((weights["v"], (weights["place"], weights["network"])), shape=(places, NETWORKS))
    blocks = []
    for begin in range(0, len(made.start) - 1, BLOCK):
        start = made.start[begin : begin + BLOCK + 1]
        here = slice(start[0], start[-1])
        blocks.append(sparse.csr_array((made.value[here], made.factor[here], start - start[0]), shape=(len(start) - 1, factors)))

    def run() -> Floats:
        strengths = []
        for block in blocks:
            metrics = block @ to_metrics
            metrics.data /= weights["s"][metrics.indices]
            np.log1p(metrics.data, out=metrics.data)
            strengths.append((metrics @ to_networks).toarray())
        return scores_of(np.concatenate(strengths), made)

    return _measured(run, (blocks[0][:SAMPLED] @ to_metrics).toarray, Path(folder, "scipy.npy"))


def duckdb(folder: str, factors: int) -> dict[str, Any]:
    """Score by SQL."""
    import duckdb as peer

    made = opened(folder, factors)
    connection = peer.connect(config={"threads": THREADS, "preserve_insertion_order": False})
    numbers = {"person": made.person, "factor": made.factor, "value": made.value}
    for name, columns in (("numbers", numbers), ("terms", made.terms), ("weights", made.weights)):
        connection.register("given", columns)
        connection.execute(f"CREATE TABLE {name} AS FROM given")
    strengths = ", ".join(f"coalesce(sum(v * ln(1 + m / s)) FILTER (network = {n}), 0) AS s{n}" for n in range(NETWORKS))
    metrics = "SELECT person, place, sum(weight * value) AS m FROM numbers JOIN terms USING (factor) GROUP BY ALL"
    query = f"WITH metrics AS ({metrics}) SELECT person, {strengths} FROM metrics JOIN weights USING (place) GROUP BY person"  # noqa: S608

    def run() -> Floats:
        return scores_of(_strengths(connection.execute(query).fetchnumpy()), made)

    def sample() -> Floats:
        return _places(connection.execute(f"FROM ({metrics}) WHERE person < {SAMPLED}").fetchnumpy(), made)

    return _measured(run, sample, Path(folder, "duckdb.npy"))


def polars(folder: str, factors: int) -> dict[str, Any]:
    """Score by a lazy query."""
    os.environ["POLARS_MAX_THREADS"] = str(THREADS)  # read when it is imported
    import polars as pl

    made = opened(folder, factors)
    numbers = pl.DataFrame({"person": made.person, "factor": made.factor, "value": made.value})
    terms, weights = pl.DataFrame(made.terms), pl.DataFrame(made.weights)
    m = (pl.col("weight") * pl.col("value")).sum()
    metrics = numbers.lazy().join(terms.lazy(), on="factor").group_by("person", "place").agg(m=m)
    part = pl.col("v") * (pl.col("m") / pl.col("s")).log1p()
    strengths = [part.filter(pl.col("network") == n).sum().alias(f"s{n}") for n in range(NETWORKS)]
    query = metrics.join(weights.lazy(), on="place").group_by("person").agg(strengths)

    def run() -> Floats:
        return scores_of(_strengths(columns(query)), made)

    def columns(query: Any) -> dict[str, Floats]:
        found = query.collect(engine="streaming")
        return {name: found[name].to_numpy() for name in found.columns}

    return _measured(run, lambda: _places(columns(metrics.filter(pl.col("person") < SAMPLED)), made), Path(folder, "polars.npy"))


def _strengths(found: dict[str, Floats]) -> Floats:
    """Return float64[P, N] from columns `person` and one for each network."""
    strengths = np.zeros((len(found["person"]), NETWORKS))
    for n in range(NETWORKS):
        strengths[found["person"], n] = found[f"s{n}"]
    return strengths


def _places(found: dict[str, Floats], made: Made) -> Floats:
    """Return the metrics of the people in the sample, side by side, from columns `person`, `place` and `m`."""
    metrics = np.zeros((min(SAMPLED, len(made.start) - 1), len(made.weights["place"])))
    metrics[found["person"], found["place"]] = found["m"]
    return metrics


def _measured(run: Callable[[], Floats], sample: Callable[[], Floats], out: Path) -> dict[str, Any]:
    """Run it once FRESH and some times more; write the scores, and the metrics of the people in the sample."""
    seconds: list[float] = []
    cpu_seconds: list[float] = []
    scores = timed(run, seconds, cpu_seconds)
    while len(seconds) <= AGAIN and seconds[0] <= PATIENCE:
        del scores
        scores = timed(run, seconds, cpu_seconds)
    peak = peak_megabytes()
    np.save(out, scores)
    np.save(out.with_suffix(".metrics.npy"), sample())
    return {
        "fresh_seconds": seconds[:1],
        "seconds": seconds[1:] or seconds,
        "cpu_seconds": cpu_seconds[1:] or cpu_seconds,
        "peak_memory_mb": peak,
    }


def _medians(runs: dict[str, list[dict[str, Any]]], what: str) -> dict[str, float]:
    return {name: round(statistics.median(took for run in found for took in run[what]), 3) for name, found in runs.items()}


def _ratios(medians: dict[str, float]) -> dict[str, float]:
    """Return how many times as long the others take."""
    ratios = {}
    for name, took in medians.items():
        contender, _, factors = name.partition(", ")
        if contender != "kleos":
            ratios[name] = round(took / medians[f"kleos, {factors}"], 1)
    return ratios


def _compare(folder: Path) -> None:
    scores, metrics = np.load(folder / "kleos.npy"), np.load(folder / "kleos.metrics.npy")
    for peer in CONTENDERS[1:]:
        worst = np.abs(np.load(folder / f"{peer}.npy") - scores).max()
        if not worst <= 1e-3:
            raise AssertionError(f"scores of {peer} differ by up to {worst} points")
        np.testing.assert_allclose(metrics, np.load(folder / f"{peer}.metrics.npy"), rtol=1e-6, err_msg=f"metrics of {peer}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.aggregate", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="people (default: %(default)s)")
    print(json.dumps(main(parser.parse_args().rows)))
