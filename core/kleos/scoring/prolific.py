"""Who reacts to everybody gives less to each: how much is left of a prolific actor's weight."""

from __future__ import annotations

import itertools
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.parts import passed_by
from kleos.kernel.records import Records
from kleos.scoring.accounts import Accounts, Parts

__all__ = ["voices"]


def voices(parts: Parts, accounts: Accounts, prolific: float) -> NDArray[np.float64]:
    """Return float64[A], 0 < voice ≤ 1: what is left of the weight of every account.

    What an account gives to others than the one person whom it reacts to most is compared with `prolific` times the mean that an account of
    its network gives in the window. Up to there the voice is 1; beyond, it falls in proportion, so that what an actor can hand out in all
    is limited. However often somebody reacts to one and the same person costs nothing.
    """
    given, start = accounts.given, accounts.start
    limit = np.empty(len(accounts))
    for first, last in itertools.pairwise(start.tolist()):
        own = given[first:last]
        limit[first:last] = prolific * own.sum() / max(1, int(np.count_nonzero(own)))
    loud = given > limit
    voice = np.ones(len(accounts))
    if loud.any():
        others = given - _most(parts, loud)
        np.divide(limit, others, out=voice, where=others > limit)
    return voice


def _most(parts: Parts, loud: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return int64[A]: what the loud ones (bool[A]) give to the one person whom they react to most."""
    most = np.zeros(len(loud), dtype=np.int64)
    lock = Lock()

    def work(part: int, records: Records, spans: NDArray[np.int64]) -> None:
        rows = int((spans[:, 1] - spans[:, 0]).sum())
        pairs, reactions = np.empty(rows, dtype=np.uint64), np.empty(rows, dtype=np.int64)
        found = passed_by(records, spans, loud, pairs, reactions)
        distinct, place = np.unique(pairs[:found], return_inverse=True)
        sums = np.zeros(len(distinct), dtype=np.int64)
        np.add.at(sums, place, reactions[:found])
        with lock:
            np.maximum.at(most, (distinct >> np.uint64(32)).astype(np.int64), sums)

    for _ in parts.each(work, "influence: who reacts to everybody"):
        pass
    return most
