"""The twelve standard metrics of Kleos, one module for each question that they answer.

Each is a non-negative linear form over factors, so that one more reaction never lowers it. None divides by the person's own volume: what
a person posts does not count. In the score every reaction weighs as much as the influence of who gave it.
"""

from __future__ import annotations

from kleos.contract import Metric
from kleos.hookspecs import hookimpl
from kleos_metrics import how_far, what_they_do, who_responds

__all__ = ["kleos_metrics"]


@hookimpl
def kleos_metrics() -> tuple[Metric, ...]:
    """Return all twelve, family by family."""
    return (*who_responds.METRICS, *what_they_do.METRICS, *how_far.METRICS)
