"""What came of scoring a population."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from kleos.scoring.result import ModelId

__all__ = ["PopulationResult"]


@frozen(kw_only=True)
class PopulationResult:
    """What came of scoring a population."""

    out: Path | None
    size: int
    """People scored."""
    mean: float
    percentiles: Mapping[int, float]
    """Percentile → score, over everybody scored."""
    reference_size: int
    """Those with at least 5 distinct actors: over them the model promises a mean of 40 and 63 for the top 5 %."""
    reference_mean: float
    reference_top: float
    """The score that marks their top 5 %."""
    as_of: datetime
    as_of_reason: str
    window: float
    """Seconds."""
    model: ModelId
    source: str
    """The tables' names."""
    scores: NDArray[np.float64] = field(repr=False, eq=False)
    """float64[P], lowest first: what a percentile over this population is read off."""
