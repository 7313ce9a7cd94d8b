"""Calibration: does a score mean in this population what the model promises of its reference population?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.insight.evaluating.needs import needed
from kleos.kernel.odds import combine, score
from kleos.pipeline.populations.opening import Opened
from kleos.scoring.calibrate import FEWEST_ACCOUNTS, REFERENCE_ACTORS
from kleos.scoring.earned import earned_influence
from kleos.scoring.parted import Placed, each_part_weighed
from kleos.scoring.resolved import NetworkForm, Resolved

__all__ = ["LEVELS", "TOLERANCE", "Calibrated", "calibration", "compared"]

LEVELS = tuple(level / 100 for level in range(1, 100))
"""Where the quantiles of what was promised and of what is there are compared."""
TOLERANCE = 0.5
"""Points by which the mean and the top 5 % may miss what is promised."""


@frozen(kw_only=True)
class Calibrated:
    """The scores of one network's reference population: accounts with at least 5 distinct actors in the window."""

    network: str
    known: bool
    """Whether the model was calibrated on this network; False: it lends it the curve of others."""
    reference: str
    """What it was calibrated on."""
    members: int
    mean: float
    promised_mean: float
    top: float
    """The score that marks the top 5 %."""
    promised_top: float
    quantiles: Sequence[float]
    """At `LEVELS`."""
    promised: Sequence[float]
    distance: float
    """The largest difference between the share outranked that a score stands for and the share it outranks here (Kolmogorov–Smirnov)."""

    @property
    def enough(self) -> bool:
        """Whether there are as many members as a curve would be made of."""
        return self.members >= FEWEST_ACCOUNTS

    @property
    def kept(self) -> bool:
        """Whether the mean and the top 5 % are what the model promises, to half a point."""
        return abs(self.mean - self.promised_mean) <= TOLERANCE and abs(self.top - self.promised_top) <= TOLERANCE


def calibration(opened: Opened) -> Sequence[Calibrated]:
    """Score the reference population of every network, each network by itself, and compare it with the promise."""
    q, _ = earned_influence(opened.blocks, opened.accounts, opened.forms, opened.resolved)
    found: list[list[NDArray[np.float64]]] = [[] for _ in opened.forms]

    def use(part: int, placed: list[Placed]) -> list[tuple[int, NDArray[np.float64]]]:
        return [(one.network, one.strength.log_odds[one.strength.folded.people[:, -1] >= REFERENCE_ACTORS]) for one in placed]

    parts = each_part_weighed(opened.blocks, opened.accounts, q, forms=opened.forms, clock=opened.clock, resolved=opened.resolved, use=use)
    for part in parts:
        for network, logs in part:
            found[network].append(logs)
    nobody = np.zeros(0)
    return [
        compared(form, np.sort(_alone(form, np.concatenate([nobody, *logs]), opened.resolved)), opened.resolved)
        for form, logs in zip(opened.forms, found, strict=True)
    ]


def compared(form: NetworkForm, scores: NDArray[np.float64], resolved: Resolved) -> Calibrated:
    """Compare the scores of a reference population (float64[R], any order) with the Beta distribution that the model promises.

    Without members, what is there is NaN.
    """
    beta = needed("scipy.stats").beta(resolved.curve.a, resolved.curve.b)
    empty = len(scores) == 0
    nothing = float("nan")
    return Calibrated(
        network=form.network.name,
        known=form.calibrated,
        reference=form.reference,
        members=len(scores),
        mean=nothing if empty else float(scores.mean()),
        promised_mean=1.0 + 99.0 * float(beta.mean()),
        top=nothing if empty else float(np.quantile(scores, 0.95)),
        promised_top=1.0 + 99.0 * float(beta.ppf(0.95)),
        quantiles=[nothing] * len(LEVELS) if empty else np.quantile(scores, LEVELS).tolist(),
        promised=(1.0 + 99.0 * beta.ppf(LEVELS)).tolist(),
        distance=nothing if empty else _distance(beta.cdf((np.sort(scores) - 1.0) / 99.0)),
    )


def _alone(form: NetworkForm, logs: NDArray[np.float64], resolved: Resolved) -> NDArray[np.float64]:
    """Return the scores of people who are on this network only."""
    return score(combine(logs[None, :], np.array([form.log_rho])), resolved.curve)


def _distance(promised: NDArray[np.float64]) -> float:
    """Return how far the shares that sorted scores stand for lie from the shares that they outrank, at most."""
    members = len(promised)
    upper = np.arange(1, members + 1) / members - promised
    lower = promised - np.arange(members) / members
    return float(max(upper.max(), lower.max()))
