"""Influence: weighted edges → PageRank (damping 0.85) to an L1 error of 1e-7, building the graph included, against three others."""

from __future__ import annotations

import argparse
import gc
import importlib.metadata
import importlib.util
import json
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.generate import interactions
from kleos.kernel.attention import build
from kleos.kernel.settle import settle

__all__ = ["main"]

ROUNDS = 5
THREADS = 2
DAMPING = 0.85
ERROR = 1e-7
"""L1, of a distribution that adds up to 1."""
TOLERANCE = 0.1 * ERROR * (1 - DAMPING) / DAMPING
"""Of the change in a round: the rounds alone would leave a tenth of the error at most."""
SAME = 1e-6
PEERS = {"scipy": "scipy", "networkit": "networkit", "igraph": "igraph"}
"""Contender → the distribution that it needs."""

Edges = tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.float64], int]
"""Source, target, weight, number of people."""


def main(rows: int) -> dict[str, Any]:
    """Run all in turns, compare what they found, and return seconds (medians), ratio, errors, memory and versions.

    `rows` is the number of edges. Besides the time on the wall (`seconds`) the processor's time (`cpu_seconds`) is told, which says more
    on a machine that does other work as well; of the contenders kleos and networkit use two threads. `peak_memory_mb` is the process's
    after each contender's first run, in the order of the list: it never falls. igraph cannot be told an error and solves to 1e-12.
    """
    edges = attention(rows)
    contenders: dict[str, Callable[[Edges], NDArray[np.float64]]] = {
        "kleos": _kleos,
        "scipy": _scipy,
        "networkit": _networkit,
        "igraph": _igraph,
    }
    left_out = {name: f"{needs} is not installed" for name, needs in PEERS.items() if importlib.util.find_spec(needs) is None}
    for name in left_out:
        del contenders[name]
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    processor: dict[str, list[float]] = {name: [] for name in contenders}
    peak: dict[str, int] = {}
    found: dict[str, NDArray[np.float64]] = {}
    for round_ in range(ROUNDS + 1):  # the first round compiles and warms up
        for name, solve in contenders.items():
            gc.collect()
            start, start_cpu = time.perf_counter(), time.process_time()
            found[name] = solve(edges)
            seconds[name].append(time.perf_counter() - start)
            processor[name].append(time.process_time() - start_cpu)
            if not round_:
                peak[name] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    exact = _rounds(*_matrix(edges), 1e-14)
    errors = {name: float(np.abs(ranks - exact).sum()) for name, ranks in found.items()}
    for name, error in errors.items():
        if error > (ERROR if name == "kleos" else SAME):
            raise AssertionError(f"{name} differs by {error} from the fixpoint")
    medians = {name: statistics.median(took[1:]) for name, took in seconds.items()}
    cpu = {name: statistics.median(took[1:]) for name, took in processor.items()}
    return {
        "benchmark": "influence",
        "rows": rows,
        "people": edges[3],
        "threads": THREADS,
        "memory": "FRESH",
        "seconds": {name: round(took, 3) for name, took in medians.items()},
        "cpu_seconds": {name: round(took, 3) for name, took in cpu.items()},
        "ratio": {name: round(took / medians["kleos"], 2) for name, took in medians.items() if name != "kleos"},
        "l1_error": {name: float(f"{error:.2g}") for name, error in errors.items()},
        "left_out": left_out,
        "rows_per_second": round(rows / medians["kleos"]),
        "peak_memory_mb": peak,
        "versions": {name: importlib.metadata.version(name) for name in ("numba", "numpy", *PEERS.values()) if name not in left_out},
    }


def attention(rows: int, *, seed: int = 5) -> Edges:
    """Return who reacts to whom: the heavy tails of `interactions`, a tenth as many people, whose numbers say nothing about their rank."""
    columns = interactions(rows)
    people = max(2, rows // 10)
    dice = np.random.default_rng(seed)
    numbers = dice.permutation(people).astype(np.uint32)
    return numbers[columns["actor"]], numbers[columns["subject"]], dice.uniform(0.5, 4.0, rows), people


def _kleos(edges: Edges) -> NDArray[np.float64]:
    source, target, weight, people = edges
    return settle(build(source, target, weight, people, threads=THREADS), DAMPING, tolerance=TOLERANCE, threads=THREADS).weight / people


def _scipy(edges: Edges) -> NDArray[np.float64]:
    return _rounds(*_matrix(edges), TOLERANCE)


def _matrix(edges: Edges) -> tuple[Any, NDArray[np.float64]]:
    """Return the weights by (target, source), and what everybody gives."""
    from scipy import sparse

    source, target, weight, people = edges
    other = source != target
    source, target, weight = source[other], target[other], weight[other]
    given = np.bincount(source, weights=weight, minlength=people).astype(np.float64)
    return sparse.csr_array((weight, (target, source)), shape=(people, people)), given


def _rounds(matrix: Any, given: NDArray[np.float64], tolerance: float) -> NDArray[np.float64]:
    """Go round until the change (L1) is at most the tolerance, as kleos does; or until it falls no further."""
    people = len(given)
    dangling = given == 0.0
    apiece = np.divide(1.0, given, out=np.zeros(people), where=~dangling)
    ranks = np.full(people, 1.0 / people)
    before, change = np.inf, 3.0  # no change is larger than 2
    while tolerance < change < before:
        following = DAMPING * (matrix @ (ranks * apiece) + ranks[dangling].sum() / people) + (1.0 - DAMPING) / people
        before, change = change, np.abs(following - ranks).sum()
        ranks = following
    return ranks


def _networkit(edges: Edges) -> NDArray[np.float64]:
    import networkit

    source, target, weight, people = edges
    other = source != target
    networkit.setNumberOfThreads(THREADS)
    ends = (source[other].astype(np.uint64), target[other].astype(np.uint64))
    graph = networkit.GraphFromCoo((weight[other], ends), n=people, weighted=True, directed=True)
    ranking = networkit.centrality.PageRank(
        graph, damp=DAMPING, tol=TOLERANCE, distributeSinks=networkit.centrality.SinkHandling.DistributeSinks
    )
    ranking.norm = networkit.centrality.Norm.L1_NORM
    ranking.run()
    return np.array(ranking.scores())


def _igraph(edges: Edges) -> NDArray[np.float64]:
    import igraph

    source, target, weight, people = edges
    other = source != target
    graph = igraph.Graph(n=people, edges=np.column_stack((source[other], target[other])).astype(np.int64), directed=True)
    return np.array(graph.pagerank(damping=DAMPING, weights=weight[other].tolist(), implementation="prpack"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.influence", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="edges (default: %(default)s)")
    print(json.dumps(main(parser.parse_args().rows)))
