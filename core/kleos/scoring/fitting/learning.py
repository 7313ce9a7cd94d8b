"""One kind of evidence, learnt from: weights of metrics that nothing told before, beside those that are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.errors import KleosError
from kleos.scoring.fitting.comparisons import Choices, Comparisons
from kleos.scoring.fitting.limits import Limits
from kleos.scoring.fitting.regression import bradley_terry, log_loss
from kleos.scoring.fitting.validation import PENALTIES, Validated, validate

__all__ = ["FEWEST_ACCOUNTS", "FEWEST_COMPARISONS", "Learnt", "Step", "best_scales", "check_enough", "tells"]

FEWEST_COMPARISONS = 200
"""Fewer comparisons teach nothing that would hold for other accounts."""
FEWEST_ACCOUNTS = 40
FEWEST_HOLDERS = 20
"""A metric that fewer accounts have anything of is not learnt."""
SCALES = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
GAIN = 0.002
"""Another scale has to lower the loss by this share of it."""


class Learnt(NamedTuple):
    """What one kind of evidence taught."""

    weights: dict[str, float]
    """On the scale of those that were known."""
    penalty: float
    loss: float
    """On accounts that were not learnt from where a penalty was looked for, else on all."""
    validated: Validated | None


@frozen(kw_only=True, eq=False)
class Step:
    """One kind of evidence, and what is to be learnt from it."""

    comparisons: Sequence[Comparisons]
    new: Sequence[str]
    known: Mapping[str, float]
    """What was learnt before."""
    limits: Limits
    rest: Mapping[str, float]
    """The shares of all weight of metrics that are neither."""
    penalty: float | None
    seed: int
    told: Callable[[int, int], None]

    def learn(self, scale: Mapping[str, float]) -> Learnt:
        """Return the weights of the new metrics for these scales."""
        beside = [metric for metric in self.comparisons[0].metrics if self.known.get(metric)]
        choices = [_choices(one, self.new, beside, self.known, scale) for one in self.comparisons]
        rows = self.limits.rows(self.new, known=self.known if beside else {}, rest=self.rest, scale=scale)
        validated = validate(choices, rows, seed=self.seed, told=self.told) if self.penalty is None else None
        penalty = self.penalty if self.penalty is not None else validated.best.penalty if validated is not None else max(PENALTIES)
        everything = Choices.together(choices)
        v = bradley_terry(everything, penalty=penalty, limits=rows)
        unit = v[-1] if beside else 1.0
        if unit <= 0:
            raise KleosError(
                f"what was learnt before tells nothing about {self.comparisons[0].name}: the two kinds of evidence have no common scale",
                hint="fit to one of them alone",
            )
        weights = dict(zip(self.new, (v[: len(self.new)] / unit).tolist(), strict=True))
        return Learnt(weights, penalty, validated.best.loss if validated is not None else log_loss(everything, v), validated)


def best_scales(step: Step, scale: Mapping[str, float]) -> dict[str, float]:
    """Try other scales, one metric after the other; keep one that lowers the loss by more than `GAIN`."""
    best = dict(scale)
    least = step.learn(best).loss
    for metric in step.new:
        for other in SCALES:
            loss = step.learn(best | {metric: other}).loss
            if loss < least * (1.0 - GAIN):
                best, least = best | {metric: other}, loss
    return best


def check_enough(kind: str, comparisons: Sequence[Comparisons]) -> None:
    """Raise `KleosError` where there are too few comparisons, or accounts, to learn from."""
    number = sum(map(len, comparisons))
    accounts = len(np.unique(np.concatenate([one.accounts.ravel() for one in comparisons]))) if comparisons else 0
    if number < FEWEST_COMPARISONS or accounts < FEWEST_ACCOUNTS:
        raise KleosError(
            f"the data are too few to fit to: expected at least {FEWEST_COMPARISONS} comparisons of {FEWEST_ACCOUNTS} accounts, "
            f"found {number:,} of {accounts:,}",
            where=kind,
            hint="take more data, or keep the weights that there are: `kleos model calibrate` makes the curves yours without them",
        )


def tells(comparisons: Sequence[Comparisons], metric: str) -> bool:
    """Tell whether enough accounts have something of a metric, and not all the same."""
    place = comparisons[0].metrics.index(metric)
    having = [one.accounts[side[:, place] > 0, number] for one in comparisons for number, side in enumerate((one.chosen, one.other))]
    differ = any(bool(np.any(one.chosen[:, place] != one.other[:, place])) for one in comparisons)
    return differ and len(np.unique(np.concatenate(having))) >= FEWEST_HOLDERS


def _choices(
    one: Comparisons, new: Sequence[str], beside: Sequence[str], known: Mapping[str, float], scale: Mapping[str, float]
) -> Choices:
    """Return differences of log(1 + m / s) for new metrics; the last column is the strength by all that is known, if anything is."""
    place = {metric: column for column, metric in enumerate(one.metrics)}

    def difference(metric: str) -> NDArray[np.float64]:
        k, s = place[metric], scale[metric]
        logs: NDArray[np.float64] = np.log1p(one.chosen[:, k] / s) - np.log1p(one.other[:, k] / s)
        return logs

    columns = [difference(metric) for metric in new]
    if beside:
        columns.append(sum((known[metric] * difference(metric) for metric in beside), np.zeros(len(one))))
    return Choices(difference=np.stack(columns, axis=1), weight=one.weight, accounts=one.accounts)
