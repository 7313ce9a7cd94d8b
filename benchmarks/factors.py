"""Made-up factors of a population, a model over them, and numpy's way from strengths to scores: what `benchmarks.aggregate` compares on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.kernel.aggregate import Form
from kleos.kernel.odds import Curve, Table
from kleos.scoring.model import load_model

__all__ = ["BLOCK", "NETWORKS", "Floats", "Made", "make", "opened", "scores_of"]

NETWORKS = 7
MEAN = 30
"""Factors of a person that are not 0, on average."""
MOST = 420
"""Factors of a person that are not 0, at most."""
BLOCK = 1 << 17
"""People whom numpy works on at a time: at once they would take longer, for want of memory that is already held."""
LIMIT = 40.0

Floats = NDArray[np.floating[Any]]


@frozen
class Made:
    """Sparse factors of P people, and the shipped model's metrics and curves over them."""

    start: NDArray[np.int64]
    factor: NDArray[np.int32]
    """Each factor once, sorted within a person."""
    value: NDArray[np.float32]
    sizes: list[int]
    """Factors of each network."""
    forms: list[Form]
    """Every factor has one term, in a metric of its network that is drawn."""
    table: Table
    curve: Curve

    @property
    def person(self) -> NDArray[np.int32]:
        """int32[Z]: whose each number is."""
        return np.repeat(np.arange(len(self.start) - 1, dtype=np.int32), np.diff(self.start))

    @property
    def terms(self) -> dict[str, NDArray[Any]]:
        """The terms as columns `factor`, `place` (network · metrics + metric) and `weight`."""
        offsets = np.cumsum([0, *self.sizes[:-1]])
        metrics = len(self.forms[0].scale)
        return {
            "factor": np.concatenate([form.factor + offset for form, offset in zip(self.forms, offsets, strict=True)]).astype(np.int32),
            "place": np.concatenate(
                [n * metrics + np.repeat(np.arange(metrics), np.diff(form.start)) for n, form in enumerate(self.forms)]
            ).astype(np.int16),
            "weight": np.concatenate([form.weight for form in self.forms]).astype(np.float32),
        }

    @property
    def weights(self) -> dict[str, NDArray[Any]]:
        """What metrics weigh, as columns `place`, `network`, `v` and `s`."""
        metrics = len(self.forms[0].scale)
        return {
            "place": np.arange(NETWORKS * metrics, dtype=np.int16),
            "network": np.repeat(np.arange(NETWORKS, dtype=np.int16), metrics),
            "v": np.concatenate([form.value for form in self.forms]).astype(np.float32),
            "s": np.concatenate([form.scale for form in self.forms]).astype(np.float32),
        }


def make(folder: Path, people: int, factors: int) -> int:
    """Write the factors of everybody, and return how many numbers they are; heavy-tailed in how many and how large they are."""
    folder.mkdir()
    dice = np.random.default_rng(factors)
    count = np.minimum(dice.geometric(1 / MEAN, people), MOST)
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    steps = np.array([step for step in range(1, factors) if np.gcd(step, factors) == 1])
    factor = np.empty(start[-1], dtype=np.int32)
    for begin in range(0, people, BLOCK):
        end = min(begin + BLOCK, people)
        # Steps that share no divisor with the number of factors meet none twice.
        first, step = (np.repeat(dice.choice(values, end - begin), count[begin:end]) for values in (np.arange(factors), steps))
        person = np.repeat(np.arange(begin, end), count[begin:end])
        turn = np.arange(start[begin], start[end]) - start[person]
        factor[start[begin] : start[end]] = np.sort(person * factors + (first + turn * step) % factors) % factors
    np.save(folder / "start.npy", start)
    np.save(folder / "factor.npy", factor)
    np.save(folder / "value.npy", np.exp(dice.normal(0.5, 1.5, start[-1]).astype(np.float32)))
    return int(start[-1])


def opened(folder: str, factors: int) -> Made:
    """Read what `make` has written, and make the model."""
    model = load_model()
    known, _ = model.network("twitter")
    scale = np.array([weight.scale for weight in model.metrics.values()])
    value = np.array([weight.weight for weight in model.metrics.values()])
    dice = np.random.default_rng(factors)
    sizes = np.bincount(np.arange(factors) * NETWORKS // factors).tolist()
    forms = []
    for size in sizes:
        start = np.searchsorted(np.sort(dice.integers(0, len(scale), size)), np.arange(len(scale) + 1)).astype(np.int64)
        weight = dice.uniform(0.5, 2.0, size).astype(np.float32).astype(np.float64)
        forms.append(Form(start, dice.permutation(size), weight, scale, value, np.zeros(len(scale), dtype=np.bool_)))
    return Made(
        start=np.load(Path(folder, "start.npy")),
        factor=np.load(Path(folder, "factor.npy")),
        value=np.load(Path(folder, "value.npy")),
        sizes=sizes,
        forms=forms,
        table=Table(np.array(known.odds.strength), np.array(known.odds.log_odds)),
        curve=Curve(np.array(model.score.log_odds), np.array(model.score.score), model.score.a, model.score.b),
    )


def scores_of(strength: Floats, made: Made) -> Floats:
    """Return float64[P] from strengths [P, N], as docs/score.md has it, by numpy; none reaches beyond the score curve's last knot."""
    scores = np.empty(len(strength))
    x, y = made.table.strength, made.table.log_odds
    first, first_score = made.curve.log_odds[0], made.curve.score[0]
    slope = (y[-1] - y[-2]) / (x[-1] - x[-2])
    for begin in range(0, len(strength), BLOCK):
        s = strength[begin : begin + BLOCK].astype(np.float64)
        logs = np.interp(s, x, y)
        with np.errstate(divide="ignore"):
            np.copyto(logs, y[0] + np.log(s / x[0]), where=s < x[0])
            np.copyto(logs, np.minimum(y[-1] + (s - x[-1]) * slope, LIMIT), where=s > x[-1])
            total = np.minimum(np.log(np.exp(logs).sum(axis=1)), LIMIT)
            low = 1.0 + (first_score - 1.0) * np.exp((total - first) / made.curve.a)
        found = np.interp(total, made.curve.log_odds, made.curve.score)
        scores[begin : begin + BLOCK] = np.where(total < first, low, found)
    return scores
