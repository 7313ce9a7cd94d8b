"""How strongly to hold the weights together, found on accounts that were not learnt from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.scoring.fitting.comparisons import Choices
from kleos.scoring.fitting.regression import agreement, bradley_terry, log_loss

__all__ = ["FOLDS", "PENALTIES", "Tried", "Validated", "validate"]

FOLDS = 5
PENALTIES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
FEWEST = 20
"""A fold with fewer comparisons of accounts that were not learnt from measures nothing."""


class Tried(NamedTuple):
    """One penalty, on the comparisons between accounts that were not learnt from."""

    penalty: float
    loss: float
    """Mean negative log-likelihood over the folds."""
    worse: float
    """How much more that is than the least of all penalties."""
    error: float
    """The standard error of `worse` over the folds."""
    agreement: float
    """The share of comparisons that came out right."""


@frozen(kw_only=True)
class Validated:
    """Every penalty that was tried, and which one is taken."""

    tried: Sequence[Tried]
    best: Tried
    """The strongest penalty that is worse by no more than one standard error: the plainest weights that do as well."""
    folds: int


def validate(
    evidence: Sequence[Choices],
    limits: NDArray[np.float64],
    *,
    penalties: Sequence[float] = PENALTIES,
    seed: int = 0,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> Validated | None:
    """Fit on some accounts, judge by comparisons between others, for every penalty; None where the data are too few for that.

    Accounts are dealt to `FOLDS` folds by `seed`, the same in all evidence: a fold is judged by the pairs within it, learnt from are
    those without any of its accounts. `told` is given how many fits are done, and how many there are.
    """
    dealt = [(train, test) for train, test in _folds(evidence, seed) if min(len(train), len(test)) >= FEWEST]
    if len(dealt) < 2:
        return None
    losses = np.zeros((len(penalties), len(dealt)))
    agreements = np.zeros_like(losses)
    for place, penalty in enumerate(penalties):
        for fold, (train, test) in enumerate(dealt):
            told(place * len(dealt) + fold, len(penalties) * len(dealt))
            v = bradley_terry(train, penalty=penalty, limits=limits)
            losses[place, fold] = log_loss(test, v)
            agreements[place, fold] = agreement(test, v)
    # Fold by fold: how hard a fold is says nothing about a penalty.
    worse = losses - losses[losses.mean(axis=1).argmin()]
    error = worse.std(axis=1, ddof=1) / np.sqrt(len(dealt))
    columns = (losses.mean(axis=1), worse.mean(axis=1), error, agreements.mean(axis=1))
    tried = [Tried(*values) for values in zip(penalties, *(column.tolist() for column in columns), strict=True)]
    return Validated(tried=tried, best=max((one for one in tried if one.worse <= one.error), key=lambda one: one.penalty), folds=len(dealt))


def _folds(evidence: Sequence[Choices], seed: int) -> Iterator[tuple[Choices, Choices]]:
    accounts = max((int(one.accounts.max(initial=-1)) for one in evidence), default=-1) + 1
    fold = np.random.default_rng(seed).permutation(accounts) % FOLDS
    for number in range(FOLDS):
        train, test = [], []
        for one in evidence:
            inside = fold[one.accounts] == number
            train.append(one.only(~inside.any(axis=1)))
            test.append(one.only(inside.all(axis=1)))
        if any(map(len, train)) and any(map(len, test)):
            yield Choices.together(train), Choices.together(test)
