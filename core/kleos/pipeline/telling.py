"""From scored arrays to the result of a run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kleos.pipeline.prepare import Prepared
from kleos.scoring.people import people_scores
from kleos.scoring.result import PopulationId, RunResult

__all__ = ["result_of"]

MICROSECONDS_A_SECOND = 1_000_000


def result_of(prepared: Prepared, bounds: NDArray[np.float64]) -> RunResult:
    """Return what a run found out; `bounds` is float64[P, 2], NaN where unknown."""
    forms = [reactions.form for reactions, _ in prepared.tables]
    references = {form.reference: form.size for form in forms} or {"nobody: there are no reactions": 0}
    return RunResult(
        as_of=prepared.as_of,
        as_of_reason=prepared.as_of_reason,
        window=prepared.window / MICROSECONDS_A_SECOND,
        model=prepared.resolved.id,
        population=PopulationId(source="; ".join(references), size=sum(references.values())),
        people=people_scores(
            prepared.people,
            tables=prepared.tables,
            scores=prepared.scores,
            bounds=bounds,
            counted=prepared.counted,
            resolved=prepared.resolved,
            clock=prepared.clock,
        ),
        faults=(),
    )
