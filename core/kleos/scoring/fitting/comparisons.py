"""Comparisons of two accounts by one of several kinds of evidence: what weights are learnt from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

__all__ = ["Choices", "Comparisons", "draw_comparisons"]


@frozen(kw_only=True, eq=False)
class Comparisons:
    """N comparisons of accounts by K metrics."""

    name: str
    """Where they come from, in words: a table of pairs, or a cut."""
    metrics: Sequence[str]
    chosen: NDArray[np.float64]
    """float64[N, K] ≥ 0: the metrics of the account that came first."""
    other: NDArray[np.float64]
    """float64[N, K]: those of the one that it was preferred to."""
    accounts: NDArray[np.int64]
    """int64[N, 2]: who they are; the same number is the same account in all evidence of this kind."""
    weight: NDArray[np.float64]
    """float64[N] > 0: how much each comparison counts."""

    def __len__(self) -> int:
        return len(self.weight)


@frozen(kw_only=True, eq=False)
class Choices:
    """N comparisons as a regression sees them: C columns, of which each is told as a difference."""

    difference: NDArray[np.float64]
    """float64[N, C]: the chosen less the other."""
    weight: NDArray[np.float64]
    """float64[N] > 0."""
    accounts: NDArray[np.int64]
    """int64[N, 2]."""

    def __len__(self) -> int:
        return len(self.weight)

    def only(self, which: NDArray[np.bool_]) -> Choices:
        """Return those of bool[N]."""
        return Choices(difference=self.difference[which], weight=self.weight[which], accounts=self.accounts[which])

    @classmethod
    def together(cls, all_choices: Sequence[Choices]) -> Choices:
        """Return all as one, of which each part counts as much as any other, whatever its size."""
        full = [one for one in all_choices if len(one)]
        return cls(
            difference=np.concatenate([one.difference for one in full]),
            weight=np.concatenate([one.weight / one.weight.sum() for one in full]),
            accounts=np.concatenate([one.accounts for one in full]),
        )


def draw_comparisons(
    name: str,
    metrics: Sequence[str],
    values: NDArray[np.float64],
    outcome: NDArray[np.float64],
    accounts: NDArray[np.int64],
    *,
    number: int,
    seed: int,
) -> Comparisons:
    """Compare accounts by what came of them: `number` pairs drawn at random, those of equal outcome left out.

    `values` is float64[P, K], `outcome` float64[P] ≥ 0, `accounts` int64[P]. A pair counts as much as the logarithms of its outcomes,
    log(1 + y), lie apart: to put a thousand below one is worse than to put four below three.
    """
    random = np.random.default_rng(seed)
    first, second = random.integers(0, len(outcome), (2, number)) if len(outcome) else np.zeros((2, 0), dtype=np.int64)
    gain = np.log1p(outcome[first]) - np.log1p(outcome[second])
    told = gain != 0
    chosen, other = np.where(gain > 0, first, second)[told], np.where(gain > 0, second, first)[told]
    return Comparisons(
        name=name,
        metrics=metrics,
        chosen=values[chosen],
        other=values[other],
        accounts=np.stack([accounts[chosen], accounts[other]], axis=1),
        weight=np.abs(gain[told]),
    )
