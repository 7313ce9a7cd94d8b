"""A run for everybody in a table: read → blocks → influence → scores → table, part by part, in bounded memory."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from kleos.config import Config
from kleos.events import Emit, Fault
from kleos.pipeline.populations.given import calculator
from kleos.pipeline.populations.opening import Opened, open_population
from kleos.pipeline.populations.output import Kept, percentiles
from kleos.pipeline.populations.result import PopulationResult
from kleos.pipeline.populations.scoring import score_parts
from kleos.pipeline.populations.spark import check, score_on_spark
from kleos.pipeline.prepare import broken_metric, say_compiling, say_what_is_missing
from kleos.pipeline.workers import workers
from kleos.plugins import Loaded
from kleos.scoring.calibrate import REFERENCE_ACTORS
from kleos.scoring.earned import earned_influence
from kleos.store import from_micros, to_micros

__all__ = ["PopulationResult", "population"]

PERCENTILES = (5, 25, 50, 75, 90, 95, 99)


def population(config: Config, loaded: Loaded, *, emit: Emit, now: datetime, strict: bool = False, spark: Any = None) -> PopulationResult:
    """Score everybody in the table of `[population]`, and write the scores where the configuration says.

    With a session of Spark the parts are scored by its workers; see `kleos.pipeline.populations.spark`. Raises `NoDataError` for a table
    without a usable row; bad rows are counted as faults.
    """
    wanted = config.population
    assert wanted is not None
    if spark is not None:
        check(wanted)
    with calculator(wanted, workers(config)) as (connection, folder):
        say_compiling(emit, "parts.fold_part")
        opened, journal = open_population(
            config, wanted, loaded, connection, folder, emit=emit, now=to_micros(now), strict=strict, shared=spark is not None
        )
        say_what_is_missing(opened.resolved, emit)
        if journal.has("influence"):
            q = journal.read("influence")["q"]
        else:
            q, _ = earned_influence(opened.blocks, opened.accounts, opened.forms, opened.resolved)
            journal.write("influence", {"q": q})
        kept = Kept(connection, opened, wanted.memory // 16, folder)
        scores, in_reference, broken = [], [], {}
        scored = score_parts if spark is None else partial(score_on_spark, spark, emit=emit)
        for piece in scored(opened, q, journal, metrics=wanted.out is not None):
            scores.append(piece.score)
            in_reference.append(piece.actors >= REFERENCE_ACTORS)
            broken.update(piece.broken)
            if wanted.out is not None:
                kept.add(piece)
        opened.blocks.release()
        for fault in _faults(broken, loaded):
            emit(fault)
        score = np.concatenate(scores)
        scores.clear()
        if wanted.out is not None:
            kept.write(wanted.out, percentiles(score))
            journal.close()
    return _result(opened, score, score[np.concatenate(in_reference)], wanted.out, [path.name for path in wanted.interactions])


def _faults(broken: dict[tuple[str, str], str], loaded: Loaded) -> list[Fault]:
    return [broken_metric(loaded, metric, network, reason) for (metric, network), reason in sorted(broken.items())]


def _result(
    opened: Opened,
    score: np.ndarray[tuple[int], np.dtype[np.float64]],
    reference: np.ndarray[tuple[int], np.dtype[np.float64]],
    out: Path | None,
    names: list[str],
) -> PopulationResult:
    return PopulationResult(
        out=out,
        size=len(score),
        mean=float(score.mean()),
        percentiles=dict(zip(PERCENTILES, np.percentile(score, PERCENTILES).tolist(), strict=True)),
        reference_size=len(reference),
        reference_mean=float(reference.mean()) if len(reference) else float("nan"),
        reference_top=float(np.percentile(reference, 95)) if len(reference) else float("nan"),
        as_of=from_micros(opened.as_of),
        as_of_reason=opened.as_of_reason,
        window=opened.window / 1_000_000,
        model=opened.resolved.id,
        source=", ".join(names),
        scores=np.sort(score),
    )
