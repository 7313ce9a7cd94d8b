"""Spark as the scheduler: its workers score the parts, each in the same compiled code, and no row passes through the JVM.

The driver reads the tables, deals the rows to parts in the folder `<out>.parts`, and finds everybody's influence. Then a task of Spark is
a stretch of parts: it reads their rows from that folder and leaves their scores in it, as an interrupted run would have. What is sent to
a task is the model and a few names, some tens of kilobytes; what comes back is nothing. So the folder has to be on a disk that all
workers share, and every worker needs the same versions of Kleos, numpy and numba on the same kind of processor: then the scores are those
of one machine to the bit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import lru_cache, partial
from typing import Any
from uuid import uuid4

import numba
import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

import kleos
from kleos.config import Population
from kleos.contract import Network
from kleos.errors import KleosError, UsageError
from kleos.events import Emit, silent
from kleos.pipeline.populations.journal import Journal
from kleos.pipeline.populations.opened import Opened, reopen
from kleos.pipeline.populations.rate import Rate
from kleos.pipeline.populations.scoring import Piece, score_others
from kleos.scoring.resolved import Resolved

__all__ = ["check", "score_on_spark"]

TASKS_A_CORE = 3
"""At most: some cores are slower than others."""
ROWS_A_TASK = 8_000_000
"""At least, where all cores have a task: between two of them a worker looks for garbage, and then makes its working memory anew."""
PATIENCE = 0.1
"""Seconds between two looks at what has been scored."""


def check(wanted: Population) -> None:
    """Raise `UsageError` where a population has no place that workers could share."""
    if wanted.out is None:
        raise UsageError(
            "expected a place for the scores, found none", where="population.out", hint="put `out` on a disk that all workers share"
        )


def score_on_spark(
    session: Any, opened: Opened, q: NDArray[np.float64], journal: Journal, *, metrics: bool, emit: Emit = silent
) -> Iterator[Piece]:
    """Yield the scores of every part, in no order, as the workers of a `pyspark.sql.SparkSession` leave them in the journal.

    The journal has to have `opened` and `q`. Raises `KleosError` where a worker has other versions, or does not see the journal's folder.
    """
    context = session.sparkContext
    blocks = opened.blocks
    work = _Work(
        journal=journal,
        networks={form.network.name: form.network for form in opened.forms},
        resolved=opened.resolved,
        memory=blocks.memory_a_thread,
        metrics=metrics,
        versions=_versions(),
    )
    sizes = blocks.sizes()
    cores = context.defaultParallelism
    stretches = _stretches(sizes, journal.parts(), max(cores, min(TASKS_A_CORE * cores, blocks.rows // ROWS_A_TASK)))
    seen: set[int] = set()
    tell = Rate(emit, "scoring", blocks.rows)

    def scored() -> Iterator[Piece]:
        for part in journal.parts() - seen:
            seen.add(part)
            tell(int(sizes[part]))
            yield Piece(**journal.read_part(part))

    def run() -> Sequence[str | None]:
        found: Sequence[str | None] = context.parallelize(stretches, len(stretches)).map(partial(_score, work)).collect()
        return found

    if stretches:
        with ThreadPoolExecutor(1) as pool:
            job = pool.submit(run)
            while not wait([job], PATIENCE).done:
                yield from scored()
        for problem in filter(None, job.result()):
            raise KleosError(problem, where="a worker of Spark", hint="give all workers the same environment, and the disk of `out`")
    yield from scored()
    tell.finished()
    if len(seen) < len(sizes):  # a shared disk may show late what is there
        yield from score_others(opened, q, journal, seen, metrics=metrics)


@frozen(kw_only=True)
class _Work:
    """What every task is sent. Two are the same only if they are of the same call."""

    call: str = field(factory=lambda: uuid4().hex)
    journal: Journal = field(eq=False)
    networks: Mapping[str, Network] = field(eq=False)
    resolved: Resolved = field(eq=False)
    memory: int = field(eq=False)
    """Bytes for a task's rows."""
    metrics: bool = field(eq=False)
    versions: Mapping[str, str] = field(eq=False)


def _score(work: _Work, parts: Sequence[int]) -> str | None:
    """Score some parts, in a worker; return what is wrong with the worker, if anything is."""
    if work.versions != _versions():
        return f"expected the versions {_told(work.versions)}, found {_told(_versions())}"
    if not work.journal.has("influence"):
        return f"expected the folder {work.journal.folder}, found none with the rows and the influence of this run"
    opened, q = _reopened(work)
    others = set(range(1 << opened.blocks.bits)).difference(parts) | work.journal.parts()
    for _ in score_others(opened, q, work.journal, others, metrics=work.metrics):
        pass
    return None


@lru_cache(maxsize=1)
def _reopened(work: _Work) -> tuple[Opened, NDArray[np.float64]]:
    """Return the population and everybody's influence, read once for all tasks of a worker."""
    opened = reopen(work.journal, work.networks, work.resolved, threads=1, memory=work.memory, emit=silent)
    return opened, work.journal.read("influence")["q"]


def _stretches(sizes: NDArray[np.int64], done: Collection[int], count: int) -> list[list[int]]:
    """Deal the parts that are not done to at most `count` tasks of about as many rows; neighbours stand together in the files."""
    cost = sizes + 1
    cost[list(done)] = 0
    task = (np.cumsum(cost) - cost) * count // max(1, int(cost.sum()))
    dealt = [[int(part) for part in np.flatnonzero((task == number) & (cost > 0))] for number in range(count)]
    return [parts for parts in dealt if parts]


def _versions() -> dict[str, str]:
    return {"kleos": kleos.__version__, "numpy": np.__version__, "numba": numba.__version__}


def _told(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())
