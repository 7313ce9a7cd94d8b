"""Folds of pairs that share no account: what is learnt of somebody in one fold cannot help in another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.insight.evaluating.needs import needed

__all__ = ["FOLDS", "REPEATS", "Fold", "account_folds"]

FOLDS = 3
REPEATS = 5
SMALL = 0.05
"""A group of accounts that are only paired with each other stays together while it has at most this share of all."""


class Fold(NamedTuple):
    """Which of the N pairs to learn from, and which to be judged by; pairs across are in neither."""

    train: NDArray[np.bool_]
    test: NDArray[np.bool_]


def account_folds(
    a: NDArray[np.int64], b: NDArray[np.int64], *, folds: int = FOLDS, repeats: int = REPEATS, seed: int = 0
) -> Iterator[Fold]:
    """Yield `folds` folds of the pairs a – b (int64[N], accounts numbered from 0), `repeats` times with another deal of the accounts.

    Each deal gives every account to one fold. A fold is judged by the pairs within it, and learnt from are the pairs without any of its
    accounts. Small groups of accounts that are paired with no others stay together, so that fewer pairs are lost between the folds.
    """
    accounts = int(max(a.max(initial=-1), b.max(initial=-1))) + 1
    unit = _units(a, b, accounts)
    random = np.random.default_rng(seed)
    for _ in range(repeats):
        units = random.permutation(int(unit.max(initial=-1)) + 1) % folds
        fold = units[unit]
        for number in range(folds):
            in_a, in_b = fold[a] == number, fold[b] == number
            yield Fold(~in_a & ~in_b, in_a & in_b)


def _units(a: NDArray[np.int64], b: NDArray[np.int64], accounts: int) -> NDArray[np.int64]:
    """Return int64[accounts]: what is dealt together, a small group or a single account of a large one."""
    sparse = needed("scipy.sparse")
    graph = sparse.coo_matrix((np.ones(len(a)), (a, b)), shape=(accounts, accounts))
    groups, label = needed("scipy.sparse.csgraph").connected_components(graph, directed=False)
    large = np.bincount(label, minlength=groups) > max(2.0, SMALL * accounts)
    units = np.where(large[label], groups + np.arange(accounts), label)
    numbered: NDArray[np.int64] = np.unique(units, return_inverse=True)[1].astype(np.int64)
    return numbered
