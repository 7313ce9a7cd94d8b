"""Who reacts to everybody gives less to each: how much is left of a prolific actor's weight."""

from __future__ import annotations

import itertools
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.records import PASSES, Records
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
        pairs, reactions = [], []
        for first, last in spans.tolist():
            actor, stamp = records.actor[first:last], records.stamp[first:last]
            chosen = np.flatnonzero(stamp & PASSES)
            chosen = chosen[loud[actor[chosen]]]
            pairs.append(actor[chosen].astype(np.uint64) << np.uint64(32) | records.person[first:last][chosen].astype(np.uint64))
            reactions.append(records.reactions[first:last][chosen] if len(records.reactions) else np.ones(len(chosen), dtype=np.int64))
        distinct, place = np.unique(np.concatenate(pairs), return_inverse=True)
        sums = np.zeros(len(distinct), dtype=np.int64)
        np.add.at(sums, place, np.concatenate(reactions))
        with lock:
            np.maximum.at(most, (distinct >> np.uint64(32)).astype(np.int64), sums)

    for _ in parts.each(work, "influence: who reacts to everybody"):
        pass
    return most
